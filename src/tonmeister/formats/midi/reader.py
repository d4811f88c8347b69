"""Read Standard MIDI Files, type 0 and 1, as the world writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from tonmeister.errors import FormatError
from tonmeister.formats.midi.chunks import META, Event, RawFile, take_apart, text, track_name
from tonmeister.formats.midi.parts import read_parts
from tonmeister.formats.midi.writer import MidiProgram
from tonmeister.model.score import (
    KeySignature,
    Mode,
    Part,
    TimeSignature,
)
from tonmeister.units.time import Beats, TempoMap

_BIGGEST = 64 * 1024 * 1024


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
    parts, programs, tracks = read_parts(raw)
    return MidiFile(
        parts=parts,
        tempo=_tempo(events, raw.division),
        metres=_metres(events, raw.division),
        keys=_keys(events, raw.division),
        title=track_name(raw.tracks[0]) if raw.type == 1 else "",
        sections=_texts(events, 0x06, raw.division),
        lyrics=_lyrics(raw, tracks),
        programs=programs,
    )


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
        (Fraction(e.tick, division), text(e.data))
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
