"""What the report shows of the sound: measured from the finished master."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tonmeister.model.performance import Performance
from tonmeister.production.pipeline import Work
from tonmeister.production.recipes.papers import given
from tonmeister.production.report import Curve, Report, RollNote
from tonmeister.production.report.svg import clock
from tonmeister.theory.chords import format_chord

if TYPE_CHECKING:
    from tonmeister.signal.buffer import AudioBuffer

WAVE_SLICES = 1000


def report_of(
    work: Work,
    facts: Mapping[str, Any],
    performances: Mapping[str, Performance],
    master: AudioBuffer,
    files: Sequence[str],
) -> Report:
    """Gather everything that the report's page shows."""
    from tonmeister import engineer
    from tonmeister.signal import loudness
    from tonmeister.signal.spectrum import octave_bands

    song, sheet, vision = work.load_song(), work.draft.sheet, work.vision
    seconds = song.tempo.seconds_at
    curves = loudness.curves(master)
    return Report(
        title=vision.title,
        artist=vision.artist,
        facts=_facts(work, facts, len(song.measures)),
        sections=song.sections,
        section_starts=(*(seconds(s.start) for s in song.sections), master.seconds),
        bar_starts=tuple(seconds(start) for start in song.starts[:-1]),
        chords=tuple((seconds(c.onset), format_chord(c.symbol)) for c in song.chords),
        parts={name: _roll(played) for name, played in performances.items()},
        wave=envelope(master, WAVE_SLICES),
        momentary=_curve(curves.seconds, curves.momentary_lufs),
        short_term=_curve(curves.seconds, curves.short_term_lufs),
        integrated_lufs=facts["loudness_lufs"],
        target_lufs=given(sheet.master).loudness_lufs,
        bands=_relative(octave_bands(master)),
        target_bands=_relative(engineer.read_style(vision.style).master.spectrum_db),
        mix=sheet.mix or {},
        reasons=work.draft.reasons,
        decisions=work.material.decisions,
        remarks=tuple(facts.get("remarks", ())),
        files=tuple(files),
    )


def _facts(work: Work, facts: Mapping[str, Any], bars: int) -> tuple[tuple[str, str], ...]:
    vision = work.vision
    return (
        ("Style", vision.style),
        ("Key", vision.key),
        ("Tempo", f"{vision.tempo:g} bpm"),
        ("Metre", vision.metre),
        ("Length", clock(facts["length_s"])),
        ("Bars", str(bars)),
        ("Loudness", f"{facts['loudness_lufs']:.1f} LUFS"),
        ("Loudness range", f"{facts['range_lu']:.1f} LU"),
        ("True peak", f"{facts['true_peak_dbtp']:.1f} dBTP"),
        ("Band", ", ".join(vision.band)),
        ("Sound", work.source.name),
        ("Revision", str(max((d.revision for d in work.material.decisions), default=0))),
    )


def _roll(played: Performance) -> tuple[RollNote, ...]:
    return tuple(
        RollNote(note.start, note.length, note.key, note.velocity) for note in played.notes
    )


def _curve(seconds: Any, values: Any) -> Curve:
    points = zip(seconds.tolist(), values.tolist(), strict=True)
    return Curve(tuple((round(at, 3), round(value, 2)) for at, value in points))


def _relative(levels_db: Sequence[float]) -> tuple[tuple[float, float], ...]:
    """Octave bands relative to the one at 1 kHz, with their middles in Hz."""
    from tonmeister.signal.spectrum import OCTAVES_HZ

    reference = levels_db[OCTAVES_HZ.index(1000.0)]
    pairs = zip(OCTAVES_HZ, levels_db, strict=True)
    return tuple((hz, level - reference) for hz, level in pairs)


def envelope(audio: AudioBuffer, slices: int) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Per channel the lowest and highest sample of so many even slices."""
    import numpy as np

    edges = np.linspace(0, audio.frames, slices + 1).astype(int)[:-1]
    low = np.minimum.reduceat(audio.samples, edges, axis=1)
    high = np.maximum.reduceat(audio.samples, edges, axis=1)
    return tuple(
        tuple((round(float(a), 4), round(float(b), 4)) for a, b in zip(lows, highs, strict=True))
        for lows, highs in zip(low, high, strict=True)
    )
