"""Chord symbols: from ``<harmony>`` to `ChordSymbol`, odd and wrong kinds included."""

from __future__ import annotations

import re

from lxml import etree

from tonmeister.formats.musicxml.durations import number
from tonmeister.formats.musicxml.transpose import Transposition
from tonmeister.model.score import ChordSymbol, Degree, KeySignature
from tonmeister.theory.chords import KINDS, chord_intervals, parse_chord
from tonmeister.theory.keys import spelled_scale
from tonmeister.units.pitch import NoteName

_ODD_KINDS: dict[str, tuple[str, tuple[Degree, ...]]] = {
    # MusicXML's functional sixth chords, by the root that the file gives.
    "Neapolitan": ("major", ()),
    "Italian": ("dominant", (Degree(5, 0, "subtract"),)),
    "French": ("dominant", (Degree(5, -1, "alter"),)),
    "German": ("dominant", ()),
    "Tristan": ("half-diminished", ()),
    # Not in the standard, but in real files.
    "augmented-ninth": ("augmented-seventh", (Degree(9),)),
    "minor-major": ("major-minor", ()),
    "maj69": ("major-sixth", (Degree(9),)),
    "min69": ("minor-sixth", (Degree(9),)),
    "sixth": ("major-sixth", ()),
    "seventh": ("dominant", ()),
    "dominant-seventh": ("dominant", ()),
    "half-diminished-seventh": ("half-diminished", ()),
    "minor-seventh-flat-five": ("half-diminished", ()),
    "suspended": ("suspended-fourth", ()),
    "dominant-suspended-fourth": ("suspended-fourth", (Degree(7),)),
}
_NO_CHORD = re.compile(r"\(?\s*(n\.?\s?c\.?|no chord|tacet)\s*\)?", re.IGNORECASE)


def is_no_chord(text: str) -> bool:
    """Whether a text says that no chord is played: ``N.C.``"""
    return _NO_CHORD.fullmatch(text.strip()) is not None


def symbol(
    harmony: etree._Element, key: KeySignature, transposition: Transposition
) -> ChordSymbol | None:
    """The chord of a ``<harmony>``, sounding; None is N.C.

    A kind that is unknown or says nothing ("other") gives way to its text attribute, then to the
    nearest known kind: a plain triad in the end.

    Raises:
        LookupError: it has no root (a Roman numeral function without one): no chord can be told.
        ValueError: its root is no note.
    """
    kind = harmony.find("kind")
    value = ((kind.text if kind is not None else None) or "").strip()
    text = ((kind.get("text") if kind is not None else None) or "").strip()
    if value == "none" or (value in {"", "other"} and is_no_chord(text)):
        return None
    root = _root(harmony, key)
    chord = _kind(root, value, text)
    degrees = (*chord.degrees, *_degrees(harmony))
    chord = ChordSymbol(root, chord.kind, degrees, _bass(harmony, chord))
    bass = None if chord.bass is None else transposition.name(chord.bass)
    return ChordSymbol(transposition.name(root), chord.kind, chord.degrees, bass)


def text_chord(text: str) -> ChordSymbol | None:
    """A chord that stands as plain words in a file (``G7(b9)``); None if the words are none.

    A single letter may be a rehearsal mark: it takes more than a root to count as a chord.
    """
    try:
        chord = parse_chord(text)
    except ValueError:
        return None
    return chord if len(text.strip()) >= 2 and re.search(r"[a-z0-9#♯♭+°ø]", text[1:]) else None


def _root(harmony: etree._Element, key: KeySignature) -> NoteName:
    step = (harmony.findtext("root/root-step") or "").strip().upper()
    if step:
        return _name(step, harmony.findtext("root/root-alter"))
    numeral = number(harmony.findtext("numeral/numeral-root"))
    if numeral is None or not 1 <= numeral <= 7:
        raise LookupError("a chord without a root")
    name = spelled_scale(key)[int(numeral) - 1]
    alter = number(harmony.findtext("numeral/numeral-alter")) or 0
    return NoteName(name.step, name.alter + round(alter))


def _name(step: str, alter: str | None) -> NoteName:
    return NoteName(step, round(number(alter) or 0))


def _kind(root: NoteName, value: str, text: str) -> ChordSymbol:
    if value in KINDS:
        return ChordSymbol(root, value)
    if value in _ODD_KINDS:
        kind, degrees = _ODD_KINDS[value]
        return ChordSymbol(root, kind, degrees)
    for words in (text, value):
        try:
            known = parse_chord(f"{root}{words.replace(' ', '')}") if words else None
        except ValueError:
            continue
        if known is not None and known.root == root:
            return known
    return ChordSymbol(root, _nearest(value))


def _nearest(value: str) -> str:
    """The known kind that an unknown one begins with ("minor-blues"), or else a major triad."""
    fitting = [kind for kind in KINDS if value.startswith(kind)]
    return max(fitting, key=len, default="major")


def _degrees(harmony: etree._Element) -> tuple[Degree, ...]:
    found: list[Degree] = []
    for element in harmony.iterfind("degree"):
        value, alter = (
            number(element.findtext("degree-value")),
            number(element.findtext("degree-alter")),
        )
        how = (element.findtext("degree-type") or "add").strip()
        if value is not None and 1 <= value <= 13 and how in {"add", "alter", "subtract"}:
            found.append(Degree(int(value), max(-2, min(2, round(alter or 0))), how))
    return tuple(found)


def _bass(harmony: etree._Element, chord: ChordSymbol) -> NoteName | None:
    step = (harmony.findtext("bass/bass-step") or "").strip().upper()
    if step:
        bass = _name(step, harmony.findtext("bass/bass-alter"))
        return None if bass == chord.root else bass
    inversion = number(harmony.findtext("inversion"))
    notes = [interval for degree, interval in chord_intervals(chord) if degree < 8]
    if inversion is None or not 1 <= inversion < len(notes):
        return None
    return _interval_name(chord.root, notes[int(inversion)])


def _interval_name(root: NoteName, semitones: int) -> NoteName:
    """The usual name of the note so many semitones above a root (minor 3rd, perfect 5th ...)."""
    fifths = {0: 0, 1: -5, 2: 2, 3: -3, 4: 4, 5: -1, 6: -6, 7: 1, 8: 8, 9: 3, 10: -2, 11: 5}
    return NoteName.from_fifths(root.fifths + fifths[semitones % 12])
