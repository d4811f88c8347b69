"""Metres and lengths of measures, where what stands in them does not fit what they say.

The rules, in this order:

1. **Metre.** Between two time signatures, if at least four counted measures and four fifths of
   them hold the same length and it is not the written one (or none is written), that length is
   the metre: 3 quarters are 3/4. If another part has a time signature of that length, its is
   taken (a voice in 4/4 triplets over a piano in 12/8).
2. **Too long** a measure keeps its length (a cadenza), unless it is too long by less than a 128th
   note, which is rounding.
3. **Too short** a measure keeps its length if it is a pickup (the first), marked as not counted
   (``implicit``), the last, next to a repeat, an ending or a double bar, or if it and a short
   neighbour make one full measure. Any other short measure lacks rests at its end and is padded.
4. **Empty** measures are full measures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from tonmeister.formats.musicxml.raw import RawBar, RawPart
from tonmeister.model.score import TimeSignature
from tonmeister.units.time import Beats

_ROUNDING = Fraction(1, 32)
_COMMON = TimeSignature(4, 4)
_DIVIDING = {"light-light", "light-heavy", "heavy-light", "heavy-heavy", "heavy"}


def contents(parts: Sequence[RawPart], count: int) -> list[Beats]:
    """How much every measure holds: the fullest part decides."""
    lengths = [Fraction(0)] * count
    for part in parts:
        for index, bar in enumerate(part.bars[:count]):
            lengths[index] = max(lengths[index], bar.content)
    return lengths


def metres(part: RawPart, parts: Sequence[RawPart], held: Sequence[Beats]) -> list[TimeSignature]:
    """The time signature in force in every measure, by rule 1."""
    starts = [i for i, bar in enumerate(part.bars) if i == 0 or bar.time is not None or bar.free]
    found: list[TimeSignature] = []
    time = _COMMON
    for start, end in zip(starts, [*starts[1:], len(part.bars)], strict=True):
        time = part.bars[start].time or time
        counted = [held[i] for i in range(start, end) if not part.bars[i].implicit]
        common = _common_length(counted)
        if common is not None and common != time.bar:
            time = _signature(common, time, parts, start)
        found += [time] * (end - start)
    return found


def lengths(
    bars: Sequence[RawBar], times: Sequence[TimeSignature], held: Sequence[Beats]
) -> list[Beats]:
    """The length of every measure, by rules 2 to 4."""
    return [_length(index, bars, times, held) for index in range(len(bars))]


def _length(
    index: int, bars: Sequence[RawBar], times: Sequence[TimeSignature], held: Sequence[Beats]
) -> Beats:
    full, content = times[index].bar, held[index]
    if content == 0 or full <= content < full + _ROUNDING:
        return full
    if content > full or bars[index].implicit or index in {0, len(bars) - 1}:
        return content
    if _divided(bars[index]) or _divided(bars[index - 1], right=True):
        return content
    if _divided(bars[index + 1], right=False):
        return content
    neighbours = (held[index - 1], held[index + 1])
    return content if any(content + other == full for other in neighbours) else full


def _divided(bar: RawBar, *, right: bool | None = None) -> bool:
    """Whether a bar line that parts two passages stands at this side of a bar (None: at either)."""
    return any(
        line.repeat or line.ending or line.style in _DIVIDING
        for line in bar.barlines
        if right is None or line.right == right
    )


def _common_length(held: Sequence[Beats]) -> Beats | None:
    counted = Counter(length for length in held if length)
    if not counted:
        return None
    length, count = counted.most_common(1)[0]
    return length if count >= 4 and count * 5 >= sum(counted.values()) * 4 else None


def _signature(
    length: Beats, time: TimeSignature, parts: Sequence[RawPart], start: int
) -> TimeSignature:
    """A time signature of this length: another part's, or in the beat in force, or another."""
    for part in parts:
        for bar in reversed(part.bars[: start + 1]):
            if bar.time is not None:
                if bar.time.bar == length:
                    return bar.time
                break
    for beat_type in (time.beat_type, 4, 8, 16, 32):
        beats = length * beat_type / 4
        if beats.denominator == 1 and beats <= 64:
            return TimeSignature(int(beats), beat_type)
    return time
