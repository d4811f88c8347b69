"""A section's tune: motifs are found once, return, vary and close."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import pi, sin

from tonmeister.composer.cells import Rhythm
from tonmeister.composer.line import Manner, Place, find_line
from tonmeister.composer.motifs import (
    Unit,
    anticipate,
    breathe,
    plan_units,
    rhythms_for,
    unit_rhythm,
)
from tonmeister.composer.stage import OUTSIDE, TENSION, Span, Stage, grade
from tonmeister.composer.style import TuneStyle
from tonmeister.model.chance import chance
from tonmeister.theory.chordscale import chord_names, chord_scale, is_tonic
from tonmeister.units.pitch import MidiKey, PitchClass
from tonmeister.units.time import Beats

_TRIES = 3
_UNITY = 0.35
"""How often a new motif takes over the rhythm of the section's first."""
_LEAPS = (3, 4, 4, 5, 5, 5, 5, 7, 7, 9)
"""Sizes of a motif's leap, in semitones: fourths and fifths above all."""
_LITERAL, _VARIED = 2.6, 0.8
"""How strongly a motif that returns holds to its pitches, as itself and in another form."""

SHAPES: Mapping[str, Callable[[float], float]] = {
    "arch": lambda x: 3.2 * sin(pi * x) - 1,
    "rise": lambda x: 5 * x - 2.5,
    "fall": lambda x: 2.5 - 5 * x,
    "wave": lambda x: 2.6 * sin(2 * pi * x),
    "valley": lambda x: 1 - 3.2 * sin(pi * x),
}
"""Contours in semitones about the middle, from a motif's start (0) to its end (1). Arches and falls
are the most frequent phrase contours in folk song (Huron 1996)."""

_SHAPES_OPEN = ("arch", "rise", "arch", "wave", "valley", "fall")
_SHAPES_CLOSE = ("fall", "arch", "fall")


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


@dataclass(frozen=True, slots=True)
class _Motif:
    rhythm: Rhythm
    keys: tuple[MidiKey, ...]


def compose_section(stage: Stage, task: Task) -> tuple[Tone, ...]:
    """The tune of a section: its motifs in the order of one of the style's schemas."""
    schemas = task.style.schemas.get(task.kind) or task.style.schemas.get("any", ("a a' b c",))
    weights = [1 / (rank + 1) for rank in range(len(schemas))]
    schema = chance(task.seed, "tune", task.kind, "schema").choices(schemas, weights)[0]
    tones: list[Tone] = []
    motifs: dict[str, _Motif] = {}
    for unit in plan_units(len(stage.bars), schema):
        before = [tone.key for tone in tones]
        if unit.letter in motifs and unit.bars == 2:
            motif = _return(stage, task, unit, motifs[unit.letter], before)
        else:
            model = next(iter(motifs.values())).rhythm if motifs else None
            motif = _invent(stage, task, unit, before, model)
            motifs[unit.letter] = motif
        origin = stage.starts[unit.first]
        for beat, key in zip(motif.rhythm, motif.keys, strict=True):
            tones.append(Tone(origin + beat.onset, beat.duration, key))
    return tuple(tones)


def _invent(
    stage: Stage, task: Task, unit: Unit, before: Sequence[MidiKey], model: Rhythm | None
) -> _Motif:
    """A new motif: the best of a few rhythms and contours."""
    rhythm = _rhythm(stage, task, unit, model)
    best: tuple[float, _Motif] | None = None
    for attempt in range(_TRIES):
        chooser = chance(task.seed, "tune", task.kind, unit.letter, "line", attempt)
        shape = chooser.choice(_SHAPES_CLOSE if unit.ends_section else _SHAPES_OPEN)
        places = _with_leap(_places(stage, task, unit, rhythm, SHAPES[shape]), chooser)
        cost, keys = find_line(places, _manner(task, 0.9), chooser, before)
        cost += _dullness(keys, len(places))
        if best is None or cost < best[0]:
            best = (cost, _Motif(rhythm, keys))
    assert best is not None
    return best[1]


def _rhythm(stage: Stage, task: Task, unit: Unit, model: Rhythm | None) -> Rhythm:
    """A new rhythm, or that of the section's first motif for the sake of unity."""
    generator = chance(task.seed, "tune", task.kind, unit.letter, "rhythm")
    end = stage.starts[unit.first + unit.bars] - stage.starts[unit.first]
    if model and not unit.ends_section and generator.random() < _UNITY and model[-1].end <= end:
        rhythm = model
    else:
        table = rhythms_for(task.style, stage.bars[unit.first].time, task.kind)
        density = max(0.35, min(2.5, task.style.notes_per_second / task.quarters_per_second))
        rhythm = unit_rhythm(stage, unit, table, density, generator)
        rhythm = anticipate(stage, unit, rhythm, task.style.anticipation, generator)
    return _breathed(stage, unit, rhythm)


def _breathed(stage: Stage, unit: Unit, rhythm: Rhythm) -> Rhythm:
    if not unit.ends_phrase:
        return rhythm
    origin, last = stage.starts[unit.first], unit.first + unit.bars
    return breathe(rhythm, stage.starts[last - 1] - origin, stage.starts[last] - origin)


def _with_leap(places: list[Place], chooser: random.Random) -> list[Place]:
    """Something to remember the motif by: a leap, at a place drawn by lot."""
    if len(places) < 4:
        return places
    at = chooser.randrange(1, len(places) - 1)
    size = chooser.choice(_LEAPS)
    return [replace(p, leap=size) if i == at else p for i, p in enumerate(places)]


def _dullness(keys: Sequence[MidiKey], count: int) -> float:
    """What is wrong with a motif as a whole: it hardly moves, or it wanders too far."""
    span = max(keys) - min(keys)
    few = max(0, min(4, count - 1) - len(set(keys)))
    return 1.5 * few + 0.8 * max(0, 4 - span) + 0.8 * max(0, span - 12)


def _return(
    stage: Stage, task: Task, unit: Unit, motif: _Motif, before: Sequence[MidiKey]
) -> _Motif:
    """A motif again: as it was where the chords allow, or moved along with them."""
    rhythm = motif.rhythm
    end = stage.starts[unit.first + unit.bars] - stage.starts[unit.first]
    rhythm = tuple(beat for beat in rhythm if beat.end <= end) or rhythm[:1]
    rhythm = _breathed(stage, unit, rhythm)
    keys = motif.keys[: len(rhythm)]
    plain = _places(stage, task, unit, rhythm, lambda _: 0.0)
    if unit.variation:
        keys = _transposed(plain, keys, task, unit.variation)
    hold = _VARIED if unit.variation else _LITERAL
    places = [replace(p, pull=key, hold=hold) for p, key in zip(plain, keys, strict=True)]
    chooser = chance(task.seed, "tune", task.kind, unit.letter, "return", unit.first)
    _, found = find_line(places, _manner(task, 0.3), chooser, before)
    return _Motif(rhythm, found)


def _manner(task: Task, freedom: float) -> Manner:
    return Manner(task.low, task.high, task.style.colour, freedom)


def _transposed(
    places: Sequence[Place], keys: Sequence[MidiKey], task: Task, variation: int
) -> tuple[MidiKey, ...]:
    """The keys moved by scale steps (a sequence), as far as suits the chords and the height here."""

    def moved(steps: int) -> tuple[MidiKey, ...]:
        return tuple(_shift(key, steps, p.spans[0][0]) for p, key in zip(places, keys, strict=True))

    def cost(steps: int) -> tuple[float, int]:
        total = 0.25 * abs(abs(steps) - variation) + (0.6 if steps == 0 else 0.0)
        for place, key in zip(places, moved(steps), strict=True):
            span = place.spans[0][0]
            total += place.emphasis * grade(key % 12, span.symbol, span.key)
            total += 0.04 * abs(key - place.height)
            total += 3.0 if not task.low <= key <= task.high else 0.0
        return total, abs(steps)

    return moved(min((1, -1, 2, -2, 3, -3, 0, 4), key=cost))


def _shift(key: MidiKey, steps: int, span: Span) -> MidiKey:
    """A key moved by steps of the scale over a chord."""
    scale = chord_scale(span.symbol, span.key)
    while key % 12 not in scale:
        key -= 1
    direction = 1 if steps > 0 else -1
    for _ in range(abs(steps)):
        key += direction
        while key % 12 not in scale:
            key += direction
    return key


def _places(
    stage: Stage, task: Task, unit: Unit, rhythm: Rhythm, shape: Callable[[float], float]
) -> list[Place]:
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
        places.append(replace(place, goal=_goal(place, task.closed)) if last else place)
        end = beat.end
    return places


def _height(task: Task, at: float) -> float:
    """The MIDI key about which the line goes at a share `at` of the section."""
    curve = task.style.heights.get(task.kind) or task.style.heights.get("any", (0.5,))
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
    """Where a section's last note may end: the tonic if it closes, else a note of the chord but 1."""
    span = place.spans[-1][0]
    if span.symbol is None:
        return frozenset({span.key.tonic.pitch_class})
    tones = [name.pitch_class for name in chord_names(span.symbol)]
    if closed and (is_tonic(span.symbol, span.key) or span.symbol.root == span.key.tonic):
        return frozenset(tones[:1])
    return frozenset(tones[:3])


def misfits(place: Place, key: MidiKey) -> bool:
    """Whether a note would sound like a mistake where it is: strong or long and outside, or rubbing."""
    span = place.spans[0][0]
    kind = grade(key % 12, span.symbol, span.key)
    return kind == OUTSIDE or (kind > TENSION and place.emphasis > 0.5)
