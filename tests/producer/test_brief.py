"""The brief as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.errors import BriefError
from tonmeister.producer import Brief, dump_brief, make_brief, read_brief


def _file(folder: Path, text: str) -> Path:
    file = folder / "brief.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_field_is_optional(tmp_path: Path) -> None:
    assert read_brief(_file(tmp_path, "")) == Brief()


def test_fields_are_written_as_musicians_write_them(tmp_path: Path) -> None:
    brief = read_brief(
        _file(
            tmp_path,
            'key = "d minor"\ntempo = "72 bpm"\nlength = "3:20"\nsinger = "male voice"\n'
            'band = ["fiddle", "Keys", "upright"]\nmood = "melancholy, slow"\n'
            'metre = "waltz time"\n',
        )
    )
    assert (brief.key, brief.tempo, brief.length, brief.singer) == ("D minor", 72, 200, "baritone")
    assert brief.band == ("violin", "electric-piano", "bass")
    assert (brief.mood, brief.metre) == (("sad", "slow"), "3/4")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tempoo = 72", "no field 'tempoo'; expected tempo"),
        ("tempo = 0", "tempo: 0 bpm is impossible; 20 to 400 bpm"),
        ('key = "H"', "key: 'H' is not a key"),
        ('length = "long"', "length: 'long' is not a length"),
        ('singer = "tenner"', "singer: 'tenner' is not a voice; one of soprano"),
        ('mood = "spooki"', "mood: 'spooki' is not a mood"),
        ('loudness = "loud"', "loudness: 'loud' is no target; one of "),
        ("seed = 1.5", "seed: "),
        ("band = [1]", "band.0: "),
        ("tempo", "not a TOML file"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BriefError) as caught:
        read_brief(_file(tmp_path, text))
    assert said in str(caught.value)
    assert "brief.toml" in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BriefError, match="cannot be read"):
        read_brief(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'title = "\xe9"')
    with pytest.raises(BriefError, match="not a TOML file"):
        read_brief(tmp_path / "latin.toml")


PRINTABLE = st.characters(exclude_categories=["Cs", "Cc"])
BRIEFS = st.builds(
    Brief,
    title=st.none()
    | st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20),
    style=st.none() | st.sampled_from(["ballad", "swing", "soul ballad"]),
    key=st.none() | st.sampled_from(["D minor", "Bb major", "F# dorian"]),
    tempo=st.none() | st.floats(20, 400),
    length=st.none() | st.floats(5, 3600),
    singer=st.none() | st.sampled_from(["alto", "none", "any"]),
    band=st.lists(st.sampled_from(["piano", "bass", "cowbell"]), unique=True),
    mood=st.lists(st.sampled_from(["slow", "sad"]), unique=True),
    instruments=st.dictionaries(st.sampled_from(["bass", "sax"]), st.just("tuba")),
    seed=st.none() | st.integers(0, 10**9),
    sentence=st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)


@given(BRIEFS)
def test_a_brief_is_read_back(tmp_path_factory: pytest.TempPathFactory, brief: Brief) -> None:
    file = tmp_path_factory.getbasetemp() / "round.toml"
    file.write_bytes(dump_brief(brief).encode())
    assert read_brief(file) == brief


def test_make_brief_names_the_field() -> None:
    with pytest.raises(BriefError, match="tempo"):
        make_brief({"tempo": "fast"})
