"""Metre: pulses, groups and the weight of a place in the bar."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from tonmeister.model.score import TimeSignature
from tonmeister.units.time import Beats

_GROUPS = {5: (3, 2), 7: (4, 3), 8: (3, 3, 2), 10: (3, 3, 2, 2), 11: (3, 3, 3, 2)}
"""How irregular numbers of beats fall into groups, as usually counted (7/8 is 2+2+3)."""


@lru_cache(maxsize=256)
def pulses(time: TimeSignature, length: Beats | None = None) -> tuple[Beats, ...]:
    """Onsets of the felt pulses in a bar.

    Simple and compound metres have even pulses (4/4: 4, 6/8: 2); 5/8, 7/8 ... have uneven ones,
    by their groups (7/8: 0, 1, 2).

    Args:
        length: the measure's actual length where it differs from a full bar.
    """
    end = time.bar if length is None else length
    if time.beat_type >= 8 and not time.compound and time.beats > 4:
        sizes = {5: (3, 2), 7: (2, 2, 3)}.get(time.beats) or _GROUPS.get(time.beats, (time.beats,))
        unit, onset, uneven = Fraction(4, time.beat_type), Fraction(0), []
        for size in sizes:
            uneven.append(onset)
            onset += size * unit
        return tuple(onset for onset in uneven if onset < end)
    count = -(-end // time.pulse)
    return tuple(time.pulse * i for i in range(count))


@lru_cache(maxsize=256)
def groups(time: TimeSignature) -> tuple[Beats, ...]:
    """Onsets of the bar's main groups: 4/4: 0 and 2; 3/4: 0; 5/4: 0 and 3; 6/8: 0 and 3/2."""
    marks = pulses(time)
    count = len(marks)
    if count in {4, 2}:
        return (marks[0], marks[count // 2])
    if count in _GROUPS and not time.compound:
        first = _GROUPS[count][0]
        return (marks[0], marks[first])
    return (marks[0],)


@lru_cache(maxsize=65536)
def weight(time: TimeSignature, position: Beats) -> float:
    """Metric weight of a place in the bar: 1 downbeat, .75 group, .5 pulse, .25 half of a pulse,
    .1 anything finer (after the levels of Lerdahl and Jackendoff, 1983)."""
    if position == 0:
        return 1.0
    if position in groups(time):
        return 0.75
    marks = pulses(time)
    if position in marks:
        return 0.5
    part = Fraction(1, 3) if time.compound else Fraction(1, 2)
    return 0.25 if (position / (time.pulse * part)).denominator == 1 else 0.1
