"""Rows of cells in bars of any metre."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.arranger.grid import counts, distance, grouping, lay, lay_tail, regrouped
from tonmeister.arranger.kit import FEET, playable
from tonmeister.model.score import TimeSignature

SIXTEENTHS = Fraction(1, 4)
metres = st.builds(TimeSignature, st.integers(1, 15), st.sampled_from([2, 4, 8, 16]))
rows = st.lists(
    st.text("x.-", min_size=1, max_size=4).filter(lambda text: len(text) != 0),
    min_size=4,
    max_size=4,
).map("|".join)


def time(text: str) -> TimeSignature:
    return TimeSignature.parse(text)


def onsets(row: str, source: str, target: str) -> list[Fraction]:
    return [hit.onset for hit in lay(row, time(source), time(target), SIXTEENTHS)]


@given(metres)
def test_counts_fill_the_bar(metre: TimeSignature) -> None:
    found = counts(metre)
    assert found[0].onset == 0
    assert sum(count.length for count in found) == metre.bar
    assert sum(grouping(metre)) == len(found)


@given(rows, metres)
def test_hits_stay_in_the_bar_in_order(row: str, metre: TimeSignature) -> None:
    hits = lay(row, time("4/4"), metre, SIXTEENTHS)
    assert all(0 <= hit.onset < hit.end <= metre.bar for hit in hits)
    assert all(a.end <= b.onset for a, b in pairwise(hits))
    if row.startswith("x"):
        assert hits[0].onset == 0


def test_a_row_in_its_own_metre() -> None:
    assert onsets("x...|..x.|x.xx|xxx", "4/4", "4/4") == [
        0,
        Fraction(3, 2),
        2,
        Fraction(5, 2),
        Fraction(11, 4),
        3,
        Fraction(10, 3),
        Fraction(11, 3),
    ]


def test_holding_and_silence() -> None:
    hits = lay("x-|--|x.|..", time("4/4"), time("4/4"), SIXTEENTHS)
    assert [(hit.onset, hit.end) for hit in hits] == [(0, 2), (2, Fraction(5, 2))]


@pytest.mark.parametrize(
    ("target", "order"),
    [
        ("5/4", (0, 1, 1, 2, 3)),
        ("3/4", (0, 1, 1)),
        ("2/4", (0, 1)),
        ("2/2", (0, 1, 2, 3)),
        ("12/8", (0, 1, 2, 3)),
        ("3/2", (0, 1, 2, 3, 2, 3)),
    ],
)
def test_counts_answer_counts(target: str, order: tuple[int, ...]) -> None:
    assert regrouped(time("4/4"), time(target)) == order


def test_straight_eighths_become_the_last_third() -> None:
    assert onsets("x.x.|x...|....|....", "4/4", "12/8") == [0, 1, Fraction(3, 2)]


def test_dotted_rows_become_eighths() -> None:
    assert onsets("xxx|x..", "6/8", "2/4") == [0, Fraction(1, 2), 1]


def test_too_fast_cells_are_left_out() -> None:
    row = "xxxx|....|....|...."
    kept = lay(row, time("4/4"), time("4/4"), Fraction(1, 2))
    assert [hit.onset for hit in kept] == [0, Fraction(1, 2)]


def test_nearer_metres_are_nearer() -> None:
    assert distance(time("4/4"), time("4/4")) == 0
    assert distance(time("3/4"), time("4/4")) < distance(time("12/8"), time("4/4"))


def test_a_fill_ends_with_the_bar() -> None:
    hits = lay_tail("x.|xx", time("4/4"), SIXTEENTHS)
    assert [hit.onset for hit in hits] == [2, 3, Fraction(7, 2)]
    assert [hit.onset for hit in lay_tail("x|x|x|x", time("2/4"), SIXTEENTHS)] == [0, 1]


@given(st.lists(st.sampled_from([36, 37, 38, 42, 43, 44, 46, 49, 51, 53, 50]), max_size=8))
def test_two_hands_and_two_feet(keys: list[int]) -> None:
    kept = playable(keys)
    assert len([key for key in kept if key not in FEET]) <= 2
    assert set(kept) <= set(keys)
    assert not {42, 46} <= set(kept)
