"""What moves while notes sound: expression, vibrato, the sustain pedal, scoops."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import cos, pi

from tonmeister.model.chance import chance
from tonmeister.model.performance import ControlChange, PitchBend
from tonmeister.model.score import Articulation, PartRole, Section
from tonmeister.musicians.loudness import VELOCITIES
from tonmeister.musicians.phrases import phrases
from tonmeister.musicians.strokes import Hands, Stroke
from tonmeister.musicians.style import Touch
from tonmeister.units.time import Beats, Seconds

MODULATION, EXPRESSION, PEDAL = 1, 11, 64

_STEP = 0.5
"""Expression is set every half beat."""

_ARCH = 0.07
_SWELL = 1.5
"""A note this long (seconds) swells and sinks."""

_PEAK = 0.55

_VIBRATO_AFTER = 0.3
_VIBRATO_FROM = 0.6
_VIBRATO_STEPS = 4
_VIBRATING = frozenset(("strings", "winds", "brass", "voice", "choir"))
_SCOOPING = ("guide", "sax", "harmonica")
_SCOOP_S = 0.11
_SCOOP_STEPS = 6
_PEDAL_LAG_S = 0.3
_PEDAL_UP_S = 0.04
"""The foot lifts this long after the beat, when the new chord is surely struck."""


def expression(
    hands: Hands, sections: Sequence[tuple[Section, list[Stroke]]]
) -> list[ControlChange]:
    """Controller 11 along the part: the half of the dynamics that velocities leave out, phrases
    that rise and fall, long notes that swell. Empty for instruments that die away."""
    if not hands.sings:
        return []
    changes: list[ControlChange] = []
    for index, (_, strokes) in enumerate(sections):
        for time, value in _section_expression(hands, index, strokes):
            if not changes or changes[-1].value != value:
                changes.append(ControlChange(round(time, 6), EXPRESSION, value))
    if changes:
        changes[0] = ControlChange(0.0, EXPRESSION, changes[0].value)
    return changes


def _section_expression(
    hands: Hands, index: int, strokes: Sequence[Stroke]
) -> Iterator[tuple[Seconds, int]]:
    human, clock = hands.manner.human, hands.grid.clock
    onsets = [stroke.place.position for stroke in strokes]
    depth = _ARCH * hands.manner.player.arch * human
    for phrase in phrases([s.note for s in strokes]):
        position = phrase.start
        early = 0.02
        while position < phrase.end:
            stroke = strokes[bisect_right(onsets, position) - 1]
            factor = 1.0
            if human:
                arch = phrase.arch(position) if hands.solo else 0.0
                factor += depth * arch + depth * _swell(clock.seconds(position), stroke)
            level = hands.dynamics.at(index, position) / VELOCITIES["fff"]
            value = min(127, max(1, round(122 * level**0.5 * factor)))
            yield max(0.0, clock.seconds(position) - early), value
            position += _STEP
            early = 0.0


def _swell(now: Seconds, stroke: Stroke) -> float:
    """1 a little after the middle of a long note, 0 at its ends; 0 for short ones."""
    length = stroke.end - stroke.start
    x = (now - stroke.start) / length
    if length < _SWELL or not 0 < x < 1:
        return 0.0
    return 1 - (abs(x - _PEAK) / (_PEAK if x < _PEAK else 1 - _PEAK)) ** 2


def vibrato(hands: Hands, strokes: Sequence[Stroke]) -> list[ControlChange]:
    """Controller 1 on long notes of a line: none at first, then growing."""
    human = hands.manner.human
    top = 127 * hands.manner.player.vibrato * min(1.0, human)
    if hands.instrument.family not in _VIBRATING or top < 1:
        return []
    changes: list[ControlChange] = []
    sounding = False
    for stroke in strokes:
        if stroke.note.chord >= 0:
            continue
        if sounding:
            changes.append(ControlChange(round(stroke.start, 6), MODULATION, 0))
            sounding = False
        length = stroke.end - stroke.start
        if length < _VIBRATO_FROM:
            continue
        room = length - _VIBRATO_AFTER
        depth = top * min(1.0, 0.5 + length / 4)
        for step in range(1, _VIBRATO_STEPS + 1):
            time = stroke.start + _VIBRATO_AFTER + min(0.5, 0.7 * room) * step / _VIBRATO_STEPS
            value = round(depth * step / _VIBRATO_STEPS)
            changes.append(ControlChange(round(time, 6), MODULATION, value))
        sounding = True
    return changes


def scoops(
    hands: Hands, sections: Sequence[tuple[Section, list[Stroke]]], touch: Touch
) -> list[PitchBend]:
    """Singers and saxophones reach up to the first note of most phrases, at most 60 cents."""
    cents = min(60.0, touch.scoop_cents * hands.manner.human)
    if not cents or not any(word in hands.instrument.name for word in _SCOOPING):
        return []
    bends: list[PitchBend] = []
    for section, strokes in sections:
        for stroke in strokes:
            if not stroke.lead or stroke.end - stroke.start < 2 * _SCOOP_S:
                continue
            at = str(stroke.note.onset - section.start)
            random = chance(hands.seed, "scoop", hands.part.name, section.id, at)
            if random.random() < 0.7:
                bends += _scoop(stroke.start, cents * random.uniform(0.5, 1.0))
    return bends


def _scoop(start: Seconds, cents: float) -> Iterator[PitchBend]:
    for step in range(_SCOOP_STEPS + 1):
        share = 0.5 + 0.5 * cos(pi * step / _SCOOP_STEPS)
        time = start + _SCOOP_S * step / _SCOOP_STEPS
        yield PitchBend(round(time, 6), round(-cents * share, 1) + 0.0)


def pedal(hands: Hands, strokes: Sequence[Stroke], *, use: bool) -> list[ControlChange]:
    """Controller 64 for pianos: by the part's own spans, else (where the style uses it) by chord.

    The foot changes after the new chord is struck and is down again within half a beat.
    """
    if hands.instrument.family != "piano":
        return []
    spans = list(hands.part.pedal) or (_chord_spans(hands, strokes) if use else [])
    clock = hands.grid.clock
    changes: list[ControlChange] = []
    raised: Seconds = -1.0
    for down, up in spans:
        start, end = clock.seconds(float(down)), clock.seconds(float(up))
        if start - raised < 0.15:  # a change of pedal: the hands strike, then the foot
            start += min(_PEDAL_LAG_S, clock.beat_seconds(float(down)) / 2)
        if end - start < 0.1:
            continue
        changes.append(ControlChange(round(start, 6), PEDAL, 127))
        changes.append(ControlChange(round(end + _PEDAL_UP_S, 6), PEDAL, 0))
        raised = end
    return changes


def _chord_spans(hands: Hands, strokes: Sequence[Stroke]) -> list[tuple[Beats, Beats]]:
    """From chord to chord, at most a bar, where the part plays something that may ring."""
    if hands.part.role in {PartRole.LEAD, PartRole.COUNTER}:
        return []
    song = hands.grid.song
    marks = sorted({*song.starts, *(chord.onset for chord in song.chords)})
    dry = {Articulation.STACCATO, Articulation.MUTED, Articulation.MARCATO}
    onsets = sorted({s.note.onset for s in strokes if s.note.articulation not in dry})
    return [
        (down, up)
        for down, up in pairwise(marks)
        if up - down >= 1 and bisect_left(onsets, down) < bisect_left(onsets, up)
    ]
