"""Formats: read and write what other programs speak."""
