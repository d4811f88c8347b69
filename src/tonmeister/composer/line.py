"""A line of pitches for given note places: a beam search over what singers and listeners mind.

Costs are liking in arbitrary units, 1 is about "a third instead of a step". Sources: step inertia
and gap fill (Meyer 1973; Narmour 1990), chord tones on strong places and resolution of the others
by step (species counterpoint, Jeppesen 1939), tessitura and contour (Huron 2006).
"""

from __future__ import annotations

import random
from collections.abc import Container, Sequence
from dataclasses import dataclass

from tonmeister.composer.stage import OUTSIDE, PASSING, TENSION, TONE, Span, grade, rubs
from tonmeister.theory.chordscale import chord_scale
from tonmeister.units.pitch import MidiKey, PitchClass
from tonmeister.units.time import Beats


@dataclass(frozen=True, slots=True)
class Place:
    """A note to be given a pitch.

    Attributes:
        onset, duration: on the section's timeline.
        emphasis: 0 (passing by) .. 1 (strong or long).
        spans: the chords under it with their shares of its length; the first is the one it is
            heard to.
        height: where the line should be, a MIDI key.
        pull: a pitch it should keep to, or None; `hold` is the cost of each semitone away from it.
        goal: pitch classes it must be one of, or empty.
        breath: a rest comes before it.
        leap: semitones that the line should leap to it, up or down; 0: as it likes.
        ceiling: above this only at a price, so that the peak stays the peak.
        summit: not below this, if it can be; here the line peaks.
    """

    onset: Beats
    duration: Beats
    emphasis: float
    spans: tuple[tuple[Span, float], ...]
    height: float
    pull: MidiKey | None = None
    hold: float = 0.0
    goal: frozenset[PitchClass] = frozenset()
    breath: bool = False
    leap: int = 0
    ceiling: MidiKey = 127
    summit: MidiKey = 0


@dataclass(frozen=True, slots=True)
class Manner:
    """How a line is to go: its compass (lowest, highest MIDI key), taste and freedom."""

    low: MidiKey
    high: MidiKey
    colour: float = 0.3
    freedom: float = 0.5
    width: int = 8
    """Lines kept at each step of the search."""


_INTERVALS = (
    0.5, 0.08, 0.08, 0.55, 0.6, 0.8, 4.0, 1.1, 2.0, 1.8, 5.0, 8.0, 2.0,
)  # fmt: skip
_TOO_WIDE = 12.0
_HEIGHT = 0.13
_GOAL = 7.0
_RUB = 9.0
_LEAP = 0.5
_CEILING, _SUMMIT = 1.2, 0.7
_AUGMENTED_SECOND = 2.5
_STANDSTILL = 0.5
"""A long note that only repeats the one before."""
_OCTAVE, _TRITONE = 13, 6

_Candidate = tuple[MidiKey, float, int]
_Line = tuple[float, tuple[MidiKey, ...], tuple[int, ...]]


def find_line(
    places: Sequence[Place],
    manner: Manner,
    generator: random.Random,
    before: Sequence[MidiKey] = (),
) -> tuple[float, tuple[MidiKey, ...]]:
    """The best line found: its cost and a MIDI key for each place.

    Args:
        before: the last keys that sounded before, for continuity.
    """
    context = tuple(before[-3:])
    lines: list[_Line] = [(0.0, context, (TONE,) * len(context))]
    for place in places:
        candidates = _candidates(place, manner, generator)
        scale = chord_scale(place.spans[0][0].symbol, place.spans[0][0].key)
        grown: list[_Line] = []
        for cost, keys, grades in lines:
            for key, own, kind in candidates:
                step = 0.0
                if keys:
                    step = _step(keys, grades, key, place)
                    if abs(key - keys[-1]) == 3 and _gapless(keys[-1], key, scale):
                        step += _AUGMENTED_SECOND
                grown.append((cost + own + step, (*keys, key), (*grades, kind)))
        grown.sort(key=lambda line: line[0])
        lines = _varied(grown, manner.width)
    cost, keys, _ = lines[0]
    return cost, keys[len(context) :]


def _varied(lines: Sequence[_Line], width: int) -> list[_Line]:
    """The best lines, at most three that end on the same key."""
    kept: list[_Line] = []
    ends: dict[MidiKey, int] = {}
    for line in lines:
        end = line[1][-1]
        if ends.get(end, 0) < 3:
            ends[end] = ends.get(end, 0) + 1
            kept.append(line)
        if len(kept) == width:
            break
    return kept


def _candidates(place: Place, manner: Manner, generator: random.Random) -> list[_Candidate]:
    span = place.spans[0][0]
    scale = chord_scale(span.symbol, span.key)
    found: list[_Candidate] = []
    for key in range(manner.low, manner.high + 1):
        noise = generator.random() * manner.freedom
        if key % 12 in scale or key == place.pull:
            kind = grade(key % 12, span.symbol, span.key)
            if kind != OUTSIDE or key == place.pull:
                found.append((key, noise + _own_cost(key, place, manner), kind))
    if not found:
        found = [(key, 0.0, PASSING) for key in range(manner.low, manner.high + 1)]
    return found


def _own_cost(key: MidiKey, place: Place, manner: Manner) -> float:
    cost = _HEIGHT * abs(key - place.height)
    for span, share in place.spans:
        cost += share * _fit_cost(key % 12, span, place.emphasis, manner.colour)
    if place.goal and key % 12 not in place.goal:
        cost += _GOAL
    cost += _CEILING * max(0, key - place.ceiling) + _SUMMIT * max(0, place.summit - key)
    if place.pull is not None:
        cost += place.hold * min(6, abs(key - place.pull))
    return cost


def _fit_cost(pitch: PitchClass, span: Span, emphasis: float, colour: float) -> float:
    kind = grade(pitch, span.symbol, span.key)
    if kind == TONE:
        return 0.0
    if kind == TENSION:
        return (1.5 - 1.1 * colour) * emphasis
    if kind == OUTSIDE:
        return 5.0 + 6.0 * emphasis
    hurt = _RUB * max(0.0, emphasis - 0.35) if rubs(pitch, span.symbol) else 0.0
    return 0.15 + 2.4 * emphasis + hurt


def _step(keys: tuple[MidiKey, ...], grades: tuple[int, ...], key: MidiKey, place: Place) -> float:
    move = key - keys[-1]
    size = abs(move)
    cost = _INTERVALS[size] if size < len(_INTERVALS) else _TOO_WIDE
    if place.leap and size < _OCTAVE and size != _TRITONE:
        cost = _LEAP * min(5, abs(size - place.leap))
    if size == 0 and place.duration > 1:
        cost += _STANDSTILL
    if place.breath:
        cost *= 0.5
    elif grades[-1] >= TENSION and (size > 2 or size == 0):
        cost += 2.2 if grades[-1] >= PASSING else 0.7
    if len(keys) > 1:
        cost += _turn(keys[-1] - keys[-2], move)
        if keys[-2] == key:
            cost += 1.0 if size == 0 else 0.2
            if len(keys) > 2 and keys[-3] == keys[-1]:
                cost += 1.0
    return cost


def _gapless(last: MidiKey, key: MidiKey, scale: Container[PitchClass]) -> bool:
    """Whether three semitones are neighbours in the scale: an augmented second, hard to sing."""
    low = min(last, key)
    return (low + 1) % 12 not in scale and (low + 2) % 12 not in scale


def _turn(last: int, move: int) -> float:
    """After a leap: back by step, not on in the same direction, and not another leap."""
    size = abs(last)
    if size < 3:
        return 0.0
    if size < 5:
        return 0.7 if abs(move) >= 5 else 0.0
    if last * move > 0:
        return 1.6 if abs(move) > 2 else 0.5
    return (0.5, 0.0, 0.0, 0.1, 0.1)[abs(move)] if abs(move) < 5 else 1.5
