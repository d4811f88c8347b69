"""The manager: who plays what, with what."""
