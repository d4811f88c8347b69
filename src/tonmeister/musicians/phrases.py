"""Phrases: where a line breathes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tonmeister.model.score import PartNote
from tonmeister.units.time import Beats

REST = Fraction(1, 2)
"""A rest of half a beat ends a phrase ..."""

LONG = Fraction(2)
"""... and so does a note this long once the phrase has lasted `ENOUGH`."""

ENOUGH = Fraction(6)
PEAK = 0.6
"""Where a phrase is loudest: a little after its middle (Todd 1992 has it in the middle, Repp 1992
and Gabrielsson 1987 found performed peaks later)."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of consecutive notes: first and last index, from and to in quarter notes."""

    first: int
    last: int
    start: Beats
    end: Beats

    def arch(self, position: float) -> float:
        """Swell at a position: 1 at the peak, 0 at the beginning, -0.35 at the end."""
        length = max(1e-6, float(self.end - self.start))
        x = min(1.0, max(0.0, (position - float(self.start)) / length))
        if x <= PEAK:
            return 1 - ((PEAK - x) / PEAK) ** 2
        return 1 - 1.35 * ((x - PEAK) / (1 - PEAK)) ** 2


def phrases(notes: Sequence[PartNote]) -> list[Phrase]:
    """The phrases of notes sorted by onset; every note belongs to exactly one."""
    found: list[Phrase] = []
    first = 0
    end = Fraction(0)
    for index, note in enumerate(notes):
        if index > first and _breathes(notes[first].onset, end, notes[index - 1], note):
            found.append(Phrase(first, index - 1, notes[first].onset, end))
            first = index
        last_end = note.onset + note.duration
        end = last_end if index == first else max(end, last_end)
    if notes:
        found.append(Phrase(first, len(notes) - 1, notes[first].onset, end))
    return found


def _breathes(start: Beats, end: Beats, before: PartNote, note: PartNote) -> bool:
    if note.onset - end >= REST:
        return True
    return before.duration >= LONG and note.onset - start >= ENOUGH and note.onset >= end
