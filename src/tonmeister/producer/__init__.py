"""The producer: brief, vision, decisions."""
