"""Types that are saved as a text that a musician reads at a glance: "3/2", "Bb4", "D minor".

Private to the model: `tonmeister.model.codec` is the door.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from tonmeister.model.score import KeySignature, TimeSignature
from tonmeister.units.pitch import NoteName, Pitch


@lru_cache(maxsize=65536)
def _fraction(text: str) -> Fraction:
    if not re.fullmatch(r"-?\d+(/[1-9]\d*)?", text, re.ASCII):  # Fraction("1e999999999") would hang
        raise ValueError(f"not a fraction: {text!r}")
    return Fraction(text)


@lru_cache(maxsize=65536)
def _fraction_text(value: Fraction) -> str:
    return str(value)


TEXT_FORMS: dict[type, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    Fraction: (_fraction_text, _fraction),
    NoteName: (lru_cache(maxsize=256)(str), lru_cache(maxsize=256)(NoteName.parse)),
    Pitch: (lru_cache(maxsize=1024)(str), lru_cache(maxsize=1024)(Pitch.parse)),
    KeySignature: (str, lru_cache(maxsize=256)(KeySignature.parse)),
    TimeSignature: (str, lru_cache(maxsize=256)(TimeSignature.parse)),
}
"""Types that are saved as a text: how it is printed, how it is read."""
