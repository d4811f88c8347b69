"""Sentences as words, and amounts (numbers, lengths of time) read from words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

Phrase: TypeAlias = tuple[str, ...]
"""Lower-case words."""

_WORD = re.compile(
    r"""
    \d{1,2}[:'′]\d\d(?!\d)(?:["″]|'')?     # 3:20  3'20"
    | \d+/\d+                              # 3/4
    | \d+(?:[.,]\d+)?[½¼¾]? | [½¼¾]        # 72  2.5  2½
    | (?<![^\W\d_])[A-Ga-g][#♯♭](?:m(?:in|aj)?(?![^\W\d_]))?  # F#  F#m
    | [^\W\d_]+(?:['&][^\W\d_]+)*          # words, woman's, r&b
    | [&+♩]
    """,
    re.VERBOSE,
)
_CLOCK = re.compile(r"(\d{1,2})[:'′](\d\d)")
_PARTS_OF_ONE = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4)}
_HALF = (("half", "an"), ("half", "a"), ("a", "half"), ("half",))
_UNIT_S = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence: as written, in lower case, and where it stands."""

    text: str
    low: str
    start: int
    end: int


def words_of(sentence: str) -> tuple[Word, ...]:
    """The words of a sentence; hyphens, slashes and punctuation part them."""
    plain = sentence.replace("’", "'").replace("‘", "'")
    return tuple(
        Word(match[0], match[0].lower(), match.start(), match.end())
        for match in _WORD.finditer(plain)
    )


def split(text: str) -> Phrase:
    """The lower-case words of a text."""
    return tuple(word.low for word in words_of(text))


def read_number(
    words: Sequence[str], start: int, names: Mapping[str, int]
) -> tuple[Fraction, int] | None:
    """A number at `start`, in figures or words, and how many words it takes; None: there is none.

    Args:
        words: lower-case words.
        names: number words (the lexicon's).
    """
    first = words[start] if start < len(words) else ""
    if first[:1].isdigit() or first in _PARTS_OF_ONE:
        return _figures(words, start)
    for half in _HALF:
        if tuple(words[start : start + len(half)]) == half:
            return Fraction(1, 2), len(half)
    return _number_words(words, start, names)


def _figures(words: Sequence[str], start: int) -> tuple[Fraction, int] | None:
    word = words[start]
    whole = word.rstrip("½¼¾").replace(",", ".")
    if ":" in whole or "'" in whole or "′" in whole or whole.endswith("/0"):
        return None
    try:
        value = Fraction(whole or 0) + _PARTS_OF_ONE.get(word[-1], Fraction(0))
    except (ValueError, ZeroDivisionError):
        return None
    following = words[start + 1] if start + 1 < len(words) else ""
    if re.fullmatch(r"[1-9]/[1-9]", following):  # 2 1/2
        return value + Fraction(following), 2
    if following in _PARTS_OF_ONE:
        return value + _PARTS_OF_ONE[following], 2
    return value, 1


def _number_words(
    words: Sequence[str], start: int, names: Mapping[str, int]
) -> tuple[Fraction, int] | None:
    total, position = Fraction(0), start
    while position < len(words):
        word = words[position]
        following = words[position + 1] if position + 1 < len(words) else ""
        if word == "and" and total >= 100 and following in names:
            position += 1
            continue
        if word not in names or (word in {"a", "an"} and (total or following == "half")):
            break
        if total and names[word] >= total % 100 and names[word] != 100 and total % 100:
            break  # "two three" are two numbers
        total = max(total, Fraction(1)) * 100 if names[word] == 100 else total + names[word]
        position += 1
    return (total, position - start) if position > start else None


def read_length(
    words: Sequence[str], start: int, names: Mapping[str, int]
) -> tuple[float, int] | None:
    """A length of time at `start` in seconds, and how many words it takes; None: there is none.

    ``3:20``, ``two and a half minutes``, ``a minute and a half``, ``3 min 20``, ``90 s``.
    """
    clock = _CLOCK.match(words[start]) if start < len(words) else None
    if clock:
        return (60.0 * int(clock[1]) + int(clock[2]), 1) if int(clock[2]) < 60 else None
    total, position, unit_s = Fraction(0), start, 0
    while True:
        step = _amount(words, position, names, unit_s)
        if step is None:
            break
        value, size, unit_s = step
        total, position = total + value, position + size
    return (float(total), position - start) if position > start else None


def _amount(
    words: Sequence[str], start: int, names: Mapping[str, int], larger_s: int
) -> tuple[Fraction, int, int] | None:
    """One number with its unit (seconds, words taken, the unit); smaller than the one before."""
    position = start + (1 if larger_s and tuple(words[start : start + 1]) == ("and",) else 0)
    number = read_number(words, position, names)
    if number is None:
        return None
    value, size = number
    position += size
    if tuple(words[position : position + 3]) == ("and", "a", "half"):
        value, position = value + Fraction(1, 2), position + 3
    unit_s = _UNIT_S.get(words[position] if position < len(words) else "", 0)
    if unit_s and (not larger_s or unit_s < larger_s):
        position += 1
        if tuple(words[position : position + 3]) == ("and", "a", "half"):
            value, position = value + Fraction(1, 2), position + 3
        return value * unit_s, position - start, unit_s
    if larger_s == 60 and not unit_s and value < 60 and words[position - 1][:1].isdigit():
        return value, position - start, 1  # 3 min 20
    return None
