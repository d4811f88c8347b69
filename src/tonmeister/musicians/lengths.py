"""How long a note sounds: gates, slurs, breaths; a key is let go before it is struck again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from tonmeister.model.score import Articulation
from tonmeister.musicians.strokes import Hands, Stroke
from tonmeister.musicians.style import Touch
from tonmeister.units.time import Seconds

SHORTEST = 0.02
"""No note is shorter than this many seconds, unless the part itself says so."""

_GATES = {
    "bass": 0.93, "piano": 0.97, "guitar": 0.98, "brass": 0.94, "winds": 0.95, "percussion": 1.0,
    "drums": 1.0,
}  # fmt: skip
_ARTICULATION = {
    Articulation.STACCATO: 0.5, Articulation.MARCATO: 0.82, Articulation.TENUTO: 1.0,
    Articulation.GHOST: 0.6, Articulation.PIZZICATO: 0.7, Articulation.LEGATO: 1.0,
}  # fmt: skip
_MUTED = 0.09
_TONGUE = 0.045
"""Air between repeated notes of a line, seconds."""

_JOINED = 1 / 16
"""Written gaps smaller than this, in quarter notes, are none."""

_BREATHERS = frozenset(("voice", "winds", "brass", "choir"))


def set_lengths(hands: Hands, strokes: Sequence[Stroke], touch: Touch) -> None:
    """Give a section's strokes their lengths, in place."""
    gate = _GATES.get(hands.instrument.family, 1.0)
    for stroke in strokes:
        written = stroke.end - stroke.start
        articulation = stroke.note.articulation
        if articulation is Articulation.MUTED:
            length = min(written, _MUTED)
        else:
            length = written * _ARTICULATION.get(articulation, gate)
        stroke.end = stroke.start + max(min(written, SHORTEST), length)
    if hands.manner.human and (hands.sings or hands.solo) and not hands.drums:
        _join(hands, strokes, touch)


def _join(hands: Hands, strokes: Sequence[Stroke], touch: Touch) -> None:
    """Slur into the notes that follow at once; breathe where a phrase ends."""
    human = min(1.0, hands.manner.human)
    following = _Following(strokes)
    for stroke in strokes:
        if stroke.last:
            if hands.instrument.family in _BREATHERS:
                length = stroke.end - stroke.start
                stroke.end -= min(touch.breath_ms / 1000, 0.18 * length) * human
        elif _slurs(hands, stroke) and (found := following.after(stroke)):
            start, keys = found
            if stroke.note.key in keys:
                stroke.end = start - min(_TONGUE, 0.3 * (start - stroke.start))
            else:
                stroke.end = start + touch.legato_ms / 1000 * human


class _Following:
    """What is struck where a note ends."""

    def __init__(self, strokes: Sequence[Stroke]) -> None:
        self._moments: dict[float, tuple[Seconds, set[int]]] = {}
        for stroke in strokes:
            moment = self._moments.setdefault(stroke.place.position, (stroke.start, set()))
            moment[1].add(stroke.note.key)
        self._onsets = list(self._moments)

    def after(self, stroke: Stroke) -> tuple[Seconds, set[int]] | None:
        """When the next stroke is struck, and which keys; None if there is a rest before it."""
        onset = stroke.place.position
        end = onset + float(stroke.note.duration)
        index = bisect_left(self._onsets, end - _JOINED / 4)
        if index == len(self._onsets) or self._onsets[index] > end + _JOINED:
            return None
        if self._onsets[index] <= onset:
            return None
        return self._moments[self._onsets[index]]


def _slurs(hands: Hands, stroke: Stroke) -> bool:
    articulation = stroke.note.articulation
    if articulation is Articulation.LEGATO:
        return True
    return hands.sings and articulation in {Articulation.NORMAL, Articulation.TENUTO}


def free_keys(strokes: list[Stroke]) -> list[Stroke]:
    """All strokes of a part, sorted, none starting before 0, no key struck while it sounds.

    A stroke that would fall within 15 ms after another of its key waits until then.
    """
    by_key: dict[int, list[Stroke]] = {}
    for stroke in strokes:
        length = stroke.end - stroke.start
        stroke.start = max(0.0, stroke.start)
        stroke.end = max(stroke.end, stroke.start + min(SHORTEST, length))
        by_key.setdefault(stroke.note.key, []).append(stroke)
    for line in by_key.values():
        line.sort(key=lambda s: (s.place.position, s.start))
        for before, after in pairwise(line):
            if after.start < before.start + 0.015:
                shift = before.start + 0.015 - after.start
                after.start += shift
                after.end = max(after.end, after.start + SHORTEST)
            if before.end > after.start - 0.002:
                before.end = after.start - min(0.005, (after.start - before.start) / 3)
    return sorted(strokes, key=lambda s: (s.start, s.note.key))
