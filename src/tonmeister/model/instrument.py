"""What arranger, manager and musicians need to know of an instrument; sources know the rest."""

from __future__ import annotations

from dataclasses import dataclass

from tonmeister.units.pitch import MidiKey


@dataclass(frozen=True, slots=True)
class Instrument:
    """An entry of the instrument catalogue (``data/instruments.toml``).

    Attributes:
        name: unique, as musicians say it: "upright bass", "grand piano".
        family: drums, percussion, bass, piano, organ, guitar, strings, brass, winds, choir,
            voice, mallets, synth.
        low, high: sounding range (0 and 127 for drums).
        sweet_low, sweet_high: where it sounds best.
        polyphony: notes at once: 1 for winds and voices, 6 for guitars, 128 for pianos.
        sustains: whether a held note keeps its level (bowed, blown, organ) or dies away.
        transposition: semitones from written to sounding pitch (-2 for a B flat clarinet).
    """

    name: str
    family: str
    low: MidiKey
    high: MidiKey
    sweet_low: MidiKey
    sweet_high: MidiKey
    polyphony: int
    sustains: bool
    transposition: int = 0
