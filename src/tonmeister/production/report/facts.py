"""What a report shows, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tonmeister.model.reason import Decision, Reason
from tonmeister.model.score import Section
from tonmeister.model.sheets import StripPlan


@dataclass(frozen=True, slots=True)
class RollNote:
    """A note of the piano roll: seconds, MIDI key, velocity 1..127."""

    start: float
    length: float
    key: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Curve:
    """Values along time, as pairs (seconds, value)."""

    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Report:
    """Everything on the page.

    Attributes:
        facts: pairs (name, value) for the head of the page.
        sections, section_starts: the form; the starts in seconds, one more than sections: the end.
        bar_starts: seconds of every bar line.
        chords: pairs (seconds, chord symbol's text).
        parts: notes by part, drums included.
        wave: per channel the (lowest, highest) sample in each of N even slices.
        momentary, short_term: loudness in LUFS.
        bands: octave-band levels in dB relative to 1 kHz, as pairs (Hz, dB); likewise the target.
        mix: strips by part.
        reasons: by path of the production sheet.
        remarks: what listening back found.
    """

    title: str
    artist: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    section_starts: tuple[float, ...]
    bar_starts: tuple[float, ...]
    chords: tuple[tuple[float, str], ...]
    parts: Mapping[str, tuple[RollNote, ...]]
    wave: tuple[tuple[tuple[float, float], ...], ...]
    momentary: Curve
    short_term: Curve
    integrated_lufs: float
    target_lufs: float
    bands: tuple[tuple[float, float], ...]
    target_bands: tuple[tuple[float, float], ...]
    mix: Mapping[str, StripPlan]
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    remarks: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
