"""Units: beats, seconds, samples, tempo, pitch and level. Types and arithmetic, no I/O."""
