"""Keys and scales."""

from __future__ import annotations

from tonmeister.model.score import KeySignature, Mode
from tonmeister.units.pitch import NoteName, PitchClass

MODE_STEPS: dict[Mode, tuple[int, ...]] = {
    Mode.MAJOR: (0, 2, 4, 5, 7, 9, 11),
    Mode.MINOR: (0, 2, 3, 5, 7, 8, 10),
    Mode.DORIAN: (0, 2, 3, 5, 7, 9, 10),
    Mode.PHRYGIAN: (0, 1, 3, 5, 7, 8, 10),
    Mode.LYDIAN: (0, 2, 4, 6, 7, 9, 11),
    Mode.MIXOLYDIAN: (0, 2, 4, 5, 7, 9, 10),
    Mode.LOCRIAN: (0, 1, 3, 5, 6, 8, 10),
}
"""Semitones above the tonic; minor is the natural minor."""


def scale(key: KeySignature) -> tuple[PitchClass, ...]:
    """The seven pitch classes of a key, from its tonic."""
    return tuple((key.tonic.pitch_class + step) % 12 for step in MODE_STEPS[key.mode])


def spelled_scale(key: KeySignature) -> tuple[NoteName, ...]:
    """The seven note names of a key, from its tonic, one per letter."""
    low = key.fifths - 1
    names = {name.step: name for name in (NoteName.from_fifths(low + i) for i in range(7))}
    start = "CDEFGAB".index(key.tonic.step)
    return tuple(names["CDEFGAB"[(start + i) % 7]] for i in range(7))


def spelling_centre(key: KeySignature) -> int:
    """The `tonic_fifths` with which `Pitch.from_midi` spells best in this key.

    That is the tonic itself: a minor key then has its raised sixth and seventh (C# in D minor, not
    Db). Only locrian needs a place to the left, for its flat fifth.
    """
    return min(key.tonic.fifths, key.fifths + 4)


def relative_major(key: KeySignature) -> KeySignature:
    """The major key with the same signature."""
    return KeySignature.from_fifths(key.fifths)
