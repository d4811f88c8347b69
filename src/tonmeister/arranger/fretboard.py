"""Guitar chords that a hand can hold: six strings in standard tuning, four frets, four fingers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

from tonmeister.model.score import ChordSymbol
from tonmeister.theory.chords import bass_class, pitch_classes
from tonmeister.theory.voicing import clashes, guide_tones
from tonmeister.units.pitch import MidiKey, PitchClass

TUNING: tuple[MidiKey, ...] = (40, 45, 50, 55, 59, 64)
"""E2 A2 D3 G3 B3 E4."""

SPAN = 4
"""Frets that one hand covers."""

_STRINGS = {
    "full": ((0, 1, 2, 3, 4, 5), (1, 2, 3, 4, 5), (2, 3, 4, 5)),
    "shell": ((0, 2, 3), (1, 2, 3)),
    "top": ((2, 3, 4, 5), (1, 2, 3, 4)),
}


@dataclass(frozen=True, slots=True)
class Grip:
    """A chord on the fretboard: the fret of each string, None: not played."""

    frets: tuple[int | None, ...]

    @property
    def keys(self) -> tuple[MidiKey, ...]:
        """Sounding keys from the lowest string up."""
        return tuple(
            open_key + fret
            for open_key, fret in zip(TUNING, self.frets, strict=True)
            if fret is not None
        )

    @property
    def position(self) -> int:
        """The lowest fret that a finger holds, 0 where all strings are open."""
        return min((fret for fret in self.frets if fret), default=0)


@lru_cache(maxsize=16384)
def grip(
    previous: Grip | None,
    symbol: ChordSymbol,
    shape: str,
    *,
    avoid: tuple[MidiKey, ...] = (),
) -> Grip | None:
    """The grip that follows best: near the last one, guide tones in, clear of the tune.

    Args:
        shape: "full" (root below, strummed), "shell" (three low strings, for playing time) or
            "top" (four upper strings, no need of the root).

    Returns:
        None if no hand can hold the chord (it does not happen with the known chord kinds).
    """
    found = _grips(symbol, shape if shape in _STRINGS else "full")
    if not found:
        return None

    def cost(item: tuple[float, Grip]) -> tuple[float, tuple[int, ...]]:
        own, candidate = item
        way = abs(candidate.position - previous.position) if previous else candidate.position
        clash = sum(clashes(key, avoid) for key in candidate.keys)
        return own + 0.6 * way + 8.0 * clash, tuple(-1 if f is None else f for f in candidate.frets)

    return min(found, key=cost)[1]


@lru_cache(maxsize=2048)
def _grips(symbol: ChordSymbol, shape: str) -> tuple[tuple[float, Grip], ...]:
    tones = frozenset((*pitch_classes(symbol), bass_class(symbol)))
    found: dict[Grip, float] = {}
    for strings in _STRINGS[shape]:
        for position in range(11):
            for candidate in _at_position(strings, position, tones):
                if candidate not in found:
                    cost = _cost(candidate, symbol, shape)
                    if cost is not None:
                        found[candidate] = cost
    best = sorted(found.items(), key=lambda item: item[1])[:60]
    return tuple((cost, candidate) for candidate, cost in best)


def _at_position(
    strings: tuple[int, ...], position: int, tones: frozenset[PitchClass]
) -> Iterator[Grip]:
    """Grips on these strings within four frets; in first position open strings ring."""
    frets = range(position, position + SPAN) if position else range(SPAN)
    choices = [[f for f in frets if (TUNING[s] + f) % 12 in tones] for s in strings]
    if all(choices):
        for chosen in product(*choices):
            held: list[int | None] = [None] * len(TUNING)
            for string, fret in zip(strings, chosen, strict=True):
                held[string] = fret
            yield Grip(tuple(held))


def _cost(candidate: Grip, symbol: ChordSymbol, shape: str) -> float | None:
    """How good a grip is by itself, or None if four fingers cannot hold it."""
    held = [fret for fret in candidate.frets if fret]
    lowest = min(held, default=0)
    open_strings = any(fret == 0 for fret in candidate.frets)
    above = sum(fret > lowest for fret in held)
    fingers = above + (1 if held and not open_strings else len(held) - above)
    if fingers > 4:
        return None
    keys = candidate.keys
    classes = {key % 12 for key in keys}
    cost = 4.0 * sum(pc not in classes for pc in guide_tones(symbol))
    wanted = set(pitch_classes(symbol)) - {
        symbol.root.pitch_class,
        (symbol.root.pitch_class + 7) % 12,
    }
    cost += 1.5 * len(wanted - classes)
    if shape != "top" and keys[0] % 12 != bass_class(symbol):
        cost += 6.0
    cost += 3.0 * sum(b - a == 1 for a, b in pairwise(keys))
    cost += 9.0 * sum(y - x == 13 for i, x in enumerate(keys) for y in keys[i + 1 :])
    cost += 0.15 * fingers + (0.5 if len(set(keys)) < len(keys) else 0.0)
    return cost - 0.25 * len(keys)
