"""Where a motif's notes stand: their chords, their emphasis, how high the line should be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import pi, sin

from tonmeister.composer.cells import Rhythm
from tonmeister.composer.line import Place
from tonmeister.composer.motifs import Unit
from tonmeister.composer.stage import OUTSIDE, TENSION, Stage, grade
from tonmeister.composer.style import TuneStyle
from tonmeister.theory.chordscale import chord_names, is_tonic
from tonmeister.units.pitch import MidiKey, PitchClass
from tonmeister.units.time import Beats

_PEAK_ROOM, _BELOW = 3, 2
"""Semitones that the peak lies above the section's highest middle line, and the rest below it."""

SHAPES: Mapping[str, Callable[[float], float]] = {
    "arch": lambda x: 3.2 * sin(pi * x) - 1,
    "rise": lambda x: 5 * x - 2.5,
    "fall": lambda x: 2.5 - 5 * x,
    "wave": lambda x: 2.6 * sin(2 * pi * x),
    "valley": lambda x: 1 - 3.2 * sin(pi * x),
}
"""Contours in semitones about the middle, from a motif's start (0) to its end (1). Arches and falls
are the most frequent phrase contours in folk song (Huron 1996)."""


@dataclass(frozen=True, slots=True)
class Tone:
    """A note of the tune on its section's timeline."""

    onset: Beats
    duration: Beats
    key: MidiKey

    @property
    def end(self) -> Beats:
        """Where it stops."""
        return self.onset + self.duration


@dataclass(frozen=True, slots=True)
class Task:
    """What kind of section a tune is for, with which seed, and its compass."""

    kind: str
    seed: int
    style: TuneStyle
    low: MidiKey
    high: MidiKey
    quarters_per_second: float
    closed: bool


def places_for(
    stage: Stage, task: Task, unit: Unit, rhythm: Rhythm, shape: Callable[[float], float]
) -> list[Place]:
    """The places of a motif's notes in its section, before they have pitches.

    Args:
        shape: the motif's contour, see `SHAPES`.
    """
    origin = stage.starts[unit.first]
    size = stage.starts[unit.first + unit.bars] - origin
    places = []
    end = None
    for index, beat in enumerate(rhythm):
        at = origin + beat.onset
        middle = (unit.first + float(beat.onset / size) * unit.bars) / len(stage.bars)
        height = _height(task, middle) + shape(float(beat.onset / size))
        last = index == len(rhythm) - 1 and unit.ends_section
        breath = end is None or beat.onset - end >= Fraction(1, 2)
        place = make_place(stage, at, beat.duration, height, breath=breath)
        if unit.arc == "below":
            place = replace(place, ceiling=_top(task) - _BELOW)
        places.append(replace(place, goal=_goal(place, task.closed)) if last else place)
        end = beat.end
    return _with_summit(places, _top(task)) if unit.arc == "peak" else places


def _with_summit(places: list[Place], top: MidiKey) -> list[Place]:
    """The strongest place in the first two thirds of the motif reaches for the top."""
    early = range(min(len(places), 1 + 2 * len(places) // 3))
    summit = max(early, key=lambda i: (places[i].emphasis, i))
    return [replace(p, summit=top - 1) if i == summit else p for i, p in enumerate(places)]


def _curve(task: Task) -> tuple[float, ...]:
    return task.style.heights.get(task.kind) or task.style.heights.get("any", (0.5,))


def _top(task: Task) -> MidiKey:
    """The key at which a section of this kind peaks."""
    return min(task.high, round(task.low + max(_curve(task)) * (task.high - task.low)) + _PEAK_ROOM)


def _height(task: Task, at: float) -> float:
    """The MIDI key about which the line goes at a share `at` of the section."""
    curve = _curve(task)
    x = at * len(curve) - 0.5
    left = max(0, min(len(curve) - 1, int(x)))
    right = min(len(curve) - 1, left + 1)
    share = max(0.0, min(1.0, x - left))
    return task.low + (curve[left] * (1 - share) + curve[right] * share) * (task.high - task.low)


def make_place(stage: Stage, at: Beats, duration: Beats, height: float, *, breath: bool) -> Place:
    """The place of a note: the chords it sounds against, and how much it counts.

    A note that comes early and is held into the next chord or strong beat counts to that.
    """
    spans = stage.spans_under(at, at + duration)
    weights = [stage.weight_at(at)]
    shares = []
    for span in spans:
        length = min(span.end, at + duration) - max(span.start, at)
        shares.append((span, float(length / duration)))
    if len(shares) > 1 and shares[0][1] <= 0.5 and spans[1].start - at <= Fraction(1, 2):
        shares = [(shares[1][0], shares[0][1] + shares[1][1]), *shares[2:]]
        weights.append(stage.weight_at(shares[0][0].start))
    emphasis = min(1.0, 0.75 * max(weights) + 0.3 * min(2.0, float(duration)) / 2)
    return Place(at, duration, emphasis, tuple(shares), height, breath=breath)


def _goal(place: Place, closed: bool) -> frozenset[PitchClass]:
    """Where a section's last note may end: the tonic if it closes, else any note of the triad."""
    span = place.spans[-1][0]
    if span.symbol is None:
        return frozenset({span.key.tonic.pitch_class})
    tones = [name.pitch_class for name in chord_names(span.symbol)]
    if closed and (is_tonic(span.symbol, span.key) or span.symbol.root == span.key.tonic):
        return frozenset(tones[:1])
    return frozenset(tones[:3])


def misfits(place: Place, key: MidiKey) -> bool:
    """Whether a note would sound like a mistake: outside the scale, or strong and no colour."""
    span = place.spans[0][0]
    kind = grade(key % 12, span.symbol, span.key)
    return kind == OUTSIDE or (kind > TENSION and place.emphasis > 0.5)
