"""Songs, parts and instruments to play, built by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import pytest

from tonmeister.model.instrument import Instrument
from tonmeister.model.performance import Performance
from tonmeister.model.score import (
    Articulation,
    ChordEvent,
    KeySignature,
    Measure,
    Part,
    PartNote,
    PartRole,
    Section,
    Song,
    TimeSignature,
)
from tonmeister.model.sheets import PerformancePlan, PerformanceSheet, PlayerPlan
from tonmeister.musicians import PerformingStyle, perform, read_style
from tonmeister.theory.chords import parse_chord
from tonmeister.units.time import TempoMap

F = Fraction

INSTRUMENTS = {
    i.name: i
    for i in (
        Instrument("standard kit", "drums", 0, 127, 0, 127, 32, False),
        Instrument("electric bass", "bass", 28, 67, 28, 55, 1, False),
        Instrument("grand piano", "piano", 21, 108, 36, 84, 64, False),
        Instrument("steel guitar", "guitar", 40, 84, 45, 76, 6, False),
        Instrument("string section", "strings", 28, 96, 40, 84, 64, True),
        Instrument("flute", "winds", 60, 96, 67, 91, 1, True),
        Instrument("baritone guide", "voice", 43, 68, 47, 62, 1, True),
        Instrument("tonewheel organ", "organ", 36, 96, 48, 84, 64, True),
    )
}
PLAYERS = {
    "standard kit": "june",
    "electric bass": "duke",
    "grand piano": "nell",
    "steel guitar": "tomas",
    "string section": "orchard-strings",
    "flute": "lena",
    "baritone guide": "sam",
    "tonewheel organ": "nell",
}


def make_song(
    bars: int = 8,
    tempo: int | str = 120,
    metre: str = "4/4",
    sections: Sequence[tuple[str, str]] = (("verse", "mp"), ("chorus", "f")),
) -> Song:
    """`bars` bars per section, the chord changes with the bar."""
    time, key = TimeSignature.parse(metre), KeySignature.parse("C")
    names = ("Am7", "F", "C", "G7")
    measures = tuple(
        Measure(str(i + 1), time, key, time.bar, (), (ChordEvent(F(0), parse_chord(names[i % 4])),))
        for i in range(bars * len(sections))
    )
    length = bars * time.bar
    made = tuple(
        Section(name, name, i * length, length, i * bars, bars, 0.5, dynamics)
        for i, (name, dynamics) in enumerate(sections)
    )
    return Song("A Song", measures, made, TempoMap.constant(tempo))


def drum_part(song: Song) -> Part:
    """Kick on 1 and 3, snare on 2 and 4, hi-hat eighths, all of one weight."""
    notes = [
        PartNote(start + F(i, 2), F(1, 4), key)
        for start in song.starts[:-1]
        for i in range(8)
        for key in ((36, 42) if i in {0, 4} else (38, 42) if i in {2, 6} else (42,))
    ]
    return Part("drums", PartRole.DRUMS, "standard kit", tuple(notes))


def bass_part(song: Song) -> Part:
    """Walking quarters."""
    notes = [
        PartNote(start + i, F(1), (33, 40, 36, 43)[i])
        for start in song.starts[:-1]
        for i in range(4)
    ]
    return Part("bass", PartRole.BASS, "electric bass", tuple(notes))


def eighths(song: Song, name: str = "guitar", instrument: str = "steel guitar") -> Part:
    """Four-note chords in eighths."""
    notes = [
        PartNote(start + F(i, 2), F(1, 2), key, 0.6, Articulation.NORMAL, 8 * bar + i)
        for bar, start in enumerate(song.starts[:-1])
        for i in range(8)
        for key in (52, 57, 60, 64)
    ]
    return Part(name, PartRole.CHORDS, instrument, tuple(notes))


def whole_notes(song: Song, instrument: str = "string section") -> Part:
    """Sustained triads."""
    notes = [
        PartNote(start, F(4), key + bar % 2, 0.6, Articulation.NORMAL, bar)
        for bar, start in enumerate(song.starts[:-1])
        for key in (55, 60, 64)
    ]
    return Part("strings", PartRole.PAD, instrument, tuple(notes))


def tune_part(song: Song, instrument: str = "baritone guide") -> Part:
    """Two-bar phrases with a rest after each."""
    notes = []
    for bar, start in enumerate(song.starts[:-1]):
        if bar % 2:
            notes.append(PartNote(start, F(2), 60))
            continue
        for onset, length, key in ((0, 1, 57), (1, 1, 57), (2, 1, 59), (3, 1, 62)):
            notes.append(PartNote(start + onset, F(length), key))
    return Part("vocal", PartRole.LEAD, instrument, tuple(notes))


def plans(song: Song, *, swing: float = 0.5) -> PerformanceSheet:
    """The song's own dynamics, one swing."""
    return {s.id: PerformancePlan(dynamics=s.dynamics, swing=swing) for s in song.sections}


@dataclass
class Band:
    """Plays parts; defaults to a ballad at humanize 1."""

    style: PerformingStyle = field(default_factory=lambda: read_style("ballad"))
    seed: int = 1

    def __call__(
        self,
        part: Part,
        song: Song,
        *,
        swing: float = 0.5,
        human: float = 1.0,
        feel: str = "",
        player: str = "",
    ) -> Performance:
        plan = PlayerPlan(
            player=player or PLAYERS[part.instrument],
            instrument=part.instrument,
            feel=feel,
            humanize=human,
        )
        return perform(
            part,
            song,
            plan,
            plans(song, swing=swing),
            self.style,
            INSTRUMENTS[part.instrument],
            seed=self.seed,
        )


@pytest.fixture
def play() -> Callable[..., Performance]:
    """A band that plays a ballad."""
    return Band()


@pytest.fixture
def swing_band() -> Band:
    """A band that swings."""
    return Band(read_style("swing"))


@pytest.fixture(scope="session")
def kit() -> type:
    """The helpers above, for tests (conftest modules cannot be imported by name)."""

    class Kit:
        song = staticmethod(make_song)
        drums = staticmethod(drum_part)
        bass = staticmethod(bass_part)
        eighths = staticmethod(eighths)
        whole_notes = staticmethod(whole_notes)
        tune = staticmethod(tune_part)
        plans = staticmethod(plans)
        instruments = INSTRUMENTS
        players = PLAYERS
        band = Band

    return Kit
