"""The arranger: which part plays what, where."""
