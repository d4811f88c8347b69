"""Chord symbols: their notes, and their text forms.

Kinds are the MusicXML 4.0 `kind` values. A chord's notes are intervals in semitones above the root
by chord degree, so that voicings can ask for "the third" or "the ninth".
"""

from __future__ import annotations

import re
from functools import lru_cache

from tonmeister.model.score import ChordSymbol, Degree
from tonmeister.units.pitch import NoteName, PitchClass

KINDS: dict[str, dict[int, int]] = {
    "major": {1: 0, 3: 4, 5: 7},
    "minor": {1: 0, 3: 3, 5: 7},
    "augmented": {1: 0, 3: 4, 5: 8},
    "diminished": {1: 0, 3: 3, 5: 6},
    "dominant": {1: 0, 3: 4, 5: 7, 7: 10},
    "major-seventh": {1: 0, 3: 4, 5: 7, 7: 11},
    "minor-seventh": {1: 0, 3: 3, 5: 7, 7: 10},
    "diminished-seventh": {1: 0, 3: 3, 5: 6, 7: 9},
    "augmented-seventh": {1: 0, 3: 4, 5: 8, 7: 10},
    "half-diminished": {1: 0, 3: 3, 5: 6, 7: 10},
    "major-minor": {1: 0, 3: 3, 5: 7, 7: 11},
    "major-sixth": {1: 0, 3: 4, 5: 7, 6: 9},
    "minor-sixth": {1: 0, 3: 3, 5: 7, 6: 9},
    "dominant-ninth": {1: 0, 3: 4, 5: 7, 7: 10, 9: 14},
    "major-ninth": {1: 0, 3: 4, 5: 7, 7: 11, 9: 14},
    "minor-ninth": {1: 0, 3: 3, 5: 7, 7: 10, 9: 14},
    "dominant-11th": {1: 0, 3: 4, 5: 7, 7: 10, 9: 14, 11: 17},
    "major-11th": {1: 0, 3: 4, 5: 7, 7: 11, 9: 14, 11: 17},
    "minor-11th": {1: 0, 3: 3, 5: 7, 7: 10, 9: 14, 11: 17},
    "dominant-13th": {1: 0, 3: 4, 5: 7, 7: 10, 9: 14, 13: 21},
    "major-13th": {1: 0, 3: 4, 5: 7, 7: 11, 9: 14, 13: 21},
    "minor-13th": {1: 0, 3: 3, 5: 7, 7: 10, 9: 14, 13: 21},
    "suspended-second": {1: 0, 2: 2, 5: 7},
    "suspended-fourth": {1: 0, 4: 5, 5: 7},
    "power": {1: 0, 5: 7},
    "pedal": {1: 0},
}
"""Intervals above the root, in semitones, by degree. 13ths leave the 11th out, as players do."""

_SUFFIXES: dict[str, str] = {
    "major": "", "minor": "m", "augmented": "aug", "diminished": "dim", "dominant": "7",
    "major-seventh": "maj7", "minor-seventh": "m7", "diminished-seventh": "dim7",
    "augmented-seventh": "aug7", "half-diminished": "m7b5", "major-minor": "m(maj7)",
    "major-sixth": "6", "minor-sixth": "m6", "dominant-ninth": "9", "major-ninth": "maj9",
    "minor-ninth": "m9", "dominant-11th": "11", "major-11th": "maj11", "minor-11th": "m11",
    "dominant-13th": "13", "major-13th": "maj13", "minor-13th": "m13",
    "suspended-second": "sus2", "suspended-fourth": "sus4", "power": "5", "pedal": "ped",
}  # fmt: skip

_ALIASES: dict[str, str] = {
    **{suffix: kind for kind, suffix in _SUFFIXES.items()},
    "M": "major", "maj": "major", "-": "minor", "min": "minor", "mi": "minor", "+": "augmented",
    "o": "diminished", "°": "diminished", "dom": "dominant", "dom7": "dominant",
    "M7": "major-seventh", "Maj7": "major-seventh", "ma7": "major-seventh", "j7": "major-seventh",
    "Δ": "major-seventh", "Δ7": "major-seventh", "^7": "major-seventh", "^": "major-seventh",
    "-7": "minor-seventh", "min7": "minor-seventh", "mi7": "minor-seventh",
    "o7": "diminished-seventh", "°7": "diminished-seventh", "+7": "augmented-seventh",
    "7+": "augmented-seventh", "ø": "half-diminished", "ø7": "half-diminished",
    "-7b5": "half-diminished", "min7b5": "half-diminished", "mM7": "major-minor",
    "mmaj7": "major-minor", "m(M7)": "major-minor", "-maj7": "major-minor", "-^7": "major-minor",
    "maj6": "major-sixth", "M6": "major-sixth", "min6": "minor-sixth", "-6": "minor-sixth",
    "M9": "major-ninth", "min9": "minor-ninth", "-9": "minor-ninth", "min11": "minor-11th",
    "-11": "minor-11th", "sus": "suspended-fourth",
}  # fmt: skip

_DEGREE = re.compile(r"(add|no|omit|sus|maj|[#b+\-♯♭])?([#b♯♭])?(\d{1,2})")
_NATURAL = {1: 0, 2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 7: 10, 8: 12, 9: 14, 10: 16, 11: 17, 12: 19, 13: 21}


@lru_cache(maxsize=4096)
def parse_chord(text: str) -> ChordSymbol:
    """A chord symbol from its usual text: ``Bbmaj7``, ``F#m7b5/A``, ``C7(b9,#11)``, ``Gsus4``.

    Raises:
        ValueError: it is not a chord symbol.
    """
    match = re.fullmatch(r"([A-G])([#b♯♭]{0,2})(.*?)(?:/([A-G][#b♯♭]{0,2}))?", text.strip())
    if not match:
        raise ValueError(f"not a chord symbol: {text!r}")
    root = NoteName.parse(match[1] + match[2])
    bass = NoteName.parse(match[4]) if match[4] else None
    suffix = match[3]
    if suffix in {"6/9", "69"}:
        return ChordSymbol(root, "major-sixth", (Degree(9),), bass)
    if suffix == "alt":
        return ChordSymbol(root, "dominant", (Degree(9, -1), Degree(9, 1), Degree(13, -1)), bass)
    for size in range(len(suffix), -1, -1):
        kind = _ALIASES.get(suffix[:size])
        degrees = _degrees(suffix[size:], kind) if kind is not None else None
        if kind is not None and degrees is not None:
            return _with_sus(ChordSymbol(root, kind, degrees, bass))
    raise ValueError(f"not a chord symbol: {text!r}")


def _degrees(text: str, kind: str) -> tuple[Degree, ...] | None:
    rest = re.sub(r"[(),\s]", "", text)
    found: list[Degree] = []
    while rest:
        match = _DEGREE.match(rest)
        if not match and rest.startswith("sus"):
            found.append(Degree(4, 0, "sus"))
            rest = rest[3:]
            continue
        if not match or int(match[3]) not in _NATURAL:
            return None
        found.append(_degree(match[1] or "", match[2] or "", int(match[3]), kind))
        rest = rest[match.end() :]
    return tuple(found)


def _degree(word: str, sign: str, number: int, kind: str) -> Degree:
    if word in {"no", "omit"}:
        return Degree(number, 0, "subtract")
    if word == "sus":
        return Degree(number, 0, "sus")
    if word == "maj":
        return Degree(number, 1 if number == 7 else 0, "add")
    sign = sign or ("" if word == "add" else word)
    alter = {"#": 1, "+": 1, "♯": 1, "b": -1, "-": -1, "♭": -1}.get(sign, 0)
    return Degree(number, alter, "alter" if alter and number in KINDS[kind] else "add")


def _with_sus(symbol: ChordSymbol) -> ChordSymbol:
    """``7sus4``: MusicXML says it as dominant with the third taken out and a fourth put in."""
    degrees: list[Degree] = []
    for degree in symbol.degrees:
        if degree.how == "sus":
            degrees += [Degree(3, 0, "subtract"), Degree(degree.degree, 0, "add")]
        else:
            degrees.append(degree)
    return ChordSymbol(symbol.root, symbol.kind, tuple(degrees), symbol.bass)


def format_chord(symbol: ChordSymbol | None) -> str:
    """The text of a chord symbol; None is ``N.C.``; `parse_chord` reads it back."""
    if symbol is None:
        return "N.C."
    subtracted = {d.degree for d in symbol.degrees if d.how == "subtract"}
    added = {d.degree for d in symbol.degrees if d.how == "add" and d.alter == 0}
    sus = next((n for n in (4, 2) if 3 in subtracted and n in added), None)
    text = f"{symbol.root}{_SUFFIXES.get(symbol.kind, '')}" + (f"sus{sus}" if sus else "")
    marks = [
        _format_degree(degree)
        for degree in symbol.degrees
        if not (sus and degree.degree in {3, sus} and degree.alter == 0)
    ]
    text += f"({','.join(marks)})" if marks else ""
    return text + (f"/{symbol.bass}" if symbol.bass else "")


def _format_degree(degree: Degree) -> str:
    if degree.how == "subtract":
        return f"no{degree.degree}"
    if degree.degree == 7 and degree.alter == 1:
        return "maj7"
    sign = {-2: "bb", -1: "b", 0: "add", 1: "#", 2: "##"}[degree.alter]
    return f"{sign}{degree.degree}"


@lru_cache(maxsize=4096)
def chord_intervals(symbol: ChordSymbol) -> tuple[tuple[int, int], ...]:
    """Pairs (degree, semitones above the root), rising by degree, alterations applied."""
    notes = dict(KINDS.get(symbol.kind, KINDS["major"]))
    for degree in symbol.degrees:
        if degree.how == "subtract":
            notes.pop(degree.degree, None)
        elif degree.how == "alter" and degree.degree in notes:
            notes[degree.degree] += degree.alter
        elif degree.degree in notes and notes[degree.degree] % 12 != (
            _NATURAL.get(degree.degree, 0) + degree.alter
        ) % 12 and degree.degree == 9:
            notes[10] = _NATURAL[9] + degree.alter  # both ninths of an altered chord
        elif degree.degree in _NATURAL:
            notes[degree.degree] = _NATURAL[degree.degree] + degree.alter
    return tuple(sorted(notes.items()))


@lru_cache(maxsize=4096)
def pitch_classes(symbol: ChordSymbol) -> tuple[PitchClass, ...]:
    """The chord's pitch classes from the root up, without the slash bass."""
    root = symbol.root.pitch_class
    return tuple(dict.fromkeys((root + interval) % 12 for _, interval in chord_intervals(symbol)))


def bass_class(symbol: ChordSymbol) -> PitchClass:
    """The pitch class that the bass plays: the slash bass, else the root."""
    return (symbol.bass or symbol.root).pitch_class


def is_minor(symbol: ChordSymbol) -> bool:
    """Whether the chord has a minor third and no major one."""
    thirds = {interval for degree, interval in chord_intervals(symbol) if degree == 3}
    return thirds == {3}
