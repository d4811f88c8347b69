"""A section laid out for the tune: its bars and chords on the section's own timeline."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from tonmeister.composer.frame import BarFrame
from tonmeister.errors import DecisionError
from tonmeister.model.score import ChordEvent, ChordSymbol, KeySignature
from tonmeister.theory.chordscale import chord_names, chord_scale, tensions
from tonmeister.theory.metre import weight
from tonmeister.theory.notation import NotationError, parse_chords
from tonmeister.units.pitch import PitchClass
from tonmeister.units.time import Beats

TONE, TENSION, PASSING, OUTSIDE = 0, 1, 2, 3
"""How a pitch stands to a chord: in it, colouring it, in its scale only, outside."""


@dataclass(frozen=True, slots=True)
class Span:
    """One chord (None: no chord) from `start` to `end`, in its bar's key."""

    start: Beats
    end: Beats
    symbol: ChordSymbol | None
    key: KeySignature


@dataclass(frozen=True, slots=True)
class Stage:
    """Bars, where they start (and the end), and the chords over them."""

    bars: tuple[BarFrame, ...]
    starts: tuple[Beats, ...]
    spans: tuple[Span, ...]

    @property
    def length(self) -> Beats:
        """Length in quarters."""
        return self.starts[-1]

    def bar_at(self, position: Beats) -> int:
        """Index of the bar that sounds at a position (clamped)."""
        return max(0, min(len(self.bars), bisect_right(self.starts, position)) - 1)

    def weight_at(self, position: Beats) -> float:
        """Metric weight of a position, 0 .. 1."""
        bar = min(self.bar_at(position), len(self.bars) - 1)
        return weight(self.bars[bar].time, position - self.starts[bar])

    def spans_under(self, start: Beats, end: Beats) -> tuple[Span, ...]:
        """The chords that sound between two positions."""
        first = max(0, bisect_right(self.spans, start, key=lambda span: span.start) - 1)
        found = []
        for span in self.spans[first:]:
            if span.start >= end:
                break
            found.append(span)
        return tuple(found)


def read_bar_chords(text: str, bar: BarFrame, where: str) -> tuple[ChordEvent, ...]:
    """The chords of a decided bar; DecisionError naming the bar if they cannot be read."""
    try:
        return parse_chords(text, bar.time, bar.length)
    except NotationError as error:
        raise DecisionError(error.what, where=where, expected=error.expected) from error


def set_stage(
    bars: Sequence[BarFrame], texts: Sequence[str], before: ChordSymbol | None, where: str
) -> Stage:
    """The stage for a section's bars and their chord texts.

    Args:
        before: the chord that sounds when the section starts.
        where: the path of the texts, for messages.
    """
    starts = [Fraction(0)]
    spans: list[Span] = []
    sounding = before
    for index, bar in enumerate(bars):
        text = texts[index] if index < len(texts) else ""
        start = starts[-1]
        events = read_bar_chords(text, bar, f"{where}[{index + 1}]")
        if not events or events[0].onset > 0:
            events = (ChordEvent(Fraction(0), sounding), *events)
        ends = [*(event.onset for event in events[1:]), bar.length]
        for event, end in zip(events, ends, strict=True):
            spans.append(Span(start + event.onset, start + end, event.symbol, bar.key))
        sounding = events[-1].symbol
        starts.append(start + bar.length)
    return Stage(tuple(bars), tuple(starts), tuple(spans))


@lru_cache(maxsize=16384)
def grade(pitch: PitchClass, symbol: ChordSymbol | None, key: KeySignature) -> int:
    """How a pitch class stands to a chord in a key: TONE, TENSION, PASSING or OUTSIDE."""
    if symbol is None:
        return TENSION if pitch in chord_scale(None, key) else OUTSIDE
    if any(name.pitch_class == pitch for name in chord_names(symbol)):
        return TONE
    if pitch in tensions(symbol, key):
        return TENSION
    return PASSING if pitch in chord_scale(symbol, key) else OUTSIDE


@lru_cache(maxsize=16384)
def rubs(pitch: PitchClass, symbol: ChordSymbol | None) -> bool:
    """Whether a pitch class lies a semitone above a chord tone without being one (a flat ninth)."""
    if symbol is None:
        return False
    tones = {name.pitch_class for name in chord_names(symbol)}
    return pitch not in tones and (pitch - 1) % 12 in tones
