"""Beams: which short notes hang together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby

from tonmeister.formats.musicxml.rhythm import Piece
from tonmeister.model.score import TimeSignature
from tonmeister.theory.metre import groups, pulses

_FLAGS = {"eighth": 1, "16th": 2, "32nd": 3, "64th": 4, "128th": 5, "256th": 6}


def flags(piece: Piece) -> int:
    """How many flags or beams a note has."""
    return _FLAGS.get(piece.head.type, 0)


def beams(
    pieces: Sequence[Piece], sounding: Sequence[bool], time: TimeSignature
) -> list[list[str]]:
    """MusicXML beam values per piece, the eighth's beam first; empty for flags and long notes.

    Eighths are beamed by half bars in 4/4 and 2/2 and by bars in 3/4; anything shorter, tuplets and
    all other metres by pulses.
    """
    result: list[list[str]] = [[] for _ in pieces]
    for run in _runs(pieces, sounding, time):
        for level in range(1, 1 + max(flags(pieces[i]) for i in run)):
            _level(run, level, pieces, result)
    return result


def _runs(
    pieces: Sequence[Piece], sounding: Sequence[bool], time: TimeSignature
) -> list[list[int]]:
    """Neighbouring short notes of one beat (or group of beats), at least two."""
    wide = not time.compound and time.beats in {2, 3, 4} and time.beat_type in {2, 4}
    found: list[list[int]] = []
    for _, group in groupby(range(len(pieces)), key=lambda i: _place(pieces[i], time, wide=wide)):
        members = list(group)
        plain = all(flags(pieces[i]) <= 1 and pieces[i].tuplet < 0 for i in members)
        narrow = [members] if plain else _by_pulse(members, pieces, time)
        for part in narrow:
            for beamed, run in groupby(part, key=lambda i: bool(sounding[i] and flags(pieces[i]))):
                chain = list(run)
                if beamed and len(chain) > 1:
                    found.append(chain)
    return found


def _by_pulse(
    members: Sequence[int], pieces: Sequence[Piece], time: TimeSignature
) -> list[list[int]]:
    grouped = groupby(members, key=lambda i: _place(pieces[i], time, wide=False))
    return [list(group) for _, group in grouped]


def _place(piece: Piece, time: TimeSignature, *, wide: bool) -> tuple[int, int, int]:
    bar, position = divmod(piece.onset, time.bar)
    marks = groups(time) if wide else pulses(time)
    return (int(bar), bisect_right(marks, position), -1 if wide else piece.tuplet)


def _level(
    run: Sequence[int], level: int, pieces: Sequence[Piece], result: list[list[str]]
) -> None:
    for beamed, part in groupby(run, key=lambda i: flags(pieces[i]) >= level):
        members = list(part)
        if not beamed:
            continue
        if len(members) == 1:
            hook = "backward hook" if members[0] != run[0] else "forward hook"
            result[members[0]].append(hook)
            continue
        for i in members:
            value = "begin" if i == members[0] else "end" if i == members[-1] else "continue"
            result[i].append(value)
