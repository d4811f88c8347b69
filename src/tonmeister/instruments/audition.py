"""A standard phrase for any instrument: to hear it, and to measure its loudness."""

from __future__ import annotations

from tonmeister.instruments.catalogue import lookup
from tonmeister.model.instrument import Instrument
from tonmeister.model.performance import Performance, PerformedNote
from tonmeister.units.pitch import MidiKey

_BEAT = 0.5
_LINE = ((0, 0, 1), (1, 4, 1), (2, 7, 1), (3, 5, 1), (4, 4, 1.5), (5.5, 2, 0.5), (6, 0, 2))
"""Beat, semitones above the start, beats: a phrase over a fifth."""

_CHORDS = ((0, (0, 4, 7), 2), (2, (2, 5, 9), 2), (4, (-1, 2, 7), 2), (6, (0, 4, 7), 2))
_GROOVE = {42: (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5), 36: (0, 1.75, 2), 38: (1, 3)}
"""Closed hat, bass drum and snare of a bar of 4/4."""

TAIL_SECONDS = 1.5


def audition(name: str, *, velocity: int = 80) -> Performance:
    """Two bars at 120 bpm that suit the instrument: a line, chords as well, or a groove.

    Raises:
        StyleError: there is no such instrument.
    """
    instrument = lookup(name)
    notes = sorted(_notes(instrument, velocity), key=lambda note: (note.start, note.key))
    end = max(note.start + note.length for note in notes)
    return Performance("audition", name, tuple(notes), length=end + TAIL_SECONDS)


def _notes(instrument: Instrument, velocity: int) -> list[PerformedNote]:
    if instrument.family in {"drums", "percussion"} and instrument.low == 0:
        return [
            PerformedNote(_BEAT * (beat + 4 * bar), _BEAT / 2, key, velocity)
            for bar in range(2)
            for key, beats in _GROOVE.items()
            for beat in beats
        ]
    start = _start(instrument)
    if instrument.polyphony < 4 or instrument.family == "bass":
        return [
            PerformedNote(_BEAT * beat, _BEAT * length * 0.95, start + above, velocity)
            for beat, above, length in _LINE
        ]
    return [
        PerformedNote(_BEAT * beat, _BEAT * length * 0.95, start + above, velocity)
        for beat, chord, length in _CHORDS
        for above in chord
    ]


def _start(instrument: Instrument) -> MidiKey:
    """The phrase spans -1..9 semitones: in the middle of the sweet range, on a C if that fits."""
    middle = (instrument.sweet_low + instrument.sweet_high) // 2 - 4
    on_c = round(middle / 12) * 12
    fits = instrument.low + 1 <= on_c <= instrument.high - 9
    return on_c if fits and abs(on_c - middle) <= 4 else middle
