"""From written to sounding pitch in transposing parts."""

from __future__ import annotations

from dataclasses import dataclass

from tonmeister.model.score import KeySignature
from tonmeister.units.pitch import NoteName, Pitch


@dataclass(frozen=True, slots=True)
class Transposition:
    """An interval from written to sounding pitch.

    Attributes:
        semitones: chromatic distance, octaves included.
        fifths: distance on the line of fifths, which decides the spelling.
    """

    semitones: int = 0
    fifths: int = 0

    @classmethod
    def of(cls, chromatic: int, diatonic: int | None, octaves: int) -> Transposition:
        """From MusicXML's ``<transpose>``; a missing diatonic distance is taken as the nearest."""
        steps = round(chromatic * 7 / 12) if diatonic is None else diatonic
        return cls(chromatic + 12 * octaves, 7 * chromatic - 12 * steps)

    def within(self, key_fifths: int) -> Transposition:
        """The same sound, respelled if a key of so many sharps would end beyond seven."""
        sounding = key_fifths + self.fifths
        shift = -12 if sounding > 7 else 12 if sounding < -7 else 0
        return Transposition(self.semitones, self.fifths + shift)

    def key(self, key: KeySignature) -> KeySignature:
        """A key signature, sounding."""
        return KeySignature.from_fifths(key.fifths + self.fifths, key.mode)

    def name(self, name: NoteName) -> NoteName:
        """A root or bass name, sounding; respelled beyond two accidentals."""
        fifths = name.fifths + self.fifths
        while fifths > 15:
            fifths -= 12
        while fifths < -15:
            fifths += 12
        return NoteName.from_fifths(fifths)

    def pitch(self, pitch: Pitch) -> Pitch:
        """A pitch, sounding."""
        if self.semitones == 0 and self.fifths == 0:
            return pitch
        name = self.name(pitch.name)
        midi = pitch.midi + self.semitones
        return Pitch(name, (midi - Pitch(name, -1).midi) // 12 - 1)
