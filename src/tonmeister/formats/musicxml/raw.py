"""What one part of a MusicXML file says, bar by bar, before it is understood as a lead sheet."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from tonmeister.model.score import ChordSymbol, KeySignature, Syllable, TimeSignature
from tonmeister.units.pitch import Pitch
from tonmeister.units.time import Beats

VoiceId: TypeAlias = tuple[str, str]
"""Staff and voice within a part."""


@dataclass(slots=True)
class RawNote:
    """A note, a rest (`pitch` None) or a member of a chord (`chord`), at sounding pitch."""

    onset: Beats
    duration: Beats
    pitch: Pitch | None
    voice: VoiceId
    chord: bool = False
    grace: bool = False
    tie_start: bool = False
    tie_stop: bool = False
    syllables: tuple[Syllable, ...] = ()


@dataclass(slots=True)
class RawChord:
    """A chord symbol; `placed` if the file says where in the bar it stands (an offset)."""

    onset: Beats
    symbol: ChordSymbol | None
    placed: bool = False


@dataclass(slots=True)
class RawMark:
    """A direction that matters.

    Its kind is segno, coda, tocoda, fine, dacapo, dalsegno, tempo, section, chord (written as
    words) or times (of a repeat). It is `certain` if the file says so to machines (``<sound>``),
    not only to the eye.
    """

    kind: str
    onset: Beats
    certain: bool = False
    text: str = ""
    tempo: Fraction = Fraction(0)
    times: int = 0


@dataclass(slots=True)
class RawBarline:
    """A bar line: repeats, endings and its style."""

    right: bool
    style: str = ""
    repeat: str = ""
    times: int = 0
    ending: str = ""
    ending_type: str = ""


@dataclass(slots=True)
class RawBar:
    """One measure of one part.

    Attributes:
        time, key: as they change at its start; `time` is None where nothing changes.
        free: a metre is expressly absent from here on (senza misura).
        content: how far the cursor came, in quarters.
    """

    number: str
    implicit: bool = False
    time: TimeSignature | None = None
    key: KeySignature | None = None
    key_has_mode: bool = True
    free: bool = False
    content: Beats = Fraction(0)
    notes: list[RawNote] = field(default_factory=list)
    chords: list[RawChord] = field(default_factory=list)
    marks: list[RawMark] = field(default_factory=list)
    barlines: list[RawBarline] = field(default_factory=list)


@dataclass(slots=True)
class RawPart:
    """A part: its id and bars."""

    id: str
    bars: list[RawBar]
