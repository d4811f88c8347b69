"""Bass notes: where a root lies best, how to lead into the next one, how to walk between two."""

from __future__ import annotations

import random
from functools import lru_cache

from tonmeister.model.score import ChordSymbol, KeySignature
from tonmeister.theory.chords import bass_class, pitch_classes
from tonmeister.theory.keys import scale
from tonmeister.units.pitch import MidiKey, PitchClass

Register = tuple[MidiKey, MidiKey]

_STEP_COST = {0: 5.0, 1: 0.2, 2: 0.0, 3: 0.5, 4: 0.7, 5: 1.0, 7: 1.4, 12: 2.2}
_LANDING_COST = {0: 5.0, 1: 0.0, 2: 0.2, 3: 1.4, 4: 1.4, 5: 0.6, 7: 0.7, 12: 2.0}
_BEAM = 10


def nearest(wanted: PitchClass, near: MidiKey, register: Register, pull: float = 0.35) -> MidiKey:
    """The key of a pitch class that lies nearest, drawn (`pull`) toward the register's middle.

    A register without that pitch class (narrower than an octave) is left downwards.
    """
    low, high = register
    middle = low + (high - low) * 0.4
    keys = range(low + (wanted - low) % 12, high + 1, 12)
    return min(
        keys,
        key=lambda key: (abs(key - near) + pull * abs(key - middle), key),
        default=low + (wanted - low) % 12,
    )


@lru_cache(maxsize=4096)
def chord_tone(symbol: ChordSymbol, degree: int) -> PitchClass:
    """The pitch class of a degree as this chord has it, for the bass.

    Over a slash bass it is the chord tone nearest to that interval above the bass; a chord without
    the degree gives its fifth, third or root.
    """
    bass = bass_class(symbol)
    if degree in {1, 8}:
        return bass
    ideal = {3: 4, 5: 7, 6: 9, 7: 10}[degree]
    tones = [pc for pc in pitch_classes(symbol) if pc != bass] or [bass]
    return min(tones, key=lambda pc: (abs((pc - bass) % 12 - ideal), pc))


@lru_cache(maxsize=4096)
def bass_scale(symbol: ChordSymbol, key: KeySignature) -> frozenset[PitchClass]:
    """Notes that pass well under a chord: its tones and the key's, but no second kind of third."""
    tones = set(pitch_classes(symbol))
    foreign = [pc for pc in tones if pc not in scale(key)]
    kept = {pc for pc in scale(key) if not any((pc - tone) % 12 in {1, 11} for tone in foreign)}
    return frozenset(tones | kept)


def approach(
    target: MidiKey, before: MidiKey, passing: frozenset[PitchClass], rng: random.Random
) -> MidiKey:
    """A note that leads into `target`: a step of the scale, a semitone, now and then its fifth."""
    side = 1 if before > target or (before == target and rng.random() < 0.3) else -1
    steps = [target + side * size for size in (1, 2) if (target + side * size) % 12 in passing]
    choices = [*steps, *steps, target + side, target - 5 if before != target - 5 else target + side]
    kept = [key for key in choices if key != before] or [target - side]
    return rng.choice(kept)


@lru_cache(maxsize=16384)
def walk(
    start: MidiKey,
    target: MidiKey,
    count: int,
    notes: tuple[frozenset[PitchClass], frozenset[PitchClass]],
    register: Register,
    flavour: int = 0,
) -> tuple[MidiKey, ...]:
    """`count` notes that lead from `start` (not included) to `target` (not included).

    Args:
        notes: the chord's tones and the tones that may pass.
        flavour: another number gives another good way.
    """
    low, high = register
    paths: list[tuple[float, tuple[MidiKey, ...]]] = [(0.0, (start,))]
    for place in range(count):
        last = place == count - 1
        longer = [
            (
                cost
                + _walk_cost(path, key, notes, strong=place % 2 == 1)
                + _taste(key, place, flavour)
                + (_LANDING_COST.get(abs(target - key), 2.5) if last else 0.0),
                (*path, key),
            )
            for cost, path in paths
            for key in range(max(low, path[-1] - 7), min(high, path[-1] + 7) + 1)
            if key % 12 in notes[1] or (last and abs(target - key) == 1)
        ]
        paths = sorted(longer)[:_BEAM] or [(cost, (*path, path[-1])) for cost, path in paths]
    return paths[0][1][1:]


def _walk_cost(
    path: tuple[MidiKey, ...],
    key: MidiKey,
    notes: tuple[frozenset[PitchClass], frozenset[PitchClass]],
    *,
    strong: bool,
) -> float:
    before = path[-1]
    cost = _STEP_COST.get(abs(key - before), 3.0)
    if key % 12 not in notes[0]:
        cost += 0.9 if strong else 0.3
    if len(path) > 1:
        cost += 1.5 if key == path[-2] else 0.0
        cost += 0.4 if (key - before) * (before - path[-2]) < 0 else 0.0
    return cost


def _taste(key: MidiKey, place: int, flavour: int) -> float:
    """A small preference that differs from flavour to flavour."""
    return ((key * 7 + place * 5 + flavour * 11) * (flavour + 3) % 13) * 0.11
