"""The score: measures, notes, chord symbols, the lead sheet, the arrangement."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from tonmeister.units.pitch import MidiKey, NoteName, Pitch
from tonmeister.units.time import Beats, TempoMap


@dataclass(frozen=True, slots=True)
class TimeSignature:
    """For example 4/4 or 6/8."""

    beats: int
    beat_type: int

    def __post_init__(self) -> None:
        if not 1 <= self.beats <= 64 or self.beat_type not in {1, 2, 4, 8, 16, 32}:
            raise ValueError(f"not a time signature: {self.beats}/{self.beat_type}")

    @property
    def bar(self) -> Beats:
        """Length of a full bar in quarter notes."""
        return Fraction(4 * self.beats, self.beat_type)

    @property
    def compound(self) -> bool:
        """Whether the felt beat is dotted: 6/8, 9/8, 12/8 (also /16)."""
        return self.beat_type >= 8 and self.beats % 3 == 0 and self.beats > 3

    @property
    def pulse(self) -> Beats:
        """Length of the felt beat, which a tempo counts: dotted in compound time, a quarter in
        other /8 and /16 metres, else the written beat (a half note in 2/2)."""
        if self.compound:
            return Fraction(12, self.beat_type)
        return Fraction(1) if self.beat_type >= 8 else Fraction(4, self.beat_type)

    @classmethod
    def parse(cls, text: str) -> TimeSignature:
        """From ``"4/4"``; ValueError otherwise."""
        match = re.fullmatch(r"\s*(\d{1,2})\s*/\s*(\d{1,2})\s*", text, re.ASCII)
        if not match:
            raise ValueError(f"not a time signature: {text!r}")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.beats}/{self.beat_type}"


class Mode(StrEnum):
    """Major, minor, or a church mode."""

    MAJOR = "major"
    MINOR = "minor"
    DORIAN = "dorian"
    PHRYGIAN = "phrygian"
    LYDIAN = "lydian"
    MIXOLYDIAN = "mixolydian"
    LOCRIAN = "locrian"


MODE_FIFTHS = {
    Mode.MAJOR: 0, Mode.MINOR: -3, Mode.DORIAN: -2, Mode.PHRYGIAN: -4,
    Mode.LYDIAN: 1, Mode.MIXOLYDIAN: -1, Mode.LOCRIAN: -5,
}  # fmt: skip
"""Sharps (flats negative) of the mode on C."""


_MODE_WORDS = {str(mode): mode for mode in Mode} | {
    "maj": Mode.MAJOR, "ionian": Mode.MAJOR, "min": Mode.MINOR, "aeolian": Mode.MINOR,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeySignature:
    """Tonic and mode. Its text form is ``"D minor"``."""

    tonic: NoteName
    mode: Mode = Mode.MAJOR

    @property
    def fifths(self) -> int:
        """Sharps in the signature, flats negative."""
        return self.tonic.fifths + MODE_FIFTHS[self.mode]

    @classmethod
    def from_fifths(cls, fifths: int, mode: Mode = Mode.MAJOR) -> KeySignature:
        """The key of this mode with so many sharps (flats negative)."""
        return cls(NoteName.from_fifths(fifths - MODE_FIFTHS[mode]), mode)

    @classmethod
    def parse(cls, text: str) -> KeySignature:
        """From ``D minor``, ``Bb``, ``Bb maj``, ``Dm``, ``E dorian``; ValueError otherwise."""
        words = text.replace("-", " ").split()
        if len(words) == 1 and len(words[0]) > 1 and words[0].endswith("m"):
            words = [words[0][:-1], "minor"]
        mode = _MODE_WORDS.get(words[1].lower()) if len(words) == 2 else Mode.MAJOR
        if not 1 <= len(words) <= 2 or mode is None:
            raise ValueError(f"not a key: {text!r}")
        return cls(NoteName.parse(words[0]), mode)

    def __str__(self) -> str:
        return f"{self.tonic} {self.mode}"


@dataclass(frozen=True, slots=True)
class Degree:
    """A chord's alteration: degree 1..13, `alter` in semitones, how: add, alter or subtract."""

    degree: int
    alter: int = 0
    how: str = "add"


@dataclass(frozen=True, slots=True)
class ChordSymbol:
    """A chord symbol. `kind` is a MusicXML kind value ("major", "minor-seventh", "dominant" ...).

    `theory.chords` parses and prints the usual text forms and knows the chord's notes.
    """

    root: NoteName
    kind: str = "major"
    degrees: tuple[Degree, ...] = ()
    bass: NoteName | None = None


@dataclass(frozen=True, slots=True)
class ChordEvent:
    """A chord from `onset` (from the start of its measure or timeline) on; None is N.C."""

    onset: Beats
    symbol: ChordSymbol | None


@dataclass(frozen=True, slots=True)
class Syllable:
    """One sung syllable.

    Attributes:
        text: as printed, without hyphens.
        kind: "single", "begin", "middle" or "end" of a word.
        verse: 1-based line of words.
        extends: whether a melisma line follows.
    """

    text: str
    kind: str = "single"
    verse: int = 1
    extends: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A note of the tune, spelled. `onset` counts from the start of its measure or timeline."""

    onset: Beats
    duration: Beats
    pitch: Pitch
    syllables: tuple[Syllable, ...] = ()
    tied: bool = False
    """Continues the note before it (only in measures; a timeline has ties merged)."""
    grace: bool = False
    """An ornament without time of its own; its duration is 0."""

    @property
    def end(self) -> Beats:
        """Where it stops sounding."""
        return self.onset + self.duration


@dataclass(frozen=True, slots=True)
class Roadmap:
    """Repeats and jumps at one measure. All False or empty: just go on."""

    repeat_start: bool = False
    repeat_end: int = 0
    """How often the repeated passage is played in all (2 is usual), 0: no repeat ends here."""
    endings: tuple[int, ...] = ()
    """The passes on which this measure is played (first and second endings)."""
    ending_stop: bool = False
    segno: bool = False
    coda: bool = False
    """The coda starts here."""
    to_coda: bool = False
    fine: bool = False
    jump: str = ""
    """"", "dacapo" or "dalsegno", taken at the end of this measure."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a lead sheet.

    Attributes:
        number: as printed.
        length: actual length; differs from `time.bar` in pickups and irregular measures.
        notes: in order, onsets from the measure's start, not overlapping.
        chords: in order, onsets from the measure's start.
        section: name of the section that starts here ("Verse", "A"), or None.
        tempo: quarters per minute from here on, or None where nothing changes.
        source: 0-based index of the measure of the written sheet that it was unfolded from.
        double_bar: whether a double or final bar line closes it: a section ends here.
    """

    number: str
    time: TimeSignature
    key: KeySignature
    length: Beats
    notes: tuple[Note, ...] = ()
    chords: tuple[ChordEvent, ...] = ()
    section: str | None = None
    tempo: Fraction | None = None
    roadmap: Roadmap = Roadmap()
    source: int | None = None
    double_bar: bool = False


@dataclass(frozen=True, slots=True)
class LeadSheet:
    """Tune, chords and words. As read it may hold repeats; `theory.form.unfold` plays them out."""

    title: str
    measures: tuple[Measure, ...]
    composer: str = ""
    lyricist: str = ""
    tempo: Fraction | None = None
    """Quarters per minute at the start, if written."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the record in playing order.

    Attributes:
        id: unique, kind and count: "verse2"; a kind that occurs once has no number: "bridge".
        kind: intro, verse, prechorus, chorus, bridge, solo, interlude, ending, or a letter.
        start: from the beginning of the record.
        length: in quarter notes.
        first_bar: 0-based index of its first measure.
        bars: number of measures.
        energy: 0 (sparse) .. 1 (everything).
        dynamics: pp p mp mf f ff.
        written: whether tune and chords come from the user's lead sheet.
    """

    id: str
    kind: str
    start: Beats
    length: Beats
    first_bar: int
    bars: int
    energy: float = 0.5
    dynamics: str = "mf"
    written: bool = False

    @property
    def end(self) -> Beats:
        """Where the next section starts."""
        return self.start + self.length


@dataclass(frozen=True)
class Song:
    """The composition in playing order: what the arranger starts from.

    Attributes:
        measures: unfolded, contiguous; their notes and chords are the song's.
        sections: contiguous, from measure 0 to the last.
    """

    title: str
    measures: tuple[Measure, ...]
    sections: tuple[Section, ...]
    tempo: TempoMap
    composer: str = ""
    lyricist: str = ""

    @cached_property
    def starts(self) -> tuple[Beats, ...]:
        """Position of each measure, and one more: the end."""
        positions = [Fraction(0)]
        for measure in self.measures:
            positions.append(positions[-1] + measure.length)
        return tuple(positions)

    @property
    def end(self) -> Beats:
        """Length in quarter notes."""
        return self.starts[-1]

    @cached_property
    def tune(self) -> tuple[Note, ...]:
        """The tune on the song's timeline, ties merged, grace notes kept."""
        notes: list[Note] = []
        for start, measure in zip(self.starts, self.measures, strict=False):
            for note in measure.notes:
                onset = start + note.onset
                last = notes[-1] if notes else None
                if note.tied and last and last.pitch.midi == note.pitch.midi and last.end == onset:
                    notes[-1] = Note(
                        last.onset, last.duration + note.duration, last.pitch, last.syllables
                    )
                else:
                    notes.append(
                        Note(onset, note.duration, note.pitch, note.syllables, False, note.grace)
                    )
        return tuple(notes)

    @cached_property
    def chords(self) -> tuple[ChordEvent, ...]:
        """The chords on the song's timeline."""
        return tuple(
            ChordEvent(start + chord.onset, chord.symbol)
            for start, measure in zip(self.starts, self.measures, strict=False)
            for chord in measure.chords
        )

    def section_at(self, position: Beats) -> Section:
        """The section that sounds at `position` (clamped to the song)."""
        for section in self.sections:
            if position < section.end:
                return section
        return self.sections[-1]


class PartRole(StrEnum):
    """What a part is for; the mix, the players and the arranger's rules go by it."""

    LEAD = "lead"
    BACKING = "backing"
    BASS = "bass"
    DRUMS = "drums"
    CHORDS = "chords"
    PAD = "pad"
    COUNTER = "counter"
    EFFECT = "effect"


class Articulation(StrEnum):
    """How a written note is to be played."""

    NORMAL = "normal"
    LEGATO = "legato"
    STACCATO = "staccato"
    TENUTO = "tenuto"
    ACCENT = "accent"
    MARCATO = "marcato"
    GHOST = "ghost"
    MUTED = "muted"
    ROLLED = "rolled"
    PIZZICATO = "pizzicato"
    TREMOLO = "tremolo"


@dataclass(frozen=True, slots=True)
class PartNote:
    """A written note of an arranged part, on the song's timeline.

    Attributes:
        key: sounding MIDI key; in drum parts a General MIDI percussion key.
        weight: loudness within the part before dynamics, 0..1, 0.6 is a plain note.
        chord: notes of one chord (one strum, one voicing) share a number, -1: a single line.
        mark: "" or what it belongs to: "fill", "crash", "pickup", "tune".
    """

    onset: Beats
    duration: Beats
    key: MidiKey
    weight: float = 0.6
    articulation: Articulation = Articulation.NORMAL
    chord: int = -1
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one player plays.

    Attributes:
        name: unique: "bass", "piano", "vocal"; the path component of decisions.
        instrument: a name of the instrument catalogue.
        notes: sorted by onset, then key.
        pedal: sustain pedal spans (down, up) on the song's timeline.
    """

    name: str
    role: PartRole
    instrument: str
    notes: tuple[PartNote, ...]
    pedal: tuple[tuple[Beats, Beats], ...] = ()


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A song and its parts."""

    song: Song
    parts: tuple[Part, ...] = field(default=())
