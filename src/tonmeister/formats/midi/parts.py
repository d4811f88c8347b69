"""The parts of a MIDI file: notes paired with their ends, programs, names, pedals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from tonmeister import data as data_files
from tonmeister.formats.midi.chunks import Event, RawFile, track_name
from tonmeister.formats.midi.writer import MidiProgram
from tonmeister.model.score import Part, PartNote, PartRole
from tonmeister.units.time import Beats

_DRUM_CHANNEL = 9
_PEDAL = 64
_Stroke = tuple[int, int, int, int]
"""Start tick, end tick, key, velocity."""


def read_parts(raw: RawFile) -> tuple[tuple[Part, ...], dict[str, MidiProgram], dict[int, str]]:
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
            name = _unique(_part_name(track_name(track), program, len(strokes)), programs)
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
