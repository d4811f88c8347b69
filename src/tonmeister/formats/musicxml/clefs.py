"""The clef that a tune is read in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tonmeister.model.score import Note


@dataclass(frozen=True, slots=True)
class Clef:
    """A clef: sign, line and octave (-1: sounds an octave lower than a plain one)."""

    sign: str = "G"
    line: int = 2
    octave: int = 0


def clef_for(notes: Sequence[Note]) -> Clef:
    """The clef with the fewest ledger lines.

    Treble for most tunes; treble an octave lower for tenors (mostly below middle C, reaching above
    it); bass for what stays low.
    """
    keys = sorted(note.pitch.midi for note in notes)
    if not keys:
        return Clef()
    low, middle, high = keys[0], keys[len(keys) // 2], keys[-1]
    if high <= 62 and middle < 57:
        return Clef("F", 4)
    if middle < 60 and low < 55:
        return Clef("G", 2, -1)
    return Clef()
