"""The plain text of a bar: its chords and its notes, as a musician types them.

Chords: ``Gm7 C9`` share the bar evenly on its pulses; ``C9@4`` stands on pulse 4 (1-based,
fractions and decimals allowed); ``N.C.`` is no chord; ``%`` leaves its share to the chord before.
Notes: ``A4:1 r:1/2 ~Bb4:3/2``: pitch and length in quarters, ``r`` a rest, ``~`` tied to the note
before, ``g:D5`` a grace note (no time of its own) before what follows. Words are not part of the
text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from tonmeister.model.score import ChordEvent, ChordSymbol, Note, TimeSignature
from tonmeister.theory.chords import format_chord, parse_chord
from tonmeister.theory.metre import pulses
from tonmeister.units.pitch import Pitch
from tonmeister.units.time import Beats

NO_CHORD = "N.C."
_NO_CHORD = {"n.c.", "nc", "n.c"}
_NUMBER = re.compile(r"\d{1,6}(?:/\d{1,6}|\.\d{1,9})?")
_NOTE = re.compile(r"(?P<tie>~?)(?P<pitch>[A-Ga-g][#b♯♭]{0,3}-?\d{1,2}|[rR]):(?P<length>\S+)")
_GRACE = re.compile(r"g:(?P<pitch>[A-G][#b♯♭]{0,3}-?\d{1,2})")


class NotationError(ValueError):
    """A bar's text cannot be read.

    Attributes:
        what: what is wrong.
        expected: what would have been right.
    """

    def __init__(self, what: str, expected: str) -> None:
        self.what = what
        self.expected = expected
        super().__init__(f"{what}; expected {expected}")


@lru_cache(maxsize=4096)
def parse_chords(text: str, time: TimeSignature, length: Beats) -> tuple[ChordEvent, ...]:
    """The chords of a bar of `length` quarters from their text.

    Args:
        text: for example ``"Gm7 C9"``, ``"Gm7 C9@4"``, ``"N.C."``, ``"%"`` or ``""``.
        time: the metre whose pulses are counted.
        length: the measure's actual length in quarters.

    Raises:
        NotationError: not a chord, a place outside the bar, or places that do not rise.
    """
    words = text.split()
    shares = _shares(len(words), time, length)
    events: list[ChordEvent] = []
    last = Fraction(-1)
    for word, share in zip(words, shares, strict=True):
        name, mark, place = word.partition("@")
        onset = _onset(place, word, time, length) if mark else share
        if onset <= last:
            raise NotationError(
                f"{word!r} does not come after the chord before it", "rising places"
            )
        last = onset
        if name != "%":
            events.append(ChordEvent(onset, _symbol(name)))
    return tuple(events)


def format_chords(chords: Sequence[ChordEvent], time: TimeSignature, length: Beats) -> str:
    """The text of a bar's chords; `parse_chords` reads it back. No chords: an empty text."""
    shares = _shares(len(chords), time, length)
    return " ".join(
        format_chord(chord.symbol)
        + ("" if chord.onset == share else f"@{_place(chord.onset, time)}")
        for chord, share in zip(chords, shares, strict=True)
    )


def _symbol(name: str) -> ChordSymbol | None:
    if name.lower() in _NO_CHORD:
        return None
    try:
        return parse_chord(name)
    except ValueError as error:
        raise NotationError(
            f"{name!r} is not a chord symbol", "a chord such as Gm7, F#m7b5/A, C7(b9), N.C. or %"
        ) from error


def _shares(count: int, time: TimeSignature, length: Beats) -> tuple[Beats, ...]:
    """Onsets of `count` chords that share a bar: on its pulses, the earlier chords the longer."""
    marks = pulses(time, length)
    if count > len(marks):
        return tuple(length * i / count for i in range(count))
    return tuple(marks[-(-i * len(marks) // count)] for i in range(count))


def _edges(time: TimeSignature) -> tuple[Beats, ...]:
    return (*pulses(time), time.bar)


def _onset(place: str, word: str, time: TimeSignature, length: Beats) -> Beats:
    if not _NUMBER.fullmatch(place) or place.endswith("/0"):
        raise NotationError(f"{word!r} names no pulse", "a place such as @2, @2.5 or @7/3")
    pulse = Fraction(place) - 1
    edges = _edges(time)
    index = min(max(0, pulse.numerator // pulse.denominator), len(edges) - 2)
    onset = edges[index] + (pulse - index) * (edges[index + 1] - edges[index])
    if not 0 <= onset < length:
        raise NotationError(f"{word!r} lies outside the bar", f"a place within {length} quarters")
    return onset


def _place(onset: Beats, time: TimeSignature) -> str:
    """The inverse of `_onset`."""
    edges = _edges(time)
    index = min(sum(1 for edge in edges[1:] if edge <= onset), len(edges) - 2)
    pulse = index + 1 + (onset - edges[index]) / (edges[index + 1] - edges[index])
    return str(float(pulse)) if pulse.denominator in {2, 4, 8} else str(pulse)


@lru_cache(maxsize=4096)
def parse_notes(text: str, length: Beats) -> tuple[Note, ...]:
    """The notes of a bar of `length` quarters from their text; what is missing at its end is rest.

    Raises:
        NotationError: not a note, a length that is not above 0, or more notes than the bar holds.
    """
    notes: list[Note] = []
    onset = Fraction(0)
    for word in text.split():
        if grace := _GRACE.fullmatch(word):
            notes.append(Note(onset, Fraction(0), Pitch.parse(grace["pitch"]), grace=True))
            continue
        match = _NOTE.fullmatch(word)
        if not match:
            raise NotationError(f"{word!r} is not a note", "notes such as A4:1 r:1/2 ~Bb4:3/2 g:D5")
        duration = _duration(match["length"], word)
        if match["pitch"] not in "rR":
            pitch = Pitch.parse(match["pitch"][0].upper() + match["pitch"][1:])
            notes.append(Note(onset, duration, pitch, tied=bool(match["tie"])))
        onset += duration
    if onset > length:
        raise NotationError(
            f"the notes last {onset} quarters", f"at most the bar's {length} quarters"
        )
    return tuple(notes)


def _duration(text: str, word: str) -> Beats:
    if not _NUMBER.fullmatch(text) or text.endswith("/0") or Fraction(text) <= 0:
        raise NotationError(f"{word!r} has no length", "a length in quarters such as 1, 3/2 or 0.5")
    return Fraction(text)


def format_notes(notes: Sequence[Note], length: Beats) -> str:
    """The text of a bar's notes, gaps as rests; `parse_notes` reads it back (words are left out).

    A bar without notes is an empty text.

    Raises:
        NotationError: notes overlap or exceed the bar.
    """
    words: list[str] = []
    at = Fraction(0)
    for note in notes:
        if note.onset < at or note.end > length:
            raise NotationError(f"{note.pitch} at {note.onset} overlaps", "notes one after another")
        if note.onset > at:
            words.append(f"r:{note.onset - at}")
        at = note.end
        words.append(f"g:{note.pitch}" if note.grace else _word(note))
    if words and at < length:
        words.append(f"r:{length - at}")
    return " ".join(words)


def _word(note: Note) -> str:
    return f"{'~' if note.tied else ''}{note.pitch}:{note.duration}"
