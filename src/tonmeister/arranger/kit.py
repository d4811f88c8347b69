"""The drums by the names that rows of a pattern use, and whose limb plays them."""

from __future__ import annotations

from tonmeister.units.pitch import MidiKey

DRUMS: dict[str, MidiKey] = {
    "kick": 36, "rim": 37, "snare": 38, "clap": 39, "swirl": 40, "hat": 42, "pedal": 44,
    "open": 46, "floor": 43, "low-tom": 45, "mid-tom": 47, "high-tom": 50, "crash": 49,
    "crash2": 57, "ride": 51, "bell": 53, "splash": 55, "tambourine": 54, "cowbell": 56,
    "bongo-high": 60, "bongo-low": 61, "conga-mute": 62, "conga-high": 63, "conga-low": 64,
    "shaker": 70, "claves": 75, "triangle": 81, "triangle-mute": 80,
}  # fmt: skip
"""General MIDI percussion keys. "swirl" is the brush on the snare; kits without brushes turn it
into a soft snare."""

FEET = frozenset({36, 44})
"""Kick and hi-hat pedal; all else takes a hand."""

HAND_ORDER = (49, 57, 55, 38, 37, 39, 43, 45, 47, 50, 46, 53, 51, 42, 40)
"""Who gets a hand first when more than two are wanted."""

_RANK = {key: place for place, key in enumerate(HAND_ORDER)}


def playable(keys: list[MidiKey]) -> list[MidiKey]:
    """The keys of one moment that two hands and two feet can play, the telling ones first.

    An open hi-hat silences the closed one and the pedal; ride and hat do not share a moment with
    a crash, whose hand they are.
    """
    wanted = set(keys)
    if 46 in wanted:
        wanted -= {42, 44}
    if wanted & {49, 57}:
        wanted -= {42, 46, 51, 53}
    hands = sorted(wanted - FEET, key=lambda key: (_RANK.get(key, 99), key))[:2]
    return sorted([*(wanted & FEET), *hands])
