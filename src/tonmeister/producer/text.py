"""A brief's sentence, ready to be read, and what readers find in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from tonmeister.producer.lexicon import Entry, Lexicon, lexicon
from tonmeister.producer.styles import StyleWord, style_words
from tonmeister.producer.words import Phrase, Word, words_of

_QUOTED = re.compile(
    r"""
    "([^"]+)" | “([^”]+)” | „([^“”]+)[“”] | «([^»]+)»
    | (?<![^\W_])['‘] ([^'’]+ (?:['’][a-z][^'’]*)*) ['’](?![^\W_])   # 'Blue Hour', not don't
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A phrase means `value` for `path` of the brief."""

    path: str
    value: Any
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """So many words were read, and what they mean; no findings: they are said to be unused."""

    size: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Text:
    """A sentence, ready to be read."""

    sentence: str
    words: tuple[Word, ...]
    lexicon: Lexicon
    phrases: Mapping[Phrase, tuple[Entry | StyleWord, ...]]

    @classmethod
    def of(cls, sentence: str) -> Text:
        """A sentence in words; what stands in quotation marks is one word."""
        quoted = [match.span() for match in _QUOTED.finditer(sentence)]
        words = [
            word
            for word in words_of(sentence)
            if not any(start <= word.start < end for start, end in quoted)
        ]
        words += [
            Word(sentence[a:b], '"', a, b) for a, b in quoted if sentence[a + 1 : b - 1].strip()
        ]
        words.sort(key=lambda word: word.start)
        # styles win over the lexicon, so that a new style may take a word for itself
        return cls(sentence, tuple(words), lexicon(), {**lexicon().phrases, **style_words()})

    @cached_property
    def low(self) -> tuple[str, ...]:
        """The words in lower case; ``"`` for something quoted."""
        return tuple(word.low for word in self.words)

    @cached_property
    def longest(self) -> int:
        """Words of the longest phrase."""
        return max(len(phrase) for phrase in self.phrases)

    def at(self, index: int) -> str:
        """The word at an index in lower case, "" beyond the end."""
        return self.low[index] if 0 <= index < len(self.low) else ""

    def starts(self, index: int, phrase: Phrase) -> bool:
        """Whether a phrase stands at an index."""
        return self.low[index : index + len(phrase)] == phrase

    def written(self, start: int, size: int) -> str:
        """Words as the user wrote them."""
        return self.sentence[self.words[start].start : self.words[start + size - 1].end]

    def between(self, index: int) -> str:
        """What stands before a word and after the one before it."""
        before = self.words[index - 1].end if index else 0
        return self.sentence[before : self.words[index].start]

    def lead(self, index: int, phrases: tuple[Phrase, ...]) -> int:
        """Length of the first of these phrases that stands at an index, else 0."""
        return next((len(phrase) for phrase in phrases if self.starts(index, phrase)), 0)


Reader: TypeAlias = Callable[[Text, int], Hit | None]
