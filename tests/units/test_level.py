import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.units.level import SILENCE_DB, db_from_gain, gain_from_db


@given(st.floats(-199, 100))
def test_level_and_gain_are_inverses(level):
    assert db_from_gain(gain_from_db(level)) == pytest.approx(level, abs=1e-9)


@given(st.floats(-150, 50), st.floats(-40, 40))
def test_decibels_add_where_gains_multiply(one, two):
    assert gain_from_db(one) * gain_from_db(two) == pytest.approx(gain_from_db(one + two))


def test_known_levels():
    assert gain_from_db(0.0) == 1.0
    assert gain_from_db(20.0) == pytest.approx(10.0)
    assert db_from_gain(-0.5) == pytest.approx(-6.0206, abs=1e-4)


def test_silence_stays_finite():
    assert gain_from_db(SILENCE_DB) == gain_from_db(-1000.0) == 0.0
    assert db_from_gain(0.0) == db_from_gain(1e-300) == SILENCE_DB
