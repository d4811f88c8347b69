"""Phrases: where a line breathes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tonmeister.model.score import PartNote

REST = 0.5
"""A rest of half a beat ends a phrase ..."""

LONG = 2.0
"""... and so does a note this long (quarters) once the phrase has lasted `ENOUGH`."""

ENOUGH = 6.0
PEAK = 0.6
"""Where a phrase is loudest: a little after its middle (Todd 1992 has it in the middle, Repp 1992
and Gabrielsson 1987 found performed peaks later)."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of consecutive notes: first and last index, from and to in quarter notes."""

    first: int
    last: int
    start: float
    end: float

    def arch(self, position: float) -> float:
        """Swell at a position: 1 at the peak, 0 at the beginning, -0.35 at the end."""
        length = max(1e-6, self.end - self.start)
        x = min(1.0, max(0.0, (position - self.start) / length))
        if x <= PEAK:
            return 1 - ((PEAK - x) / PEAK) ** 2
        return 1 - 1.35 * ((x - PEAK) / (1 - PEAK)) ** 2


def phrases(notes: Sequence[PartNote]) -> list[Phrase]:
    """The phrases of notes sorted by onset; every note belongs to exactly one."""
    found: list[Phrase] = []
    first, start, end = 0, 0.0, 0.0
    before = 0.0
    for index, note in enumerate(notes):
        onset, length = float(note.onset), float(note.duration)
        rests = onset - end >= REST
        settled = before >= LONG and onset - start >= ENOUGH and onset >= end
        if index and (rests or settled):
            found.append(Phrase(first, index - 1, start, end))
        if not index or rests or settled:
            first, start, end = index, onset, onset
        end = max(end, onset + length)
        before = length
    if notes:
        found.append(Phrase(first, len(notes) - 1, start, end))
    return found
