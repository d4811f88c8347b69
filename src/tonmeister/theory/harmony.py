"""Roman numerals: chords as functions of a key, and back.

``V7`` in G major is D7. Capitals are major, small letters minor; what follows the numeral is the
chord's suffix as in chord symbols (``I6/9``, ``iv6``, ``V7sus4``, ``IVmaj7``, ``viio7``, ``iiø7``).

- Without a sign the degree is the key's own (``VI`` in C minor is Ab, in C major A); with ``b``,
  ``#`` or ``n`` (natural) it is counted from the major scale: ``bVII`` is Bb in C major and in C
  minor. A diminished ``viio`` stands on the leading tone in minor too.
- ``/`` and a numeral applies the chord to that degree: ``V7/vi``, ``iiø7/ii``.
- ``/`` and a figure puts a chord tone into the bass (``V/3``), ``/^`` and a figure a degree of the
  key (``IV/^5``).

Roots that would need a double flat or sharp are respelled, as chord charts do.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tonmeister.model.score import ChordSymbol, KeySignature, Mode
from tonmeister.theory.chords import chord_intervals, format_chord, is_minor, parse_chord
from tonmeister.theory.chordscale import chord_names
from tonmeister.theory.keys import spelled_scale
from tonmeister.units.pitch import NoteName

NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
_MAJOR_FIFTHS = (0, 2, 4, -1, 1, 3, 5)
"""The major scale on the line of fifths, from the tonic."""

_HEAD = re.compile(r"([b#n]*)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(.*)")
_MINOR_MODES = {Mode.MINOR, Mode.DORIAN, Mode.PHRYGIAN, Mode.LOCRIAN}
_SPECIAL = {"ø": "m7b5", "ø7": "m7b5", "o": "dim", "°": "dim", "o7": "dim7", "°7": "dim7"}


@lru_cache(maxsize=8192)
def roman_chord(text: str, key: KeySignature) -> ChordSymbol:
    """The chord symbol of a Roman numeral in a key.

    Args:
        text: for example ``"iiø7"``, ``"V7/vi"``, ``"bVII"``, ``"I6/9"``, ``"I/3"``, ``"IV/^5"``.

    Raises:
        ValueError: it is not a Roman numeral.
    """
    head, *tails = re.sub(r"6/9", "69", text).split("/")
    bass = ""
    if tails and re.fullmatch(r"\^?\d{1,2}", tails[-1]):
        bass = tails.pop()
    home = key
    for target in reversed(tails):
        root, small, _ = _root(target, home)
        home = KeySignature(root, Mode.MINOR if small else Mode.MAJOR)
    root, small, suffix = _root(head, home)
    symbol = parse_chord(f"{root}{_suffix(suffix, small)}")
    if not bass:
        return symbol
    return ChordSymbol(symbol.root, symbol.kind, symbol.degrees, _bass(bass, symbol, key))


def _root(text: str, key: KeySignature) -> tuple[NoteName, bool, str]:
    match = _HEAD.fullmatch(text)
    if not match:
        raise ValueError(f"not a Roman numeral: {text!r}")
    signs, numeral, suffix = match.groups()
    degree = NUMERALS.index(numeral.upper())
    leading = degree == 6 and key.mode in _MINOR_MODES and suffix in _SPECIAL
    if signs or leading:
        alter = signs.count("#") - signs.count("b")
        name = NoteName.from_fifths(key.tonic.fifths + _MAJOR_FIFTHS[degree] + 7 * alter)
    else:
        name = spelled_scale(key)[degree]
    return plain_name(name), numeral.islower(), suffix


def plain_name(name: NoteName) -> NoteName:
    """The name, or its enharmonic equal where that is easier to read: no double signs, E for Fb."""
    if -7 <= name.fifths <= 10:
        return name
    return NoteName.from_fifths(name.fifths - 12 if name.fifths > 0 else name.fifths + 12)


def _suffix(suffix: str, small: bool) -> str:
    if suffix in _SPECIAL:
        return _SPECIAL[suffix]
    if not small:
        return suffix
    return f"m({suffix})" if suffix.startswith("maj") else "m" + suffix


def _bass(text: str, symbol: ChordSymbol, key: KeySignature) -> NoteName:
    number = int(text.removeprefix("^"))
    if text.startswith("^"):
        return plain_name(spelled_scale(key)[(number - 1) % 7])
    degrees = [degree for degree, _ in chord_intervals(symbol)]
    for wanted in (number, number + 7, number - 7):
        if wanted in degrees:
            return plain_name(chord_names(symbol)[degrees.index(wanted)])
    raise ValueError(f"{format_chord(symbol)} has no {number} to put into the bass")


@lru_cache(maxsize=8192)
def roman_of(symbol: ChordSymbol, key: KeySignature) -> str:
    """The Roman numeral of a chord in a key, without applied targets: D7 in C major is ``II7``.

    `roman_chord` gives the chord back, up to enharmonic spelling of root and bass.
    """
    signs, degree = _degree(symbol.root, key)
    text = format_chord(ChordSymbol(symbol.root, symbol.kind, symbol.degrees))
    suffix = text[len(str(symbol.root)) :]
    small = is_minor(symbol) and suffix.startswith("m")
    figure = {"dim": "o", "dim7": "o7", "m7b5": "ø7"}.get(suffix)
    if figure:
        small, suffix = True, figure
        leading = degree == 6 and key.mode in _MINOR_MODES
        signs = {"n": ""}.get(signs, signs or "b") if leading else signs
    elif small:
        suffix = suffix[1:]
        suffix = suffix[1:-1] if suffix.startswith("(maj") and suffix.endswith(")") else suffix
    numeral = NUMERALS[degree].lower() if small else NUMERALS[degree]
    return f"{signs}{numeral}{suffix}{_bass_figure(symbol)}"


def _degree(name: NoteName, key: KeySignature) -> tuple[str, int]:
    """(signs, degree): no sign for the key's own degrees, else counted from the major scale."""
    for degree, own in enumerate(spelled_scale(key)):
        if own.pitch_class == name.pitch_class:
            return "", degree
    above = (name.pitch_class - key.tonic.pitch_class) % 12
    chromatic = {
        0: ("n", 0), 1: ("b", 1), 2: ("n", 1), 3: ("b", 2), 4: ("n", 2), 5: ("n", 3),
        6: ("#", 3), 7: ("n", 4), 8: ("b", 5), 9: ("n", 5), 10: ("b", 6), 11: ("n", 6),
    }  # fmt: skip
    return chromatic[above]


def _bass_figure(symbol: ChordSymbol) -> str:
    if symbol.bass is None:
        return ""
    wanted = (symbol.bass.pitch_class - symbol.root.pitch_class) % 12
    for degree, interval in chord_intervals(symbol):
        if interval % 12 == wanted:
            return f"/{degree}"
    return f"/{symbol.bass}"


@lru_cache(maxsize=8192)
def function_of(symbol: ChordSymbol | None, key: KeySignature) -> str:
    """The chord's function: "tonic", "subdominant", "dominant", "applied" (a dominant of another
    degree), "chromatic", or "none" for no chord. After Riemann's three functions; the mediants
    count to the function with which they share the root-third frame (iii and vi: tonic; ii:
    subdominant).
    """
    if symbol is None:
        return "none"
    above = (symbol.root.pitch_class - key.tonic.pitch_class) % 12
    thirds = {interval for degree, interval in chord_intervals(symbol) if degree in {3, 7}}
    if 4 in thirds and 10 in thirds and above not in {7, 1}:
        return "applied"
    if above == 7 or (above in {11, 1} and symbol.kind != "major"):
        return "dominant"
    if above in {0, 4, 9} or (above == 3 and key.mode in _MINOR_MODES):
        return "tonic"
    if above in {2, 5, 8, 10}:
        return "subdominant"
    return "chromatic"
