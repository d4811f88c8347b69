"""The grid that a performance stands on: bars, beats, swing, and clock time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from tonmeister.model.score import Measure, PartNote, Section, Song, TimeSignature
from tonmeister.model.sheets import PerformanceSheet
from tonmeister.theory.metre import weight
from tonmeister.units.time import Beats, Seconds, TempoMap

_COMPOUND_PLACES = (0, 2, 2)
"""Where the three eighths of a dotted beat look up the tables, which know four sixteenths."""


_TINY = 1e-9
"""Far below any written step, above what floats lose."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a position stands.

    Attributes:
        position: quarter notes from the start of the song, as a float.
        section: index of the section.
        bar: index of the measure.
        beat: quarter notes from the section's start, a float, for things that drift.
        sixteenth: 0..15 in the groove tables, whatever the metre.
        pulse: felt beat of the bar, 0-based.
        strength: metric weight, 1 (downbeat) .. 0.1.
        offbeat: whether it is an off-beat eighth (of a pulse that divides in two).
    """

    position: float
    section: int
    bar: int
    beat: float
    sixteenth: int
    pulse: int
    strength: float
    offbeat: bool


class Clock:
    """Positions to seconds, in floats: exact to far below a microsecond, and fast."""

    def __init__(self, tempo: TempoMap) -> None:
        self._at = [float(change.at) for change in tempo.changes]
        self._table = [
            (tempo.seconds_at(change.at), 60.0 / float(change.quarters_per_minute))
            for change in tempo.changes
        ]

    def seconds(self, position: float) -> Seconds:
        """Clock time of a position in quarter notes."""
        index = max(0, bisect_right(self._at, position) - 1)
        start, per_beat = self._table[index]
        return start + (position - self._at[index]) * per_beat

    def beat_seconds(self, position: float) -> Seconds:
        """Length of a quarter note at a position."""
        return self._table[max(0, bisect_right(self._at, position) - 1)][1]


@dataclass(frozen=True, slots=True)
class _Bar:
    start: float
    anchor: Beats
    """Where the bar would have begun if it were full; later bars' places count from it."""
    time: TimeSignature
    section: int
    swing: float


class Grid:
    """Bars, sections and swing of a song as one part feels them.

    Args:
        sheet: how each section is played.
        swing: the player's taste, added to a section's swing where it swings.
        notes: the part's notes; a beat in which they are tuplets is not swung.
    """

    def __init__(
        self, song: Song, sheet: PerformanceSheet, *, swing: float, notes: Iterable[PartNote]
    ) -> None:
        self.song = song
        self.clock = Clock(song.tempo)
        self._taste = swing
        self._starts = [float(start) for start in song.starts[:-1]]
        self._bars = self._read_bars(sheet)
        self._section_starts = [float(section.start) for section in song.sections]
        self._places: dict[Beats, Place] = {}
        self._seconds: dict[Beats, Seconds] = {}
        self._tuplets = self._find_tuplets(notes)

    def _read_bars(self, sheet: PerformanceSheet) -> list[_Bar]:
        bars: list[_Bar] = []
        for number, section in enumerate(self.song.sections):
            plan = sheet.get(section.id)
            share = plan.swing if plan else 0.5
            taste = self._taste if share > 0.5 else 0.0
            for index in range(section.first_bar, section.first_bar + section.bars):
                measure, start = self.song.measures[index], self.song.starts[index]
                anchor = _anchor(measure, start, leads=index == section.first_bar)
                bars.append(_Bar(float(start), anchor, measure.time, number, _clamp(share + taste)))
        return bars

    def _find_tuplets(self, notes: Iterable[PartNote]) -> set[tuple[int, int]]:
        found: set[tuple[int, int]] = set()
        for note in notes:
            if _dyadic(note.onset.denominator) and _dyadic(note.duration.denominator):
                continue
            for position in (note.onset, note.onset + note.duration):
                if not _dyadic(position.denominator):
                    index, within = self._within(position)
                    found.add((index, within.numerator // within.denominator))
        return found

    def _within(self, position: Beats) -> tuple[int, Beats]:
        """The bar's index, and the position in the full bar."""
        index = max(0, bisect_right(self._starts, float(position)) - 1)
        return index, position - self._bars[index].anchor

    def seconds(self, position: Beats) -> Seconds:
        """Clock time of a position with its swing, without anything human."""
        known = self._seconds.get(position)
        if known is None:
            known = self._seconds[position] = self.clock.seconds(self._swung(position))
        return known

    def _swung(self, position: Beats) -> float:
        if not _dyadic(position.denominator):
            return float(position)
        index, within = self._within(position)
        bar = self._bars[index]
        beat = within.numerator // within.denominator
        if bar.swing == 0.5 or bar.time.beat_type > 4 or (index, beat) in self._tuplets:
            return float(position)
        part = float(within - beat)
        share = bar.swing
        swung = 2 * share * part if part < 0.5 else share + (2 * part - 1) * (1 - share)
        return float(position) - part + swung

    def swing_at(self, section: int) -> float:
        """The share that a section swings with."""
        return self._bars[self.song.sections[section].first_bar].swing

    def place(self, position: Beats) -> Place:
        """Where a position stands."""
        known = self._places.get(position)
        if known is None:
            known = self._places[position] = self._find_place(position)
        return known

    def _find_place(self, position: Beats) -> Place:
        index, within = self._within(position)
        bar = self._bars[index]
        unit = float(bar.time.pulse) if bar.time.compound else 1.0
        count = float(within) / unit
        pulse = int(count + _TINY)
        part = count - pulse + _TINY
        cell = _COMPOUND_PLACES[int(part * 3)] if bar.time.compound else int(part * 4)
        at = float(position)
        return Place(
            at,
            bar.section,
            index,
            at - self._section_starts[bar.section],
            4 * _table_beat(pulse, float(bar.time.bar) / unit) + cell,
            pulse,
            weight(bar.time, within),
            not bar.time.compound and abs(part - 0.5) < 2 * _TINY,
        )

    def section_of(self, note: PartNote) -> Section:
        """The section that a note starts in."""
        return self.song.sections[self.place(note.onset).section]


def _anchor(measure: Measure, start: Beats, *, leads: bool) -> Beats:
    """A short measure at a section's beginning is a pickup: the end of a full bar."""
    missing = measure.time.bar - measure.length
    return start - missing if leads and missing > 0 else start


def _clamp(share: float) -> float:
    return min(0.75, max(0.5, share))


def _table_beat(pulse: int, pulses: float) -> int:
    """Which of the tables' four beats a pulse is like: first, last, or in turn the inner ones."""
    if pulse == 0:
        return 0
    return 3 if pulse + 1 >= pulses else 2 - pulse % 2


def _dyadic(denominator: int) -> bool:
    """Whether a position is one of halves, quarters, eighths ... of a beat: no tuplet."""
    return denominator & (denominator - 1) == 0
