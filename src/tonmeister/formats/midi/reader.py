"""Read Standard MIDI Files, type 0 and 1, as the world writes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from tonmeister import data as data_files
from tonmeister.errors import FormatError
from tonmeister.formats.midi.chunks import META, Event, RawFile, take_apart
from tonmeister.formats.midi.writer import MidiProgram
from tonmeister.model.score import (
    KeySignature,
    Mode,
    Part,
    PartNote,
    PartRole,
    TimeSignature,
)
from tonmeister.units.time import Beats, TempoMap

_DRUM_CHANNEL = 9
_PEDAL = 64
_BIGGEST = 64 * 1024 * 1024
_Stroke = tuple[int, int, int, int]
"""Start tick, end tick, key, velocity."""


@dataclass(frozen=True, slots=True)
class MidiFile:
    """What a MIDI file holds.

    Attributes:
        parts: one per track and channel with notes, in order; `PartNote.weight` is velocity / 127;
            `Part.instrument` is the General MIDI program's name in our catalogue.
        tempo: exact; a tempo that was rounded to whole microseconds comes back as it was meant.
        metres, keys: at their positions; 4/4 where the file says nothing.
        title: the first track's name in a type 1 file, else empty.
        sections: markers.
        lyrics: (position, part name or "", syllable) in order.
        programs: how each part's instrument was called, by part name.
    """

    parts: tuple[Part, ...]
    tempo: TempoMap
    metres: tuple[tuple[Beats, TimeSignature], ...]
    keys: tuple[tuple[Beats, KeySignature], ...]
    title: str = ""
    sections: tuple[tuple[Beats, str], ...] = ()
    lyrics: tuple[tuple[Beats, str, str], ...] = ()
    programs: Mapping[str, MidiProgram] = field(default_factory=dict)


def read(path: Path) -> MidiFile:
    """A MIDI file of type 0 or 1.

    Running status, missing note-offs (the key's next stroke or the track's end ends the note),
    overlapping notes of one key (first in, first out), cut-off tracks and unknown chunks are put
    up with.

    Raises:
        FormatError: no such file, not a MIDI file, SMPTE time, or a type 2 file.
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= _BIGGEST else b""
    except OSError as error:
        raise FormatError(
            f"the file cannot be read: {error.strerror or error}", where=str(path)
        ) from error
    if size > _BIGGEST:
        raise FormatError(f"{size} bytes are too many for a MIDI file", where=str(path))
    return parse(content, str(path))


def parse(content: bytes, where: str = "MIDI data") -> MidiFile:
    """A MIDI file's content; as `read`, with `where` for the messages."""
    raw = take_apart(content, where)
    if raw.type == 2:
        raise FormatError(
            "a type 2 MIDI file is a set of separate patterns, not a piece", where=where,
            expected="type 0 or 1", hint="Export the patterns one by one.",
        )  # fmt: skip
    events = [event for track in raw.tracks for event in track]
    parts, programs, tracks = _parts(raw)
    return MidiFile(
        parts=parts,
        tempo=_tempo(events, raw.division),
        metres=_metres(events, raw.division),
        keys=_keys(events, raw.division),
        title=_name(raw.tracks[0]) if raw.type == 1 else "",
        sections=_texts(events, 0x06, raw.division),
        lyrics=_lyrics(raw, tracks),
        programs=programs,
    )


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.strip("\x00 \r\n\t")


def _name(track: Sequence[Event]) -> str:
    return next((_text(e.data) for e in track if e.status == META and e.kind == 0x03), "")


def _metas(events: Iterable[Event], kind: int, size: int) -> dict[int, bytes]:
    """By tick; the last one said at a tick holds."""
    found = {
        e.tick: e.data
        for e in events
        if e.status == META and e.kind == kind and len(e.data) >= size
    }
    return dict(sorted(found.items()))


def _texts(events: Iterable[Event], kind: int, division: int) -> tuple[tuple[Beats, str], ...]:
    found = [
        (Fraction(e.tick, division), _text(e.data))
        for e in events
        if e.status == META and e.kind == kind
    ]
    return tuple(sorted(found, key=lambda item: item[0]))


def _tempo(events: Sequence[Event], division: int) -> TempoMap:
    changes = {Fraction(0): Fraction(120)}
    for tick, data in _metas(events, 0x51, 3).items():
        micros = int.from_bytes(data[:3], "big")
        if micros:
            changes[Fraction(tick, division)] = _meant_tempo(micros)
    return TempoMap.of(sorted(changes.items()))


def _meant_tempo(micros: int) -> Fraction:
    """The roundest tempo within a microsecond per quarter note (writers round or cut off)."""
    exact = Fraction(60_000_000, micros)
    for digits in range(4):
        tempo = round(exact, digits) if digits else Fraction(round(exact))
        if tempo > 0 and abs(60_000_000 / tempo - micros) < 1:
            return Fraction(tempo)
    return exact


def _metres(events: Sequence[Event], division: int) -> tuple[tuple[Beats, TimeSignature], ...]:
    found = {Fraction(0): TimeSignature(4, 4)}
    for tick, data in _metas(events, 0x58, 2).items():
        if 1 <= data[0] <= 64 and data[1] <= 5:
            found[Fraction(tick, division)] = TimeSignature(data[0], 1 << data[1])
    return tuple(sorted(found.items()))


def _keys(events: Sequence[Event], division: int) -> tuple[tuple[Beats, KeySignature], ...]:
    found = []
    for tick, data in _metas(events, 0x59, 2).items():
        fifths = data[0] - 256 if data[0] > 127 else data[0]
        if -7 <= fifths <= 7:
            mode = Mode.MINOR if data[1] == 1 else Mode.MAJOR
            found.append((Fraction(tick, division), KeySignature.from_fifths(fifths, mode)))
    return tuple(found)


def _lyrics(raw: RawFile, parts: Mapping[int, str]) -> tuple[tuple[Beats, str, str], ...]:
    found = [
        (at, parts.get(index, ""), text)
        for index, track in enumerate(raw.tracks)
        for at, text in _texts(track, 0x05, raw.division)
    ]
    return tuple(sorted(found, key=lambda item: item[0]))


def _parts(raw: RawFile) -> tuple[tuple[Part, ...], dict[str, MidiProgram], dict[int, str]]:
    """The parts, their programs, and the first part's name by track."""
    channel_programs = _programs([e for track in raw.tracks for e in track])
    parts: list[Part] = []
    programs: dict[str, MidiProgram] = {}
    first: dict[int, str] = {}
    for index, track in enumerate(raw.tracks):
        strokes = _strokes(track)
        own = _programs(track)
        for channel, line in sorted(strokes.items()):
            program = own.get(channel) or channel_programs.get(channel) or _default(channel)
            name = _unique(_part_name(_name(track), program, len(strokes)), programs)
            programs[name] = program
            first.setdefault(index, name)
            parts.append(_part(name, program, line, _pedal(track, channel, raw.division), raw))
    return tuple(parts), programs, first


def _default(channel: int) -> MidiProgram:
    return MidiProgram(0, drums=channel == _DRUM_CHANNEL, channel=channel)


def _programs(events: Iterable[Event]) -> dict[int, MidiProgram]:
    """The first program that each channel is set to."""
    banks: dict[int, int] = {}
    found: dict[int, MidiProgram] = {}
    for event in events:
        channel = event.status & 0x0F
        if event.status & 0xF0 == 0xB0 and event.data[0] == 0:
            banks[channel] = event.data[1]
        elif event.status & 0xF0 == 0xC0 and channel not in found:
            drum = channel == _DRUM_CHANNEL
            found[channel] = MidiProgram(event.data[0], banks.get(channel, 0), drum, channel)
    return found


def _part_name(track_name: str, program: MidiProgram, channels: int) -> str:
    if track_name and channels == 1:
        return track_name
    return "drums" if program.drums else _instrument(program)


def _unique(name: str, taken: Iterable[str]) -> str:
    names = set(taken)
    if name not in names:
        return name
    return next(f"{name} {n}" for n in range(2, len(names) + 3) if f"{name} {n}" not in names)


def _instrument(program: MidiProgram) -> str:
    table = data_files.read("midi", "programs")
    if program.drums:
        kits: dict[str, str] = table["kits"]
        return kits.get(str(program.program), kits["0"])
    melodic: list[str] = table["programs"]
    return melodic[program.program]


def _part(
    name: str,
    program: MidiProgram,
    line: Sequence[_Stroke],
    pedal: tuple[tuple[Beats, Beats], ...],
    raw: RawFile,
) -> Part:
    notes = tuple(
        PartNote(
            Fraction(start, raw.division), Fraction(end - start, raw.division), key, velocity / 127
        )
        for start, end, key, velocity in line
    )
    return Part(name, _role(program, line), _instrument(program), notes, pedal)


def _role(program: MidiProgram, line: Sequence[_Stroke]) -> PartRole:
    if program.drums:
        return PartRole.DRUMS
    if 32 <= program.program <= 39 or program.program == 43:
        return PartRole.BASS
    if 48 <= program.program <= 54 or 88 <= program.program <= 95:
        return PartRole.PAD
    chords = any(b[0] == a[0] for a, b in pairwise(line))
    return PartRole.CHORDS if chords else PartRole.COUNTER


def _strokes(track: Sequence[Event]) -> dict[int, list[_Stroke]]:
    """The notes of a track by channel, sorted by start, then key."""
    ons: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    offs: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for event in track:
        kind, channel = event.status & 0xF0, event.status & 0x0F
        if kind == 0x90 and event.data[1]:
            ons[channel, event.data[0]].append((event.tick, event.data[1]))
        elif kind in {0x80, 0x90}:
            offs[channel, event.data[0]].append(event.tick)
    end = track[-1].tick if track else 0
    found: defaultdict[int, list[_Stroke]] = defaultdict(list)
    for (channel, key), starts in ons.items():
        found[channel] += _paired(starts, offs[channel, key], key, end)
    return {c: sorted(line, key=lambda s: (s[0], s[2], s[1])) for c, line in found.items()}


def _paired(
    starts: Sequence[tuple[int, int]], ends: Sequence[int], key: int, track_end: int
) -> list[_Stroke]:
    """Notes of one key. Where each has its end, first in, first out; else the next stroke ends."""
    whole = len(starts) == len(ends) and all(
        end >= start for (start, _), end in zip(starts, ends, strict=True)
    )
    if whole:
        return [
            (start, max(end, start + 1), key, velocity)
            for (start, velocity), end in zip(starts, ends, strict=True)
        ]
    strokes = []
    for index, (start, velocity) in enumerate(starts):
        following = starts[index + 1][0] if index + 1 < len(starts) else max(track_end, start + 1)
        own_end = next((end for end in ends if end > start), following)
        strokes.append((start, max(start + 1, min(own_end, following)), key, velocity))
    return strokes


def _pedal(track: Sequence[Event], channel: int, division: int) -> tuple[tuple[Beats, Beats], ...]:
    spans: list[tuple[Beats, Beats]] = []
    down: int | None = None
    for event in track:
        if event.status != 0xB0 | channel or event.data[0] != _PEDAL:
            continue
        if event.data[1] >= 64 and down is None:
            down = event.tick
        elif event.data[1] < 64 and down is not None:
            spans.append((Fraction(down, division), Fraction(event.tick, division)))
            down = None
    if down is not None:
        spans.append((Fraction(down, division), Fraction(track[-1].tick, division)))
    return tuple(spans)
