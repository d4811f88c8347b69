"""A band, and songs typed in by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pytest

from tonmeister.arranger import arrange, propose_arrangement, read_style
from tonmeister.model.instrument import Instrument
from tonmeister.model.reason import Proposal
from tonmeister.model.score import (
    ChordEvent,
    KeySignature,
    Measure,
    Note,
    Part,
    Section,
    Song,
    TimeSignature,
)
from tonmeister.model.sheets import ArrangementSheet, SongSheet
from tonmeister.theory.chords import parse_chord
from tonmeister.units.pitch import Pitch
from tonmeister.units.time import TempoMap

BAND = {
    "vocal": Instrument("baritone guide", "voice", 36, 84, 47, 62, 1, True),
    "bass": Instrument("electric bass", "bass", 28, 67, 28, 55, 1, False),
    "drums": Instrument("standard kit", "drums", 0, 127, 0, 127, 128, False),
    "piano": Instrument("grand piano", "piano", 21, 108, 40, 84, 128, False),
    "strings": Instrument("slow strings", "strings", 36, 96, 48, 84, 16, True),
    "guitar": Instrument("steel guitar", "guitar", 40, 84, 45, 76, 6, False),
    "organ": Instrument("tonewheel organ", "organ", 36, 96, 48, 84, 16, True),
    "brass": Instrument("brass section", "brass", 40, 84, 48, 77, 8, True),
    "flute": Instrument("flute", "winds", 60, 96, 65, 88, 1, True),
    "choir": Instrument("oohs", "choir", 43, 79, 48, 74, 12, True),
    "vibes": Instrument("vibraphone", "mallets", 53, 89, 55, 86, 4, False),
    "cello": Instrument("cello", "strings", 36, 76, 40, 67, 1, True),
    "electric-piano": Instrument("electric piano", "piano", 28, 103, 40, 84, 64, False),
    "percussion": Instrument("percussion", "percussion", 0, 127, 0, 127, 16, False),
    "timpani": Instrument("timpani", "percussion", 38, 60, 40, 55, 2, False),
    "pad": Instrument("warm pad", "synth", 36, 96, 48, 84, 16, True),
    "synth": Instrument("synth lead", "synth", 36, 96, 48, 84, 1, True),
}

A = ("Cmaj7", "Am7", "Dm7", "G7", "Em7", "A7", "Dm7 G7", "C6")
B = ("Fmaj7", "Fm6", "C/E", "A7(b9)", "Dm7", "D7/F#", "G7sus4 G7", "C")
FORM = (
    ("intro", "intro", B[4:], 0.3),
    ("verse1", "verse", A, 0.45),
    ("chorus1", "chorus", B, 0.65),
    ("verse2", "verse", A, 0.5),
    ("chorus2", "chorus", B, 0.75),
    ("bridge", "bridge", ("Am", "Em", "F", "C") * 2, 0.55),
    ("chorus3", "chorus", B, 0.95),
    ("ending", "ending", ("Dm7", "G7", "C", "C"), 0.4),
)
SCALE = ("E4", "G4", "A4", "B4", "C5", "A4", "G4", "E4")


def type_in(
    form: Sequence[tuple[str, str, Sequence[str], float]],
    metre: str = "4/4",
    *,
    lengths: Mapping[int, Fraction] | None = None,
    metres: Mapping[int, str] | None = None,
    sung: bool = True,
    tempo: int = 72,
) -> Song:
    """A song from a text per bar: chords that share the bar evenly; ``%`` goes on."""
    measures: list[Measure] = []
    sections: list[Section] = []
    at = Fraction(0)
    for id_, kind, bars, energy in form:
        start, first = at, len(measures)
        for text in bars:
            index = len(measures)
            time = TimeSignature.parse((metres or {}).get(index, metre))
            length = (lengths or {}).get(index, time.bar)
            notes = _tune(index, length) if sung and kind != "intro" else ()
            measures.append(
                Measure(
                    str(index + 1),
                    time,
                    KeySignature.parse("C"),
                    length,
                    notes,
                    _chords(text, length),
                )
            )
            at += length
        sections.append(Section(id_, kind, start, at - start, first, len(bars), energy))
    return Song("Song", tuple(measures), tuple(sections), TempoMap.constant(tempo))


def _chords(text: str, length: Fraction) -> tuple[ChordEvent, ...]:
    symbols = text.split()
    return tuple(
        ChordEvent(length * i / len(symbols), None if s == "N.C." else parse_chord(s))
        for i, s in enumerate(symbols)
        if s != "%"
    )


def _tune(index: int, length: Fraction) -> tuple[Note, ...]:
    """Two bars of motion, and a rest in every fourth bar."""
    if index % 4 == 3:
        return (Note(Fraction(0), length / 4, Pitch.parse("C5")),)
    quarter = length / 4
    names = [SCALE[(index + i) % 8] for i in range(3)]
    return (
        Note(Fraction(0), quarter * 3 / 2, Pitch.parse(names[0])),
        Note(quarter * 3 / 2, quarter / 2, Pitch.parse(names[1])),
        Note(quarter * 2, quarter, Pitch.parse(names[2])),
    )


@dataclass(frozen=True)
class Arranged:
    """A song with its proposal and its parts by name."""

    song: Song
    band: Mapping[str, Instrument]
    proposal: Proposal[ArrangementSheet]
    parts: Mapping[str, Part]


def _arranged(
    style: str, song: Song, names: Sequence[str] | None = None, seed: int = 1
) -> Arranged:
    band = {name: BAND[name] for name in (names or BAND)}
    sheet = SongSheet(
        title="Song",
        style=style,
        key="C",
        tempo=72,
        metre="4/4",
        length=180,
        band=tuple(band),
        seed=seed,
    )
    arranging = read_style(style)
    proposal = propose_arrangement(sheet, song, arranging, band)
    parts = arrange(song, proposal.sheet, arranging, band, seed=seed)
    return Arranged(song, band, proposal, {part.name: part for part in parts})


@pytest.fixture(scope="session")
def band() -> Mapping[str, Instrument]:
    return BAND


@pytest.fixture(scope="session")
def write() -> Callable[..., Song]:
    return type_in


@pytest.fixture(scope="session")
def arranged() -> Callable[..., Arranged]:
    return _arranged


@pytest.fixture(scope="session")
def song() -> Song:
    """Eight sections in 4/4."""
    return type_in(FORM)


@pytest.fixture(scope="session", params=["ballad", "swing", "waltz"])
def played(request: pytest.FixtureRequest) -> Arranged:
    """The song, played by seventeen in each of the styles (the waltz in 3/4)."""
    metre = "3/4" if request.param == "waltz" else "4/4"
    return _arranged(request.param, type_in(FORM, metre))
