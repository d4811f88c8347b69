from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.model.score import TimeSignature
from tonmeister.theory.metre import groups, pulses, weight

times = st.builds(TimeSignature, st.integers(1, 16), st.sampled_from((2, 4, 8, 16)))


@given(times)
def test_pulses_rise_from_the_downbeat_and_stay_in_the_bar(time):
    marks = pulses(time)
    assert marks[0] == 0
    assert all(early < late for early, late in pairwise(marks))
    assert marks[-1] < time.bar
    assert set(groups(time)) <= set(marks)


@given(times, st.fractions(min_value="1/16", max_value=8, max_denominator=16))
def test_a_short_measure_has_the_first_pulses(time, length):
    within = tuple(mark for mark in pulses(time) if mark < length)
    assert pulses(time, min(length, time.bar)) == within


@given(times, st.fractions(min_value=0, max_value=8, max_denominator=48))
def test_the_downbeat_weighs_most_and_pulses_more_than_what_lies_between(time, position):
    here = weight(time, position)
    assert here in {1.0, 0.75, 0.5, 0.25, 0.1}
    assert (here == 1.0) == (position == 0)
    if position not in pulses(time) and position < time.bar:
        assert here < 0.5


def texts(positions):
    return " ".join(map(str, positions))


@pytest.mark.parametrize(
    ("metre", "beats", "main"),
    [
        ("4/4", "0 1 2 3", "0 2"), ("3/4", "0 1 2", "0"), ("2/4", "0 1", "0 1"),
        ("2/2", "0 2", "0 2"),
        ("6/8", "0 3/2", "0 3/2"), ("12/8", "0 3/2 3 9/2", "0 3"), ("9/8", "0 3/2 3", "0"),
        ("5/4", "0 1 2 3 4", "0 3"), ("7/4", "0 1 2 3 4 5 6", "0 4"), ("5/8", "0 3/2", "0 3/2"),
        ("7/8", "0 1 2", "0"), ("8/8", "0 3/2 3", "0"),
    ],
)  # fmt: skip
def test_known_metres(metre, beats, main):
    time = TimeSignature.parse(metre)
    assert texts(pulses(time)) == beats
    assert texts(groups(time)) == main


@pytest.mark.parametrize(
    ("metre", "place", "expected"),
    [("4/4", "0", 1), ("4/4", "2", 0.75), ("4/4", "1", 0.5), ("4/4", "3/2", 0.25),
     ("4/4", "1/4", 0.1), ("6/8", "3/2", 0.75),
     ("6/8", "1/2", 0.25), ("6/8", "1/4", 0.1), ("3/4", "1", 0.5)],
)  # fmt: skip
def test_known_weights(metre, place, expected):
    assert weight(TimeSignature.parse(metre), Fraction(place)) == expected
