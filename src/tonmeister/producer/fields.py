"""Values as musicians write them: keys, lengths, metres, tempi, voices.

Each function takes what a person typed and gives the canonical value, or raises a ValueError whose
text says what was expected.
"""

from __future__ import annotations

import re

from tonmeister.model.score import KeySignature, Mode, TimeSignature
from tonmeister.producer.lexicon import lexicon
from tonmeister.producer.words import read_length, read_number, split
from tonmeister.units.pitch import NoteName

SINGERS = ("soprano", "mezzo", "alto", "tenor", "baritone", "bass")
"""Voices from high to low."""

LONGEST_S = 3600.0
SHORTEST_S = 5.0
SLOWEST, FASTEST = 20.0, 400.0

_ACCIDENTALS = {"sharp": "#", "flat": "b", "♯": "#", "♭": "b"}
_MODES = {
    "min": "minor", "m": "minor", "moll": "minor", "aeolian": "minor",
    "maj": "major", "dur": "major", "ionian": "major",
}  # fmt: skip
_NOTE = re.compile(r"([A-Ga-g])\s*(sharp|flat|#|b|♯|♭)?\s*(.*)")


def key_text(value: str) -> str:
    """``"D minor"`` from ``d minor``, ``Dm``; also ``B flat``, ``E-flat major``, ``E dorian``."""
    match = _NOTE.fullmatch(" ".join(value.replace("-", " ").split()))
    if not match:
        raise ValueError(f"{value!r} is not a key; write it like D minor, Bb or F#m")
    sign = _ACCIDENTALS.get((match[2] or "").lower(), match[2] or "")
    mode = match[3].lower() if match[3] != "M" else "major"
    try:
        tonic = NoteName.parse(match[1].upper() + sign)
        key = KeySignature(tonic, Mode(_MODES.get(mode, mode) or "major"))
    except ValueError as error:
        raise ValueError(f"{value!r} is not a key; write it like D minor, Bb or F#m") from error
    if abs(key.fifths) > 7:
        near = KeySignature.from_fifths(
            key.fifths - 12 if key.fifths > 0 else key.fifths + 12, key.mode
        )
        raise ValueError(f"{key} would need {abs(key.fifths)} accidentals; write {near}")
    return str(key)


def metre_text(value: str) -> str:
    """``"3/4"`` from ``3/4``, ``waltz time``, ``six-eight``, ``cut time``."""
    entries = lexicon().phrases.get(split(value), ())
    for entry in entries:
        if entry.path == "metre":
            return entry.value
    try:
        return str(TimeSignature.parse(value.replace(" ", "")))
    except ValueError as error:
        raise ValueError(f"{value!r} is not a time signature; write it like 3/4 or 6/8") from error


def tempo_number(value: float | str) -> float:
    """Felt beats per minute, 20 to 400, from ``72``, ``"72 bpm"``, ``"72.5"``."""
    text = str(value).strip().lower().removesuffix("bpm").removesuffix("beats per minute").strip()
    try:
        tempo = float(text)
    except ValueError as error:
        raise ValueError(f"{value!r} is not a tempo; write it like 72 or 72 bpm") from error
    if not SLOWEST <= tempo <= FASTEST:
        raise ValueError(f"{tempo:g} bpm is impossible; 20 to 400 bpm are possible")
    return tempo


def singer_name(value: str) -> str:
    """A voice ("baritone", "mezzo"), "any" or "none", from any of the lexicon's words for it."""
    words = split(value)
    if not words:
        return "none"
    name = " ".join(words)
    if name in SINGERS or name in {"any", "none"}:
        return name
    for entry in lexicon().phrases.get(words, ()):
        if entry.path == "singer":
            return entry.value
    raise ValueError(f"{value!r} is not a voice; one of {', '.join(SINGERS)}, any or none")


def seconds(value: float | str) -> float:
    """A length in seconds, 5 to 3600.

    From a number of seconds, ``"3:20"``, ``"about 3 minutes"``, ``"two and a half minutes"``,
    ``"3 min 20"``, ``"90 s"``.
    """
    length = float(value) if isinstance(value, int | float) else _read_length(value)
    if not SHORTEST_S <= length <= LONGEST_S:
        raise ValueError(f"{length:g} seconds are impossible; 5 seconds to 60 minutes are possible")
    return length


def _read_length(text: str) -> float:
    plain = re.sub(r"^\s*(about|around|roughly|circa|ca\.?|approx\.?|~)\s*", "", text.lower())
    words = [] if plain.startswith(("-", "−")) else list(split(plain))
    names = lexicon().numbers
    length = read_length(words, 0, names) if words else None
    if length and length[1] == len(words):
        return length[0]
    number = read_number(words, 0, names) if words else None
    if number and number[1] == len(words):
        return float(number[0])
    raise ValueError(f"{text!r} is not a length; write it like 3:20, 3 minutes or 200")
