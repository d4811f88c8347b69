"""The notation of patterns: rows of cells, and how they are laid into a bar of any metre.

A row such as ``x...|..x.|x...|....`` has one group per count of the bar; the cells of a group share
the count evenly (four cells: sixteenths, two: eighths, three: triplets). ``.`` is silence and ``-``
holds what sounds; any other sign starts something. The signs of each kind of row are in `SIGNS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from tonmeister.model.score import TimeSignature
from tonmeister.theory.metre import pulses
from tonmeister.units.time import Beats

SIGNS = {
    "drums": "xXog?",
    "bass": "135678awog?",
    "chord": "xXs?plh123456789",
    "line": "gcsG?",
}
"""The signs of a row by its kind, besides ``.`` and ``-``; `docs/styles.md` says what they mean."""

_HALF = Fraction(1, 2)
_THIRDS = {
    Fraction(0): Fraction(0), Fraction(1, 4): Fraction(1, 3), Fraction(1, 3): Fraction(1, 3),
    Fraction(1, 2): Fraction(2, 3), Fraction(2, 3): Fraction(2, 3), Fraction(3, 4): Fraction(5, 6),
}  # fmt: skip
"""Where a place in a plain count goes in a dotted one: off-beats become the last third."""


@dataclass(frozen=True, slots=True)
class Count:
    """A count of the bar, as a musician counts it for patterns: a quarter, or a dotted quarter.

    Attributes:
        onset: from the start of the bar.
        length: in quarter notes.
        dotted: whether it falls into three.
    """

    onset: Beats
    length: Beats
    dotted: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that a pattern starts: sign, from, to (from the start of the bar)."""

    onset: Beats
    end: Beats
    sign: str


@lru_cache(maxsize=256)
def counts(time: TimeSignature) -> tuple[Count, ...]:
    """The counts of a bar. Half-note metres are counted in quarters, 3/8 in eighths."""
    if time.compound:
        return tuple(Count(at, time.pulse, True) for at in pulses(time))
    if time.beat_type >= 8 and time.beats > 4:  # 5/8, 7/8: uneven groups of two and three
        edges = (*pulses(time), time.bar)
        unit = Fraction(4, time.beat_type)
        return tuple(Count(at, end - at, end - at == 3 * unit) for at, end in pairwise(edges))
    unit = Fraction(1) if time.bar.denominator == 1 else Fraction(4, time.beat_type)
    return tuple(Count(i * unit, unit, False) for i in range(int(time.bar / unit)))


def uneven(time: TimeSignature) -> bool:
    """Whether the counts differ in length (5/8, 7/8)."""
    return len({count.length for count in counts(time)}) > 1


@lru_cache(maxsize=256)
def grouping(time: TimeSignature) -> tuple[int, ...]:
    """How many counts the groups of a bar have: 4/4: 2+2, 5/4: 3+2, 3/4: 3, 3/2: 2+2+2."""
    count = len(counts(time))
    if time.beat_type < 4 and count % 2 == 0:
        return (2,) * (count // 2)
    fixed = {4: (2, 2), 5: (3, 2), 6: (3, 3), 7: (4, 3), 8: (4, 4), 9: (3, 3, 3)}
    if count <= 3:
        return (count,)
    return fixed.get(count) or (2,) * (count // 2 - count % 2) + ((3,) if count % 2 else ())


def distance(source: TimeSignature, target: TimeSignature) -> int:
    """How far a pattern's metre is from a bar's: 0 means it fits as it stands."""
    ours, theirs = counts(source), counts(target)
    dotted = source.compound != target.compound
    shape = 0 if grouping(source) == grouping(target) else 1
    odd = 0 if uneven(source) == uneven(target) else 2
    return 20 * dotted + 3 * abs(len(ours) - len(theirs)) + shape + odd


@lru_cache(maxsize=32768)
def lay(row: str, source: TimeSignature, target: TimeSignature, finest: Beats) -> tuple[Hit, ...]:
    """A row's hits in one full bar of `target`.

    Args:
        row: the pattern's text.
        source: the metre that it is written in.
        finest: onsets off this grid are left out, where sixteenths would be too fast to play.
    """
    groups = [group.strip() for group in row.split("|")]
    cells: dict[Beats, str] = {}
    for index, count in zip(regrouped(source, target), counts(target), strict=True):
        for offset, sign in _in_count(groups[index], counts(source)[index].dotted, count):
            at = count.onset + offset
            heard = sign == "." or _playable(offset, count, finest)
            if heard and cells.get(at, ".") in ".-":
                cells[at] = sign
    return _events(sorted(cells.items()), target.bar)


@lru_cache(maxsize=4096)
def lay_tail(row: str, target: TimeSignature, finest: Beats) -> tuple[Hit, ...]:
    """A fill's hits, onsets from the *end* of a full bar back: its groups are the last counts."""
    groups = [group.strip() for group in row.split("|")]
    last = counts(target)[-len(groups) :]
    groups = groups[-len(last) :]
    cells = {
        count.onset + offset: sign
        for group, count in zip(groups, last, strict=True)
        for offset, sign in _in_count(group, count.dotted and len(group) % 3 == 0, count)
        if _playable(offset, count, finest)
    }
    return _events(sorted(cells.items()), target.bar)


def tail_length(rows: int, target: TimeSignature) -> Beats:
    """Length of the last `rows` counts of a bar."""
    return target.bar - counts(target)[-min(rows, len(counts(target)))].onset


@lru_cache(maxsize=4096)
def regrouped(source: TimeSignature, target: TimeSignature) -> tuple[int, ...]:
    """For each count of `target` the count of `source` that it takes its cells from.

    Groups answer groups: the first count of a group stays a first one, the last a last one, and
    what is between repeats or falls out (4/4 in 5/4: 1 2 2 3 4; in 3/4: 1 2 2).
    """
    if len(counts(source)) == len(counts(target)):
        return tuple(range(len(counts(source))))
    ours = _runs(grouping(source))
    theirs = grouping(target)
    found: list[int] = []
    for number, size in enumerate(theirs):
        last = number == len(theirs) - 1 and number > 0
        group = ours[-1] if last else ours[number % len(ours)]
        found += [_picked(group, place, size) for place in range(size)]
    return tuple(found)


def _runs(sizes: tuple[int, ...]) -> list[tuple[int, ...]]:
    runs, start = [], 0
    for size in sizes:
        runs.append(tuple(range(start, start + size)))
        start += size
    return runs


def _picked(group: tuple[int, ...], place: int, size: int) -> int:
    if place == 0:
        return group[0]
    if place == size - 1:
        return group[-1]
    return group[1 + (place - 1) % (len(group) - 1)] if len(group) > 1 else group[0]


def _in_count(group: str, was_dotted: bool, count: Count) -> list[tuple[Beats, str]]:
    """A group's cells as (offset in quarters, sign), fitted to this count's kind and length."""
    cells = [(Fraction(i, len(group)), sign) for i, sign in enumerate(group)]
    if was_dotted == count.dotted:
        return [(place * count.length, sign) for place, sign in cells]
    if count.dotted:
        return [(_THIRDS.get(place, place) * count.length, sign) for place, sign in cells]
    return [((_HALF if place else place) * count.length, sign) for place, sign in cells]


def _playable(offset: Beats, count: Count, finest: Beats) -> bool:
    if offset == 0:
        return True
    unit = count.length / 3 if count.dotted else finest * count.length
    if not count.dotted and (offset * 3 / count.length).denominator == 1:
        return finest <= _HALF  # triplets
    return (offset / unit).denominator == 1 or (count.dotted and finest < _HALF)


def _events(cells: list[tuple[Beats, str]], end: Beats) -> tuple[Hit, ...]:
    hits: list[Hit] = []
    for index, (at, sign) in enumerate(cells):
        if sign in ".-":
            continue
        until = end
        for later, following in cells[index + 1 :]:
            if following != "-":
                until = later
                break
        hits.append(Hit(at, until, sign))
    return tuple(hits)
