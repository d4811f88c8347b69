"""The bass: the root (or the slash bass) at every chord change, and a line between."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from tonmeister.arranger.bars import Bar
from tonmeister.arranger.grid import Hit
from tonmeister.arranger.player import GHOST, PLAIN, Player, articulation, shaped
from tonmeister.arranger.tones import Tone
from tonmeister.arranger.walking import (
    Register,
    approach,
    bass_scale,
    chord_tone,
    nearest,
    walk,
)
from tonmeister.model.score import Articulation, PartNote
from tonmeister.theory.chords import bass_class, pitch_classes
from tonmeister.units.pitch import MidiKey
from tonmeister.units.time import Beats

_ROOTS = "18o"
_AGAIN = 0.35
"""How often a ``?`` is played."""


def play_bass(player: Player) -> list[PartNote]:
    """The section's bass notes, one at a time."""
    events = _events(player)
    notes = _Line(player, player.register).write(events)
    if player.music.final:
        notes += _last_note(player, notes)
    return notes


def _events(player: Player) -> list[Tone]:
    found: list[Tone] = []
    if player.pattern is not None:
        for bar in player.groove_bars():
            rng = player.chance(bar)
            chosen = player.bar_pattern(bar, rng)
            hits = player.hits(bar, chosen, "bass")
            kept = [h for h in hits if h.sign != "?" or rng.random() < _AGAIN]
            stop = player.music.groove_end
            stop = stop if player.fill_start is None else player.fill_start
            found += _bar_events(bar, kept, stop)
    fills = player.fill_hits("bass")
    if fills:
        filled = (_fill_events(player, bar, fills) for bar in player.groove_bars())
        found += [event for events in filled for event in events]
    return sorted(found, key=lambda event: event.onset)


def _fill_events(player: Player, bar: Bar, fills: list[Hit]) -> list[Tone]:
    inside = [hit for hit in fills if bar.start <= hit.onset < bar.end]
    start = player.fill_start if player.fill_start is not None else bar.end
    events = _bar_events(bar, inside, player.music.groove_end)
    return [replace(event, mark="fill") for event in events if event.onset >= start]


def _bar_events(bar: Bar, hits: list[Hit], stop: Beats) -> list[Tone]:
    """The bar's notes: the pattern's, and a root wherever the chord changes."""
    found: list[Tone] = []
    for number, span in enumerate(bar.spans):
        if span.symbol is None or span.onset >= stop:
            continue
        end = min(span.end, stop)
        inside = [hit for hit in hits if span.onset <= hit.onset < end]
        forced = span.struck or (number == 0 and bar.place == 0)
        if forced and (not inside or inside[0].onset > span.onset):
            until = inside[0].onset if inside else end
            inside.insert(0, Hit(span.onset, until, "1"))
        for hit in inside:
            sign = hit.sign
            if forced and hit.onset == span.onset and sign not in "1o":
                sign = "1"
            until = min(hit.end, end)
            found.append(Tone(hit.onset, until, sign, bar, span, span.symbol))
    return found


class _Line:
    """Turns events into keys, one after the other, each knowing where it comes from and goes."""

    def __init__(self, player: Player, register: Register) -> None:
        self._player = player
        self._register = register
        low, high = register
        self._last: MidiKey = low + (high - low) // 3
        self._root: MidiKey = self._last

    def write(self, events: list[Tone]) -> list[PartNote]:
        """The notes."""
        notes: list[PartNote] = []
        index = 0
        while index < len(events):
            run = self._run(events, index)
            keys = self._keys(events, index, run)
            for event, key in zip(events[index : index + run], keys, strict=True):
                notes.append(self._note(event, key))
                self._last = key
            index += run
        return notes

    def _run(self, events: list[Tone], index: int) -> int:
        """How many events are decided together: walking notes up to the next landing."""
        if events[index].sign != "w" or self._lands(events[index]):
            return 1
        run = 1
        while index + run < len(events) and events[index + run].sign == "w":
            if self._lands(events[index + run]):
                break
            run += 1
        return run

    @staticmethod
    def _lands(event: Tone) -> bool:
        return event.onset == event.bar.start

    def _keys(self, events: list[Tone], index: int, run: int) -> tuple[MidiKey, ...]:
        event = events[index]
        if event.sign == "w" and not self._lands(event):
            target = self._target(events, index + run)
            notes = (
                frozenset(pitch_classes(event.symbol)),
                bass_scale(event.symbol, event.bar.key),
            )
            flavour = self._player.chance(event.bar, "walk").randrange(6)
            return walk(self._last, target, run, notes, self._register, flavour)
        return (self._single(events, index),)

    def _single(self, events: list[Tone], index: int) -> MidiKey:
        event = events[index]
        if event.sign in "g?":
            return self._last
        if event.sign == "a":
            rng = self._player.chance(event.bar, "approach", str(event.onset - event.bar.start))
            passing = bass_scale(event.symbol, event.bar.key)
            key = approach(self._target(events, index + 1), self._last, passing, rng)
            return self._inside(key)
        if event.sign == "w":
            return self._landing(event)
        if event.sign in "8o":
            return self._root + 12 if self._root + 12 <= self._register[1] else self._root
        degree = int(event.sign)
        key = nearest(chord_tone(event.symbol, degree), self._last, self._register)
        if degree == 1:
            self._root = key
        return key

    def _landing(self, event: Tone) -> MidiKey:
        """The first note of a bar whose chord goes on from the bar before."""
        rng = self._player.chance(event.bar, "landing")
        degree = rng.choice((1, 5, 3, 8))
        return nearest(chord_tone(event.symbol, degree), self._last, self._register, pull=0.5)

    def _target(self, events: list[Tone], index: int) -> MidiKey:
        """The key that the line is heading for."""
        if index < len(events):
            following = events[index]
            wanted = bass_class(following.symbol)
        else:
            span = events[-1].span
            wanted = bass_class(span.following or events[-1].symbol)
        return nearest(wanted, self._last, self._register)

    def _inside(self, key: MidiKey) -> MidiKey:
        low, high = self._register
        return key + 12 if key < low else key - 12 if key > high else key

    def _note(self, event: Tone, key: MidiKey) -> PartNote:
        pattern = self._player.pattern
        kind = articulation(pattern.articulation) if pattern else Articulation.NORMAL
        base = PLAIN
        if event.sign in "g?":
            kind, base = Articulation.GHOST, GHOST if event.sign == "g" else PLAIN - 0.15
        weight = shaped(base, event.bar, event.onset)
        length = event.end - event.onset
        return PartNote(event.onset, length, key, weight, kind, mark=event.mark)


def _last_note(player: Player, notes: list[PartNote]) -> list[PartNote]:
    """The root of the last chord, held to the end."""
    at, end = player.music.groove_end, player.music.bars[-1].end
    bar = player.bar_at(at)
    symbol = bar.span_at(at).symbol
    if symbol is None or end - at <= Fraction(0):
        return []
    register = player.register if player.pattern else _low_register(player)
    near = min(notes[-1].key, register[0] + 9) if notes else register[0] + 5
    key = nearest(bass_class(symbol), near, register)
    return [PartNote(at, end - at, key, shaped(PLAIN, bar, at), Articulation.TENUTO)]


def _low_register(player: Player) -> Register:
    own = player.instrument
    low = max(own.low, own.sweet_low)
    return low, max(min(own.high, low + 20), low + 12)
