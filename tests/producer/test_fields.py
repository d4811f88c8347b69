"""Values as musicians write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.model.score import KeySignature, Mode
from tonmeister.producer import fields
from tonmeister.producer.lexicon import lexicon
from tonmeister.producer.styles import style_words


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3:20", 200),
        ("about 3 minutes", 180),
        ("two and a half minutes", 150),
        ("a minute and a half", 90),
        ("half a minute", 30),
        ("90 seconds", 90),
        ("3 min 20", 200),
        ("3m20s", 200),
        ("3'20\"", 200),
        ("2½ min", 150),
        ("2 1/2 minutes", 150),
        ("2.5 minutes", 150),
        ("a hundred and twenty seconds", 120),
        ("three-minute", 180),
        ("200", 200),
        (200, 200),
        (12.5, 12.5),
    ],
)
def test_length(text: str | float, seconds: float) -> None:
    assert fields.seconds(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "long", "3:75", "3 4", "0", "-3 minutes", "2 hours", "1/0", "¾x"]
)
def test_not_a_length(text: str) -> None:
    with pytest.raises(ValueError, match=r"length|impossible"):
        fields.seconds(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("D minor", "D minor"),
        ("d minor", "D minor"),
        ("Dm", "D minor"),
        ("b flat", "Bb major"),
        ("F#m", "F# minor"),
        ("E-flat major", "Eb major"),
        ("e dorian", "E dorian"),
        ("C♯ min", "C# minor"),
        ("B♭", "Bb major"),
        ("CM", "C major"),
    ],
)
def test_key(text: str, key: str) -> None:
    assert fields.key_text(text) == key


@given(st.integers(-7, 7), st.sampled_from(list(Mode)))
def test_every_writable_key_is_read_back(fifths: int, mode: Mode) -> None:
    key = str(KeySignature.from_fifths(fifths, mode))
    assert fields.key_text(key) == key
    assert fields.key_text(key.lower()) == key


@pytest.mark.parametrize("text", ["H", "D funny", "", "in D minor", "7"])
def test_not_a_key(text: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        fields.key_text(text)


def test_a_key_of_too_many_accidentals_names_its_twin() -> None:
    with pytest.raises(ValueError, match="write C# minor"):
        fields.key_text("Db minor")


@pytest.mark.parametrize(
    ("text", "metre"),
    [("3/4", "3/4"), ("waltz time", "3/4"), ("six-eight", "6/8"), ("cut time", "2/2")],
)
def test_metre(text: str, metre: str) -> None:
    assert fields.metre_text(text) == metre


@pytest.mark.parametrize("text", ["3/5", "4", "x/y", "0/4"])
def test_not_a_metre(text: str) -> None:
    with pytest.raises(ValueError, match="not a time signature"):
        fields.metre_text(text)


def test_tempo_and_singer() -> None:
    assert fields.tempo_number("72 bpm") == 72
    assert fields.singer_name("Mezzo-Soprano") == "mezzo"
    assert fields.singer_name("instrumental") == "none"
    with pytest.raises(ValueError, match="one of soprano"):
        fields.singer_name("tenner")


def test_the_lexicon_is_sound() -> None:
    known = lexicon()
    assert all(
        part in {*known.parts, "vocal"} for band in known.ensembles.values() for part in band
    )
    assert all(
        part in known.parts for mood in known.moods.values() for part in (*mood.add, *mood.leave)
    )
    assert all(voice.singer in fields.SINGERS for voice in known.voices.values())
    named = {
        entry.value
        for entries in known.phrases.values()
        for entry in entries
        if entry.path == "metre"
    }
    assert {fields.metre_text(metre) for metre in named} == named


def test_a_style_word_names_one_style_unless_beside_it() -> None:
    for phrase, words in style_words().items():
        assert len({word.style for word in words if not word.beside}) <= 1, phrase
