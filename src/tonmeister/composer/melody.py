"""A section's tune: motifs are found once, return, vary and close."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
from tonmeister.composer.placing import SHAPES, Task, Tone, places_for
from tonmeister.composer.stage import Span, Stage, grade
from tonmeister.model.chance import chance
from tonmeister.theory.chordscale import chord_scale
from tonmeister.units.pitch import MidiKey

_TRIES = 3
_UNITY = 0.35
"""How often a new motif takes over the rhythm of the section's first."""
_LEAPS = (3, 4, 4, 5, 5, 5, 5, 7, 7, 9)
"""Sizes of a motif's leap, in semitones: fourths and fifths above all."""
_UPWARDS = 0.5
"""How much a motif that should peak likes each scale step it is moved up."""
_LITERAL, _VARIED = 2.6, 0.8
"""How strongly a motif that returns holds to its pitches, as itself and in another form."""

_SHAPES_OPEN = ("arch", "rise", "arch", "wave", "valley", "fall")
_SHAPES_CLOSE = ("fall", "arch", "fall")


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
        places = _with_leap(places_for(stage, task, unit, rhythm, SHAPES[shape]), chooser)
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
    plain = places_for(stage, task, unit, rhythm, lambda _: 0.0)
    if unit.variation:
        keys = _transposed(plain, keys, task, unit)
    hold = _VARIED if unit.variation else _LITERAL
    places = [replace(p, pull=key, hold=hold) for p, key in zip(plain, keys, strict=True)]
    chooser = chance(task.seed, "tune", task.kind, unit.letter, "return", unit.first)
    _, found = find_line(places, _manner(task, 0.3), chooser, before)
    return _Motif(rhythm, found)


def _manner(task: Task, freedom: float) -> Manner:
    return Manner(task.low, task.high, task.style.colour, freedom)


def _transposed(
    places: Sequence[Place], keys: Sequence[MidiKey], task: Task, unit: Unit
) -> tuple[MidiKey, ...]:
    """The keys moved by scale steps (a sequence), as far as suits chords and height here."""

    def moved(steps: int) -> tuple[MidiKey, ...]:
        return tuple(_shift(key, steps, p.spans[0][0]) for p, key in zip(places, keys, strict=True))

    def cost(steps: int) -> tuple[float, int]:
        total = 0.25 * abs(abs(steps) - unit.variation) + (0.6 if steps == 0 else 0.0)
        total -= _UPWARDS * steps if unit.arc == "peak" else 0.0
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
