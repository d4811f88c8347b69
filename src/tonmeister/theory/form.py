"""Form: playing out a sheet's repeats and jumps, and finding its sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from tonmeister.model.score import ChordEvent, LeadSheet, Measure, Note, Roadmap
from tonmeister.theory.repeats import order
from tonmeister.theory.sections import sections_of

__all__ = ["sections_of", "unfold"]


def unfold(sheet: LeadSheet) -> tuple[Measure, ...]:
    """The measures in playing order (see `theory.repeats`), with the words of each pass.

    Every measure's `source` is its index in `sheet.measures`; the roadmaps are cleared. On the
    k-th pass of a measure its notes keep the words of verse k, or of the only verse if there is
    but one; if there are several but not the k-th, those of the last one before it. Where playing
    jumps, the tempo in force at the target is written into it if it differs from the one before
    the jump; where it jumps back, so is the chord. A tie from a note that is not played is dropped.

    Raises:
        FormatError: the way leads through more measures than any music has.
    """
    tempi, chords = _tempi(sheet), _carried(sheet.measures)
    played: list[Measure] = []
    before = -1
    for index, verse in order(sheet.measures):
        measure = _with_verse(sheet.measures[index], verse)
        if index <= before:
            measure = _landed(measure, played, chords[index])
        if index != before + 1 and tempi[index] != tempi[before]:
            measure = replace(measure, tempo=tempi[index])
        measure = _ties_checked(measure, played[-1] if played else None)
        played.append(replace(measure, roadmap=Roadmap(), source=index))
        before = index
    return tuple(played)


def _tempi(sheet: LeadSheet) -> list[Fraction | None]:
    """The tempo in force in every written measure."""
    tempo = sheet.tempo
    found: list[Fraction | None] = []
    for measure in sheet.measures:
        tempo = measure.tempo or tempo
        found.append(tempo)
    return found


def _carried(measures: Sequence[Measure]) -> list[ChordEvent | None]:
    """The chord that every written measure begins with, if the one before left one."""
    last: ChordEvent | None = None
    found: list[ChordEvent | None] = []
    for measure in measures:
        found.append(last)
        last = measure.chords[-1] if measure.chords else last
    return found


def _with_verse(measure: Measure, verse: int) -> Measure:
    verses = {syllable.verse for note in measure.notes for syllable in note.syllables}
    if len(verses) < 2:
        return measure
    sung = max((other for other in verses if other <= verse), default=min(verses))
    return replace(measure, notes=tuple(_singing(note, sung) for note in measure.notes))


def _singing(note: Note, verse: int) -> Note:
    kept = tuple(syllable for syllable in note.syllables if syllable.verse == verse)
    return note if kept == note.syllables else replace(note, syllables=kept)


def _landed(measure: Measure, played: Sequence[Measure], carried: ChordEvent | None) -> Measure:
    """A measure that was jumped to, with the chord that holds there by the written order."""
    if carried is None or any(chord.onset == 0 for chord in measure.chords):
        return measure
    sounding = next((m.chords[-1] for m in reversed(played) if m.chords), None)
    if sounding is not None and sounding.symbol == carried.symbol:
        return measure
    return replace(measure, chords=(ChordEvent(Fraction(0), carried.symbol), *measure.chords))


def _ties_checked(measure: Measure, before: Measure | None) -> Measure:
    """Unties a first note that does not go on the last one of the measure before."""
    first = next((note for note in measure.notes if not note.grace), None)
    if first is None or not first.tied:
        return measure
    sounding = [note for note in before.notes if not note.grace] if before is not None else []
    last = sounding[-1] if sounding else None
    goes_on = (
        before is not None
        and last is not None
        and first.onset == 0
        and last.end == before.length
        and last.pitch.midi == first.pitch.midi
    )
    if goes_on:
        return measure
    notes = tuple(replace(n, tied=False) if n is first else n for n in measure.notes)
    return replace(measure, notes=notes)
