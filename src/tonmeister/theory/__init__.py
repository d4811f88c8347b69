"""Theory: scales, chords, voice leading, metre, form. Pure functions."""
