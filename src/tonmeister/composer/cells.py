"""Rhythm cells: a bar's rhythm as note lengths, read from the style or made for unusual metres."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from tonmeister.model.score import TimeSignature
from tonmeister.theory.metre import pulses
from tonmeister.units.time import Beats


@dataclass(frozen=True, slots=True)
class Beat:
    """One sounding note of a rhythm: `onset` from the start of its bar, motif or section."""

    onset: Beats
    duration: Beats

    @property
    def end(self) -> Beats:
        """Where it stops."""
        return self.onset + self.duration


Rhythm = tuple[Beat, ...]


@lru_cache(maxsize=1024)
def parse_cell(text: str) -> tuple[Rhythm, Beats]:
    """A cell's notes and its length: ``"r1/2 1/2 1 2"`` is a rest and three notes, 4 quarters.

    Raises:
        ValueError: a length is not above 0, or there is no note.
    """
    found: list[Beat] = []
    onset = Fraction(0)
    for word in text.split():
        length = Fraction(word.removeprefix("r"))
        if length <= 0:
            raise ValueError(f"a length of {length} in the rhythm {text!r}")
        if not word.startswith("r"):
            found.append(Beat(onset, length))
        onset += length
    if not found:
        raise ValueError(f"no note in the rhythm {text!r}")
    return tuple(found), onset


def make_cell(time: TimeSignature, place: str, density: float, generator: random.Random) -> Rhythm:
    """A cell for a metre the style has no rhythms for: pulses merged or divided.

    Args:
        place: start, go, close or lead, as in a style's rhythms.
        density: notes per pulse that are aimed at, about 0.5 .. 2.
    """
    marks = (*pulses(time), time.bar)
    spans = list(itertools.pairwise(marks))
    if place in {"close", "lead"}:
        return _closing(spans, place == "lead")
    rhythm: list[Beat] = []
    for start, end in spans:
        merge = bool(rhythm) and generator.random() < 0.5 - density / 4
        if merge:
            rhythm[-1] = Beat(rhythm[-1].onset, end - rhythm[-1].onset)
        elif generator.random() < (density - 0.8) / 1.5:
            rhythm += _divide(start, end)
        else:
            rhythm.append(Beat(start, end - start))
    return tuple(rhythm)


def _divide(start: Beats, end: Beats) -> list[Beat]:
    """A pulse in two: halves, or long-short if it is dotted."""
    length = end - start
    first = length * 2 / 3 if length.numerator % 3 == 0 else length / 2
    return [Beat(start, first), Beat(start + first, length - first)]


def _closing(spans: Sequence[tuple[Beats, Beats]], lead: bool) -> Rhythm:
    held = max(1, (len(spans) + 1) // 2)
    end = spans[held - 1][1] if len(spans) > 1 else spans[0][0] + (spans[0][1] - spans[0][0]) / 2
    note = Beat(Fraction(0), end)
    start, stop = spans[-1]
    middle = (start + stop) / 2
    return (note, Beat(middle, stop - middle)) if lead and middle >= end else (note,)
