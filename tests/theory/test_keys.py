import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.model.score import KeySignature, Mode
from tonmeister.theory.keys import (
    MODE_STEPS,
    relative_major,
    scale,
    spelled_scale,
    spelling_centre,
)
from tonmeister.units.pitch import Pitch

keys = st.builds(KeySignature.from_fifths, st.integers(-7, 7), st.sampled_from(Mode))


@given(keys)
def test_the_spelled_scale_is_the_scale_with_one_name_per_letter(key):
    names = spelled_scale(key)
    assert tuple(name.pitch_class for name in names) == scale(key)
    assert names[0] == key.tonic
    assert sorted(name.step for name in names) == list("ABCDEFG")


@given(keys)
def test_the_notes_of_a_key_are_spelled_as_in_its_scale(key):
    centre = spelling_centre(key)
    for name in spelled_scale(key):
        assert Pitch.from_midi(60 + name.pitch_class, centre).name == name


@given(st.integers(-7, 7))
def test_a_minor_key_spells_its_raised_seventh_and_sixth(fifths):
    key = KeySignature.from_fifths(fifths, Mode.MINOR)
    names = spelled_scale(key)
    for degree in (5, 6):
        raised = Pitch.from_midi(61 + names[degree].pitch_class, spelling_centre(key)).name
        assert (raised.step, raised.alter) == (names[degree].step, names[degree].alter + 1)


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("D minor", "D E F G A Bb C"),
        ("F# major", "F# G# A# B C# D# E#"),
        ("E dorian", "E F# G A B C# D"),
        ("B locrian", "B C D E F G A"),
        ("Cb major", "Cb Db Eb Fb Gb Ab Bb"),
    ],
)
def test_known_scales(key, names):
    assert " ".join(map(str, spelled_scale(KeySignature.parse(key)))) == names


@given(keys)
def test_the_relative_major_has_the_same_notes(key):
    major = relative_major(key)
    assert major.mode == Mode.MAJOR
    assert (major.fifths, set(scale(major))) == (key.fifths, set(scale(key)))


def test_every_mode_rises_within_an_octave():
    assert set(MODE_STEPS) == set(Mode)
    for steps in MODE_STEPS.values():
        assert list(steps) == sorted(set(steps))
        assert steps[0] == 0
