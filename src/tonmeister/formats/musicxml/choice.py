"""Which part and which voice carry the tune."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tonmeister.formats.musicxml.raw import RawBar, RawNote, RawPart, VoiceId


def tune_part(parts: Sequence[RawPart]) -> int:
    """Index of the part with the tune: the first with words, else with chord symbols, else notes.

    A part with far fewer words than another one (a cue, a spoken remark) does not count.
    """
    sung = [sum(_sung(bar) for bar in part.bars) for part in parts]
    chords = [sum(len(bar.chords) for bar in part.bars) for part in parts]
    notes = [sum(_pitched(bar) for bar in part.bars) for part in parts]
    for counts in (
        sung,
        [many if played else 0 for many, played in zip(chords, notes, strict=True)],
    ):
        if any(counts):
            return _first_of_many(counts)
    return next((index for index, count in enumerate(notes) if count), 0)


def chord_part(parts: Sequence[RawPart], tune: int) -> int:
    """Index of the part whose chord symbols count: the tune's if it has any, else the fullest."""
    counts = [sum(len(bar.chords) for bar in part.bars) for part in parts]
    return tune if counts[tune] else counts.index(max(counts))


def tune_voice(part: RawPart) -> VoiceId | None:
    """The voice with the tune: the first with words, else with notes; None without any."""
    sung: Counter[VoiceId] = Counter()
    notes: Counter[VoiceId] = Counter()
    for bar in part.bars:
        for note in bar.notes:
            if note.pitch is not None:
                notes[note.voice] += 1
                sung[note.voice] += bool(note.syllables)
    voices = sorted(notes, key=_order)
    if not voices:
        return None
    if any(sung.values()):
        return voices[_first_of_many([sung[voice] for voice in voices])]
    # A voice that only fills a bar or two is no tune, whatever its number.
    return voices[_first_of_many([notes[voice] for voice in voices])]


def voice_in_bar(bar: RawBar, voice: VoiceId) -> list[RawNote]:
    """The tune's notes and rests in a bar.

    Where its voice is missing altogether (the copyist wrote the bar in another voice), the first
    voice of its staff steps in.
    """
    own = [note for note in bar.notes if note.voice == voice]
    if own:
        return own
    others = [note for note in bar.notes if note.voice[0] == voice[0]]
    if not others:
        return []
    stand_in = min((note.voice for note in others), key=_order)
    return [note for note in others if note.voice == stand_in]


def _first_of_many(counts: list[int]) -> int:
    enough = max(counts) / 2
    return next(index for index, count in enumerate(counts) if count >= enough)


def _sung(bar: RawBar) -> int:
    return sum(1 for note in bar.notes if note.syllables)


def _pitched(bar: RawBar) -> int:
    return sum(1 for note in bar.notes if note.pitch is not None)


def _order(voice: VoiceId) -> tuple[int, str, int, str]:
    staff, name = voice
    return (int(staff) if staff.isdigit() else 0, staff, int(name) if name.isdigit() else 0, name)
