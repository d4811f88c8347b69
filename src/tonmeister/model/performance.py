"""The performance: timed, shaped events per part."""

from __future__ import annotations

from dataclasses import dataclass

from tonmeister.units.pitch import MidiKey
from tonmeister.units.time import Seconds


@dataclass(frozen=True, slots=True)
class PerformedNote:
    """A note as played. Times in seconds from the start of the record, rounded to 1e-6."""

    start: Seconds
    length: Seconds
    key: MidiKey
    velocity: int
    """1..127."""


@dataclass(frozen=True, slots=True)
class ControlChange:
    """A controller moved: 64 pedal, 11 expression, 1 modulation; value 0..127."""

    time: Seconds
    controller: int
    value: int


@dataclass(frozen=True, slots=True)
class PitchBend:
    """A bend in cents, -200..200."""

    time: Seconds
    cents: float


@dataclass(frozen=True, slots=True)
class Performance:
    """One part as played.

    Attributes:
        part: the part's name.
        instrument: a name of the instrument catalogue.
        notes: sorted by start, then key.
        length: seconds of the record that must be rendered, tails included.
    """

    part: str
    instrument: str
    notes: tuple[PerformedNote, ...]
    controls: tuple[ControlChange, ...] = ()
    bends: tuple[PitchBend, ...] = ()
    length: Seconds = 0.0
