"""Levels: decibels and linear gain."""

from __future__ import annotations

import math

SILENCE_DB = -200.0
"""Stands for silence wherever a level in decibels must be finite."""


def gain_from_db(level_db: float) -> float:
    """Linear amplitude gain of a level in decibels; `SILENCE_DB` and below give 0."""
    return 0.0 if level_db <= SILENCE_DB else float(10.0 ** (level_db / 20.0))


def db_from_gain(gain: float) -> float:
    """Level in decibels of a linear amplitude gain (its magnitude), at least `SILENCE_DB`."""
    return SILENCE_DB if gain == 0.0 else max(SILENCE_DB, 20.0 * math.log10(abs(gain)))
