"""One player in one section: what every generator starts from, and what is left to do after it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from tonmeister.arranger.bars import Bar, SectionBars
from tonmeister.arranger.grid import Hit, distance, lay_tail, tail_length
from tonmeister.arranger.style import ArrangingStyle, BarPattern, Fill, Pattern
from tonmeister.model.chance import chance
from tonmeister.model.instrument import Instrument
from tonmeister.model.score import Articulation, PartNote, TimeSignature
from tonmeister.model.sheets import TexturePlan
from tonmeister.theory.metre import weight
from tonmeister.units.pitch import MidiKey
from tonmeister.units.time import Beats

ACCENT = 0.85
PLAIN = 0.6
SOFT = 0.42
GHOST = 0.22
_ANSWER = 2
"""Quarters of rest that leave room for an answer."""


@dataclass(frozen=True)
class Player:
    """A part in a section: its plan, its instrument, the music in front of it.

    Attributes:
        pattern: what it plays, None: it waits for the fill and the last chord.
        fill: what it plays at the section's end, or None.
        path: names its choices, together with the bar.
    """

    name: str
    instrument: Instrument
    style: ArrangingStyle
    music: SectionBars
    plan: TexturePlan
    pattern: Pattern | None
    fill: Fill | None
    seed: int
    _bars: dict[tuple[TimeSignature, str], list[BarPattern]] = field(default_factory=dict)

    @property
    def intensity(self) -> int:
        """1 sparse .. 4 full."""
        return self.plan.intensity

    def chance(self, bar: Bar, *more: str) -> random.Random:
        """The generator for the choices of this part in this bar of this section."""
        section = self.music.section.id
        return chance(self.seed, "arrangement", section, self.name, bar.place, *more)

    @cached_property
    def register(self) -> tuple[MidiKey, MidiKey]:
        """Where the pattern sounds on this instrument: at least an octave if it has one."""
        low, high = self.pattern.compass if self.pattern else (0, 127)
        own = self.instrument
        low, high = max(low, own.low), min(high, own.high)
        if high - low < 12:
            low, high = max(own.low, own.sweet_low), min(own.high, own.sweet_high)
        if high - low < 12:
            low, high = own.low, own.high
        return low, high

    @cached_property
    def fill_start(self) -> Beats | None:
        """Where the fill starts, None: no fill."""
        if self.fill is None or self.music.groove_end <= self.music.section.start:
            return None
        bar = self._fill_bar
        start = self.music.groove_end - tail_length(self.fill.length, bar.time)
        return max(start, self.music.section.start)

    @cached_property
    def _fill_bar(self) -> Bar:
        before = [bar for bar in self.music.bars if bar.start < self.music.groove_end]
        return before[-1]

    def groove_bars(self) -> Iterator[Bar]:
        """The bars that are played in patterns."""
        return (bar for bar in self.music.bars if bar.start < self.music.groove_end)

    def bar_pattern(self, bar: Bar, rng: random.Random) -> BarPattern:
        """What this pattern has for this bar: the nearest metre and intensity, in turns."""
        assert self.pattern is not None
        use = "turn" if bar.place % 4 == 3 else "even" if bar.place % 2 else "usual"
        kept = self._bars.get((bar.time, use))
        if kept is None:
            kept = _suited(self.pattern.bars, bar.time, self.intensity, use)
            self._bars[(bar.time, use)] = kept
        return kept[0] if len(kept) == 1 else rng.choice(kept)

    def hits(self, bar: Bar, chosen: BarPattern, row: str) -> list[Hit]:
        """A row's hits in this bar, up to the fill and the last chord."""
        text = chosen.grid.get(row)
        if text is None:
            return []
        stop = self.music.groove_end if self.fill_start is None else self.fill_start
        found = bar.lay(text, chosen.metre)
        return [
            hit if hit.end <= stop else Hit(hit.onset, stop, hit.sign)
            for hit in found
            if hit.onset < stop
        ]

    def may_answer(self, bar: Bar, onset: Beats) -> bool:
        """Whether a pattern that keeps to the gaps of the tune may play here; others always may."""
        pattern = self.pattern
        if pattern is None or pattern.where == "always":
            return True
        odd = bar.place // 4 % 2 == 0
        turn = pattern.phrases == "all" or (pattern.phrases == "odd") == odd
        return turn and bar.in_gap(onset, _ANSWER)

    def fill_hits(self, row: str) -> list[Hit]:
        """The fill's hits of one row, on the song's timeline."""
        if self.fill is None or self.fill_start is None or row not in self.fill.grid:
            return []
        bar, end = self._fill_bar, self.music.groove_end
        shift = end - bar.time.bar
        laid = lay_tail(self.fill.grid[row], bar.time, bar.finest)
        return [
            Hit(hit.onset + shift, hit.end + shift, hit.sign)
            for hit in laid
            if hit.onset + shift >= self.fill_start
        ]

    def bar_at(self, position: Beats) -> Bar:
        """The bar of the section that holds `position`."""
        for bar in reversed(self.music.bars):
            if position >= bar.start:
                return bar
        return self.music.bars[0]


def metric_weight(bar: Bar, position: Beats) -> float:
    """Weight of a place in the bar, 0.1 .. 1 (`theory.metre.weight`), pickups included."""
    return weight(bar.time, (position - bar.start + bar.skip) % bar.time.bar)


def shaped(base: float, bar: Bar, position: Beats) -> float:
    """A note's weight: a little more on strong places, a little less between the counts."""
    return round(min(1.0, max(0.05, base + 0.1 * (metric_weight(bar, position) - 0.5))), 3)


def _suited(
    bars: tuple[BarPattern, ...], time: TimeSignature, intensity: int, use: str
) -> list[BarPattern]:
    nearest = min(distance(bar.metre, time) for bar in bars)
    near = [bar for bar in bars if distance(bar.metre, time) == nearest]
    step = min(abs(level - intensity) for bar in near for level in bar.intensity)
    fit = [bar for bar in near if min(abs(level - intensity) for level in bar.intensity) == step]
    for wanted in dict.fromkeys((use, "even" if use == "turn" else use, "usual")):
        kept = [bar for bar in fit if bar.use == wanted]
        if kept:
            return kept
    return fit


def tidy(notes: Iterable[PartNote], instrument: Instrument, end: Beats) -> tuple[PartNote, ...]:
    """Notes that this instrument can play: in range, no key struck while it sounds, not too many
    at once, none beyond `end`; sorted by onset, then key."""
    inside = [n for n in notes if instrument.low <= n.key <= instrument.high and n.onset < end]
    inside.sort(key=lambda note: (note.onset, note.key, -note.duration))
    kept: list[PartNote] = []
    sounding: dict[MidiKey, int] = {}
    for note in inside:
        at = sounding.get(note.key)
        if at is not None and note_end(kept[at]) > note.onset:
            if kept[at].onset == note.onset:
                continue
            kept[at] = replace(kept[at], duration=note.onset - kept[at].onset)
        sounding[note.key] = len(kept)
        kept.append(note)
    short = (n if note_end(n) <= end else replace(n, duration=end - n.onset) for n in kept)
    return _within(list(short), instrument.polyphony)


def _within(notes: list[PartNote], polyphony: int) -> tuple[PartNote, ...]:
    """At most so many at once: later notes end earlier ones; of one moment the outer ones stay."""
    if polyphony >= 32:
        return tuple(notes)
    moments: dict[Beats, list[PartNote]] = defaultdict(list)
    for note in notes:
        moments[note.onset].append(note)
    kept: list[PartNote] = []
    open_notes: list[int] = []
    for onset, together in moments.items():
        while len(together) > polyphony:
            together.pop(len(together) // 2 if polyphony > 1 else 0)
        open_notes = [i for i in open_notes if note_end(kept[i]) > onset]
        while open_notes and len(open_notes) + len(together) > polyphony:
            first = open_notes.pop(0)
            kept[first] = replace(kept[first], duration=onset - kept[first].onset)
        open_notes += range(len(kept), len(kept) + len(together))
        kept += together
    return tuple(kept)


def note_end(note: PartNote) -> Beats:
    """Where a note stops sounding."""
    return note.onset + note.duration


def articulation(name: str) -> Articulation:
    """The articulation of a pattern; an unknown word plays normally."""
    return Articulation(name) if name in set(Articulation) else Articulation.NORMAL
