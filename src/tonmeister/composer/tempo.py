"""Tempo: the asked tempo exactly, the sheet's own changes in proportion, a ritardando at the
end."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tonmeister.composer.frame import BarFrame, song_time
from tonmeister.composer.style import CompositionStyle
from tonmeister.model.score import Measure
from tonmeister.model.sheets import SongSheet
from tonmeister.theory.metre import pulses
from tonmeister.units.time import Beats, TempoMap

_SHORTEST_WITH_RITARDANDO = 8
"""Bars; shorter songs keep their tempo to the end."""

Changes = list[tuple[Beats, Fraction]]


def quarters_per_minute(song: SongSheet) -> Fraction:
    """The asked tempo, felt pulses a minute, as quarters a minute, exact."""
    return Fraction(str(song.tempo)) * song_time(song).pulse


def ritardando(bars: Sequence[BarFrame], tempo: Fraction, style: CompositionStyle) -> Changes:
    """The last bars' slowing down, a step per pulse: pairs of (position in the song, tempo)."""
    count = style.form.ritardando_bars
    if not count or len(bars) < _SHORTEST_WITH_RITARDANDO:
        return []
    start = sum((bar.length for bar in bars[:-count]), Fraction(0))
    marks: list[Beats] = []
    for bar in bars[-count:]:
        marks += [start + mark for mark in pulses(bar.time, bar.length)]
        start += bar.length
    loss = 1 - Fraction(str(style.form.ritardando_to))
    return [(mark, tempo * (1 - loss * (i + 1) / len(marks))) for i, mark in enumerate(marks)]


def tempo_map(
    song: SongSheet, bars: Sequence[BarFrame], style: CompositionStyle, start: Fraction | None
) -> TempoMap:
    """The song's tempo.

    Args:
        bars: all bars in playing order.
        start: the tempo at the start of the lead sheet (quarters a minute); its tempo changes are
            kept in proportion to it.
    """
    asked = quarters_per_minute(song)
    changes: Changes = [(Fraction(0), asked)]
    position = Fraction(0)
    for bar in bars:
        if bar.written is not None:
            tempo = asked * _proportion(bar.written, start)
            if bar.written.tempo is not None or bar.written.source == 0:
                changes.append((position, tempo))
        position += bar.length
    changes += ritardando(bars, changes[-1][1], style)
    return TempoMap.of(_without_repeats(changes))


def _proportion(measure: Measure, start: Fraction | None) -> Fraction:
    if measure.tempo is None or start is None:
        return Fraction(1)
    return measure.tempo / start


def _without_repeats(changes: Changes) -> Changes:
    latest = dict(changes)
    kept: Changes = []
    for position in sorted(latest):
        if not kept or kept[-1][1] != latest[position]:
            kept.append((position, latest[position]))
    return kept


def sheet_tempo(written: Sequence[Measure], noted: Fraction | None = None) -> Fraction | None:
    """The tempo at the start of a lead sheet: as noted there, else its first tempo mark."""
    marks = (measure.tempo for measure in written if measure.tempo is not None)
    return noted or next(marks, None)


def seconds(
    song: SongSheet, bars: Sequence[BarFrame], style: CompositionStyle, start: Fraction | None
) -> Fraction:
    """How long these bars last at the song's tempo."""
    end = sum((bar.length for bar in bars), Fraction(0))
    return tempo_map(song, bars, style, start).exact_seconds_at(end)
