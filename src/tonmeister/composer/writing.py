"""From the decided sheets to the song."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from tonmeister.composer.frame import BarFrame, lay_out
from tonmeister.composer.stage import read_bar_chords
from tonmeister.composer.style import CompositionStyle
from tonmeister.composer.tempo import sheet_tempo, tempo_map
from tonmeister.errors import DecisionError
from tonmeister.model.score import ChordEvent, LeadSheet, Measure, Note, Roadmap, Section, Song
from tonmeister.model.sheets import Bars, FormSheet, HarmonySheet, SectionPlan, SongSheet, TuneSheet
from tonmeister.theory.form import unfold
from tonmeister.theory.notation import NotationError, format_chords, format_notes, parse_notes


def write_song(
    song: SongSheet,
    form: FormSheet,
    harmony: HarmonySheet,
    tune: TuneSheet,
    style: CompositionStyle,
    *,
    lead_sheet: LeadSheet | None = None,
    written: Sequence[Measure] | None = None,
) -> Song:
    """The song that the decided sheets describe.

    Written measures stay as they are unless a bar's text was changed; then that bar is read from
    its text, and keeps the words of notes that start where a note started before.

    Args:
        lead_sheet: gives composer, lyricist and the tempo at its start.
        written: its measures, unfolded (done here if not given).

    Raises:
        BriefError: the song's key or metre cannot be read.
        DecisionError: a bar's text cannot be read (the path names the bar).
    """
    if written is None and lead_sheet is not None:
        written = unfold(lead_sheet)
    frames = lay_out(song, form, written)
    measures: list[Measure] = []
    sections: list[Section] = []
    start = Fraction(0)
    for name, plan in form.items():
        bars = frames[name]
        made = [
            _measure(
                bar, _at(harmony.get(name, ()), i), _at(tune.get(name, ()), i), f"{name}[{i + 1}]"
            )
            for i, bar in enumerate(bars)
        ]
        made[0] = replace(made[0], section=made[0].section or _title(name))
        length = sum((bar.length for bar in bars), Fraction(0))
        sections.append(_section(name, plan, start, length, len(measures)))
        measures += made
        start += length
    tempo_at_start = lead_sheet.tempo if lead_sheet else None
    flat = [bar for name in form for bar in frames[name]]
    tempo = tempo_map(song, flat, style, sheet_tempo(written or (), tempo_at_start))
    numbered = _numbered(measures)
    return Song(
        song.title,
        tuple(numbered),
        tuple(sections),
        tempo,
        composer=lead_sheet.composer if lead_sheet else "",
        lyricist=lead_sheet.lyricist if lead_sheet else "",
    )


def _at(texts: Bars, index: int) -> str:
    return texts[index] if index < len(texts) else ""


def _section(
    name: str, plan: SectionPlan, start: Fraction, length: Fraction, first: int
) -> Section:
    return Section(
        id=name,
        kind=plan.kind,
        start=start,
        length=length,
        first_bar=first,
        bars=plan.bars,
        energy=plan.energy,
        dynamics=plan.dynamics,
        written=plan.written_from is not None,
    )


def _title(name: str) -> str:
    """ "verse2" is printed as "Verse 2"."""
    word = name.rstrip("0123456789")
    return f"{word[:1].upper()}{word[1:]} {name[len(word) :]}".strip()


def _measure(bar: BarFrame, chords: str, notes: str, where: str) -> Measure:
    base = bar.written
    if base is None:
        base = Measure(number="", time=bar.time, key=bar.key, length=bar.length)
    return replace(
        base,
        length=bar.length,
        chords=_chords(bar, chords, f"harmony.{where}"),
        notes=_notes(bar, notes, f"tune.{where}"),
        tempo=None,
        roadmap=Roadmap(),
    )


def _chords(bar: BarFrame, text: str, where: str) -> tuple[ChordEvent, ...]:
    if bar.written is not None and text == format_chords(bar.written.chords, bar.time, bar.length):
        return bar.written.chords
    return read_bar_chords(text, bar, where)


def _notes(bar: BarFrame, text: str, where: str) -> tuple[Note, ...]:
    if bar.written is not None and text == format_notes(bar.written.notes, bar.length):
        return bar.written.notes
    try:
        notes = parse_notes(text, bar.length)
    except NotationError as error:
        raise DecisionError(error.what, where=where, expected=error.expected) from error
    if bar.written is None:
        return notes
    words = {note.onset: note.syllables for note in bar.written.notes if not note.grace}
    return tuple(
        note if note.grace else replace(note, syllables=words.get(note.onset, ())) for note in notes
    )


def _numbered(measures: Sequence[Measure]) -> list[Measure]:
    return [replace(measure, number=str(i + 1)) for i, measure in enumerate(measures)]
