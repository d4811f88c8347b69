"""The song as the band reads it: bar by bar, with its chords and the gaps of the tune."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from tonmeister.arranger.grid import Hit, counts, lay
from tonmeister.model.score import ChordSymbol, KeySignature, Measure, Section, Song, TimeSignature
from tonmeister.units.pitch import MidiKey
from tonmeister.units.time import Beats

_FASTEST_S = 0.105
"""No pattern asks for notes nearer than this (about sixteenths at 140)."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one chord within a bar; positions count from the start of the song.

    Attributes:
        symbol: the chord, None where there is none (N.C., or none written yet).
        struck: whether the chord changes at `onset` (else it goes on, or is only written again).
        following: the chord that comes next, of the next bar or span; None where none is written.
        tune: keys of the tune that are held in this stretch (a beat or more).
        tune_low: the lowest key of the tune in this stretch, or None.
    """

    onset: Beats
    end: Beats
    symbol: ChordSymbol | None
    struck: bool
    following: ChordSymbol | None
    tune: tuple[MidiKey, ...]
    tune_low: MidiKey | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A rest of the tune, as far as it lies within a bar; `whole` is its length in all."""

    start: Beats
    end: Beats
    whole: Beats


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the song.

    Attributes:
        skip: what is missing at the front of a short bar (a pickup is the end of a bar).
        finest: the finest grid of a count that can be played at this tempo.
        place: 0-based in its section; `left` bars follow in the section.
        spans: the chords, without gaps between them.
        gaps: where the tune rests for a quarter or more.
    """

    index: int
    start: Beats
    length: Beats
    skip: Beats
    time: TimeSignature
    key: KeySignature
    finest: Beats
    place: int
    left: int
    spans: tuple[Span, ...]
    gaps: tuple[Gap, ...]

    @property
    def end(self) -> Beats:
        """Where the next bar starts."""
        return self.start + self.length

    def span_at(self, position: Beats) -> Span:
        """The chord span that sounds at `position`."""
        for span in reversed(self.spans):
            if position >= span.onset:
                return span
        return self.spans[0]

    def in_gap(self, position: Beats, least: int = 1) -> bool:
        """Whether the tune rests here, for `least` quarters or more in all."""
        return any(gap.start <= position < gap.end and gap.whole >= least for gap in self.gaps)

    def lay(self, row: str, metre: TimeSignature) -> Iterator[Hit]:
        """The hits of a row of a pattern in this bar, on the song's timeline."""
        start = self.start
        for hit in _laid(row, metre, self.time, self.finest, (self.skip, self.length)):
            yield Hit(start + hit.onset, start + hit.end, hit.sign)


@lru_cache(maxsize=32768)
def _laid(
    row: str,
    metre: TimeSignature,
    time: TimeSignature,
    finest: Beats,
    window: tuple[Beats, Beats],
) -> tuple[Hit, ...]:
    """A row's hits in a bar that lacks its front (skip) or has another length; from its start."""
    skip, length = window
    hits = lay(row, metre, time, finest)
    found: list[Hit] = []
    turn = Fraction(0)
    while turn < skip + length:
        for hit in hits:
            onset, end = hit.onset + turn - skip, hit.end + turn - skip
            if 0 <= onset < length:
                found.append(Hit(onset, min(end, length), hit.sign))
        turn += time.bar
    return tuple(found)


@dataclass(frozen=True, slots=True)
class SectionBars:
    """A section with its bars.

    Attributes:
        groove_end: where playing in patterns stops: the section's end, or in the last section
            the last chord, which is held.
        final: whether the song ends here.
        first: whether the song starts here.
    """

    section: Section
    bars: tuple[Bar, ...]
    groove_end: Beats
    final: bool
    first: bool


def read_song(song: Song) -> tuple[SectionBars, ...]:
    """The song's sections with their bars, in playing order."""
    bars = _bars(song)
    last = final_chord(song)
    found: list[SectionBars] = []
    for number, section in enumerate(song.sections):
        inside = bars[section.first_bar : section.first_bar + section.bars]
        if not inside:
            continue
        final = number == len(song.sections) - 1
        end = max(last, section.start) if final else inside[-1].end
        found.append(SectionBars(section, inside, end, final, number == 0))
    return tuple(found)


def final_chord(song: Song) -> Beats:
    """Where the chord starts that everybody holds to the end.

    At the bar line of the last bar, or one bar earlier where neither chords nor tune move any more;
    within the last bar, at its last chord change.
    """
    if not song.measures:
        return Fraction(0)
    starts = song.starts
    chords = [event.onset for event in song.chords]
    last_change = chords[-1] if chords else Fraction(0)
    moves = max((note.onset for note in song.tune), default=Fraction(0))
    at = starts[-2]
    if len(starts) > 2 and max(last_change, moves) <= starts[-3]:
        at = starts[-3]
    return max(at, last_change)


def skips(measures: tuple[Measure, ...]) -> tuple[Beats, ...]:
    """What is missing at the front of pickups and of the second halves of split bars."""
    found: list[Beats] = []
    for index, measure in enumerate(measures):
        missing = measure.time.bar - measure.length
        before = measures[index - 1] if index else None
        if missing <= 0:
            found.append(Fraction(0))
        elif before is None or (before.length == missing and not found[-1]):
            found.append(missing)
        else:  # after a full bar less than half a bar is a pickup, more a bar cut short
            pickup = before.length >= before.time.bar and measure.length * 2 < measure.time.bar
            found.append(missing if pickup else Fraction(0))
    return tuple(found)


def _bars(song: Song) -> tuple[Bar, ...]:
    places = {
        section.first_bar + i: (i, section.bars - 1 - i)
        for section in song.sections
        for i in range(section.bars)
    }
    ear = _Tune(song)
    sounding = _chords_by_bar(song)
    missing = skips(song.measures)
    found: list[Bar] = []
    for index, measure in enumerate(song.measures):
        start = song.starts[index]
        place, left = places.get(index, (0, 0))
        spans = tuple(_spans(sounding, index, start + measure.length, ear))
        found.append(
            Bar(
                index=index,
                start=start,
                length=measure.length,
                skip=missing[index],
                time=measure.time,
                key=measure.key,
                finest=_finest(song, start, measure.time),
                place=place,
                left=left,
                spans=spans,
                gaps=ear.gaps(start, start + measure.length),
            )
        )
    return tuple(found)


_Event = tuple[Beats, ChordSymbol | None, bool]


def _chords_by_bar(song: Song) -> list[list[_Event]]:
    """For each bar its chords as (position, symbol, struck); the first stands at the bar line."""
    found: list[list[_Event]] = []
    current: ChordSymbol | None = None
    for start, measure in zip(song.starts, song.measures, strict=False):
        events: dict[Beats, _Event] = {start: (start, current, False)}
        for chord in measure.chords:
            if chord.onset < measure.length:
                at = start + max(chord.onset, Fraction(0))
                events[at] = (at, chord.symbol, chord.symbol not in {None, current})
                current = chord.symbol
        found.append([events[at] for at in sorted(events)])
    return found


def _spans(sounding: list[list[_Event]], index: int, end: Beats, ear: _Tune) -> Iterator[Span]:
    events = sounding[index]
    after = sounding[index + 1][0][1] if index + 1 < len(sounding) else None
    for number, (onset, symbol, struck) in enumerate(events):
        later = events[number + 1] if number + 1 < len(events) else None
        until, following = (later[0], later[1]) if later else (end, after)
        held, low = ear.held(onset, until)
        yield Span(onset, until, symbol, struck, following, held, low)


def _finest(song: Song, start: Beats, time: TimeSignature) -> Beats:
    count = counts(time)[0]
    seconds = float(count.length) * 60 / float(song.tempo.tempo_at(start))
    parts = 6 if count.dotted else 4
    while parts > 2 and seconds / parts < _FASTEST_S:
        parts //= 2
    return Fraction(1, parts if not count.dotted else (4 if parts == 6 else 2))


class _Tune:
    """The tune, for questions about stretches of time."""

    def __init__(self, song: Song) -> None:
        self._notes = [note for note in song.tune if note.duration > 0]
        self._ends = [note.end for note in self._notes]

    def held(self, start: Beats, end: Beats) -> tuple[tuple[MidiKey, ...], MidiKey | None]:
        """Keys that are held for a beat or more within the stretch, and the lowest key in it."""
        held: set[MidiKey] = set()
        low: MidiKey | None = None
        need = min(Fraction(1), end - start)
        for note in self._notes[bisect_left(self._ends, start) :]:
            if note.onset >= end:
                break
            key = note.pitch.midi
            if note.end > start:
                low = key if low is None else min(low, key)
                if min(note.end, end) - max(note.onset, start) >= need or note.onset == start:
                    held.add(key)
        return tuple(sorted(held)), low

    def gaps(self, start: Beats, end: Beats) -> tuple[Gap, ...]:
        """Rests of the tune of a quarter or more that reach into the stretch."""
        found: list[tuple[Beats, Beats]] = []
        first = bisect_left(self._ends, start)
        edge = self._ends[first - 1] if first else Fraction(0)
        for note in self._notes[first:]:
            found.append((edge, note.onset))
            edge = max(edge, note.end)
            if note.onset >= end:
                break
        else:
            found.append((edge, max(edge, end) + 4))  # after the last note there is room
        return tuple(
            Gap(max(a, start), min(b, end), b - a)
            for a, b in found
            if b - a >= 1 and a < end and b > start
        )
