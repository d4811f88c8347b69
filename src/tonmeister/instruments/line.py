"""What the built-in synthesizers play from: notes in frames, and curves per block."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tonmeister.instruments.kernels import Floats
from tonmeister.instruments.schedule import (
    BEND_CENTRE,
    BEND_RANGE_CENTS,
    BLOCK_FRAMES,
    Event,
    Span,
    bends,
    controls,
    spans,
)
from tonmeister.model.chance import fresh_seed
from tonmeister.model.performance import Performance

_MODULATION, _VOLUME, _EXPRESSION, _PEDAL = 1, 7, 11, 64
_WHEEL_CENTS = 40.0
_LEGATO_BLOCKS = 2
_SEED_BITS = 31
_NEVER = 1 << 40


class PlayedNote(NamedTuple):
    """A note in frames.

    Attributes:
        start, off: frames; `off` counts the sustain pedal in.
        seed: of its small random differences.
        legato_from: the key it was slurred from, or None.
    """

    start: int
    off: int
    key: int
    velocity: int
    seed: int
    legato_from: int | None = None


@dataclass(frozen=True)
class Line:
    """A part's notes and curves.

    Attributes:
        notes: sorted by start.
        curves: per block: frequency ratio of the bend, expression 0..1, vibrato in cents that
            the modulation wheel adds; shape (3, blocks).
        gain: per block, of volume and expression.
    """

    rate_hz: int
    notes: tuple[PlayedNote, ...]
    curves: Floats
    gain: Floats

    @property
    def bend(self) -> Floats:
        """Frequency ratio per block."""
        bend: Floats = self.curves[0]
        return bend

    @property
    def flat(self) -> Floats:
        """No bend: for drums."""
        return np.ones(self.curves.shape[1])


def line_of(performance: Performance, *, rate_hz: int, blocks: int, slurs: bool) -> Line:
    """A performance for the synthesizers.

    Args:
        performance: raises InstrumentError if a note is impossible.
        rate_hz: frames per second.
        blocks: length in blocks of 64 frames.
        slurs: whether overlapping notes are slurred: one line, one breath.
    """
    moves = controls(performance, rate_hz)
    wheels = bends(performance, rate_hz)
    cents = [(each.first - BEND_CENTRE) / BEND_CENTRE * BEND_RANGE_CENTS for each in wheels]
    volume = _curve(moves, _VOLUME, 127, blocks) / 127
    expression = _curve(moves, _EXPRESSION, 127, blocks) / 127
    wheel = _curve(moves, _MODULATION, 0, blocks) / 127
    bend = _steps([each.block for each in wheels], cents, 0.0, blocks)
    notes = spans(performance, rate_hz)
    if slurs:
        notes = _one_at_a_time(notes)
    notes = _pedalled(notes, [event for event in moves if event.first == _PEDAL])
    return Line(
        rate_hz,
        _played([note for note in notes if note.start < blocks], slurs),
        np.ascontiguousarray([2 ** (bend / 1200), expression, _WHEEL_CENTS * wheel]),
        (volume * expression) ** 2,
    )


def velocity_gain(velocity: int) -> float:
    """Amplitude of a velocity: 40 log10, as sound fonts have it; 1 at velocity 80."""
    return (velocity / 80) ** 2


def hiss_shape(
    gain: float,
    band_hz: tuple[float, float],
    times_ms: tuple[float, float, float],
    rate_hz: int,
    *,
    pan: float = 0.0,
) -> Floats:
    """What `kernels.hiss` wants, for noise of about RMS `gain` between two frequencies.

    `times_ms` are attack, decay by 60 dB (0: none) and release by 60 dB.
    """
    low, high = band_hz[0], min(band_hz[1], 0.45 * rate_hz)
    attack, decay, release = (each / 1000 * rate_hz for each in times_ms)
    level = gain * math.sqrt(1.5 * 0.5 * rate_hz / max(100.0, high - low))
    fall = math.log(1000) / decay if decay else 0.0
    return np.array(
        [
            level * math.cos((pan + 1) * math.pi / 4),
            level * math.sin((pan + 1) * math.pi / 4),
            0.4,
            1 - math.exp(-2 * math.pi * low / rate_hz),
            1 - math.exp(-2 * math.pi * high / rate_hz),
            1 - math.exp(-3 / max(1.0, attack)),
            fall,
            fall + math.log(1000) / max(1.0, release),
        ]
    )


def _curve(moves: Sequence[Event], controller: int, rest: int, blocks: int) -> Floats:
    mine = [event for event in moves if event.first == controller]
    return _steps([each.block for each in mine], [each.second for each in mine], rest, blocks)


def _steps(places: Sequence[int], values: Sequence[float], rest: float, blocks: int) -> Floats:
    """A value per block that changes at `places` (in rising order)."""
    curve = np.full(blocks, float(rest))
    ends = [*places[1:], blocks][: len(places)]
    for place, value, following in zip(places, values, ends, strict=True):
        curve[place:following] = value
    return curve


def _one_at_a_time(notes: list[Span]) -> list[Span]:
    """Each note ends where the next begins."""
    ends = [each.start for each in notes[1:]] + [_NEVER]
    return [
        each._replace(end=max(each.start + 1, min(each.end, end)))
        for each, end in zip(notes, ends, strict=True)
    ]


def _pedalled(notes: list[Span], moves: Sequence[Event]) -> list[Span]:
    """Notes let go under the pedal sound until it comes up, or their key is struck again."""
    downs: list[int] = []
    ups: list[int] = []
    for move in moves:
        if move.second >= 64 and len(downs) == len(ups):
            downs.append(move.block)
        elif move.second < 64 and len(downs) > len(ups):
            ups.append(move.block)
    ups += [_NEVER] * (len(downs) - len(ups))
    again: dict[int, int] = {}
    longer = []
    for note in reversed(notes):
        pedal = bisect_right(downs, note.end) - 1
        end = ups[pedal] if pedal >= 0 and ups[pedal] > note.end else note.end
        longer.append(note._replace(end=min(end, again.get(note.key, _NEVER))))
        again[note.key] = note.start
    longer.reverse()
    return longer


def _played(notes: Sequence[Span], slurs: bool) -> tuple[PlayedNote, ...]:
    counts: dict[int, int] = {}
    played = []
    before: Span | None = None
    for note in notes:
        counts[note.key] = counts.get(note.key, 0) + 1
        slurred = slurs and before is not None and note.start - before.end < _LEGATO_BLOCKS
        played.append(
            PlayedNote(
                note.start * BLOCK_FRAMES,
                note.end * BLOCK_FRAMES,
                note.key,
                note.velocity,
                fresh_seed(counts[note.key], "note", note.key) >> (63 - _SEED_BITS),
                before.key if slurred and before is not None else None,
            )
        )
        before = note
    return tuple(played)
