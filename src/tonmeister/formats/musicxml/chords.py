"""The chord symbols of a measure, at their places."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from tonmeister.formats.musicxml.harmony import is_no_chord, text_chord
from tonmeister.formats.musicxml.raw import RawBar, RawChord, RawMark
from tonmeister.model.score import ChordEvent, TimeSignature
from tonmeister.theory.metre import pulses
from tonmeister.units.time import Beats


def measure_chords(
    bar: RawBar, marks: Sequence[RawMark], length: Beats, time: TimeSignature
) -> tuple[ChordEvent, ...]:
    """The chords of a bar in order, one at a place.

    Several at one place without an offset share the time to the next chord (or the bar line), on
    its beats: programs that stack them mean that. Chords written as words count where no symbol
    stands.
    """
    stacks: dict[Beats, list[RawChord]] = {}
    for chord in bar.chords:
        if chord.onset < length:
            stacks.setdefault(chord.onset, []).append(chord)
    for mark in marks:
        if mark.kind == "chord" and mark.onset < length and mark.onset not in stacks:
            symbol = None if is_no_chord(mark.text) else text_chord(mark.text)
            stacks[mark.onset] = [RawChord(mark.onset, symbol)]
    starts = sorted(stacks)
    found: list[ChordEvent] = []
    for start, end in pairwise([*starts, length]):
        stack = stacks[start]
        places = shared_places(start, end, len(stack), time)
        found += [ChordEvent(at, chord.symbol) for at, chord in zip(places, stack, strict=True)]
    return tuple(found)


def shared_places(start: Beats, end: Beats, count: int, time: TimeSignature) -> list[Beats]:
    """Where so many chords stand that share a span: on its pulses if there are enough of them.

    The earlier chords are the longer: two in 3/4 stand on 1 and 3; three in 4/4 on 1, 3 and 4.
    """
    beats = [start, *(at for at in pulses(time, end) if start < at < end)]
    if len(beats) < count:
        return [start + (end - start) * Fraction(i, count) for i in range(count)]
    return [beats[-(-i * len(beats) // count)] for i in range(count)]
