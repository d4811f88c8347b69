"""Roman numerals and what belongs to a chord."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.model.score import ChordSymbol, KeySignature, Mode
from tonmeister.theory.chords import format_chord, parse_chord, pitch_classes
from tonmeister.theory.chordscale import chord_names, chord_scale, is_tonic, spell, tensions
from tonmeister.theory.harmony import NUMERALS, function_of, roman_chord, roman_of
from tonmeister.units.pitch import NoteName

KEYS = [
    KeySignature.from_fifths(fifths, mode)
    for fifths in range(-7, 8)
    for mode in (Mode.MAJOR, Mode.MINOR)
]
CHORD_KINDS = (
    "",
    "m",
    "7",
    "maj7",
    "m7",
    "m7b5",
    "dim7",
    "6",
    "m6",
    "9",
    "13",
    "m(maj7)",
    "7(b9)",
    "7sus4",
)


@pytest.mark.parametrize(
    ("key", "numeral", "chord"),
    [
        ("C", "iiø7", "Dm7b5"),
        ("C", "V7/vi", "E7"),
        ("C", "bVII", "Bb"),
        ("C", "I/3", "C/E"),
        ("C", "iv6", "Fm6"),
        ("C", "V7sus4", "G7sus4"),
        ("C", "IV/^5", "F/G"),
        ("C", "#io7", "C#dim7"),
        ("C", "iiø7/vi", "Bm7b5"),
        ("G", "V7", "D7"),
        ("A minor", "viio7", "G#dim7"),
        ("A minor", "VI", "F"),
        ("A minor", "bVII", "G"),
        ("A minor", "V7/3", "E7/G#"),
        ("A minor", "imaj7", "Am(maj7)"),
        ("C# minor", "V7", "G#7"),
        ("Gb", "IV", "Cb"),
        ("Gb", "bVI", "D"),
        ("Gb", "bVII", "E"),
        ("E dorian", "IV", "A"),
        ("D", "V7/ii/3", "B7/D#"),
    ],
)
def test_numerals_become_chords(key, numeral, chord):
    symbol = roman_chord(numeral, KeySignature.parse(key))
    assert format_chord(symbol) == chord


def test_six_nine_has_both():
    symbol = roman_chord("I6/9", KeySignature.parse("C"))
    assert {9, 2} <= set(pitch_classes(symbol))
    assert symbol.bass is None


@pytest.mark.parametrize("text", ["", "X7", "V7/", "Ifoo", "I/7", "h", "V7/x"])
def test_nonsense_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        roman_chord(text, KeySignature.parse("C"))


@given(st.sampled_from(KEYS), st.integers(-6, 6), st.sampled_from(CHORD_KINDS))
def test_numeral_of_a_chord_gives_the_chord_back(key, offset, kind):
    root = NoteName.from_fifths(key.tonic.fifths + offset)
    if abs(root.alter) > 1:
        return
    symbol = parse_chord(f"{root}{kind}")
    again = roman_chord(roman_of(symbol, key), key)
    assert pitch_classes(again) == pitch_classes(symbol)


@given(st.sampled_from(KEYS), st.sampled_from(NUMERALS))
def test_diatonic_roots_are_spelled_in_the_key(key, numeral):
    root = roman_chord(numeral, key).root
    in_key = {name.pitch_class: str(name) for name in chord_scale(None, key).values()}
    assert root.pitch_class in in_key
    assert abs(root.alter) < 2


@pytest.mark.parametrize(
    ("chord", "function"),
    [
        ("C", "tonic"),
        ("Am7", "tonic"),
        ("Dm7", "subdominant"),
        ("F", "subdominant"),
        ("G7", "dominant"),
        ("Bdim7", "dominant"),
        ("Db7", "dominant"),
        ("E7", "applied"),
    ],
)
def test_functions_in_c(chord, function):
    assert function_of(parse_chord(chord), KeySignature.parse("C")) == function


def test_no_chord_has_no_function():
    assert function_of(None, KeySignature.parse("C")) == "none"


@given(st.sampled_from(KEYS), st.integers(-5, 6), st.sampled_from(CHORD_KINDS))
def test_chord_names_sound_as_the_chord(key, offset, kind):
    root = NoteName.from_fifths(key.tonic.fifths + offset)
    if abs(root.alter) > 1:
        return
    symbol = parse_chord(f"{root}{kind}")
    names = chord_names(symbol)
    assert {name.pitch_class for name in names} == set(pitch_classes(symbol))
    assert set(pitch_classes(symbol)) <= set(chord_scale(symbol, key))


def test_applied_dominant_bends_the_scale():
    scale = chord_scale(parse_chord("E7"), KeySignature.parse("C"))
    assert 8 in scale
    assert 7 not in scale


def test_the_fourth_over_major_is_no_tension():
    key = KeySignature.parse("C")
    assert tensions(parse_chord("Cmaj7"), key) == {2, 9}
    assert 5 in tensions(parse_chord("Am7"), key) or 2 in tensions(parse_chord("Am7"), key)


@pytest.mark.parametrize(
    ("midi", "chord", "key", "name"),
    [
        (68, "E7", "C", "G#4"),
        (68, "Fm", "C", "Ab4"),
        (59, "Abm", "Eb", "Cb4"),
        (60, "G#7", "C# minor", "B#3"),
        (61, None, "D", "C#4"),
    ],
)
def test_notes_are_spelled_by_the_chord(midi, chord, key, name):
    symbol: ChordSymbol | None = parse_chord(chord) if chord else None
    pitch = spell(midi, symbol, KeySignature.parse(key))
    assert str(pitch) == name
    assert pitch.midi == midi


def test_tonic_chords():
    assert is_tonic(parse_chord("Am6"), KeySignature.parse("A minor"))
    assert not is_tonic(parse_chord("A7"), KeySignature.parse("A"))
    assert not is_tonic(parse_chord("A"), KeySignature.parse("A minor"))
    assert not is_tonic(None, KeySignature.parse("A"))
