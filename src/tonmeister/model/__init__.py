"""Model: what the roles hand to each other. Frozen data, no I/O."""
