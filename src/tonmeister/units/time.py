"""Musical and clock time.

Two domains, converted only through a `TempoMap`: *beats* are exact fractions of a quarter note,
*seconds* are floats, *samples* are integers at a stated rate.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

Beats: TypeAlias = Fraction
"""A position or a length in quarter notes, exact, whatever the metre."""

Seconds: TypeAlias = float

Samples: TypeAlias = int


def beats(value: int | str | Fraction) -> Beats:
    """An exact number of quarter notes from ``3``, ``"3/2"`` or ``"1.5"`` (never from a float)."""
    return Fraction(value)


@dataclass(frozen=True, slots=True)
class TempoChange:
    """From `at` on, `quarters_per_minute` holds (greater than 0)."""

    at: Beats
    quarters_per_minute: Fraction

    def __post_init__(self) -> None:
        if self.quarters_per_minute <= 0:
            raise ValueError(f"a tempo must be above 0, not {self.quarters_per_minute}")


@dataclass(frozen=True, slots=True)
class TempoMap:
    """Piecewise constant tempo, exact; a ritardando is a run of short steps.

    The first change stands at beat 0; changes are in rising order.
    """

    changes: tuple[TempoChange, ...]
    _starts: tuple[Fraction, ...] = field(init=False, repr=False, compare=False)
    _at: tuple[Fraction, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        at = tuple(change.at for change in self.changes)
        if not at or at[0] != 0:
            raise ValueError("a tempo map starts at beat 0")
        if any(later <= earlier for earlier, later in itertools.pairwise(at)):
            raise ValueError("tempo changes must be in rising order of position")
        starts = [Fraction(0)]
        for this, following in zip(self.changes, self.changes[1:], strict=False):
            starts.append(starts[-1] + (following.at - this.at) * 60 / this.quarters_per_minute)
        object.__setattr__(self, "_starts", tuple(starts))
        object.__setattr__(self, "_at", at)

    @classmethod
    def constant(cls, quarters_per_minute: Fraction | int | str) -> TempoMap:
        """One tempo throughout."""
        return cls((TempoChange(Fraction(0), Fraction(quarters_per_minute)),))

    @classmethod
    def of(cls, changes: Iterable[tuple[Beats, Fraction]]) -> TempoMap:
        """From pairs of (position, quarters per minute)."""
        return cls(tuple(TempoChange(at, tempo) for at, tempo in changes))

    def exact_seconds_at(self, position: Beats) -> Fraction:
        """Clock time of a position, exact; positions before 0 extend the first tempo."""
        index = max(0, bisect_right(self._at, position) - 1)
        change = self.changes[index]
        return self._starts[index] + (position - change.at) * 60 / change.quarters_per_minute

    def seconds_at(self, position: Beats) -> Seconds:
        """Clock time of a position, in seconds."""
        return float(self.exact_seconds_at(position))

    def samples_at(self, position: Beats, rate_hz: int) -> Samples:
        """Clock time of a position, in whole samples at `rate_hz` (rounded to nearest)."""
        return round(self.exact_seconds_at(position) * rate_hz)

    def beats_at(self, seconds: Fraction) -> Beats:
        """Position at a clock time, exact; the inverse of `exact_seconds_at`."""
        index = max(0, bisect_right(self._starts, seconds) - 1)
        change = self.changes[index]
        return change.at + (seconds - self._starts[index]) * change.quarters_per_minute / 60

    def tempo_at(self, position: Beats) -> Fraction:
        """Quarters per minute at a position."""
        return self.changes[max(0, bisect_right(self._at, position) - 1)].quarters_per_minute
