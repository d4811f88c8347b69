"""Spelling durations: from exact lengths to note heads, dots, tuplets and ties.

A stretch of time is cut where a reader wants to see a beat. The places come from the metre as a
tree: the bar, its groups, its pulses, halves of pulses and so on (thirds in compound metres). A
note may cross the places that part a node if it is one plain or dotted note and begins or ends at
such a place, or if it is a plain syncopation (eighth, quarter, eighth). In compound and irregular
metres it must begin and end at one. Rests show every group. After the usual rules of engraving
(Gould, "Behind Bars", 2011, pp. 151-175).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from tonmeister.formats.musicxml.durations import QUARTERS
from tonmeister.formats.musicxml.tuplets import Zone, zones
from tonmeister.model.score import TimeSignature
from tonmeister.theory.metre import groups, pulses
from tonmeister.units.time import Beats

_TYPES = {length: name for name, length in QUARTERS.items()}
_SMALLEST = Fraction(1, 256)


@dataclass(frozen=True, slots=True)
class Head:
    """How a length is written.

    Attributes:
        type: a note type of MusicXML ("quarter").
        dots: 0 or 1.
        actual, normal: the tuplet's ratio, 1 and 1 without.
    """

    type: str
    dots: int = 0
    actual: int = 1
    normal: int = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """One written note or rest: a stretch of a longer one. Onsets count in the full bar.

    Attributes:
        tuplet: number of the tuplet within the measure that it belongs to, -1: none.
    """

    onset: Beats
    duration: Beats
    head: Head
    tuplet: int = -1

    @property
    def end(self) -> Beats:
        """Where it ends."""
        return self.onset + self.duration


def plain_head(length: Beats) -> Head | None:
    """The plain or dotted head of a length, or None if it needs a tie or a tuplet."""
    if length in _TYPES:
        return Head(_TYPES[length])
    if length * 2 / 3 in _TYPES:
        return Head(_TYPES[length * 2 / 3], 1)
    return None


def any_head(length: Beats) -> Head:
    """A head for any length at all: the type next above it, with the ratio that makes it exact."""
    base = _SMALLEST
    while base < length and base < 32:
        base *= 2
    ratio = length / base
    return Head(_TYPES[base], 0, ratio.denominator, ratio.numerator)


def spell(stretches: Sequence[tuple[Beats, Beats, bool]], time: TimeSignature) -> list[list[Piece]]:
    """The written notes of every stretch of a measure.

    Args:
        stretches: (onset, end, whether it sounds), contiguous; onsets count from the start of the
            full bar, so a pickup of one beat in 4/4 begins at 3.
        time: the metre.
    """
    tuplets = zones([start for start, _, _ in stretches] + [stretches[-1][1]], time)
    result: list[list[Piece]] = []
    for start, end, sounds in stretches:
        edges = {at for zone in tuplets for at in (zone.start, zone.end) if start < at < end}
        pieces: list[Piece] = []
        for first, last in pairwise(sorted({start, end} | edges)):
            number = next(
                (i for i, zone in enumerate(tuplets) if zone.start <= first and last <= zone.end),
                -1,
            )
            if number >= 0:
                pieces += _in_tuplet(first, last, number, tuplets[number])
            else:
                pieces += _plain(first, last, time, sounds=sounds)
        result.append(pieces)
    return result


def _in_tuplet(start: Beats, end: Beats, number: int, zone: Zone) -> list[Piece]:
    """The pieces of a stretch within a tuplet: the longest first that can be written."""
    scale = Fraction(zone.actual, zone.normal)
    pieces: list[Piece] = []
    while start < end:
        written = (end - start) * scale
        head = plain_head(written)
        if head is None:
            fitting = [length for length in _TYPES if length < written]
            written = max(fitting, default=written)
            head = plain_head(written) or any_head(written)
        if head.actual != 1:
            return [*pieces, Piece(start, end - start, any_head(end - start), number)]
        length = written / scale
        pieces.append(
            Piece(start, length, Head(head.type, head.dots, zone.actual, zone.normal), number)
        )
        start += length
    return pieces


def _plain(start: Beats, end: Beats, time: TimeSignature, *, sounds: bool) -> list[Piece]:
    if not (_dyadic(start) and _dyadic(end)):
        return [Piece(start, end - start, any_head(end - start))]
    return [
        Piece(first, last - first, plain_head(last - first) or any_head(last - first))
        for first, last in _split(start, end, time, sounds, _top(time, end))
    ]


def _dyadic(position: Beats) -> bool:
    denominator = position.denominator
    return denominator & (denominator - 1) == 0 and denominator <= _SMALLEST.denominator


def _top(time: TimeSignature, end: Beats) -> tuple[Beats, Beats]:
    bars = max(1, -(-end // time.bar))
    return (Fraction(0), bars * time.bar)


@lru_cache(maxsize=8192)
def _split(
    start: Beats, end: Beats, time: TimeSignature, sounds: bool, node: tuple[Beats, Beats]
) -> tuple[tuple[Beats, Beats], ...]:
    """Cuts a stretch that lies within a node of the metre's tree."""
    whole = (start, end)
    if (whole == node and plain_head(end - start)) or node[1] - node[0] <= _SMALLEST:
        return (whole,)
    bounds, strict = _bounds(node, time)
    crossed = [at for at in bounds if start < at < end]
    if not crossed:
        child = next((low, high) for low, high in pairwise(bounds) if low <= start and end <= high)
        return _split(start, end, time, sounds, child)
    if plain_head(end - start) and _may_cross(whole, bounds, strict=strict, sounds=sounds):
        return (whole,)
    ways = (
        _split(start, at, time, sounds, node) + _split(at, end, time, sounds, node)
        for at in crossed
    )
    return min(ways, key=len)


def _may_cross(
    whole: tuple[Beats, Beats], bounds: Sequence[Beats], *, strict: bool, sounds: bool
) -> bool:
    start, end = whole
    begins, ends = start in bounds, end in bounds
    if not sounds:
        # A rest of two thirds of a compound beat may stand at its beginning, no other one.
        thirds = len(bounds) == 4 and (bounds[3] - bounds[0]) in {Fraction(3, 2), Fraction(3, 4)}
        return start == bounds[0] and ends and thirds
    if strict:
        return begins and ends
    child = bounds[1] - bounds[0]
    syncopation = end - start == child and (start + end) / 2 in bounds
    return begins or ends or syncopation


@lru_cache(maxsize=1024)
def _bounds(node: tuple[Beats, Beats], time: TimeSignature) -> tuple[tuple[Beats, ...], bool]:
    """Where a node's children begin and end, and whether notes must begin and end there."""
    start, end = node
    if end - start > time.bar:
        return tuple(
            time.bar * i for i in range(int(start / time.bar), int(end / time.bar) + 1)
        ), False
    bar = start // time.bar * time.bar
    uneven = time.compound or len({b - a for a, b in pairwise((*pulses(time), time.bar))}) > 1
    for level in (groups(time), pulses(time)):
        inner = tuple(bar + at for at in level if start < bar + at < end)
        if inner:
            return (start, *inner, end), uneven
    parts = 3 if plain_head(end - start) and (end - start) * 2 / 3 in _TYPES else 2
    return tuple(start + (end - start) * i / parts for i in range(parts + 1)), False
