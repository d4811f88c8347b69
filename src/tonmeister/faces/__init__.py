"""Faces: how people and programs talk to a production."""
