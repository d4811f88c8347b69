"""A tune over other chords: what still fits stays, the rest moves as little as it must."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from fractions import Fraction

from tonmeister.composer.line import Manner, Place, find_line
from tonmeister.composer.placing import Task, Tone, make_place, misfits
from tonmeister.composer.stage import Stage
from tonmeister.model.chance import chance

_HOLD, _FIXED = 2.2, 40.0


def changed_bars(old: Stage, new: Stage) -> frozenset[int]:
    """The bars whose chords (or key) differ between two stages of the same bars."""
    return frozenset(
        index
        for index, (start, end) in enumerate(zip(new.starts, new.starts[1:], strict=False))
        if _sound(old, start, end) != _sound(new, start, end)
    )


def _sound(stage: Stage, start: Fraction, end: Fraction) -> list[tuple[Fraction, object, object]]:
    spans = stage.spans_under(start, end)
    heard = [(max(start, span.start), span.symbol, span.key) for span in spans]
    return [
        (at, symbol, key)
        for i, (at, symbol, key) in enumerate(heard)
        if i == 0 or (symbol, key) != heard[i - 1][1:]
    ]


def fit(
    tones: Sequence[Tone], stage: Stage, task: Task, changed: Collection[int]
) -> tuple[Tone, ...]:
    """The tones over the stage's chords: only bars with changed chords and a misfit are touched.

    There the notes are found anew near where they were, between the notes around.
    """
    places = _places(tones, stage)
    wrong = {
        stage.bar_at(place.onset)
        for place, tone in zip(places, tones, strict=True)
        if misfits(place, tone.key) and _touches(stage, place, changed)
    }
    found = list(tones)
    for bar in sorted(wrong):
        inside = [i for i, place in enumerate(places) if stage.bar_at(place.onset) == bar]
        first, last = inside[0], min(len(places), inside[-1] + 2)
        pulled = [
            replace(place, pull=tone.key, hold=_HOLD if first + i <= inside[-1] else _FIXED)
            for i, (place, tone) in enumerate(
                zip(places[first:last], found[first:last], strict=True)
            )
        ]
        manner = Manner(task.low, task.high, task.style.colour, 0.0)
        before = [tone.key for tone in found[max(0, first - 3) : first]]
        _, keys = find_line(pulled, manner, chance(task.seed, "tune", "fit"), before)
        for i, key in zip(inside, keys, strict=False):
            found[i] = replace(found[i], key=key)
    return tuple(found)


def _touches(stage: Stage, place: Place, changed: Collection[int]) -> bool:
    last = place.onset + place.duration * Fraction(999, 1000)
    return stage.bar_at(place.onset) in changed or stage.bar_at(last) in changed


def _places(tones: Sequence[Tone], stage: Stage) -> list[Place]:
    places: list[Place] = []
    end = Fraction(-1)
    for tone in tones:
        breath = tone.onset - end >= Fraction(1, 2)
        places.append(make_place(stage, tone.onset, tone.duration, tone.key, breath=breath))
        end = tone.end
    return places


def cut(tones: Sequence[Tone], start: Fraction, end: Fraction) -> tuple[Tone, ...]:
    """The tones between two positions, moved to start at 0; what hangs over is shortened."""
    return tuple(
        Tone(tone.onset - start, min(tone.end, end) - tone.onset, tone.key)
        for tone in tones
        if start <= tone.onset < end
    )
