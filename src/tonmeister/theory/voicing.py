"""Voicings: which octave each chord tone sounds in, so that the voices move little.

A voicing is a rising tuple of MIDI keys. Candidates are built from the chord's tones in close,
drop-2 and open position; the one with the least cost wins: little motion from the chord before,
no mud below the low-interval limits, no minor ninths inside, guide tones (third and seventh) kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from tonmeister.model.score import ChordSymbol
from tonmeister.theory.chords import chord_intervals
from tonmeister.units.pitch import MidiKey, PitchClass

Voicing = tuple[MidiKey, ...]

LOW_INTERVAL_LIMITS = {
    1: 52, 2: 51, 3: 48, 4: 46, 5: 46, 6: 47, 7: 34, 8: 43, 9: 41, 10: 41, 11: 41,
}  # fmt: skip
"""Lowest key that may carry an interval of so many semitones without mud (after the table taught
in arranging classes, for example Pease and Pullig, *Modern Jazz Voicings*, 2001)."""

SHAPES = ("close", "drop2", "open", "any")

_CLASH = 40.0
_MINOR_NINTH = 13


@dataclass(frozen=True, slots=True)
class VoicingRules:
    """Where and how a chord is to be voiced.

    Attributes:
        low, high: register, MIDI keys, both included.
        voices: notes wanted, 1..8.
        top_max: the highest key that the top voice should take, or None.
        rootless: leave the root to the bass.
        shape: "close", "drop2", "open" or "any".
        colours: pitch classes that may be added as ninth, eleventh or thirteenth.
        avoid: keys that sound elsewhere (the tune); no voice stands a semitone or a minor ninth
            from them if that can be helped.
    """

    low: MidiKey
    high: MidiKey
    voices: int
    top_max: MidiKey | None = None
    rootless: bool = False
    shape: str = "any"
    colours: frozenset[PitchClass] = frozenset()
    avoid: tuple[MidiKey, ...] = ()


def voice_lead(
    previous: Voicing | None,
    symbol: ChordSymbol,
    *,
    low: MidiKey,
    high: MidiKey,
    voices: int,
    top_max: MidiKey | None = None,
    rootless: bool = False,
) -> Voicing:
    """The voicing of `symbol` that follows best on `previous`; see `lead_into` for all rules."""
    return lead_into(previous, symbol, VoicingRules(low, high, voices, top_max, rootless))


@lru_cache(maxsize=32768)
def lead_into(previous: Voicing | None, symbol: ChordSymbol, rules: VoicingRules) -> Voicing:
    """The voicing of `symbol` that follows best on `previous` under these rules.

    Returns:
        Rising keys within the register. Fewer than asked for where the register is too small; only
        a register that holds no tone of the chord gives ``()``.
    """
    for voices in range(max(1, rules.voices), 0, -1):
        found = _candidates(symbol, _at(rules, voices))
        if found:
            return min(found, key=lambda item: (_cost(item, previous, rules), item[1]))[1]
    return ()


def clashes(key: MidiKey, others: tuple[MidiKey, ...]) -> bool:
    """Whether `key` stands a semitone or a minor ninth from one of `others`."""
    return any(abs(key - other) in {1, _MINOR_NINTH} for other in others)


@lru_cache(maxsize=4096)
def guide_tones(symbol: ChordSymbol) -> tuple[PitchClass, ...]:
    """The tones that tell the chord: third (or what stands for it), then seventh or sixth."""
    notes = dict(chord_intervals(symbol))
    third = next((notes[d] for d in (3, 4, 2) if d in notes), None)
    seventh = next((notes[d] for d in (7, 6) if d in notes), None)
    root = symbol.root.pitch_class
    found = [(root + interval) % 12 for interval in (third, seventh) if interval is not None]
    return tuple(dict.fromkeys(found)) or (root,)


def motion(before: Voicing, after: Voicing) -> int:
    """Semitones moved in all: voice by voice, or each new note from its nearest old one."""
    if len(before) == len(after):
        return sum(abs(a - b) for a, b in zip(before, after, strict=True))
    return sum(min(abs(key - old) for old in before) for key in after) if before else 0


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What the candidates of a chord depend on: the rules without the tune."""

    low: MidiKey
    high: MidiKey
    voices: int
    rootless: bool
    shape: str
    colours: frozenset[PitchClass]
    spare: frozenset[PitchClass]


def _at(rules: VoicingRules, voices: int) -> _Shelf:
    spare = frozenset(
        pc for key in rules.avoid for pc in ((key + 1) % 12, (key - 1) % 12)
    )  # these may be left out
    return _Shelf(rules.low, rules.high, voices, rules.rootless, rules.shape, rules.colours, spare)


def _cost(item: tuple[float, Voicing], previous: Voicing | None, rules: VoicingRules) -> float:
    cost, keys = item
    if rules.top_max is not None and keys[-1] > rules.top_max:
        cost += 6.0 + 2.0 * (keys[-1] - rules.top_max)
    if rules.avoid:
        cost += _CLASH * sum(clashes(key, rules.avoid) for key in keys)
    if not previous:
        return cost
    cost += motion(previous, keys) + 0.5 * abs(keys[-1] - previous[-1])
    if len(previous) == len(keys) > 1:
        steps = [after - before for before, after in zip(previous, keys, strict=True)]
        cost += 3.0 * sum(abs(step) > 7 for step in steps)
        if min(steps) > 1 or max(steps) < -1:  # everybody the same way
            cost += 2.0
    return cost


@lru_cache(maxsize=8192)
def _candidates(symbol: ChordSymbol, shelf: _Shelf) -> tuple[tuple[float, Voicing], ...]:
    """All voicings on this shelf with the cost they have by themselves."""
    found: dict[Voicing, float] = {}
    for extra, tones in _tone_sets(symbol, shelf):
        for keys in _placements(tones, shelf):
            cost = extra + _own_cost(keys, symbol, shelf)
            found[keys] = min(cost, found.get(keys, cost))
    return tuple((cost, keys) for keys, cost in found.items())


def _tone_sets(
    symbol: ChordSymbol, shelf: _Shelf
) -> Iterator[tuple[float, tuple[PitchClass, ...]]]:
    """Sets of pitch classes worth voicing, each with what it costs to choose it."""
    root = symbol.root.pitch_class
    wanted = [(root + interval) % 12 for interval in _by_importance(symbol, shelf)]
    wanted = list(dict.fromkeys(wanted))
    yield 0.0, tuple(wanted[: shelf.voices])
    if len(wanted) > shelf.voices > 2:  # the least needed tone may change with the next one
        yield 1.5, (*wanted[: shelf.voices - 1], wanted[shelf.voices])
    clear = [pc for pc in wanted if pc not in shelf.spare]
    if clear and clear != wanted:
        yield 4.0, tuple(clear[: shelf.voices])


def _by_importance(symbol: ChordSymbol, shelf: _Shelf) -> list[int]:
    """Intervals above the root, most telling first."""
    notes = dict(chord_intervals(symbol))
    root = symbol.root.pitch_class
    order = [notes.pop(d) for d in (3, 4, 2) if d in notes][:1]
    order += [notes.pop(d) for d in (7, 6) if d in notes][:1]
    fifth, prime = notes.pop(5, None), notes.pop(1, None)
    order += [notes[d] for d in sorted(notes, reverse=True)]  # tensions that are asked for
    if fifth is not None and fifth != 7:
        order.append(fifth)
        fifth = None
    tail = [fifth] if fifth is not None else []
    colour = _colour(dict(chord_intervals(symbol)), root, shelf.colours)
    if shelf.rootless:
        tail = colour + tail if len(order) + len(tail) < 4 else tail + colour
        if prime is not None and len(order) + len(tail) < min(3, shelf.voices):
            tail.append(prime)
    else:
        tail = [*([prime] if prime is not None else []), *tail, *colour]
    return order + tail


def _colour(notes: dict[int, int], root: PitchClass, allowed: frozenset[PitchClass]) -> list[int]:
    """A ninth (on sevenths and sixths) and a thirteenth (on dominants) where they are allowed."""
    if not allowed or not ({7, 6} & set(notes)) or {9, 10} & set(notes):
        return []
    found = [14] if (root + 2) % 12 in allowed else []
    dominant = notes.get(3) == 4 and notes.get(7) == 10 and 13 not in notes
    return found + ([21] if dominant and (root + 9) % 12 in allowed else [])


def _placements(tones: tuple[PitchClass, ...], shelf: _Shelf) -> Iterator[Voicing]:
    ring = sorted(tones)
    for turn in range(len(ring)):
        classes = ring[turn:] + ring[:turn]
        start = shelf.low + (classes[0] - shelf.low) % 12
        for first in range(start, shelf.high + 25, 12):
            stack = _stack(first, classes, shelf.voices)
            for keys in _shaped(stack, shelf.shape):
                if keys[0] >= shelf.low and keys[-1] <= shelf.high:
                    yield keys


def _stack(first: MidiKey, classes: list[PitchClass], voices: int) -> Voicing:
    """Close position from `first` up; the ring of tones goes round where voices are left."""
    keys = [first]
    for index in range(1, voices):
        step = (classes[index % len(classes)] - keys[-1]) % 12
        keys.append(keys[-1] + (step or 12))
    return tuple(keys)


def _shaped(stack: Voicing, shape: str) -> Iterator[Voicing]:
    """The stack in the positions that this shape allows; in close position if none is possible."""
    places = {"drop2": ((2,),), "open": ((2,), (2, 4), (3,)), "any": ((2,), (2, 4), (3,))}
    found = [
        _dropped(stack, drops)
        for drops in places.get(shape, ())
        if len(stack) >= (4 if drops != (2,) else 3)
    ]
    found = [keys for keys in found if len(set(keys)) == len(keys)]
    if shape in {"close", "any"} or not found:
        yield stack
    yield from found


def _dropped(stack: Voicing, places: tuple[int, ...]) -> Voicing:
    """The voices at these places from the top, an octave lower."""
    lowered = {len(stack) - place for place in places}
    keys = sorted(key - 12 if i in lowered else key for i, key in enumerate(stack))
    return tuple(keys)


def _own_cost(keys: Voicing, symbol: ChordSymbol, shelf: _Shelf) -> float:
    """What is wrong with a voicing whatever came before it."""
    cost = 0.25 * abs(sum(keys) / len(keys) - (shelf.low + shelf.high) / 2)
    for below, above in pairwise(keys):
        gap = above - below
        limit = LOW_INTERVAL_LIMITS.get(gap, 0)
        cost += 4.0 + 1.5 * (limit - below) if below < limit else 0.0
        cost += 3.0 if gap == 1 else 0.0
        cost += 2.0 * (gap - 12) if gap > 12 and below != keys[0] else 0.0
    if len(keys) > 1 and keys[-1] - keys[-2] == 1:
        cost += 6.0
    cost += sum(
        20.0 for i, low in enumerate(keys) for high in keys[i + 1 :] if (high - low) == _MINOR_NINTH
    )
    classes = [key % 12 for key in keys]
    cost += 3.0 * sum(classes.count(pc) - 1 for pc in guide_tones(symbol) if pc in classes)
    missing = [pc for pc in guide_tones(symbol) if pc not in classes]
    return cost + (5.0 * len(missing) if len(keys) > 1 else 0.0)
