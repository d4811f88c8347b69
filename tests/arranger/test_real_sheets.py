"""Real lead sheets: nothing crashes, the tune is untouched, the bass finds the root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tonmeister.arranger.bars import final_chord
from tonmeister.formats.musicxml import read
from tonmeister.model.score import Section, Song
from tonmeister.theory.chords import bass_class
from tonmeister.theory.form import sections_of, unfold
from tonmeister.units.time import TempoMap

SHEETS = sorted(
    (Path(__file__).resolve().parents[2].parent / "shared" / "data" / "openewld").glob("*.mxl")
)
SAMPLE = SHEETS[::13]
BAND = ("vocal", "bass", "drums", "piano", "guitar", "strings", "flute", "brass")


def as_song(path: Path) -> Song:
    sheet = read(path)
    measures = unfold(sheet)
    starts = [Fraction(0)]
    for measure in measures:
        starts.append(starts[-1] + measure.length)
    sections = [
        Section(
            f"part{i}", "verse", starts[first], starts[first + bars] - starts[first], first, bars
        )
        for i, (first, bars, _) in enumerate(sections_of(measures))
    ]
    rising = tuple(
        replace(section, energy=0.4 + 0.5 * i / len(sections)) for i, section in enumerate(sections)
    )
    return Song(sheet.title, measures, rising, TempoMap.constant(sheet.tempo or 120))


@pytest.mark.skipif(not SHEETS, reason="the OpenEWLD lead sheets are not beside this checkout")
@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.stem[:30])
def test_a_real_sheet(path: Path, arranged: Callable[..., Any]) -> None:
    song = as_song(path)
    style = ("ballad", "swing", "waltz")[SHEETS.index(path) % 3]
    found = arranged(style, song, BAND)
    lead = found.parts["vocal"].notes
    written = [(n.onset, n.duration, n.pitch.midi) for n in song.tune if n.duration > 0]
    assert len(lead) == len(song.tune)
    assert set(written) <= {(n.onset, n.duration, n.key) for n in lead}
    struck = {note.onset: note.key % 12 for note in found.parts["bass"].notes}
    last = final_chord(song)
    playing = [s for s in song.sections if found.proposal.sheet[s.id]["bass"].on]
    before = (None, *(event.symbol for event in song.chords))
    for event, earlier in zip(song.chords, before, strict=False):
        heard = any(s.start <= event.onset < s.end for s in playing)
        if event.symbol not in {None, earlier} and heard and event.onset <= last:
            assert struck.get(event.onset) == bass_class(event.symbol)
    for name, part in found.parts.items():
        if name != "vocal":
            own = found.band[name]
            assert all(own.low <= note.key <= own.high for note in part.notes)
            assert all(note.onset + note.duration <= song.end for note in part.notes)
