from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.units.time import TempoChange, TempoMap, beats

positions = st.fractions(min_value=-100, max_value=2000, max_denominator=1000)
tempi = st.fractions(min_value=Fraction(1, 10), max_value=1000, max_denominator=1000)


@st.composite
def tempo_maps(draw):
    at = draw(st.sets(st.fractions(min_value=0, max_value=500, max_denominator=96), max_size=6))
    return TempoMap.of((place, draw(tempi)) for place in sorted({Fraction(0), *at}))


@given(tempo_maps(), positions)
def test_clock_time_and_position_are_exact_inverses(tempo, position):
    assert tempo.beats_at(tempo.exact_seconds_at(position)) == position
    assert tempo.exact_seconds_at(tempo.beats_at(position)) == position


@given(tempo_maps(), positions, positions)
def test_time_goes_forward(tempo, one, two):
    early, late = sorted((one, two))
    assert (tempo.exact_seconds_at(early) < tempo.exact_seconds_at(late)) == (early < late)
    assert tempo.samples_at(early, 48_000) <= tempo.samples_at(late, 48_000)


@given(tempo_maps(), st.fractions(min_value=0, max_value=600), positions)
def test_splitting_a_stretch_changes_nothing(tempo, place, position):
    changes = {change.at: change.quarters_per_minute for change in tempo.changes}
    split = TempoMap.of(sorted({**changes, place: tempo.tempo_at(place)}.items()))
    assert split.exact_seconds_at(position) == tempo.exact_seconds_at(position)
    assert split.tempo_at(position) == tempo.tempo_at(position)


@given(tempo_maps(), positions, positions)
def test_durations_add_up_over_tempo_changes(tempo, one, two):
    """The clock time of a stretch is the sum over its parts, each at its own tempo."""
    early, late = sorted((one, two))
    marks = [early, *(c.at for c in tempo.changes if early < c.at < late), late]
    parts = sum((b - a) * 60 / tempo.tempo_at(a) for a, b in pairwise(marks))
    assert tempo.exact_seconds_at(late) - tempo.exact_seconds_at(early) == parts


@given(tempi, positions)
def test_a_constant_tempo(tempo, position):
    assert TempoMap.constant(tempo).exact_seconds_at(position) == position * 60 / tempo


def test_a_known_case():
    tempo = TempoMap.of([(Fraction(0), Fraction(60)), (Fraction(4), Fraction(120))])
    assert tempo.seconds_at(Fraction(6)) == 5.0
    assert tempo.samples_at(Fraction(6), 48_000) == 240_000
    assert tempo.tempo_at(Fraction(4)) == 120
    assert tempo.tempo_at(Fraction(-1)) == 60
    assert tempo.exact_seconds_at(Fraction(-1)) == -1


@pytest.mark.parametrize(
    "changes",
    [
        (),
        (TempoChange(Fraction(1), Fraction(60)),),
        (TempoChange(Fraction(0), Fraction(60)), TempoChange(Fraction(0), Fraction(70))),
    ],
)
def test_impossible_maps_are_refused(changes):
    with pytest.raises(ValueError, match="tempo"):
        TempoMap(changes)


@pytest.mark.parametrize("tempo", [0, -60])
def test_a_tempo_is_above_zero(tempo):
    with pytest.raises(ValueError, match="above 0"):
        TempoMap.constant(tempo)


def test_beats_from_texts():
    assert beats("3/2") == beats("1.5") == Fraction(3, 2)
    assert beats(3) == 3
