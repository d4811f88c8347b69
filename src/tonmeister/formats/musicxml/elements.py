"""Small pieces of MusicXML: elements with text, notes, chord symbols, directions, bar lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from lxml import etree

from tonmeister.errors import FormatError
from tonmeister.formats.musicxml.rhythm import plain_head
from tonmeister.model.score import ChordSymbol, Syllable, TimeSignature
from tonmeister.theory.chords import KINDS, format_chord
from tonmeister.units.pitch import NoteName, Pitch

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SYLLABIC = frozenset({"single", "begin", "middle", "end"})


def add(
    parent: etree._Element, path: str, content: object = None, /, **attributes: str
) -> etree._Element:
    """Adds an element with text and attributes, and returns it.

    Args:
        path: its tag; ``a/b`` adds both and means the inner one.
        attributes: ``_`` in a name stands for a hyphen.
    """
    for tag in path.split("/"):
        parent = etree.SubElement(parent, tag)
    for name, value in attributes.items():
        parent.set(name.replace("_", "-"), clean(value))
    if content is not None:
        parent.text = clean(str(content))
    return parent


def clean(text: str) -> str:
    """A text without the characters that XML forbids."""
    return _FORBIDDEN.sub("", text)


def decimal(value: Fraction, places: int = 9) -> str:
    """A fraction as a decimal of so many places, without trailing zeros."""
    text = f"{float(value):.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def pitch(parent: etree._Element, sounding: Pitch) -> None:
    """A ``<pitch>``.

    Raises:
        FormatError: it is below C0, which MusicXML cannot write.
    """
    if not 0 <= sounding.octave <= 9:
        raise FormatError(f"MusicXML cannot write {sounding}", expected="octaves 0 to 9")
    element = add(parent, "pitch")
    add(element, "step", sounding.name.step)
    if sounding.name.alter:
        add(element, "alter", sounding.name.alter)
    add(element, "octave", sounding.octave)


def lyrics(note: etree._Element, syllables: Sequence[Syllable]) -> None:
    """The words of a note."""
    for syllable in syllables:
        element = add(note, "lyric", number=str(syllable.verse))
        add(element, "syllabic", syllable.kind if syllable.kind in _SYLLABIC else "single")
        add(element, "text", syllable.text)
        if syllable.extends:
            add(element, "extend")


def harmony(parent: etree._Element, symbol: ChordSymbol | None, offset: int) -> None:
    """A chord symbol, so that it prints as `theory.chords.format_chord` has it.

    Args:
        offset: ticks from where it stands in the file to where it sounds.
    """
    element = add(parent, "harmony", print_frame="no")
    if symbol is None:
        add(element, "root/root-step", "C", text="")
        add(element, "kind", "none", text="N.C.")
    else:
        _name(element, "root", symbol.root)
        text = format_chord(symbol).removeprefix(str(symbol.root))
        if symbol.bass is not None:
            text = text.removesuffix(f"/{symbol.bass}")
        kind = symbol.kind if symbol.kind in KINDS else "other"
        add(element, "kind", kind, text=text)
        if symbol.bass is not None:
            _name(element, "bass", symbol.bass)
        for degree in symbol.degrees:
            part = add(element, "degree", print_object="no")
            add(part, "degree-value", degree.degree)
            add(part, "degree-alter", degree.alter)
            add(part, "degree-type", degree.how)
    if offset:
        add(element, "offset", offset)


def _name(parent: etree._Element, tag: str, name: NoteName) -> None:
    element = add(parent, tag)
    add(element, f"{tag}-step", name.step)
    if name.alter:
        add(element, f"{tag}-alter", name.alter)


def direction(parent: etree._Element) -> tuple[etree._Element, etree._Element]:
    """A ``<direction>`` above the staff; returns it and its (empty) direction type."""
    element = add(parent, "direction", placement="above")
    return element, add(element, "direction-type")


def rehearsal(parent: etree._Element, name: str) -> None:
    """A section's name, boxed."""
    _, kind = direction(parent)
    add(kind, "rehearsal", name)


def words(parent: etree._Element, text: str, **sound: str) -> None:
    """Words, and what they mean to a machine."""
    element, kind = direction(parent)
    add(kind, "words", text, font_weight="bold")
    add(element, "sound", **sound)


def sign(parent: etree._Element, name: str) -> None:
    """A segno or coda sign at the place where it is."""
    element, kind = direction(parent)
    add(kind, name)
    add(element, "sound", **{name: name})


def tempo(parent: etree._Element, quarters: Fraction, time: TimeSignature) -> None:
    """A metronome mark in the felt beat of the metre."""
    element, kind = direction(parent)
    mark = add(kind, "metronome", parentheses="no")
    head = plain_head(time.pulse)
    add(mark, "beat-unit", head.type if head else "quarter")
    if head and head.dots:
        add(mark, "beat-unit-dot")
    add(mark, "per-minute", decimal(quarters / time.pulse, 2))
    add(element, "sound", tempo=decimal(quarters))


def tempo_change(parent: etree._Element, quarters: Fraction, offset: int) -> None:
    """A tempo that is heard but not printed: a step of a ritardando."""
    element = add(parent, "sound", tempo=decimal(quarters))
    if offset:
        add(element, "offset", offset)
