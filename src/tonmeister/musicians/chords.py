"""Chords under the hands: strums, rolls, fingers that do not land together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from tonmeister.model.chance import chance
from tonmeister.model.score import Articulation, Section
from tonmeister.musicians.strokes import Hands, Stroke
from tonmeister.musicians.style import Touch
from tonmeister.musicians.time_feel import gauss

_BEFORE_BEAT = 0.3
"""Share of a strum that comes before its beat; the ear takes its middle for the stroke."""

_UP_STROKE = 0.88
_FINGER_MS = 2.5
_INNER, _TOP = 0.07, 0.03
_UP_SHARE = 0.8


def spread_chords(hands: Hands, section: Section, strokes: Sequence[Stroke], touch: Touch) -> None:
    """Spread the notes of each chord over a few milliseconds, in place."""
    human = hands.manner.human
    if not human or hands.drums:
        return
    for chord in _chords(strokes):
        onset = chord[0].note.onset
        random = chance(
            hands.seed, "chord", hands.part.name, section.id, str(onset - section.start)
        )
        rolled = any(s.note.articulation is Articulation.ROLLED for s in chord)
        if hands.instrument.family == "guitar" and not rolled:
            _strum(chord, touch.strum_ms * (1 + 0.15 * gauss(random)), human)
        elif rolled or hands.instrument.name == "harp":
            _roll(chord, touch.roll_ms * (1 + 0.15 * gauss(random)), human)
        else:
            _strike(chord, [_FINGER_MS * gauss(random) for _ in chord], human)


def _chords(strokes: Sequence[Stroke]) -> Iterator[list[Stroke]]:
    """Groups of two and more strokes of one chord number and onset, from low to high."""
    for _, together in groupby(strokes, key=lambda s: id(s.place)):  # one place per onset
        groups: dict[int, list[Stroke]] = {}
        for stroke in together:
            if stroke.note.chord >= 0:
                groups.setdefault(stroke.note.chord, []).append(stroke)
        for chord in groups.values():
            if len(chord) > 1:
                yield sorted(chord, key=lambda s: s.note.key)


def _strum(chord: Sequence[Stroke], size_ms: float, human: float) -> None:
    """Down-strokes on the beat from the low string, up-strokes off it from the high one."""
    up = chord[0].place.strength <= 0.25
    order = list(reversed(chord)) if up else list(chord)
    room = 250 * min(s.end - s.start for s in chord)
    size = min(35.0, max(8.0, size_ms * (_UP_SHARE if up else 1.0)), room) * human
    steps = len(order) - 1
    for index, stroke in enumerate(order):
        _shift(stroke, size * (index / steps - _BEFORE_BEAT))
        if up:
            stroke.velocity *= 1 - (1 - _UP_STROKE) * human * (0.5 + 0.5 * index / steps)


def _roll(chord: Sequence[Stroke], size_ms: float, human: float) -> None:
    """From the bottom up, the top note a little louder; the roll begins before the beat."""
    room = 400 * min(s.end - s.start for s in chord)
    size = min(size_ms, room) * human
    steps = len(chord) - 1
    for index, stroke in enumerate(chord):
        _shift(stroke, size * (index / steps - _BEFORE_BEAT))
    chord[-1].velocity *= 1 + 0.06 * human


def _strike(chord: Sequence[Stroke], slips_ms: Sequence[float], human: float) -> None:
    """All together, nearly; the top voice sings and the inner ones stand back."""
    for stroke, slip in zip(chord, slips_ms, strict=True):
        _shift(stroke, slip * human)
    for stroke in chord[1:-1]:
        stroke.velocity *= 1 - _INNER * min(1.0, human)
    chord[-1].velocity *= 1 + _TOP * min(1.0, human)


def _shift(stroke: Stroke, milliseconds: float) -> None:
    """Only the beginning moves: the chord stops together."""
    stroke.start = min(stroke.start + milliseconds / 1000, stroke.end - 0.01)
