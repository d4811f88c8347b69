"""The bytes of a Standard MIDI File: chunks, variable-length numbers, events.

After the Standard MIDI Files 1.0 specification (MIDI Manufacturers Association, RP-001).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tonmeister.errors import FormatError

META = 0xFF
SYSEX = (0xF0, 0xF7)
_DATA_BYTES = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
_SYSTEM_BYTES = {0xF1: 1, 0xF2: 2, 0xF3: 1}
_HINT = "Export it again as a Standard MIDI File (type 0 or 1)."


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a track.

    Attributes:
        tick: from the start of the track.
        status: status byte; 0xFF for meta events, whose `kind` says which.
        kind: the meta event's type, else 0.
        data: data bytes, without status, type and length.
    """

    tick: int
    status: int
    data: bytes
    kind: int = 0


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file taken apart: its type (0, 1 or 2), ticks per quarter note, events by track."""

    type: int
    division: int
    tracks: tuple[tuple[Event, ...], ...]


def number(value: int) -> bytes:
    """A variable-length number, 0..0x0FFFFFFF, seven bits a byte."""
    out = bytearray((value & 0x7F,))
    while value := value >> 7:
        out.insert(0, 0x80 | (value & 0x7F))
    return bytes(out)


def meta(kind: int, data: bytes) -> bytes:
    """A meta event without its delta time."""
    return bytes((META, kind)) + number(len(data)) + data


def track_chunk(events: Iterable[tuple[int, bytes]], end: int = 0) -> bytes:
    """A track chunk of (tick, bytes without delta time) in rising order of tick.

    Args:
        end: tick of the end of the track, if later than the last event.
    """
    body = bytearray()
    now = 0
    for tick, data in events:
        body += number(tick - now) + data
        now = tick
    body += number(max(0, end - now)) + meta(0x2F, b"")
    return b"MTrk" + struct.pack(">I", len(body)) + bytes(body)


def file_bytes(tracks: Iterable[bytes], division: int) -> bytes:
    """A type 1 file of track chunks."""
    chunks = list(tracks)
    return b"MThd" + struct.pack(">IHHH", 6, 1, len(chunks), division) + b"".join(chunks)


def take_apart(data: bytes, where: str) -> RawFile:
    """A file's events.

    Tolerated, as usual programs do: a RIFF wrapper (.rmi), unknown chunks, a wrong number of
    tracks, a track that is cut off in its last event, running status across meta events.

    Raises:
        FormatError: not a MIDI file, or its time is counted in SMPTE frames.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"RMID":
        data = data[data.find(b"MThd") :] if b"MThd" in data else b""
    if data[:4] != b"MThd" or len(data) < 14:
        raise FormatError(
            "this is not a MIDI file",
            where=where,
            expected="a file that begins with MThd",
            hint=_HINT,
        )
    size, kind, _, division = struct.unpack(">IHHH", data[4:14])
    if division & 0x8000 or division == 0:
        counted = "SMPTE frames" if division else "no unit at all"
        raise FormatError(
            f"its time is counted in {counted}, not in beats", where=where,
            expected="ticks per quarter note", hint=_HINT,
        )  # fmt: skip
    bodies = [body for name, body in _chunks(data[8 + size :]) if name == b"MTrk"]
    if kind > 2 or not bodies:
        raise FormatError("this MIDI file holds no tracks", where=where, hint=_HINT)
    tracks = [tuple(_events(body, f"{where}, track {i + 1}")) for i, body in enumerate(bodies)]
    return RawFile(kind, division, tuple(tracks))


def text(data: bytes) -> str:
    """The text of a meta event: UTF-8, else Latin-1."""
    try:
        found = data.decode("utf-8")
    except UnicodeDecodeError:
        found = data.decode("latin-1")
    return found.strip("\x00 \r\n\t")


def track_name(track: Iterable[Event]) -> str:
    """The name in a track, or empty."""
    return next((text(e.data) for e in track if e.status == META and e.kind == 0x03), "")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    while position + 8 <= len(data):
        (size,) = struct.unpack(">I", data[position + 4 : position + 8])
        yield data[position : position + 4], data[position + 8 : position + 8 + size]
        position += 8 + size


def _read_number(data: bytes, position: int) -> tuple[int, int]:
    value = 0
    for _ in range(4):
        byte = data[position]
        position += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value, position


def _events(data: bytes, where: str) -> Iterator[Event]:
    position = tick = status = 0
    while position < len(data):
        try:
            delta, position = _read_number(data, position)
            tick += delta
            event, position, status = _event(data, position, tick, status)
        except IndexError:
            return  # cut off in its last event: what came before is good
        if event is None:
            raise FormatError(
                f"byte {position} of the track is no MIDI event", where=where, hint=_HINT
            )
        if event.status == META and event.kind == 0x2F:
            return
        yield event


def _event(data: bytes, position: int, tick: int, running: int) -> tuple[Event | None, int, int]:
    """The event at `position`, the position after it and the running status; None: no event."""
    status = data[position]
    if status >= 0x80:
        position += 1
    else:
        status = running
    if status == META:
        kind = data[position]
        size, position = _read_number(data, position + 1)
        return Event(tick, META, data[position : position + size], kind), position + size, running
    if status in SYSEX:
        size, position = _read_number(data, position)
        return Event(tick, status, data[position : position + size]), position + size, running
    count = _DATA_BYTES.get(status & 0xF0, -1) if status < 0xF0 else _SYSTEM_BYTES.get(status, 0)
    if status < 0x80 or count < 0:
        return None, position, running
    body = data[position : position + count]
    if len(body) < count:
        raise IndexError
    if any(byte > 0x7F for byte in body):
        return None, position, running
    return Event(tick, status, body), position + count, status if status < 0xF0 else running
