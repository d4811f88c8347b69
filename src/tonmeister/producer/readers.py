"""Readers of a brief's sentence: each knows one kind of phrase and reads it at a place.

A reader takes the text and the index of a word and gives a `Hit` (how many words it read, and what
they mean) or None. `understand` asks all of them at every word and takes the longest hit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from tonmeister.producer import fields
from tonmeister.producer.lexicon import Entry, Lexicon, lexicon
from tonmeister.producer.styles import StyleWord, style_words
from tonmeister.producer.words import Phrase, Word, read_length, read_number, words_of

_QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»|(?<![^\W_])[\'‘]([^\'’]+(?:[\'’][a-z][^\'’]*)*)[\'’](?![^\W_])')  # fmt: skip
_NOTE = re.compile(r"([A-Ga-g])([#♯b♭]?)(m|min)?")
_MODES = {"minor", "major", "min", "maj", "dorian", "phrygian", "lydian", "mixolydian", "locrian"}
_KEY_LEADS = (("in", "the", "key", "of"), ("the", "key", "of"), ("in", "key", "of"), ("key", "of"), ("key",), ("in",))  # fmt: skip
_MODE_NOUNS = {"key", "mode", "mood", "tonality", "feel", "feeling", "scale", "sound"}
_TEMPO_LEADS = (("at", "a", "tempo", "of"), ("tempo", "of"), ("tempo",), ("bpm", "of"), ("bpm",), ("metronome",), ("♩",), ("quarter", "note"), ("quarter",), ("crotchet",), ("at",))  # fmt: skip
_NEARLY = {"about", "around", "roughly", "circa", "ca", "approximately", "is", "equals"}
_BPM = (("bpm",), ("beats", "per", "minute"), ("beats", "a", "minute"), ("b", "p", "m"))
_NO_TEMPO = {"minutes", "minute", "seconds", "second", "min", "sec", "s", "m", "percent", "khz", "bars", "lufs", "db", "in"}  # fmt: skip
_METRE_NOUNS = {"time", "metre", "meter", "beat", "feel"}
_TITLED = {"called", "titled", "entitled", "named", "title"}
_SMALL = {"of", "the", "and", "in", "a", "for", "to", "&"}
_ENDS_TOPIC = {"in", "with", "for", "at", "by", "without", "featuring", "played", "sung"}


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
        return cls(sentence, tuple(sorted(words, key=lambda word: word.start)), lexicon())

    @cached_property
    def low(self) -> tuple[str, ...]:
        """The words in lower case; ``"`` for something quoted."""
        return tuple(word.low for word in self.words)

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


def title(text: Text, start: int) -> Hit | None:
    """``"Blue Hour"``, ``called Blue Hour``."""
    size = 1 if text.at(start) in _TITLED else 0
    if text.at(start + size) == '"':
        value = text.words[start + size].text[1:-1].strip()
        return Hit(size + 1, (Finding("title", value),))
    run = _capitals(text, start + size) if size else 0
    return Hit(size + run, (Finding("title", text.written(start + size, run)),)) if run else None


def artist(text: Text, start: int) -> Hit | None:
    """``by Anna Berg``, ``by "The Night Owls"``."""
    if text.at(start) != "by":
        return None
    if text.at(start + 1) == '"':
        return Hit(2, (Finding("artist", text.words[start + 1].text[1:-1].strip()),))
    run = _capitals(text, start + 1)
    return Hit(1 + run, (Finding("artist", text.written(start + 1, run)),)) if run else None


def _capitals(text: Text, start: int) -> int:
    """Length of a run of words with capitals; small words may stand within."""
    size = 0
    for index in range(start, len(text.words)):
        if index > start and not re.fullmatch(r"[\s.]*|\s*['’-]\s*", text.between(index)):
            break
        if text.words[index].text[:1].isupper():
            size = index - start + 1
        elif text.low[index] not in _SMALL:
            break
    return size


def key(text: Text, start: int) -> Hit | None:
    """``in D minor``, ``B flat``, ``in F#m``, ``key of E dorian``; not ``in a minor key``."""
    lead = text.lead(start, _KEY_LEADS)
    place = start + lead
    match = _NOTE.fullmatch(text.words[place].text) if place < len(text.words) else None
    if not match:
        return None
    spelled, size = match[1] + match[2] + (match[3] or ""), 1
    if not match[2] and not match[3] and text.at(place + 1) in {"flat", "sharp"}:
        spelled, size = f"{match[1]} {text.at(place + 1)}", 2
    mode = "" if match[3] else text.at(place + size)
    mode = mode if mode in _MODES else ""
    sure = bool(mode) or (lead > 0 and match[0] != "a") or size == 2
    sure = sure or (match[1].isupper() and bool(match[2] or match[3]))
    if match[0] == "a" and (text.at(place + size + 1) in _MODE_NOUNS or not lead):
        return None
    if not sure or (match[0].islower() and not lead and not mode):
        return None
    value = f"{spelled} {mode}".strip()
    try:
        value = fields.key_text(value)
    except ValueError:
        pass  # the brief says what is wrong with it
    return Hit(lead + size + bool(mode), (Finding("key", value),))


def tempo(text: Text, start: int) -> Hit | None:
    """``72 bpm``, ``at 120``, ``tempo 84``, ``between 70 and 80 bpm``, ``♩=72``."""
    lead = text.lead(start, _TEMPO_LEADS)
    place = start + lead
    if text.at(start) == "between":
        place += 1
    while lead and text.at(place) in _NEARLY:
        place += 1
    number = read_number(text.low, place, text.lexicon.numbers)
    if not number:
        return None
    value, size = number
    place += size
    joined = text.at(place) in {"to", "and"}
    other = read_number(text.low, place + joined, text.lexicon.numbers)
    if other and text.lead(place + joined + other[1], _BPM):
        value, place = (value + other[0]) / 2, place + joined + other[1]
    unit = text.lead(place, _BPM)
    plausible = fields.SLOWEST <= value <= fields.FASTEST and text.at(place) not in _NO_TEMPO
    if not unit and not (lead and plausible and text.low[place - 1][:1].isdigit()):
        return None
    return Hit(place + unit - start, (Finding("tempo", float(value)),))


def length(text: Text, start: int) -> Hit | None:
    """``about 3 minutes``, ``3:20``, ``two and a half minutes``, ``90 seconds``."""
    lead = 1 if text.at(start) in _NEARLY - {"is", "equals"} else 0
    found = read_length(text.low, start + lead, text.lexicon.numbers)
    if not found:
        return None
    long = text.at(start + lead + found[1]) == "long"
    return Hit(lead + found[1] + long, (Finding("length", found[0]),))


def metre(text: Text, start: int) -> Hit | None:
    """``3/4``, ``in 6/8``, ``12/8 time``; the words for metres are in the lexicon."""
    lead = 1 if text.at(start) == "in" else 0
    word = text.at(start + lead)
    if not re.fullmatch(r"\d+/\d+", word):
        return None
    try:
        value = fields.metre_text(word)
    except ValueError:
        return None
    noun = text.at(start + lead + 1) in _METRE_NOUNS
    return Hit(lead + 1 + noun, (Finding("metre", value),))


def seed(text: Text, start: int) -> Hit | None:
    """``seed 7``."""
    if text.at(start) != "seed":
        return None
    place = start + 1 + (text.at(start + 1) in {"number", "is"})
    word = text.at(place)
    return (
        Hit(place + 1 - start, (Finding("seed", int(word)),))
        if re.fullmatch(r"\d{1,15}", word)
        else None
    )


def topic(text: Text, start: int) -> Hit | None:
    """``about the sea``: what the words are about; nobody writes words yet, so it stays unused."""
    following = read_number(text.low, start + 1, text.lexicon.numbers)
    numbered = following and text.at(start + 1) not in {"a", "an"}
    if text.at(start) != "about" or numbered or not text.at(start + 1) or length(text, start):
        return None
    end = start + 2
    while end < len(text.words) and text.low[end] not in _ENDS_TOPIC:
        if re.search(r"[,;.:!?]", text.between(end)):
            break
        end += 1
    return Hit(end - start, ())


def negation(text: Text, start: int) -> Hit | None:
    """``without drums or percussion``, ``no strings``, ``no singer``; ``not sad`` stays unused."""
    lead = text.lead(start, text.lexicon.negation_phrases)
    if not lead:
        return None
    findings: list[Finding] = []
    end = start + lead
    while True:
        step = _taken_away(text, end)
        if step is None:
            break
        end, found = end + step.size, [*findings, *step.findings]
        findings = found
        if not _goes_on(text, end):
            break
        end += text.at(end) in {"or", "nor", "and"}
    if findings:
        return Hit(end - start, tuple(findings))
    mood = phrase(text, start + lead + (text.at(start + lead) in {"too", "very", "so"}))
    return (
        Hit(lead + (text.at(start + lead) in {"too", "very", "so"}) + mood.size, ())
        if mood
        else None
    )


def _taken_away(text: Text, start: int) -> Hit | None:
    article = 1 if text.at(start) in {"a", "an", "the", "any"} else 0
    hit = phrase(text, start + article)
    if not hit:
        return None
    first = hit.findings[0]
    if first.path == "singer":
        return Hit(article + hit.size, (Finding("singer", "none"),))
    if first.path == "band":
        return Hit(article + hit.size, (Finding("without", first.value),))
    return None


def _goes_on(text: Text, index: int) -> bool:
    """Whether a list of things taken away goes on here: by or, nor, and; by a comma only if the list
    closes with or, nor ("no drums, strings or brass", but "no drums, piano and bass")."""
    if text.at(index) in {"or", "nor", "and"}:
        return "," not in text.between(index) and _taken_away(text, index + 1) is not None
    if index >= len(text.words) or "," not in text.between(index):
        return False
    step = _taken_away(text, index)
    while step:
        index += step.size
        if text.at(index) in {"or", "nor"}:
            return True
        step = _taken_away(text, index)
    return False


def only(text: Text, start: int) -> Hit | None:
    """``solo piano``, ``just piano and voice``: these and nobody else."""
    if text.at(start) not in {"only", "just", "solo"}:
        return None
    article = 1 if text.at(start + 1) in {"a", "an", "the"} else 0
    hit = phrase(text, start + 1 + article)
    if not hit or hit.findings[0].path not in {"band", "ensemble"}:
        return None
    return Hit(1 + article + hit.size, (*hit.findings, Finding("only", True)))


def lead(text: Text, start: int) -> Hit | None:
    """``lead trumpet``, ``a flute melody``: who plays the tune."""
    first = 1 if text.at(start) == "lead" else 0
    hit = phrase(text, start + first)
    if not hit or hit.findings[0].path != "band":
        return None
    last = 1 if text.at(start + hit.size) in {"lead", "melody", "leads"} and not first else 0
    if not first and not last:
        return None
    return Hit(first + hit.size + last, (*hit.findings, Finding("lead", hit.findings[0].value)))


def phrase(text: Text, start: int) -> Hit | None:
    """The longest phrase of the lexicon and of the styles at a place."""
    table = _phrases()
    for size in range(min(_longest(), len(text.low) - start), 0, -1):
        entries = table.get(text.low[start : start + size])
        if entries:
            return Hit(size, tuple(_finding(entry) for entry in entries))
    return None


def _finding(entry: Entry | StyleWord) -> Finding:
    if isinstance(entry, StyleWord):
        return Finding("style word", entry)
    return Finding(entry.path, entry.value, entry.why)


def _phrases() -> Mapping[Phrase, tuple[Entry | StyleWord, ...]]:
    words = style_words()
    return _merged(tuple(words.items()))


@lru_cache(maxsize=4)
def _merged(
    styles: tuple[tuple[Phrase, tuple[StyleWord, ...]], ...],
) -> Mapping[Phrase, tuple[Entry | StyleWord, ...]]:
    """Styles win over the lexicon, so that a new style may take a word for itself."""
    return {**lexicon().phrases, **dict(styles)}


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(len(phrase) for phrase in _phrases())


READERS: tuple[Reader, ...] = (
    title, artist, length, tempo, key, metre, seed, negation, only, lead, topic, phrase,
)  # fmt: skip
"""All readers; of equally long hits the first wins."""
