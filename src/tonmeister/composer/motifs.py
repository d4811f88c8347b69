"""The plan of a section's tune: motifs as letters, and their rhythms."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import exp

from tonmeister.composer.cells import Beat, Rhythm, make_cell, parse_cell
from tonmeister.composer.stage import Stage
from tonmeister.composer.style import RhythmStyle, TuneStyle
from tonmeister.model.score import TimeSignature
from tonmeister.units.time import Beats

_BLOCK = 4
"""Motifs in eight bars, the length of a schema."""

_PEAK, _PEAK_REACH = 0.66, 0.28
_BREATH = Fraction(1, 2)
_SAME_AGAIN = 0.25
"""How often the second bar of a motif repeats the rhythm of the first."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One motif's place in a section.

    Attributes:
        first, bars: its bars, 0-based.
        letter, variation: which motif, and which of its forms (0: as it is).
        ends_phrase, ends_section: whether a phrase (four bars) or the section ends with it.
        breathes: it ends a phrase somewhere, and its rhythm leaves room for a breath.
        arc: "peak" in the motif that the section rises to, "below" in the others, or empty.
    """

    first: int
    bars: int
    letter: str
    variation: int
    ends_phrase: bool
    ends_section: bool
    breathes: bool = False
    arc: str = ""


def plan_units(bars: int, schema: str) -> tuple[Unit, ...]:
    """The motifs of a section of so many bars, two bars each (the last takes an odd bar too)."""
    count = max(1, bars // 2)
    names = _names(count, schema.split())
    units = []
    closing = {name.rstrip("'") for name in names[1::2]}
    for index, name in enumerate(names):
        last = index == count - 1
        size = bars - 2 * index if last else 2
        letter = name.rstrip("'")
        closes = last or index % 2 == 1
        variation = len(name) - len(letter)
        units.append(Unit(2 * index, size, letter, variation, closes, last, letter in closing))
    return _with_peak(units)


def _with_peak(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """The section peaks in a motif that is new or varied, as near as may be to two thirds of it."""
    total = units[-1].first + units[-1].bars
    seen: set[str] = set()
    found: list[tuple[float, int]] = []
    for index, unit in enumerate(units):
        distance = abs((unit.first + unit.bars / 2) / total - _PEAK)
        if (unit.letter not in seen or unit.variation) and distance <= _PEAK_REACH:
            found.append((distance, index))
        seen.add(unit.letter)
    if not found:
        return tuple(units)
    peak = min(found)[1]
    return tuple(replace(u, arc="peak" if i == peak else "below") for i, u in enumerate(units))


def _names(count: int, schema: Sequence[str]) -> list[str]:
    """Letters for `count` motifs: the schema's block, returning with new endings (A A' B A')."""
    if count < _BLOCK:
        return [*schema[: count - 1], schema[-1]]
    blocks, rest = divmod(count, _BLOCK)
    names: list[str] = []
    for block in range(blocks):
        last = block == blocks - 1
        if block == 0:
            names += schema
        elif blocks >= 4 and block % 4 == 2:
            names += [f"m{name}" for name in schema]
        else:
            names += [*schema[:-2], f"{schema[-2]}'", f"{schema[-1]}{'z' if last else 'y'}"]
    return names + list(schema[_BLOCK - rest :]) if rest else names


def rhythms_for(style: TuneStyle, time: TimeSignature, kind: str) -> RhythmStyle | None:
    """The style's rhythms for a metre (or one with as long a bar and as many pulses) and a kind."""
    for metre in (str(time), *style.rhythm):
        other = TimeSignature.parse(metre)
        alike = other.bar == time.bar and other.compound == time.compound
        if metre in style.rhythm and alike:
            tables = style.rhythm[metre]
            return tables.get(kind) or tables.get("any") or next(iter(tables.values()))
    return None


def unit_rhythm(
    stage: Stage, unit: Unit, table: RhythmStyle | None, density: float, generator: random.Random
) -> Rhythm:
    """A rhythm for a motif, on the motif's own timeline.

    Args:
        density: notes per quarter that are aimed at.
    """
    notes: list[Beat] = []
    origin = stage.starts[unit.first]
    cell: Rhythm = ()
    for number in range(unit.bars):
        index = unit.first + number
        bar = stage.bars[index]
        place = _bar_place(unit, number)
        if place != "go" or generator.random() > _SAME_AGAIN:
            cell = _cell(bar.time, place, table, density, generator)
        offset = stage.starts[index] - origin
        for beat in cell:
            if beat.onset < bar.length:
                length = min(beat.duration, bar.length - beat.onset)
                notes.append(Beat(offset + beat.onset, length))
    return tuple(notes)


def _bar_place(unit: Unit, number: int) -> str:
    if (unit.ends_phrase or unit.breathes) and number == unit.bars - 1:
        return "close" if unit.ends_section else "lead"
    return "start" if number == 0 else "go"


def _cell(
    time: TimeSignature,
    place: str,
    table: RhythmStyle | None,
    density: float,
    generator: random.Random,
) -> Rhythm:
    if table is None:
        return make_cell(time, place, density * float(time.pulse), generator)
    texts = getattr(table, place)
    if place == "lead" and generator.random() < 0.4:
        texts = table.close
    weights = [_liking(rank, text, density) for rank, text in enumerate(texts)]
    rhythm, _ = parse_cell(generator.choices(texts, weights)[0])
    return rhythm


def _liking(rank: int, text: str, density: float) -> float:
    """The earlier in the list the better, and the nearer to the wanted density."""
    rhythm, length = parse_cell(text)
    return exp(-1.2 * abs(len(rhythm) / float(length) - density)) / (1 + 0.25 * rank)


def anticipate(
    stage: Stage, unit: Unit, rhythm: Rhythm, share: float, generator: random.Random
) -> Rhythm:
    """Some strong beats inside the motif come half a beat early, tied over."""
    if not share:
        return rhythm
    origin = stage.starts[unit.first]
    notes = list(rhythm)
    for index in range(1, len(notes)):
        note, last = notes[index], notes[index - 1]
        strong = stage.weight_at(origin + note.onset) >= 0.75
        half = stage.bars[unit.first].time.pulse / 2
        room = note.onset - last.onset >= 2 * half and note.duration >= 2 * half
        if strong and room and generator.random() < share:
            end = min(last.end, note.onset - half)
            notes[index - 1] = Beat(last.onset, end - last.onset)
            notes[index] = Beat(note.onset - half, note.duration + half)
    return tuple(notes)


def breathe(rhythm: Rhythm, start: Beats, end: Beats) -> Rhythm:
    """The same rhythm with a breath before `end`, unless its last bar (from `start`) has one."""
    inside = [beat for beat in rhythm if beat.end > start]
    gaps = [later.onset - beat.end for beat, later in itertools.pairwise(inside)]
    last = rhythm[-1]
    if end - last.end >= _BREATH or last.duration <= _BREATH or any(g >= _BREATH for g in gaps):
        return rhythm
    trimmed = max(last.duration / 2, last.duration - 2 * _BREATH)
    return (*rhythm[:-1], Beat(last.onset, trimmed))
