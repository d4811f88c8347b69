"""The lexicon: ``data/lexicon/en.toml`` as phrases, ready to be looked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pydantic import Field

from tonmeister.data.checked import read_model
from tonmeister.model.sheets import Sheet
from tonmeister.producer.words import Phrase, split


class Voice(Sheet):
    """A way of asking for a voice without naming it."""

    words: tuple[str, ...]
    singer: str
    why: str


class PartWords(Sheet):
    """A part of a band and its names."""

    words: tuple[str, ...]
    carries: bool = Field(default=False, description="can carry the chords alone")
    melodic: bool = Field(default=False, description="plays a tune well")


class Mood(Sheet):
    """A mood or tempo word and what it does to the figures nobody asked for."""

    words: tuple[str, ...]
    pace: float | None = Field(default=None, ge=0, le=1, description="place in the tempo range")
    push: float = Field(default=0.0, ge=-1, le=1, description="shift in the tempo range")
    mode: str = Field(default="", pattern="^(|major|minor)$")
    keys: str = Field(default="", pattern="^(|flat|sharp)$")
    add: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    why: str


class Lexicon(Sheet):
    """All words of one language."""

    schema_: str = Field(alias="schema", pattern=r"^Lexicon\.1$")
    fillers: str
    numbers: dict[str, int]
    metres: dict[str, tuple[str, ...]]
    singers: dict[str, tuple[str, ...]]
    voices: dict[str, Voice]
    parts: dict[str, PartWords]
    instruments: dict[str, tuple[str, ...]]
    ensembles: dict[str, tuple[str, ...]]
    negations: dict[str, tuple[str, ...]]
    moods: dict[str, Mood]
    loudness: dict[str, tuple[str, ...]]

    @cached_property
    def filler_words(self) -> frozenset[str]:
        """Words without meaning."""
        return frozenset(self.fillers.split())

    @cached_property
    def phrases(self) -> Mapping[Phrase, tuple[Entry, ...]]:
        """Every phrase with what it means."""
        found: dict[Phrase, list[Entry]] = {}
        for words, entry in self._entries():
            found.setdefault(split(words), []).append(entry)
        return {phrase: tuple(entries) for phrase, entries in found.items()}

    def _entries(self) -> Iterable[tuple[str, Entry]]:
        for path, groups in (
            ("metre", self.metres),
            ("singer", self.singers),
            ("loudness", self.loudness),
            ("instrument", self.instruments),
        ):
            for name, words in groups.items():
                yield from ((word, Entry(path, name)) for word in words)
        for voice in self.voices.values():
            yield from ((word, Entry("singer", voice.singer, voice.why)) for word in voice.words)
        for name, part in self.parts.items():
            yield from ((word, Entry("band", name)) for word in _with_plurals(part.words))
        for name in self.ensembles:
            yield from ((word, Entry("ensemble", name)) for word in _with_plurals((name,)))
        for name, mood in self.moods.items():
            yield from ((word, Entry("mood", name)) for word in mood.words)

    @cached_property
    def negation_phrases(self) -> tuple[Phrase, ...]:
        """Words that take away, the longest first."""
        phrases = {split(word) for words in self.negations.values() for word in words}
        return tuple(sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))

    def part_named(self, text: str) -> str | None:
        """The part that a word means ("fiddle" is "violin"), or None."""
        name = "-".join(text.lower().split())
        if name in self.parts:
            return name
        entries = self.phrases.get(split(text), ())
        return next((entry.value for entry in entries if entry.path == "band"), None)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase means: `value` for `path` of the brief, and why if that is not plain."""

    path: str
    value: str
    why: str = ""


def _with_plurals(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        yield word
        if not word.endswith("s"):
            yield word + "s"


@lru_cache(maxsize=4)
def lexicon(language: str = "en") -> Lexicon:
    """The lexicon of a language, from the data files.

    Raises:
        StyleError: there is none, or it is broken.
    """
    return read_model("lexicon", language, Lexicon)
