"""Real sentences and what they come to."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.errors import BriefError
from tonmeister.producer import envision, understand

SENTENCES: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8")
)["sentence"]


@pytest.mark.parametrize("case", SENTENCES, ids=[case["text"][:40] for case in SENTENCES])
def test_sentence(case: dict[str, Any]) -> None:
    heard = understand(case["text"])
    asked = heard.brief.model_dump(mode="json", exclude_defaults=True, exclude={"sentence"})
    assert asked == case["asked"]
    assert list(heard.unused) == case.get("unused", [])


def test_the_sentence_itself_is_kept() -> None:
    assert understand("a waltz").brief.sentence == "a waltz"


def test_understood_words_are_the_users_own_in_their_order() -> None:
    heard = understand("A Slow ballad in d minor for a Baritone")
    assert [(e.words, e.path, e.value) for e in heard.understood] == [
        ("Slow", "mood", "slow"),
        ("ballad", "style", "ballad"),
        ("in d minor", "key", "D minor"),
        ("Baritone", "singer", "baritone"),
    ]


def test_of_two_contradictions_the_later_holds_and_it_is_said() -> None:
    heard = understand("ballad at 70, in C, then at 80, in G")
    assert (heard.brief.tempo, heard.brief.key) == (80.0, "G major")
    notes = {entry.words: entry.note for entry in heard.understood}
    assert notes["at 70"] == 'overruled: "at 80" comes later'
    assert notes["in C"] == 'overruled: "in G" comes later'
    assert notes["at 80"] == ""


def test_a_voice_taken_for_another_word_says_why() -> None:
    entry = next(e for e in understand("for a male voice").understood if e.path == "singer")
    assert entry.value == "baritone"
    assert "middle range" in entry.note


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("a waltz at 0 bpm", "0 bpm is impossible"),
        ("a ballad, 900 bpm", "900 bpm is impossible"),
        ("a ballad in G# major", "write Ab major"),
        ("a ballad of 3 seconds", "3 seconds are impossible"),
        ("a ballad of 200 minutes", "impossible"),
    ],
)
def test_the_impossible_is_refused(sentence: str, said: str) -> None:
    with pytest.raises(BriefError, match=said):
        understand(sentence)


VOCABULARY = [
    "slow",
    "fast",
    "ballad",
    "swing",
    "waltz",
    "soul",
    "jazz",
    "in",
    "D",
    "minor",
    "major",
    "a",
    "the",
    "bpm",
    "72",
    "3:20",
    "3/4",
    "at",
    "about",
    "three",
    "minutes",
    "and",
    "half",
    "without",
    "no",
    "or",
    ",",
    "drums",
    "piano",
    "strings",
    '"Blue"',
    "'x'",
    "by",
    "Anna",
    "Berg",
    "for",
    "baritone",
    "voice",
    "only",
    "solo",
    "lead",
    "trumpet",
    "not",
    "too",
    "very",
    "called",
    "seed",
    "♩",
    "=",
    "120",
    "to",
    "80",
    "between",
    "key",
    "of",
    "flat",
    "sharp",
    "b",
    "a",
]


@given(
    st.one_of(
        st.text(max_size=80), st.lists(st.sampled_from(VOCABULARY), max_size=14).map(" ".join)
    )
)
def test_any_text_is_understood_or_refused_and_nothing_is_lost(sentence: str) -> None:
    try:
        heard = understand(sentence)
    except BriefError:
        return
    assert heard == understand(sentence)
    assert all(entry.words in sentence for entry in heard.understood)
    assert all(words in sentence for words in heard.unused)


@given(st.lists(st.sampled_from(VOCABULARY), max_size=10).map(" ".join))
def test_whatever_is_understood_can_be_envisioned(sentence: str) -> None:
    try:
        brief = understand(sentence).brief
    except BriefError:
        return
    sheet = envision(brief).sheet
    for name in ("title", "key", "tempo", "metre", "length", "seed"):
        asked = getattr(brief, name)
        assert asked is None or getattr(sheet, name) == asked
