from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.model.score import (
    KeySignature,
    Measure,
    Mode,
    Note,
    Section,
    Song,
    Syllable,
    TimeSignature,
)
from tonmeister.units.pitch import NoteName, Pitch
from tonmeister.units.time import TempoMap

names = st.builds(NoteName, st.sampled_from("CDEFGAB"), st.integers(-3, 3))
keys = st.builds(KeySignature, names, st.sampled_from(Mode))
times = st.builds(TimeSignature, st.integers(1, 64), st.sampled_from((1, 2, 4, 8, 16, 32)))


@given(keys)
def test_a_key_reads_back(key):
    assert KeySignature.parse(str(key)) == key
    assert KeySignature.parse(f"{key.tonic} {str(key.mode).upper()}") == key


@given(st.integers(-7, 7), st.sampled_from(Mode))
def test_a_key_from_its_signature(fifths, mode):
    assert KeySignature.from_fifths(fifths, mode).fifths == fifths


@pytest.mark.parametrize(
    ("text", "key", "fifths"),
    [
        ("D minor", "D minor", -1), ("Dm", "D minor", -1), ("d min", "D minor", -1),
        ("Bb", "Bb major", -2), ("Bb-maj", "Bb major", -2), ("bbm", "Bb minor", -5),
        ("E dorian", "E dorian", 2), ("F# Lydian", "F# lydian", 7), ("a aeolian", "A minor", 0),
        ("B locrian", "B locrian", 0), ("C♯ minor", "C# minor", 4), ("m", None, 0), ("", None, 0),
        ("H", None, 0), ("D minor key", None, 0), ("D blue", None, 0), ("Cmm", None, 0),
    ],
)  # fmt: skip
def test_usual_ways_to_write_a_key(text, key, fifths):
    if key is None:
        with pytest.raises(ValueError, match="not a"):
            KeySignature.parse(text)
    else:
        assert str(KeySignature.parse(text)) == key
        assert KeySignature.parse(text).fifths == fifths


@given(times)
def test_a_time_signature_reads_back(time):
    assert TimeSignature.parse(str(time)) == time
    assert TimeSignature.parse(f" {time.beats} / {time.beat_type} ") == time


@given(times)
def test_a_bar_and_its_pulse(time):
    assert time.bar == time.beats * Fraction(4, time.beat_type)
    assert time.pulse > 0
    if time.compound:
        assert time.pulse == 3 * Fraction(4, time.beat_type)
        assert (time.bar / time.pulse).denominator == 1


@pytest.mark.parametrize(
    ("text", "pulse", "compound"),
    [
        ("4/4", "1", False), ("3/4", "1", False), ("2/2", "2", False), ("6/8", "3/2", True),
        ("12/8", "3/2", True), ("9/16", "3/4", True), ("6/4", "1", False), ("7/8", "1", False),
        ("3/8", "1", False),
    ],
)  # fmt: skip
def test_known_metres(text, pulse, compound):
    time = TimeSignature.parse(text)
    assert time.pulse == Fraction(pulse)
    assert time.compound == compound


@pytest.mark.parametrize(
    "text", ["", "4", "4/", "/4", "4/3", "0/4", "65/4", "4/4/4", "a/b", "-3/4"]
)
def test_what_is_no_time_signature_is_refused(text):
    with pytest.raises(ValueError, match="not a time signature"):
        TimeSignature.parse(text)


def measure(*notes, length=4):
    four = TimeSignature(4, 4)
    return Measure("", four, KeySignature.parse("C"), Fraction(length), tuple(notes))


def note(onset, duration, pitch="A4", **more):
    return Note(Fraction(onset), Fraction(duration), Pitch.parse(pitch), **more)


def song(*measures):
    sections = (
        Section("verse", "verse", Fraction(0), Fraction(4), 0, 1),
        Section("chorus", "chorus", Fraction(4), Fraction(4), 1, 1),
    )
    return Song("", tuple(measures), sections, TempoMap.constant(60))


def test_ties_are_merged_over_bar_lines_and_words_stay_with_the_first_note():
    word = (Syllable("la"),)
    made = song(
        measure(note(2, 2, syllables=word)),
        measure(note(0, 4, tied=True)),
        measure(note(0, 1, tied=True), note(1, 1, tied=True), note(3, 1, "B4", tied=True)),
    )
    assert [(one.onset, one.duration, str(one.pitch)) for one in made.tune] == [
        (2, 8, "A4"),
        (11, 1, "B4"),
    ]
    assert made.tune[0].syllables == word


def test_a_tie_to_another_pitch_or_over_a_gap_is_a_new_note():
    made = song(measure(note(0, 1), note(1, 1, "B4", tied=True), note(3, 1, "B4", tied=True)))
    assert len(made.tune) == 3


@given(st.lists(st.fractions(min_value="1/8", max_value=8, max_denominator=8), max_size=6))
def test_measures_follow_each_other(lengths):
    made = song(*(measure(length=length) for length in lengths))
    assert made.starts[0] == 0
    assert made.end == sum(lengths)
    assert len(made.starts) == len(lengths) + 1


def test_sections_are_found_by_position():
    made = song(measure(), measure())
    found = [made.section_at(Fraction(at)).id for at in (-1, 0, 3, 4, 8, 99)]
    assert found == ["verse", "verse", "verse", "chorus", "chorus", "chorus"]
