"""Write Standard MIDI Files: type 1, tempo, metre, key and sections in the first track."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tonmeister.errors import FormatError
from tonmeister.formats.midi.chunks import file_bytes, meta, track_chunk
from tonmeister.model.performance import Performance
from tonmeister.model.score import KeySignature, Mode, Part, PartRole, TimeSignature
from tonmeister.units.time import Beats, Seconds, TempoMap

PPQ = 960
"""Ticks per quarter note: exact for binary values down to 1/256 and for tuplets of 3 and 5."""

_DRUM_CHANNEL = 9
_MELODIC_CHANNELS = tuple(c for c in range(16) if c != _DRUM_CHANNEL)
_BEND_CENTS = 200.0
_TEXT, _NAME, _LYRIC, _MARKER = 0x01, 0x03, 0x05, 0x06
_LAST_TICK = 0x0FFFFFFF

RawEvent = tuple[int, int, bytes]
"""Tick, rank among the events of a tick, bytes. Note-offs come before note-ons."""


@dataclass(frozen=True, slots=True)
class MidiProgram:
    """How a part's instrument is called in General MIDI.

    Attributes:
        program: 0..127.
        bank: bank select, the coarse byte, 0..127.
        drums: whether it plays on channel 10.
        channel: 0..15, or None: the next free one.
    """

    program: int
    bank: int = 0
    drums: bool = False
    channel: int | None = None


class Program(Protocol):
    """What `write` needs to know of an instrument; a `MidiProgram`, or the catalogue's own type."""

    @property
    def program(self) -> int:
        """0..127."""

    @property
    def bank(self) -> int:
        """Bank select, the coarse byte."""

    @property
    def drums(self) -> bool:
        """Whether it plays on channel 10."""


def write(  # noqa: PLR0913  (a file's whole content; the last three are optional)
    song_tempo: TempoMap,
    metres: Sequence[tuple[Beats, TimeSignature]],
    keys: Sequence[tuple[Beats, KeySignature]],
    performances: Sequence[Performance],
    programs: Mapping[str, Program],
    *,
    title: str = "",
    sections: Sequence[tuple[Beats, str]] = (),
    lyrics: Sequence[tuple[Beats, str]] = (),
) -> bytes:
    """The performed parts as a MIDI file (type 1, `PPQ` ticks).

    Performed seconds go through the tempo map, so bar lines stay true and a program that opens the
    file shows every note early or late as it was played. Tempos are rounded to whole microseconds
    per quarter note, as the format has it.

    Args:
        performances: one track each, in this order.
        programs: by part name or by instrument name; a part without one gets program 0.
        sections: markers.
        lyrics: syllables at their written places; they go into the first part's track and onto its
            nearest note within a sixteenth.

    Raises:
        FormatError: the song is longer than the format can count.
    """
    ticks = _tick_of_seconds(song_tempo)
    channels = _channels([_program(programs, p.part, p.instrument) for p in performances])
    conductor = _conductor(song_tempo, metres, keys, title, sections)
    tracks = [conductor]
    for index, performance in enumerate(performances):
        program = _program(programs, performance.part, performance.instrument)
        events = _performed(performance, channels[index][1], ticks)
        if index == 0 and lyrics:
            events += _lyrics(lyrics, sorted({ticks(n.start) for n in performance.notes}))
        tracks.append(_track(performance.part, program, channels[index], events))
    return file_bytes(tracks, PPQ)


def write_score(
    parts: Sequence[Part],
    song_tempo: TempoMap,
    metres: Sequence[tuple[Beats, TimeSignature]] = (),
    keys: Sequence[tuple[Beats, KeySignature]] = (),
    programs: Mapping[str, Program] | None = None,
    *,
    title: str = "",
    sections: Sequence[tuple[Beats, str]] = (),
) -> bytes:
    """The written parts, unperformed, exactly on the grid.

    Velocity is ``round(127 * weight)``, at least 1. Articulations, chord numbers and marks are
    lost, and positions that are no multiple of 1/960 quarter are rounded; `read` gives the rest
    back as it was.

    Raises:
        FormatError: the song is longer than the format can count.
    """
    table: dict[str, Program] = dict(programs or {})
    for part in parts:
        if part.name not in table and part.instrument not in table:
            table[part.name] = MidiProgram(0, drums=part.role is PartRole.DRUMS)
    channels = _channels([_program(table, part.name, part.instrument) for part in parts])
    tracks = [_conductor(song_tempo, metres, keys, title, sections)]
    for place, part in zip(channels, parts, strict=True):
        program = _program(table, part.name, part.instrument)
        tracks.append(_track(part.name, program, place, _written(part, place[1])))
    return file_bytes(tracks, PPQ)


def _program(programs: Mapping[str, Program], part: str, instrument: str) -> Program:
    return programs.get(part) or programs.get(instrument) or MidiProgram(0)


def _channels(programs: Sequence[Program]) -> list[tuple[int, int]]:
    """(port, channel) by track: drums on channel 10, the sixteenth melodic part on port 1."""
    wanted = [p.channel if isinstance(p, MidiProgram) else None for p in programs]
    free = [c for c in _MELODIC_CHANNELS if c not in wanted] or list(_MELODIC_CHANNELS)
    places: list[tuple[int, int]] = []
    count = 0
    for program, channel in zip(programs, wanted, strict=True):
        if program.drums:
            places.append((0, _DRUM_CHANNEL))
        elif channel is not None:
            places.append((0, channel))
        else:
            places.append((count // len(free), free[count % len(free)]))
            count += 1
    return places


def _tick(position: Beats) -> int:
    tick = round(position * PPQ)
    if not 0 <= tick <= _LAST_TICK:
        raise FormatError(f"a MIDI file cannot count to beat {float(position):g}")
    return tick


def _tick_of_seconds(tempo: TempoMap) -> Callable[[Seconds], int]:
    """Seconds to ticks; floats are exact to far below a tick and ten times faster."""
    starts = [float(tempo.exact_seconds_at(change.at)) for change in tempo.changes]
    table = [
        (start, float(change.at) * PPQ, float(change.quarters_per_minute) / 60 * PPQ)
        for start, change in zip(starts, tempo.changes, strict=True)
    ]

    def ticks(seconds: Seconds) -> int:
        start, at, rate = table[max(0, bisect_right(starts, seconds) - 1)]
        tick = round(at + (seconds - start) * rate)
        if tick > _LAST_TICK:
            raise FormatError(f"a MIDI file cannot count to {seconds:g} seconds at this tempo")
        return max(0, tick)

    return ticks


def _conductor(
    tempo: TempoMap,
    metres: Sequence[tuple[Beats, TimeSignature]],
    keys: Sequence[tuple[Beats, KeySignature]],
    title: str,
    sections: Sequence[tuple[Beats, str]],
) -> bytes:
    events: list[RawEvent] = [(0, 0, meta(_NAME, title.encode()))] if title else []
    for change in tempo.changes:
        micros = min(0xFFFFFF, max(1, round(60_000_000 / change.quarters_per_minute)))
        events.append((_tick(change.at), 3, meta(0x51, micros.to_bytes(3, "big"))))
    for at, time in metres:
        clicks = min(255, max(1, round(24 * time.pulse)))
        data = bytes((time.beats, time.beat_type.bit_length() - 1, clicks, 8))
        events.append((_tick(at), 1, meta(0x58, data)))
    for at, key in keys:
        fifths = max(-7, min(7, key.fifths))
        data = bytes((fifths & 0xFF, 1 if key.mode is Mode.MINOR else 0))
        events.append((_tick(at), 2, meta(0x59, data)))
    events += [(_tick(at), 4, meta(_MARKER, name.encode())) for at, name in sections]
    return track_chunk(_ordered(events))


def _ordered(events: Iterable[RawEvent]) -> list[tuple[int, bytes]]:
    return [(tick, data) for tick, _, data in sorted(events)]


def _track(name: str, program: Program, place: tuple[int, int], events: list[RawEvent]) -> bytes:
    port, channel = place
    head: list[RawEvent] = [(0, -9, meta(_NAME, name.encode()))]
    if port:
        head.append((0, -8, meta(0x21, bytes((port,)))))
    if program.bank:
        head.append((0, -7, bytes((0xB0 | channel, 0, program.bank & 0x7F))))
    head.append((0, -6, bytes((0xC0 | channel, program.program & 0x7F))))
    return track_chunk(_ordered(head + events))


def _performed(
    performance: Performance, channel: int, ticks: Callable[[Seconds], int]
) -> list[RawEvent]:
    events: list[RawEvent] = []
    spans: list[tuple[int, int, int, int]] = []
    for note in performance.notes:
        start = ticks(note.start)
        spans.append(
            (start, max(start + 1, ticks(note.start + note.length)), note.key, note.velocity)
        )
    events += _notes(spans, channel)
    for control in performance.controls:
        data = bytes((0xB0 | channel, control.controller & 0x7F, control.value & 0x7F))
        events.append((ticks(control.time), 1, data))
    if performance.bends:
        events += _bend_range(channel)
    for bend in performance.bends:
        value = min(16383, max(0, 8192 + round(bend.cents / _BEND_CENTS * 8192)))
        data = bytes((0xE0 | channel, value & 0x7F, value >> 7))
        events.append((ticks(bend.time), 1, data))
    return events


def _bend_range(channel: int) -> list[RawEvent]:
    """RPN 0: a bend range of two semitones, said although it is the usual default."""
    pairs = ((101, 0), (100, 0), (6, 2), (38, 0), (101, 127), (100, 127))
    return [(0, -5, bytes((0xB0 | channel, *pair))) for pair in pairs]


def _written(part: Part, channel: int) -> list[RawEvent]:
    spans: list[tuple[int, int, int, int]] = []
    for note in part.notes:
        start = _tick(note.onset)
        velocity = min(127, max(1, round(127 * note.weight)))
        spans.append((start, max(start + 1, _tick(note.onset + note.duration)), note.key, velocity))
    events = _notes(spans, channel)
    for down, up in part.pedal:
        events.append((_tick(down), 1, bytes((0xB0 | channel, 64, 127))))
        events.append((_tick(up), -1, bytes((0xB0 | channel, 64, 0))))
    return events


def _notes(spans: list[tuple[int, int, int, int]], channel: int) -> list[RawEvent]:
    """Note-ons and -offs of (start, end, key, velocity); a new stroke ends the one before."""
    strokes: dict[int, list[tuple[int, int, int]]] = {}
    for start, end, key, velocity in sorted(spans):
        line = strokes.setdefault(key, [])
        stroke = (start, end, velocity)
        if line and line[-1][0] == start:  # the same stroke twice is one
            same = line.pop()
            stroke = (start, max(end, same[1]), max(velocity, same[2]))
        elif line and line[-1][1] > start:
            line[-1] = (line[-1][0], start, line[-1][2])
        line.append(stroke)
    events: list[RawEvent] = []
    for key, line in strokes.items():
        for start, end, velocity in line:
            events.append((start, 2, bytes((0x90 | channel, key, velocity))))
            events.append((end, 0, bytes((0x80 | channel, key, 64))))
    return events


def _lyrics(lyrics: Sequence[tuple[Beats, str]], starts: Sequence[int]) -> list[RawEvent]:
    events: list[RawEvent] = []
    for at, text in lyrics:
        tick = _tick(at)
        index = bisect_left(starts, tick)
        near = min(starts[max(0, index - 1) : index + 1], key=lambda s: abs(s - tick), default=tick)
        tick = near if abs(near - tick) <= PPQ // 4 else tick
        events.append((tick, 1, meta(_LYRIC, text.encode())))
    return events
