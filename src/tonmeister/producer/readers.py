"""Readers of a brief's sentence: each knows one kind of phrase and reads it at a place.

A reader takes the text and the index of a word and gives a `Hit` (how many words it read, and what
they mean) or None. `understand` asks all of them at every word and takes the longest hit.
"""

from __future__ import annotations

import re
from contextlib import suppress

from tonmeister.producer import fields
from tonmeister.producer.phrases import lead, negation, only, phrase
from tonmeister.producer.text import Finding, Hit, Reader, Text
from tonmeister.producer.words import read_length, read_number, split

_NOTE = re.compile(r"([A-Ga-g])([#♯b♭]?)(m|min)?")
_MODES = {"minor", "major", "min", "maj", "dorian", "phrygian", "lydian", "mixolydian", "locrian"}
_MODE_NOUNS = {"key", "mode", "mood", "tonality", "feel", "feeling", "scale", "sound"}
_KEY_LEADS = tuple(
    split(lead) for lead in ("in the key of", "the key of", "in key of", "key of", "key", "in")
)
_TEMPO_LEADS = tuple(
    split(lead)
    for lead in (
        "at a tempo of", "tempo of", "tempo", "bpm of", "bpm", "metronome", "♩", "quarter note",
        "quarter", "crotchet", "at",
    )
)  # fmt: skip
_NEARLY = {"about", "around", "roughly", "circa", "ca", "approximately", "is", "equals"}
_BPM = tuple(split(unit) for unit in ("bpm", "beats per minute", "beats a minute", "b p m"))
_NO_TEMPO = {
    "minutes", "minute", "min", "seconds", "second", "sec", "m", "s",
    "percent", "khz", "bars", "lufs", "db",
}  # fmt: skip
_METRE_NOUNS = {"time", "metre", "meter", "beat", "feel"}
_TITLED = {"called", "titled", "entitled", "named", "title"}
_SMALL = {"of", "the", "and", "in", "a", "for", "to", "&"}
_ENDS_TOPIC = {"in", "with", "for", "at", "by", "without", "featuring", "played", "sung"}


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
    with suppress(ValueError):  # the brief says what is wrong with it
        value = fields.key_text(value)
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


READERS: tuple[Reader, ...] = (
    title, artist, length, tempo, key, metre, seed, phrase, negation, only, lead, topic,
)  # fmt: skip
"""All readers; of equally long hits the first wins."""
