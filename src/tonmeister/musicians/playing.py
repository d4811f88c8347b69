"""A part as its player plays it."""

from __future__ import annotations

from collections.abc import Sequence

from tonmeister.model.instrument import Instrument
from tonmeister.model.performance import ControlChange, Performance, PerformedNote, PitchBend
from tonmeister.model.score import Part, PartNote, Section, Song
from tonmeister.model.sheets import PerformanceSheet, PlayerPlan
from tonmeister.musicians.chords import spread_chords
from tonmeister.musicians.grid import Grid
from tonmeister.musicians.lengths import free_keys, set_lengths
from tonmeister.musicians.loudness import Dynamics, Shading, curve
from tonmeister.musicians.manner import Manner, manner_of
from tonmeister.musicians.movement import expression, pedal, scoops, vibrato
from tonmeister.musicians.strokes import Hands, Stroke, section_strokes
from tonmeister.musicians.style import PerformingStyle, read_groove
from tonmeister.musicians.time_feel import TimeFeel

_TAILS = {"organ": 1.5, "winds": 1.5, "brass": 1.5, "voice": 1.5, "bass": 2.0, "drums": 4.0}
_TAIL = 3.0
"""Seconds that a family rings on after the end; strings, pianos, pads and cymbals longest."""

_Played = list[tuple[Section, list[Stroke]]]


def perform(
    part: Part,
    song: Song,
    player: PlayerPlan,
    sheet: PerformanceSheet,
    style: PerformingStyle,
    instrument: Instrument,
    *,
    seed: int,
) -> Performance:
    """Play a part.

    Swing and dynamics come from the sheet (a section that it lacks: straight, as the song says);
    early and late, loud and soft from the player, the feel and the groove tables; all scaled by
    ``player.humanize``: at 0 every note stands exactly on the (swung) grid with the plain velocity
    of its weight and section. What is played in a section depends on that section's notes alone,
    but for a key still held from the section before.

    Returns:
        Notes sorted by start and key, none before 0, no key struck while it sounds.

    Raises:
        StyleError: the player, the feel or the style's groove is unknown.
    """
    manner = manner_of(player)
    hands = _hands(part, song, sheet, style, instrument, manner, seed)
    played = [
        (section, _play_section(hands, section, notes, style))
        for section, notes in _by_section(song, part.notes)
    ]
    strokes = free_keys([stroke for _, line in played for stroke in line])
    controls = [
        *expression(hands, played),
        *vibrato(hands, strokes),
        *pedal(hands, strokes, use=style.pedal.use),
    ]
    bends = scoops(hands, played, style.touch)
    return _written_down(hands, strokes, controls, bends)


def _hands(
    part: Part,
    song: Song,
    sheet: PerformanceSheet,
    style: PerformingStyle,
    instrument: Instrument,
    manner: Manner,
    seed: int,
) -> Hands:
    groove = read_groove(style.groove)
    grid = Grid(song, sheet, swing=manner.swing * min(1.0, manner.human), notes=part.notes)
    dynamics = Dynamics(song, sheet, style, human=manner.human)
    return Hands(
        part,
        instrument,
        grid,
        TimeFeel(grid, style, groove, manner, seed=seed, part=part.name),
        Shading(dynamics, style, groove, manner),
        dynamics,
        manner,
        seed,
    )


def _by_section(song: Song, notes: Sequence[PartNote]) -> list[tuple[Section, list[PartNote]]]:
    found: list[tuple[Section, list[PartNote]]] = [(section, []) for section in song.sections]
    ends = [float(section.end) for section in song.sections[:-1]]
    index = 0
    for note in notes:
        while index < len(ends) and float(note.onset) >= ends[index]:
            index += 1
        found[index][1].append(note)
    return found


def _play_section(
    hands: Hands, section: Section, notes: Sequence[PartNote], style: PerformingStyle
) -> list[Stroke]:
    strokes = section_strokes(hands, section, notes)
    set_lengths(hands, strokes, style.touch)
    spread_chords(hands, section, strokes, style.touch)
    return strokes


def _written_down(
    hands: Hands,
    strokes: Sequence[Stroke],
    controls: list[ControlChange],
    bends: list[PitchBend],
) -> Performance:
    notes = [
        PerformedNote(
            round(s.start, 6), round(max(0.001, s.end - s.start), 6), s.note.key, curve(s.velocity)
        )
        for s in strokes
    ]
    notes.sort(key=lambda note: (note.start, note.key))
    tail = _TAILS.get(hands.instrument.family, _TAIL)
    end = hands.grid.clock.seconds(float(hands.grid.song.end))
    last = max((note.start + note.length for note in notes), default=0.0)
    return Performance(
        hands.part.name,
        hands.instrument.name,
        tuple(notes),
        tuple(sorted(controls, key=lambda c: (c.time, c.controller))),
        tuple(bends),
        round(max(end, last) + tail, 6),
    )
