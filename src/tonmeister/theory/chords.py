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

_MAJOR = ("maj", "Maj", "ma", "M", "j", "^", "Δ")
_MINOR = ("m", "mi", "min", "-")
_DIMINISHED = ("dim", "o", "°")
_MAJOR_SEVENTH = (
    "maj7", "Maj7", "ma7", "M7", "^7", "Δ7", "Δ", "(maj7)", "(ma7)", "(M7)", "/maj7", "/M7",
)  # fmt: skip
_SIZES = {"7": "seventh", "9": "ninth", "11": "11th", "13": "13th"}

_ALIASES: dict[str, str] = {
    **{f"{sign}{size}": f"major-{name}" for sign in _MAJOR for size, name in _SIZES.items()},
    **{f"{sign}{size}": f"minor-{name}" for sign in _MINOR for size, name in _SIZES.items()},
    **{f"{sign}{seventh}": "major-minor" for sign in _MINOR for seventh in _MAJOR_SEVENTH},
    **{f"{sign}6": "major-sixth" for sign in ("maj", "Maj", "ma", "M")},
    **{f"{sign}6": "minor-sixth" for sign in _MINOR},
    **{f"{sign}7b5": "half-diminished" for sign in _MINOR},
    **dict.fromkeys(_MINOR, "minor"),
    **dict.fromkeys(_DIMINISHED, "diminished"),
    **{f"{sign}7": "diminished-seventh" for sign in _DIMINISHED},
    **dict.fromkeys(("maj", "Maj", "ma", "M"), "major"),
    **dict.fromkeys(("Δ", "^"), "major-seventh"),
    **dict.fromkeys(("ø", "ø7"), "half-diminished"),
    "+": "augmented", "+7": "augmented-seventh", "dom": "dominant", "dom7": "dominant",
    "sus": "suspended-fourth",
    **{suffix: kind for kind, suffix in _SUFFIXES.items()},
}  # fmt: skip

_NINTH = (Degree(9),)
_ALTERED = (Degree(9, -1), Degree(9, 1), Degree(13, -1))
_COMPOUNDS: dict[str, tuple[str, tuple[Degree, ...]]] = {
    **dict.fromkeys(("6/9", "69"), ("major-sixth", _NINTH)),
    **{f"{sign}{six}": ("minor-sixth", _NINTH) for sign in _MINOR for six in ("6/9", "69")},
    **dict.fromkeys(("+9", "aug9"), ("augmented-seventh", _NINTH)),
    "7+": ("augmented-seventh", ()),
    **dict.fromkeys(("alt", "7alt", "7(alt)"), ("dominant", _ALTERED)),
    **{
        f"{sign}{seventh.replace('7', '9')}": ("major-minor", _NINTH)
        for sign in _MINOR
        for seventh in _MAJOR_SEVENTH
        if "7" in seventh
    },
}
"""Suffixes that stand for a kind and more."""

_SEPARATORS = "(), "
_SUSPENDED = re.compile(r"sus([24](?!\d))?")
_DEGREE = re.compile(r"(add|no|omit|maj)?([#+♯]{0,2}|[b\-♭]{0,2})(1[0-3]|[1-9])(?!\d)")
_NATURAL = {1: 0, 2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 7: 10, 8: 12, 9: 14, 10: 16, 11: 17, 12: 19, 13: 21}


@lru_cache(maxsize=4096)
def parse_chord(text: str) -> ChordSymbol:
    """A chord symbol from its usual text: ``Bbmaj7``, ``F#m7b5/A``, ``C7(b9,#11)``, ``Gsus4``.

    Raises:
        ValueError: it is not a chord symbol.
    """
    match = re.fullmatch(r"([A-G])([#b♯♭]{0,3})(.*?)(?:/([A-G][#b♯♭]{0,3}))?", text.strip())
    if not match:
        raise ValueError(f"not a chord symbol: {text!r}")
    root = NoteName.parse(match[1] + match[2])
    bass = NoteName.parse(match[4]) if match[4] else None
    suffix = match[3]
    if suffix in _COMPOUNDS:
        return ChordSymbol(root, *_COMPOUNDS[suffix], bass)
    for size in range(len(suffix), -1, -1):
        kind = _ALIASES.get(suffix[:size])
        degrees = _degrees(suffix[size:], kind) if kind is not None else None
        if kind is not None and degrees is not None:
            return _with_sus(ChordSymbol(root, kind, degrees, bass))
    raise ValueError(f"not a chord symbol: {text!r}")


def _degrees(text: str, kind: str) -> tuple[Degree, ...] | None:
    rest = text.strip(_SEPARATORS)
    found: list[Degree] = []
    while rest:
        if match := _SUSPENDED.match(rest):
            found.append(Degree(int(match[1] or 4), 0, "sus"))
        elif match := _DEGREE.match(rest):
            found.append(_degree(match[1] or "", match[2], int(match[3]), kind))
        else:
            return None
        rest = rest[match.end() :].lstrip(_SEPARATORS)
    return tuple(found)


def _degree(word: str, sign: str, number: int, kind: str) -> Degree:
    if word in {"no", "omit"}:
        return Degree(number, 0, "subtract")
    if word == "maj":
        return Degree(number, 1 if number == 7 else 0, "add")
    alter = sum({"#": 1, "+": 1, "♯": 1}.get(one, -1) for one in sign)
    replaces = alter and number in KINDS[kind] and word != "add"
    return Degree(number, alter, "alter" if replaces else "add")


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
        _format_degree(degree, symbol.kind)
        for degree in symbol.degrees
        if not (sus and degree.degree in {3, sus} and degree.alter == 0)
    ]
    text += f"({','.join(marks)})" if marks else ""
    return text + (f"/{symbol.bass}" if symbol.bass else "")


def _format_degree(degree: Degree, kind: str) -> str:
    if degree.how == "subtract":
        return f"no{degree.degree}"
    if degree.degree == 7 and degree.alter == 1 and 7 not in KINDS.get(kind, {}):
        return "maj7"
    beside = degree.how == "add" and degree.degree in KINDS.get(kind, {})
    sign = "#" * degree.alter or "b" * -degree.alter
    return f"{'add' if beside or not sign else ''}{sign}{degree.degree}"


@lru_cache(maxsize=4096)
def chord_intervals(symbol: ChordSymbol) -> tuple[tuple[int, int], ...]:
    """Pairs (degree, semitones above the root), rising by degree, alterations applied."""
    notes = dict(KINDS.get(symbol.kind, KINDS["major"]))
    for degree in symbol.degrees:
        if degree.how == "subtract":
            notes.pop(degree.degree, None)
        elif degree.how == "alter" and degree.degree in notes:
            notes[degree.degree] += degree.alter
        elif (
            degree.degree in notes
            and notes[degree.degree] % 12 != (_NATURAL.get(degree.degree, 0) + degree.alter) % 12
            and degree.degree == 9
        ):
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
