"""Sections of a tune: by their names, else by what returns.

Without names the tune is cut into phrases of musically sensible lengths by dynamic programming.
Cuts are rewarded where playing jumps back or could have, where a double bar stands, after a long
note or a rest, and where four bars begin that are heard elsewhere too; eight bars are the cheapest
length. Phrases that begin alike get the same letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from tonmeister.model.score import Measure

_COSTS = {
    1: 7.0, 2: 7.0, 3: 6.0, 4: 1.6, 5: 2.2, 6: 1.6, 7: 1.6, 8: 0.0, 9: 1.3, 10: 1.2, 11: 2.0,
    12: 1.0, 14: 1.9, 16: 1.4,
}  # fmt: skip
"""What a phrase of so many bars costs: periods of eight are the rule, others need a cause."""

_SAME = 0.62
"""Share of like slots from which two phrases have the same letter."""

_HARD = 6.0
"""Speaks for a cut so much that no phrase goes over it."""

_BLUES = 2.0
"""Speaks for twelve bars that stand by themselves being one chorus of a blues."""

_SHORTEST = 4
"""A named section that is played again counts as one more if it has so many measures."""

_LONGEST_INTRO = 8
_LONGEST_NAMED = 33
"""A section by name of more measures (32 and a pickup) is parted, each part by the same name."""


def sections_of(measures: Sequence[Measure]) -> tuple[tuple[int, int, str], ...]:
    """The sections of measures in playing order, as (first measure, count, name).

    They cover all measures, without gaps. If measures carry two or more section names ("Verse",
    "B"), those count; what stands before the first of them is the "Intro" (a "Verse" if it is
    longer than eight measures), or belongs to it if it is but a pickup. Otherwise the names are
    letters in order of appearance: A A B A.
    """
    if not measures:
        return ()
    named = _named(measures)
    return named or _lettered(measures)


def _named(measures: Sequence[Measure]) -> tuple[tuple[int, int, str], ...]:
    if not any(measure.section for measure in measures):
        return ()
    opening = _opening(measures)
    name = opening
    known: dict[int | None, str] = {}
    starts, names = [0], [opening]
    for index, measure in enumerate(measures):
        back = index >= starts[-1] + _SHORTEST and _jumps_back(measures[index - 1], measure)
        if measure.section or back:
            name = measure.section or known.get(measure.source, name)
            if index <= _pickup(measures) and measure.section:
                names[0] = name
            elif index:
                starts.append(index)
                names.append(name)
        known.setdefault(measure.source, name)
    if len(starts) == 1:
        return ()
    ends = [*starts[1:], len(measures)]
    spans = zip(starts, ends, names, strict=True)
    return tuple(
        (start, end - start, name)
        for first, last, name in spans
        for start, end in pairwise(_halts(measures, first, last))
    )


def _halts(measures: Sequence[Measure], first: int, last: int) -> list[int]:
    """Where a named section begins, ends, and is parted if it is too long to be one."""
    if last - first <= _LONGEST_NAMED:
        return [first, last]
    halts = [first]
    for cut in _cuts(measures[first:last])[1:]:
        at = first + cut
        if at - halts[-1] >= _LONGEST_NAMED // 2 and last - at >= _LONGEST_NAMED // 4:
            halts.append(at)
    return [*halts, last]


def _opening(measures: Sequence[Measure]) -> str:
    """The name of what stands before the first named section: a verse if it is long enough."""
    first = next(index for index, measure in enumerate(measures) if measure.section)
    name = (measures[first].section or "").lower()
    verse = first > _LONGEST_INTRO and not name.startswith(("verse", "strophe", "couplet"))
    return "Verse" if verse else "Intro"


def _pickup(measures: Sequence[Measure]) -> int:
    """How many measures stand before the first full one (0 or 1)."""
    first = measures[0]
    return 1 if first.length < first.time.bar and len(measures) > 1 else 0


def _lettered(measures: Sequence[Measure]) -> tuple[tuple[int, int, str], ...]:
    starts = _cuts(measures)
    spans = list(zip(starts, [*starts[1:], len(measures)], strict=True))
    shapes = [_shape(measures[start:end], start == 0) for start, end in spans]
    letters: list[str] = []
    kinds: list[tuple[str, tuple[_Slots, ...]]] = []
    for shape in shapes:
        letter = next((name for name, other in kinds if likeness(shape, other) >= _SAME), None)
        if letter is None:
            letter = _letter(len(kinds))
            kinds.append((letter, shape))
        letters.append(letter)
    return tuple((s, e - s, name) for (s, e), name in zip(spans, letters, strict=True))


def _letter(number: int) -> str:
    """A, B ... Z, A2, B2 ..."""
    return chr(ord("A") + number % 26) + (str(number // 26 + 1) if number >= 26 else "")


_Slots = tuple[object, ...]


def _shape(measures: Sequence[Measure], first: bool) -> tuple[_Slots, ...]:
    """What a phrase is known by: per full measure, tune and chord at every eighth."""
    skip = _pickup(measures) if first or measures[0].length < measures[0].time.bar else 0
    return tuple(_slots(measure) for measure in measures[skip:])


def _slots(measure: Measure) -> _Slots:
    """What begins in each eighth: the note's key and the chord's root, or None."""
    count = max(1, int(measure.time.bar * 2))
    slots: list[object] = [None] * (2 * count)
    for note in measure.notes:
        place = int(note.onset * 2)
        if place < count and slots[place] is None and not note.grace:
            slots[place] = note.pitch.midi
    for chord in measure.chords:
        place = int(chord.onset * 2)
        if place < count and chord.symbol is not None:
            slots[count + place] = (chord.symbol.root.pitch_class, chord.symbol.kind)
    return tuple(slots)


def likeness(one: Sequence[_Slots], other: Sequence[_Slots]) -> float:
    """0..1: how much of two phrases is the same, by the measures that both have.

    Places where both have nothing do not count; phrases whose lengths differ by more than a half
    are nothing alike.
    """
    shared = min(len(one), len(other))
    if not shared or max(len(one), len(other)) > 1.5 * shared:
        return 0.0
    same = count = 0
    for mine, yours in zip(one, other, strict=False):
        alike, told = _alike(mine, yours)
        same += alike
        count += told
    return same / count if count else 1.0


@lru_cache(maxsize=16384)
def _alike(mine: _Slots, yours: _Slots) -> tuple[int, int]:
    """How many slots of two measures are the same, of how many in which anything happens."""
    told = [(a, b) for a, b in zip(mine, yours, strict=False) if a is not None or b is not None]
    return sum(a == b for a, b in told), len(told)


def _cuts(measures: Sequence[Measure]) -> list[int]:
    """Indices of the measures at which phrases begin."""
    shapes = [_slots(measure) for measure in measures]
    ends = {a.source for a, b in pairwise(measures) if _jumps_back(a, b)}
    rewards = [
        _reward(index, measures, shapes) + 3.0 * (index > 0 and measures[index - 1].source in ends)
        for index in range(len(measures))
    ]
    bars = _bar_numbers(measures)
    fixed = {0, len(measures), *(cut for cut, reward in enumerate(rewards) if reward >= _HARD)}
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * len(measures)
    for end in range(1, len(measures) + 1):
        for start in range(max(0, end - 17), end):
            cost = (
                best[start][0] + _cost(bars[end] - bars[start]) - (rewards[start] if start else 0)
            )
            cost += sum(_HARD for cut in range(start + 1, end) if rewards[cut] >= _HARD)
            if round(bars[end] - bars[start]) == 12 and start in fixed and end in fixed:
                cost -= _BLUES
            if cost < best[end][0]:
                best[end] = (cost, start)
    cuts: list[int] = []
    place = len(measures)
    while place:
        place = best[place][1]
        cuts.insert(0, place)
    return cuts


def _bar_numbers(measures: Sequence[Measure]) -> list[Fraction]:
    """Full bars before each measure, and in all; a pickup and the short bar it fills count once."""
    counted = [Fraction(0)]
    for measure in measures:
        counted.append(counted[-1] + measure.length / measure.time.bar)
    return counted


@lru_cache(maxsize=1024)
def _cost(bars: Fraction) -> float:
    """What a phrase of this length costs; a pickup's part of a bar more or less is nothing."""
    whole = round(bars)
    return 0.3 * (abs(bars - whole) > 0) + _COSTS.get(whole, 3.0 + abs(whole - 8) / 4)


def _reward(index: int, measures: Sequence[Measure], shapes: Sequence[_Slots]) -> float:
    """How much speaks for a phrase beginning at this measure."""
    if index == 0:
        return 0.0
    before, here = measures[index - 1], measures[index]
    if _jumps_back(before, here):
        return _HARD + 1
    reward = 0.0
    if before.double_bar or here.key != before.key or here.time != before.time:
        reward += 1.5
    reward += 0.5 * _rests(before)
    return reward + _returns(index, shapes)


def _jumps_back(before: Measure, here: Measure) -> bool:
    if before.source is None or here.source is None:
        return False
    return here.source <= before.source


def _rests(measure: Measure) -> bool:
    """Whether a phrase may end in this measure: its last note is long, or silence follows."""
    sounding = [note for note in measure.notes if not note.grace]
    if not sounding:
        return True
    last = sounding[-1]
    return last.duration * 2 >= measure.length or last.end < measure.length


def _returns(index: int, shapes: Sequence[_Slots]) -> float:
    """1 if the four measures from here are heard elsewhere too, at least four measures away."""
    here = shapes[index : index + 4]
    if len(here) < 4 or not any(any(slot is not None for slot in slots) for slots in here):
        return 0.0
    best = 0.0
    for other in range(len(shapes) - 3):
        if abs(other - index) >= 4:
            best = max(best, likeness(here, shapes[other : other + 4]))
            if best == 1.0:
                break
    return best**2
