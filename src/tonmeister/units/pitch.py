"""Pitch: spelled notes and MIDI keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

MidiKey: TypeAlias = int
"""0..127, 60 is middle C (C4)."""

PitchClass: TypeAlias = int
"""0..11, 0 is C."""

STEPS = "CDEFGAB"
_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_FIFTHS_ORDER = "FCGDAEB"
_SIGNS = {-3: "bbb", -2: "bb", -1: "b", 0: "", 1: "#", 2: "##", 3: "###"}


@dataclass(frozen=True, slots=True, order=False)
class NoteName:
    """A letter and its accidental: `step` one of CDEFGAB, `alter` -3..3 semitones."""

    step: str
    alter: int = 0

    def __post_init__(self) -> None:
        if self.step not in _SEMITONES or abs(self.alter) > 3:
            raise ValueError(f"not a note name: {self.step!r} {self.alter:+d}")

    @property
    def pitch_class(self) -> PitchClass:
        """0..11."""
        return (_SEMITONES[self.step] + self.alter) % 12

    @property
    def fifths(self) -> int:
        """Place on the line of fifths, C = 0, G = 1, F = -1."""
        return _FIFTHS_ORDER.index(self.step) - 1 + 7 * self.alter

    @classmethod
    def from_fifths(cls, fifths: int) -> NoteName:
        """The name at a place on the line of fifths."""
        return cls(_FIFTHS_ORDER[(fifths + 1) % 7], (fifths + 1) // 7)

    @classmethod
    def parse(cls, text: str) -> NoteName:
        """From ``C``, ``F#``, ``Bb`` (also ``♯``, ``♭``); ValueError otherwise."""
        match = re.fullmatch(r"([A-Ga-g])(#{0,3}|b{0,3})", text.replace("♯", "#").replace("♭", "b"))
        if not match:
            raise ValueError(f"not a note name: {text!r}")
        signs = match[2]
        return cls(match[1].upper(), len(signs) * (-1 if signs.startswith("b") else 1))

    def __str__(self) -> str:
        return self.step + _SIGNS[self.alter]


@dataclass(frozen=True, slots=True)
class Pitch:
    """A spelled pitch: name and octave, C4 is middle C (MIDI key 60)."""

    name: NoteName
    octave: int

    @property
    def midi(self) -> MidiKey:
        """MIDI key number; Cb4 is 59, B#3 is 60."""
        return _SEMITONES[self.name.step] + self.name.alter + 12 * (self.octave + 1)

    @classmethod
    def parse(cls, text: str) -> Pitch:
        """From ``C4``, ``F#3``, ``Bb5``; ValueError otherwise."""
        match = re.fullmatch(r"([A-Ga-g][#b♯♭]{0,3})(-?\d+)", text)
        if not match:
            raise ValueError(f"not a pitch: {text!r}")
        return cls(NoteName.parse(match[1]), int(match[2]))

    @classmethod
    def from_midi(cls, key: MidiKey, tonic_fifths: int = 0) -> Pitch:
        """Spelled as near as possible to a key whose tonic stands at `tonic_fifths` (major).

        Names run from 5 fifths below to 6 above the tonic (flat 2nd .. sharp 4th).
        """
        low = tonic_fifths - 5
        fifths = low + ((7 * key) % 12 - low) % 12
        name = NoteName.from_fifths(fifths)
        octave = (key - name.alter - _SEMITONES[name.step]) // 12 - 1
        return cls(name, octave)

    def __str__(self) -> str:
        return f"{self.name}{self.octave}"
