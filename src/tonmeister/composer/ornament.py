"""Small variations, so that a verse that comes back is not a copy."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tonmeister.composer.placing import Task, Tone, make_place, misfits
from tonmeister.composer.stage import Stage
from tonmeister.model.chance import chance
from tonmeister.theory.chordscale import chord_scale
from tonmeister.units.pitch import MidiKey

_KINDS = {"verse": 2, "solo": 3}
"""How many places may be varied, by kind of section; hooks return as they are."""


def vary(tones: Sequence[Tone], stage: Stage, task: Task, name: str) -> tuple[Tone, ...]:
    """A few long notes divided, their second half leading by step into the next note."""
    found = list(tones)
    chooser = chance(task.seed, "tune", name, "vary")
    ready = [i for i in range(len(found) - 1) if _can_divide(found[i], found[i + 1], stage)]
    for index in sorted(
        chooser.sample(ready, min(len(ready), _KINDS.get(task.kind, 0))), reverse=True
    ):
        tone, following = found[index], found[index + 1]
        half = tone.duration / 2
        second = _leading(tone, following, stage, task)
        found[index : index + 1] = [
            Tone(tone.onset, half, tone.key),
            Tone(tone.onset + half, half, second),
        ]
    return tuple(found)


def _can_divide(tone: Tone, following: Tone, stage: Stage) -> bool:
    moves = 2 <= abs(following.key - tone.key) <= 5 and following.onset == tone.end
    whole = tone.duration in {Fraction(1), Fraction(2)} and tone.onset.denominator == 1
    return moves and whole and len(stage.spans_under(tone.onset, tone.end)) == 1


def _leading(tone: Tone, following: Tone, stage: Stage, task: Task) -> MidiKey:
    """A scale note a step away from the next note, on the way from this one."""
    at = tone.onset + tone.duration / 2
    span = stage.spans_under(at, tone.end)[0]
    scale = chord_scale(span.symbol, span.key)
    side = -1 if following.key > tone.key else 1
    for step in (1, 2):
        key = following.key + side * step
        place = make_place(stage, at, tone.duration / 2, key, breath=False)
        fits = key % 12 in scale and task.low <= key <= task.high
        if fits and key != tone.key and not misfits(place, key):
            return key
    return tone.key
