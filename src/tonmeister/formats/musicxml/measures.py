"""The inside of a written measure: directions, chord symbols, notes, rests, words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TypeAlias

from lxml import etree

from tonmeister.formats.musicxml import elements
from tonmeister.formats.musicxml.beams import beams
from tonmeister.formats.musicxml.elements import add
from tonmeister.formats.musicxml.rhythm import Piece, spell
from tonmeister.model.score import Measure, Note
from tonmeister.units.time import Beats

_Tempi: TypeAlias = Sequence[tuple[Beats, Fraction]]


@dataclass(frozen=True, slots=True)
class _Written:
    """A piece of a note, or of a rest (`note` None), with what is written at it."""

    piece: Piece
    note: Note | None
    first: bool = True
    tie_start: bool = False
    tie_stop: bool = False
    beams: tuple[str, ...] = ()
    tuplet_start: bool = False
    tuplet_stop: bool = False


class MeasureWriter:
    """Writes the measures of a sheet, one after the other.

    Args:
        measures: all of them.
        tempi: per measure the tempo changes in it, (onset, quarters per minute).

    Attributes:
        divisions: ticks per quarter in which every written length is whole.
    """

    def __init__(self, measures: Sequence[Measure], tempi: Sequence[_Tempi]) -> None:
        self.measures = measures
        self.tempi = tempi
        self.shifts = [self._shift(index) for index in range(len(measures))]
        self.pieces = [self._pieces(index, shift) for index, shift in enumerate(self.shifts)]
        self.divisions = self._divisions()
        self.al_fine = any(measure.roadmap.fine for measure in measures)
        self.al_coda = any(measure.roadmap.to_coda for measure in measures)

    def write(self, parent: etree._Element, index: int) -> None:
        """Fills a ``<measure>`` from its attributes and left bar line to its right bar line."""
        measure, tempi = self.measures[index], self.tempi[index]
        self._opening(parent, measure, tempi)
        late = [(at, tempo) for at, tempo in tempi if at > 0]
        shift, written = self.shifts[index], self.pieces[index]
        chords = list(measure.chords)
        graces = [note for note in measure.notes if note.grace]
        for place, each in enumerate(written):
            start, end = each.piece.onset - shift, each.piece.end - shift
            last = place == len(written) - 1
            while chords and (chords[0].onset < end or last):
                chord = chords.pop(0)
                elements.harmony(parent, chord.symbol, self._ticks(chord.onset - start))
            while late and (late[0][0] < end or last):
                at, tempo = late.pop(0)
                elements.tempo_change(parent, tempo, self._ticks(at - start))
            while graces and graces[0].onset <= start:
                self._grace(parent, graces.pop(0))
            self._note(parent, each, whole=len(written) == 1)
        for note in graces:
            self._grace(parent, note)
        self._closing(parent, measure)

    def _opening(self, parent: etree._Element, measure: Measure, tempi: _Tempi) -> None:
        if measure.section:
            elements.rehearsal(parent, measure.section)
        if tempi and tempi[0][0] == 0:
            elements.tempo(parent, tempi[0][1], measure.time)
        for name in ("segno", "coda"):
            if getattr(measure.roadmap, name):
                elements.sign(parent, name)

    def _closing(self, parent: etree._Element, measure: Measure) -> None:
        roadmap = measure.roadmap
        if roadmap.to_coda:
            elements.words(parent, "To Coda", tocoda="coda")
        if roadmap.fine:
            elements.words(parent, "Fine", fine="yes")
        if roadmap.jump:
            short, sound = {
                "dacapo": ("D.C.", {"dacapo": "yes"}),
                "dalsegno": ("D.S.", {"dalsegno": "segno"}),
            }[roadmap.jump]
            way = " al Coda" if self.al_coda else " al Fine" if self.al_fine else ""
            elements.words(parent, short + way, **sound)

    def _divisions(self) -> int:
        places = [written.piece.duration for pieces in self.pieces for written in pieces]
        places += [chord.onset for measure in self.measures for chord in measure.chords]
        places += [at for tempi in self.tempi for at, _ in tempi]
        return lcm(*(place.denominator for place in places))

    def _shift(self, index: int) -> Beats:
        """Where in a full bar the measure begins: a pickup stands at the bar's end."""
        measure = self.measures[index]
        missing = measure.time.bar - measure.length
        if missing <= 0:
            return Fraction(0)
        fills = index > 0 and self.measures[index - 1].length == missing
        return missing if index == 0 or fills else Fraction(0)

    def _pieces(self, index: int, shift: Beats) -> list[_Written]:
        measure = self.measures[index]
        stretches = _stretches(measure, shift)
        spelled = spell(
            [(start, end, note is not None) for start, end, note in stretches], measure.time
        )
        flat: list[tuple[Piece, Note | None, int, int]] = []
        for (_, _, note), pieces in zip(stretches, spelled, strict=True):
            flat += [(piece, note, number, len(pieces)) for number, piece in enumerate(pieces)]
        marks = beams(
            [each[0] for each in flat], [each[1] is not None for each in flat], measure.time
        )
        tuplets = [each[0].tuplet for each in flat]
        goes_on = self._tied_over(index)
        found = []
        for place, (piece, note, number, count) in enumerate(flat):
            last_note = note is not None and note is _last(measure)
            more = number < count - 1
            found.append(
                _Written(
                    piece,
                    note,
                    number == 0,
                    note is not None
                    and (more or (last_note and goes_on) or _tied_within(measure, note)),
                    note is not None and (number > 0 or note.tied),
                    tuple(marks[place]),
                    piece.tuplet >= 0 and tuplets.index(piece.tuplet) == place,
                    piece.tuplet >= 0 and piece.tuplet not in tuplets[place + 1 :],
                )
            )
        return found

    def _tied_over(self, index: int) -> bool:
        """Whether the measure's last note is tied into the next measure."""
        if index + 1 >= len(self.measures):
            return False
        last = _last(self.measures[index])
        first = next((n for n in self.measures[index + 1].notes if not n.grace), None)
        return (
            last is not None
            and first is not None
            and first.tied
            and last.end == self.measures[index].length
            and first.onset == 0
            and first.pitch.midi == last.pitch.midi
        )

    def _ticks(self, length: Beats) -> int:
        return int(length * self.divisions)

    def _note(self, parent: etree._Element, written: _Written, *, whole: bool) -> None:
        piece = written.piece
        note = add(parent, "note")
        if written.note is None:
            rest = add(note, "rest")
            if whole:
                rest.set("measure", "yes")
        else:
            elements.pitch(note, written.note.pitch)
        add(note, "duration", self._ticks(piece.duration))
        for kind, is_tied in (("stop", written.tie_stop), ("start", written.tie_start)):
            if is_tied:
                add(note, "tie", type=kind)
        add(note, "voice", 1)
        if not (whole and written.note is None):
            _head(note, piece)
        for level, value in enumerate(written.beams, start=1):
            add(note, "beam", value, number=str(level))
        _notations(note, written)
        if written.note is not None and written.first:
            elements.lyrics(note, written.note.syllables)

    def _grace(self, parent: etree._Element, grace: Note) -> None:
        note = add(parent, "note")
        add(note, "grace", slash="yes")
        elements.pitch(note, grace.pitch)
        add(note, "voice", 1)
        add(note, "type", "eighth")
        elements.lyrics(note, grace.syllables)


def _stretches(measure: Measure, shift: Beats) -> list[tuple[Beats, Beats, Note | None]]:
    """Notes, and the rests between them and up to ornaments; onsets count in the full bar."""
    found: list[tuple[Beats, Beats, Note | None]] = []
    cursor = Fraction(0)
    for note in measure.notes:
        if note.onset > cursor:
            found.append((cursor + shift, note.onset + shift, None))
            cursor = note.onset
        if note.grace or note.duration <= 0:
            continue
        found.append((note.onset + shift, note.end + shift, note))
        cursor = note.end
    if cursor < measure.length:
        found.append((cursor + shift, measure.length + shift, None))
    return found


def _last(measure: Measure) -> Note | None:
    return next((note for note in reversed(measure.notes) if not note.grace), None)


def _tied_within(measure: Measure, note: Note) -> bool:
    """Whether the next note of the same measure continues this one."""
    later = (n for n in measure.notes if not n.grace and n.onset >= note.end)
    following = next(later, None)
    return (
        following is not None
        and following.tied
        and following.onset == note.end
        and following.pitch.midi == note.pitch.midi
    )


def _head(note: etree._Element, piece: Piece) -> None:
    head = piece.head
    add(note, "type", head.type)
    for _ in range(head.dots):
        add(note, "dot")
    if (head.actual, head.normal) != (1, 1):
        ratio = add(note, "time-modification")
        add(ratio, "actual-notes", head.actual)
        add(ratio, "normal-notes", head.normal)


def _notations(note: etree._Element, written: _Written) -> None:
    if not (written.tie_start or written.tie_stop or written.tuplet_start or written.tuplet_stop):
        return
    notations = add(note, "notations")
    for kind, is_tied in (("stop", written.tie_stop), ("start", written.tie_start)):
        if is_tied:
            add(notations, "tied", type=kind)
    for kind, is_edge in (("start", written.tuplet_start), ("stop", written.tuplet_stop)):
        if is_edge:
            add(notations, "tuplet", number="1", type=kind)
