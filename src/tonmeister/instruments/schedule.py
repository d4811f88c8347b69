"""When things happen: a performance as events on a grid of 64-frame blocks.

Both sound sources move in blocks of 64 frames (1.33 ms at 48 kHz): an event takes effect at the
block nearest to its time. Blocks make a rendering independent of how it is cut up.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from tonmeister.errors import InstrumentError
from tonmeister.model.performance import Performance, PerformedNote

BLOCK_FRAMES = 64
BEND_RANGE_CENTS = 200
BEND_CENTRE = 8192
_NOT_PLAYED = frozenset((0, 32, 91, 93))
"""Bank selects and effect sends: neither is the player's."""


class Kind(IntEnum):
    """What happens; within a block in this order, so that a repeated key is struck anew."""

    OFF = 0
    CONTROL = 1
    BEND = 2
    ON = 3


class Event(NamedTuple):
    """One event; `first` and `second` are key and velocity, controller and value, or bend and 0."""

    block: int
    kind: Kind
    first: int
    second: int


class Span(NamedTuple):
    """A note on the block grid; it ends where its key is struck again at the latest."""

    start: int
    end: int
    key: int
    velocity: int


def spans(performance: Performance, rate_hz: int) -> list[Span]:
    """The notes on the block grid, at least one block long, sorted by start and key.

    Raises:
        InstrumentError: a note's key, velocity or time is impossible.
    """
    ends: dict[int, int] = {}
    found: list[Span] = []
    for note in sorted(performance.notes, key=lambda each: (each.start, each.key), reverse=True):
        _check(note, performance.part)
        start = _block(note.start, rate_hz)
        end = max(start + 1, _block(note.start + note.length, rate_hz))
        following = ends.get(note.key)
        if following is not None:
            if following <= start:
                continue
            end = min(end, following)
        ends[note.key] = start
        found.append(Span(start, end, note.key, note.velocity))
    found.reverse()
    return found


def schedule(performance: Performance, rate_hz: int) -> list[Event]:
    """All events in playing order; raises as `spans` does."""
    events = list(_note_events(performance, rate_hz))
    events += controls(performance, rate_hz)
    events += bends(performance, rate_hz)
    events.sort(key=lambda event: (event.block, event.kind))
    return events


def controls(performance: Performance, rate_hz: int) -> list[Event]:
    """The controllers' movements, in time order."""
    return [
        Event(
            _block(each.time, rate_hz), Kind.CONTROL, each.controller, min(127, max(0, each.value))
        )
        for each in sorted(performance.controls, key=lambda each: each.time)
        if 0 < each.controller < 120 and each.controller not in _NOT_PLAYED
    ]


def bends(performance: Performance, rate_hz: int) -> list[Event]:
    """The bends as 14-bit values (8192 is none, 0 is 200 cents down), in time order."""
    return [
        Event(_block(each.time, rate_hz), Kind.BEND, bend_value(each.cents), 0)
        for each in sorted(performance.bends, key=lambda each: each.time)
    ]


def _note_events(performance: Performance, rate_hz: int) -> Iterator[Event]:
    for span in spans(performance, rate_hz):
        yield Event(span.start, Kind.ON, span.key, span.velocity)
        yield Event(span.end, Kind.OFF, span.key, 0)


def _block(time: float, rate_hz: int) -> int:
    return max(0, round(time * rate_hz / BLOCK_FRAMES))


def bend_value(cents: float) -> int:
    """A bend as 14 bits, clipped to its range."""
    value = BEND_CENTRE + round(cents * BEND_CENTRE / BEND_RANGE_CENTS)
    return min(2 * BEND_CENTRE - 1, max(0, value))


def _check(note: PerformedNote, part: str) -> None:
    possible = 0 <= note.key <= 127 and 1 <= note.velocity <= 127 and note.start >= 0
    if not (possible and 0 < note.length < float("inf")):
        raise InstrumentError(
            f"a note cannot be played: {note}",
            where=f"part {part}",
            expected="key 0..127, velocity 1..127, a start from 0 s on and a length above 0 s",
        )
