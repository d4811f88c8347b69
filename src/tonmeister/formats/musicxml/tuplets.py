"""Finding tuplets: stretches of a bar that halving the beat cannot reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from tonmeister.model.score import TimeSignature
from tonmeister.units.time import Beats

_SIZES = tuple(Fraction(1, 4) * 2**i for i in range(5))
_DOTTED_SIZES = tuple(Fraction(3, 8) * 2**i for i in range(4))
_COUNTS = frozenset({3, 5, 7, 9, 11, 13, 15})


@dataclass(frozen=True, slots=True)
class Zone:
    """A tuplet: `actual` notes from `start` to `end` in the time of `normal` ones."""

    start: Beats
    end: Beats
    actual: int
    normal: int


def zones(boundaries: Sequence[Beats], time: TimeSignature) -> list[Zone]:
    """The tuplets that notes and rests with these boundaries (rising) need, left to right.

    Of the spans that would do, the one that cuts fewest notes and holds fewest places of the plain
    beat is taken, then the shortest. A place
    that no plain tuplet reaches gets none.
    """
    found: list[Zone] = []
    for place in boundaries:
        if _odd(place) == 1 or (found and place < found[-1].end):
            continue
        free = found[-1].end if found else boundaries[0]
        sizes = _SIZES + (_DOTTED_SIZES if time.compound else ())
        options = [zone for size in sizes if (zone := _zone(place, size, free, boundaries))]
        if options:
            found.append(min(options, key=lambda zone: _cost(zone, boundaries)))
    return found


def _odd(position: Beats) -> int:
    """The odd part of a position's denominator: 1 where halving beats leads."""
    denominator = position.denominator
    while denominator % 2 == 0:
        denominator //= 2
    return denominator


def _zone(place: Beats, size: Fraction, free: Beats, boundaries: Sequence[Beats]) -> Zone | None:
    start = place // size * size
    end = start + size
    if start < free or end > boundaries[-1]:
        return None
    inside = [(at - start) / size for at in boundaries if start <= at <= end]
    actual = lcm(*(_odd(at) for at in inside))
    if actual not in _COUNTS:
        return None
    beat = 3 if _odd(1 / size) == 3 else 1
    normal = beat
    while normal * 2 < actual:
        normal *= 2
    return Zone(start, end, actual, normal)


def _cost(zone: Zone, boundaries: Sequence[Beats]) -> tuple[int, Fraction]:
    """What speaks against a zone, then its size.

    A note is cut at an edge (1), even though its other end needs a tuplet too (3); a place within
    the zone belongs to the plain beat (2).
    """
    cost = 0
    for edge, beyond in ((zone.start, boundaries[::-1]), (zone.end, boundaries)):
        if edge not in boundaries:
            low = edge == zone.start
            other = next(at for at in beyond if (at < edge if low else at > edge))
            cost += 1 if _odd(other) == 1 else 3
    inside = [at for at in boundaries if zone.start < at < zone.end]
    size = zone.end - zone.start
    return (cost + 2 * sum(_odd((at - zone.start) / size) == 1 for at in inside), size)
