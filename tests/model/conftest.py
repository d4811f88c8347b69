"""Strategies that build songs and parts."""

from fractions import Fraction

import pytest
from hypothesis import strategies as st

from tonmeister.model import score
from tonmeister.units.pitch import NoteName, Pitch
from tonmeister.units.time import TempoMap

HOW = ("add", "alter", "subtract")

texts = st.text(st.characters(codec="utf-8"), max_size=6)
lengths = st.fractions(min_value=0, max_value=16, max_denominator=96)
names = st.builds(NoteName, st.sampled_from("CDEFGAB"), st.integers(-2, 2))
keys = st.builds(score.KeySignature, names, st.sampled_from(score.Mode))
times = st.builds(score.TimeSignature, st.integers(1, 64), st.sampled_from((1, 2, 4, 8, 16, 32)))
symbols = st.builds(
    score.ChordSymbol,
    names,
    st.sampled_from(("major", "minor-seventh", "dominant")),
    st.lists(
        st.builds(score.Degree, st.integers(1, 13), st.integers(-2, 2), st.sampled_from(HOW)),
        max_size=2,
    ).map(tuple),
    st.none() | names,
)  # fmt: skip
notes = st.builds(
    score.Note,
    lengths,
    lengths,
    st.builds(Pitch, names, st.integers(-1, 9)),
    st.lists(st.builds(score.Syllable, texts, extends=st.booleans()), max_size=2).map(tuple),
    st.booleans(),
    st.booleans(),
)
roadmaps = st.builds(
    score.Roadmap,
    repeat_start=st.booleans(),
    repeat_end=st.integers(0, 4),
    endings=st.lists(st.integers(1, 4), max_size=2).map(tuple),
    jump=st.sampled_from(("", "dacapo", "dalsegno")),
)
measures = st.builds(
    score.Measure,
    texts,
    times,
    keys,
    lengths,
    st.lists(notes, max_size=3).map(tuple),
    st.lists(st.builds(score.ChordEvent, lengths, st.none() | symbols), max_size=2).map(tuple),
    st.none() | texts,
    st.none() | lengths,
    roadmaps,
    st.none() | st.integers(0, 99),
)
sections = st.builds(
    score.Section, texts, texts, lengths, lengths, st.integers(0, 9), st.integers(1, 9),
    st.floats(0, 1), st.sampled_from(("pp", "mf", "ff")), st.booleans(),
)  # fmt: skip
tempo_maps = st.dictionaries(
    st.integers(1, 99).map(Fraction), st.fractions(min_value=20, max_value=300), max_size=3
).map(lambda later: TempoMap.of(sorted({Fraction(0): Fraction(84), **later}.items())))
songs = st.builds(
    score.Song,
    texts,
    st.lists(measures, max_size=3).map(tuple),
    st.lists(sections, max_size=2).map(tuple),
    tempo_maps,
    texts,
)
part_notes = st.builds(
    score.PartNote, lengths, lengths, st.integers(0, 127), st.floats(0, 1),
    st.sampled_from(score.Articulation), st.integers(-1, 99), texts,
)  # fmt: skip
parts = st.builds(
    score.Part,
    texts,
    st.sampled_from(score.PartRole),
    texts,
    st.lists(part_notes, max_size=4).map(tuple),
    st.lists(st.tuples(lengths, lengths), max_size=2).map(tuple),
)


@pytest.fixture
def songs_and_parts():
    """A strategy for songs, parts and arrangements."""
    return songs | parts | st.builds(score.Arrangement, songs, st.tuples(parts))
