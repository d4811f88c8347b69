"""Chord and scale together: which notes a chord in a key calls for, and how they are spelled."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from tonmeister.model.score import ChordSymbol, KeySignature
from tonmeister.theory.chords import chord_intervals, is_minor
from tonmeister.theory.keys import spelled_scale, spelling_centre
from tonmeister.units.pitch import STEPS, MidiKey, NoteName, Pitch, PitchClass

_NATURAL = {step: NoteName(step).pitch_class for step in STEPS}


@lru_cache(maxsize=4096)
def chord_names(symbol: ChordSymbol) -> tuple[NoteName, ...]:
    """The chord's notes spelled from its root up (the third of Ab minor is Cb), without slash
    bass."""
    root = symbol.root
    start = STEPS.index(root.step)
    names = []
    for degree, interval in chord_intervals(symbol):
        step = STEPS[(start + degree - 1) % 7]
        alter = (root.pitch_class + interval - _NATURAL[step] + 6) % 12 - 6
        names.append(NoteName(step, alter) if abs(alter) <= 2 else _plain(root, interval))
    return tuple(names)


def _plain(root: NoteName, interval: int) -> NoteName:
    return Pitch.from_midi(60 + root.pitch_class + interval, root.fifths).name


@lru_cache(maxsize=4096)
def chord_scale(symbol: ChordSymbol | None, key: KeySignature) -> Mapping[PitchClass, NoteName]:
    """The scale over a chord in a key: the key's, with the chord's own notes in the place of those
    that share their letter (over E7 in C major, G sharp stands for G)."""
    names = {name.step: name for name in spelled_scale(key)}
    if symbol is not None:
        names |= {name.step: name for name in chord_names(symbol)}
    return {name.pitch_class: name for name in names.values()}


@lru_cache(maxsize=4096)
def tensions(symbol: ChordSymbol, key: KeySignature) -> frozenset[PitchClass]:
    """Scale notes that colour the chord without hurting it: no semitone above a chord tone.

    The "avoid notes" of jazz harmony (the fourth over a major third, a flat ninth over anything)
    are left out; a minor chord takes its eleventh.
    """
    tones = {name.pitch_class for name in chord_names(symbol)}
    return frozenset(
        pitch
        for pitch in chord_scale(symbol, key)
        if pitch not in tones and (pitch - 1) % 12 not in tones
    )


def spell(midi: MidiKey, symbol: ChordSymbol | None, key: KeySignature) -> Pitch:
    """A MIDI key spelled as the chord's or the key's own note, else as near to the key as
    possible."""
    name = chord_scale(symbol, key).get(midi % 12)
    if name is None:
        return Pitch.from_midi(midi, spelling_centre(key))
    octave = (midi - name.alter - _NATURAL[name.step]) // 12 - 1
    return Pitch(name, octave)


def is_tonic(symbol: ChordSymbol | None, key: KeySignature) -> bool:
    """Whether the chord rests on the key's tonic and has its third (major in major keys)."""
    if symbol is None or symbol.root.pitch_class != key.tonic.pitch_class:
        return False
    return is_minor(symbol) == (3 in _steps(key)) and symbol.kind not in {"dominant", "diminished"}


@lru_cache(maxsize=256)
def _steps(key: KeySignature) -> frozenset[int]:
    return frozenset((name.pitch_class - key.tonic.pitch_class) % 12 for name in spelled_scale(key))
