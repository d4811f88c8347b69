"""From raw notes to the tune: the top notes of chords, ties, overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tonmeister.formats.musicxml.raw import RawNote
from tonmeister.model.score import Note
from tonmeister.units.time import Beats


class TuneBuilder:
    """Turns a voice's bars into notes, in order; it remembers the last note for ties over a bar."""

    def __init__(self) -> None:
        self._last: Note | None = None
        self._reaches_end = False

    def bar(self, raw: Sequence[RawNote], length: Beats, *, jumped_into: bool) -> tuple[Note, ...]:
        """The notes of the next measure.

        Rules: of a chord the top note counts; notes end where the next one begins and at the bar
        line; a tie within the bar makes one note of two; a tie over the bar line marks the second
        note as `tied`, if it goes on at the same pitch without a gap.

        Args:
            raw: the voice's notes and rests in this bar.
            length: the measure's.
            jumped_into: an ending or a coda starts here, whose first note may be tied to one that
                does not stand right before it.
        """
        notes: list[Note] = []
        for top in _fit(_tops(raw), length):
            note = self._tied(top, notes, jumped_into=jumped_into)
            before = notes[-1] if notes else None
            if note.tied and before is not None and not before.grace and not note.syllables:
                notes[-1] = replace(before, duration=before.duration + note.duration)
            else:
                notes.append(note)
        sounding = [note for note in notes if not note.grace]
        self._last = sounding[-1] if sounding else None
        self._reaches_end = self._last is not None and self._last.end == length
        return tuple(notes)

    def _tied(self, raw: RawNote, notes: Sequence[Note], *, jumped_into: bool) -> Note:
        assert raw.pitch is not None  # rests are gone by now
        tied = False
        if raw.tie_stop and not raw.grace:
            before = next((note for note in reversed(notes) if not note.grace), None)
            if before is not None:
                tied = before.end == raw.onset and before.pitch.midi == raw.pitch.midi
            elif raw.onset == 0:
                goes_on = self._reaches_end and self._last is not None
                tied = jumped_into or (goes_on and self._pitch() == raw.pitch.midi)
        return Note(raw.onset, raw.duration, raw.pitch, raw.syllables, tied, raw.grace)

    def _pitch(self) -> int:
        return -1 if self._last is None else self._last.pitch.midi


def _tops(raw: Sequence[RawNote]) -> list[RawNote]:
    """One note per chord, the top one, with the chord's words; rests are left out."""
    tops: list[RawNote] = []
    for note in raw:
        if note.pitch is None:
            continue
        same = note.chord and tops and tops[-1].onset == note.onset and tops[-1].grace == note.grace
        if not same:
            tops.append(note)
            continue
        before = tops[-1]
        top = note if note.pitch.midi > _midi(before) else before
        tops[-1] = replace(
            top, chord=False, duration=before.duration, syllables=before.syllables or note.syllables
        )
    return sorted(tops, key=lambda note: (note.onset, not note.grace))


def _fit(tops: Sequence[RawNote], length: Beats) -> list[RawNote]:
    """Notes cut where the next begins and at the bar line; of two at one place the higher stays."""
    fitted: list[RawNote] = []
    for note in tops:
        if note.grace:
            fitted.append(replace(note, onset=min(note.onset, length)))
            continue
        if note.onset >= length or note.duration <= 0:
            continue
        before = next((other for other in reversed(fitted) if not other.grace), None)
        if before is not None and before.onset == note.onset:
            if _midi(note) > _midi(before):
                fitted[fitted.index(before)] = replace(
                    note, syllables=note.syllables or before.syllables
                )
            continue
        if before is not None and before.onset + before.duration > note.onset:
            place = fitted.index(before)
            fitted[place] = replace(before, duration=note.onset - before.onset)
        fitted.append(replace(note, duration=min(note.duration, length - note.onset)))
    return fitted


def _midi(note: RawNote) -> int:
    return -1 if note.pitch is None else note.pitch.midi
