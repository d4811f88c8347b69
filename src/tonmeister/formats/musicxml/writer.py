"""Writing: a lead sheet or a song as MusicXML 4.0.

What is lost: `source`; ties within a measure (they become one note) and ties that continue
nothing; a slash bass equal to the root; the double bar of the last measure and at repeats, which
have their own bar lines; tempi finer than a thousandth of a quarter per minute. A tempo of the
first measure becomes the sheet's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from lxml import etree

from tonmeister.errors import FormatError
from tonmeister.formats.musicxml.barlines import left_barline, right_barline
from tonmeister.formats.musicxml.clefs import Clef, clef_for
from tonmeister.formats.musicxml.elements import add
from tonmeister.formats.musicxml.measures import MeasureWriter
from tonmeister.model.score import LeadSheet, Measure, Section, Song
from tonmeister.units.time import Beats

_DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN"'
    ' "http://www.musicxml.org/dtds/partwise.dtd">'
)


@dataclass(frozen=True)
class _Page:
    """What is written: the measures and, per measure, the tempo changes within it."""

    title: str
    composer: str
    lyricist: str
    measures: tuple[Measure, ...]
    tempi: tuple[tuple[tuple[Beats, Fraction], ...], ...]


def write_sheet(sheet: LeadSheet | Song, *, part_name: str = "Lead") -> bytes:
    """See `tonmeister.formats.musicxml.write`."""
    page = _song_page(sheet) if isinstance(sheet, Song) else _sheet_page(sheet)
    if not page.measures:
        raise FormatError("there is nothing to write", expected="a sheet with at least one measure")
    root = etree.Element("score-partwise", version="4.0")
    _head(root, page, part_name)
    part = add(root, "part", id="P1")
    _measures(part, page)
    etree.indent(root, "  ")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, doctype=_DOCTYPE) + b"\n"


def _sheet_page(sheet: LeadSheet) -> _Page:
    tempi: list[tuple[tuple[Beats, Fraction], ...]] = []
    for index, measure in enumerate(sheet.measures):
        tempo = measure.tempo or (sheet.tempo if index == 0 else None)
        tempi.append(((Fraction(0), tempo),) if tempo is not None else ())
    return _Page(sheet.title, sheet.composer, sheet.lyricist, sheet.measures, tuple(tempi))


def _song_page(song: Song) -> _Page:
    """A song in playing order: one line of words, measures numbered through, sections named."""
    names = {section.first_bar: section_name(section) for section in song.sections}
    pickup = bool(song.measures) and song.measures[0].length < song.measures[0].time.bar
    measures = []
    tempi = []
    for index, measure in enumerate(song.measures):
        notes = tuple(
            replace(note, syllables=tuple(replace(s, verse=1) for s in note.syllables[:1]))
            for note in measure.notes
        )
        start, end = song.starts[index], song.starts[index + 1]
        changes = tuple(
            (change.at - start, change.quarters_per_minute)
            for change in song.tempo.changes
            if start <= change.at < end
        )
        tempi.append(changes)
        measures.append(
            replace(
                measure,
                number=str(index + (0 if pickup else 1)),
                notes=notes,
                section=names.get(index),
                double_bar=index + 1 in names,
            )
        )
    return _Page(song.title, song.composer, song.lyricist, tuple(measures), tuple(tempi))


def section_name(section: Section) -> str:
    """As a musician writes it: "verse2" is "Verse 2", "prechorus" is "Prechorus", "a" is "A"."""
    count = section.id.removeprefix(section.kind)
    name = section.kind[:1].upper() + section.kind[1:]
    return f"{name} {count}" if count.isdigit() else name


def _head(root: etree._Element, page: _Page, part_name: str) -> None:
    if page.title:
        add(root, "work/work-title", page.title)
    identification = add(root, "identification")
    for kind, name in (("composer", page.composer), ("lyricist", page.lyricist)):
        if name:
            add(identification, "creator", name, type=kind)
    encoding = add(identification, "encoding")
    add(encoding, "software", "Tonmeister")
    for element in ("accidental", "beam"):
        answer = "yes" if element == "beam" else "no"
        add(encoding, "supports", element=element, type=answer)
    score_part = add(root, "part-list/score-part", id="P1")
    add(score_part, "part-name", part_name, print_object="no")
    add(add(score_part, "score-instrument", id="P1-I1"), "instrument-name", part_name)
    midi = add(score_part, "midi-instrument", id="P1-I1")
    add(midi, "midi-channel", 1)
    add(midi, "midi-program", 1)


def _measures(part: etree._Element, page: _Page) -> None:
    clef = clef_for([note for measure in page.measures for note in measure.notes])
    writer = MeasureWriter(page.measures, page.tempi)
    before: Measure | None = None
    for index, measure in enumerate(page.measures):
        element = add(part, "measure", number=measure.number or str(index + 1))
        if measure.length != measure.time.bar:
            element.set("implicit", "yes")
        _attributes(element, measure, before, writer.divisions if index == 0 else 0, clef)
        left_barline(element, page.measures, index)
        writer.write(element, index)
        right_barline(element, page.measures, index)
        before = measure


def _attributes(
    parent: etree._Element, measure: Measure, before: Measure | None, divisions: int, clef: Clef
) -> None:
    new_key = before is None or measure.key != before.key
    new_time = before is None or measure.time != before.time
    if not (new_key or new_time):
        return
    attributes = add(parent, "attributes")
    if divisions:
        add(attributes, "divisions", divisions)
    if new_key:
        key = add(attributes, "key")
        add(key, "fifths", measure.key.fifths)
        add(key, "mode", measure.key.mode.value)
    if new_time:
        time = add(attributes, "time")
        add(time, "beats", measure.time.beats)
        add(time, "beat-type", measure.time.beat_type)
    if before is None:
        element = add(attributes, "clef")
        add(element, "sign", clef.sign)
        add(element, "line", clef.line)
        if clef.octave:
            add(element, "clef-octave-change", clef.octave)
