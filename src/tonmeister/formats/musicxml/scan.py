"""Scanning a part: the cursor's way through each measure, with nothing understood yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from lxml import etree

from tonmeister.errors import FormatError
from tonmeister.formats.musicxml import durations, harmony, lyrics, marks
from tonmeister.formats.musicxml.durations import number
from tonmeister.formats.musicxml.raw import RawBar, RawChord, RawMark, RawNote, RawPart
from tonmeister.formats.musicxml.transpose import Transposition
from tonmeister.model.score import KeySignature, Mode, TimeSignature
from tonmeister.units.pitch import NoteName, Pitch
from tonmeister.units.time import Beats

_MODES = {"ionian": Mode.MAJOR, "aeolian": Mode.MINOR, **{mode.value: mode for mode in Mode}}


def scan_part(part: etree._Element, where: str) -> RawPart:
    """All bars of a part.

    Args:
        part: a ``<part>`` element.
        where: names file and part in errors.

    Raises:
        FormatError: a bar says something impossible; bar and cause are named.
    """
    scanner = _Scanner()
    bars = []
    for index, measure in enumerate(part.iterfind("measure"), start=1):
        number_text = measure.get("number") or str(index)
        try:
            bars.append(scanner.measure(measure, number_text))
        except (ValueError, ArithmeticError) as error:
            raise FormatError(
                str(error),
                where=f"{where}, bar {number_text} (measure {index})",
                expected="valid MusicXML",
            ) from error
    return RawPart(part.get("id", ""), bars)


class _Scanner:
    """The state that a part carries from bar to bar: divisions, key, transposition, tempo."""

    def __init__(self) -> None:
        self.divisions = Fraction(1)
        self.written_key = KeySignature(NoteName("C"))
        self.interval = Transposition()
        self.tempo: Fraction | None = None
        self.cursor: Beats = Fraction(0)
        self.chord_onset: Beats = Fraction(0)
        self.places: set[Beats] = set()
        self.bar = RawBar("")
        self.handlers: dict[str, Callable[[etree._Element], None]] = {
            "attributes": self._attributes,
            "note": self._note,
            "backup": lambda element: self._move(element, -1),
            "forward": lambda element: self._move(element, 1),
            "harmony": self._harmony,
            "direction": self._direction,
            "sound": lambda element: self._add_marks(marks.sound_marks(element, self.cursor)),
            "barline": lambda element: self.bar.barlines.append(marks.barline(element)),
        }

    def measure(self, measure: etree._Element, number_text: str) -> RawBar:
        self.bar = RawBar(number_text, implicit=measure.get("implicit") == "yes")
        self.cursor = Fraction(0)
        self.places = {Fraction(0)}
        for element in measure:
            handler = self.handlers.get(element.tag)
            if handler is not None:
                handler(element)
        return self.bar

    def _attributes(self, element: etree._Element) -> None:
        divisions = element.findtext("divisions")
        if divisions is not None:
            self.divisions = number(divisions) or Fraction(0)
            if self.divisions <= 0:
                raise ValueError(f"{divisions!r} divisions of a quarter note")
        transpose = element.find("transpose")
        if transpose is not None:
            self.interval = _transposition(transpose)
        key = element.find("key")
        if (key is not None and key.find("fifths") is not None) or transpose is not None:
            self._key(key)
        time = element.find("time")
        if time is not None:
            self.bar.free = time.find("senza-misura") is not None
            self.bar.time = time_signature(time) or self.bar.time

    def _key(self, element: etree._Element | None) -> None:
        if element is not None and element.find("fifths") is not None:
            fifths = number(element.findtext("fifths"))
            if fifths is None or abs(fifths) > 11:
                raise ValueError(f"a key of {element.findtext('fifths')!r} fifths")
            mode = (element.findtext("mode") or "").strip().lower()
            self.bar.key_has_mode = mode in _MODES
            self.written_key = KeySignature.from_fifths(int(fifths), _MODES.get(mode, Mode.MAJOR))
        self.interval = self.interval.within(self.written_key.fifths)
        self.bar.key = self.interval.key(self.written_key)

    def _move(self, element: etree._Element, sign: int) -> None:
        ticks = number(element.findtext("duration"))
        if ticks is None or ticks < 0:
            raise ValueError(f"a <{element.tag}> without a length")
        self._go_to(max(Fraction(0), self.cursor + sign * ticks / self.divisions))

    def _go_to(self, place: Beats) -> None:
        """Moves the cursor; one that missed a known place by less than a tick means it."""
        if place not in self.places:
            near = min(self.places, key=lambda known: abs(known - place))
            place = near if abs(near - place) < 1 / self.divisions else place
        self.cursor = place
        self.places.add(place)
        self.bar.content = max(self.bar.content, place)

    def _note(self, element: etree._Element) -> None:
        grace, chord = element.find("grace") is not None, element.find("chord") is not None
        length = Fraction(0) if grace else durations.exact(element, self.divisions)
        if length is None or length < 0:
            raise ValueError("a note without a length")
        if not chord:
            self.chord_onset = self.cursor
            if not grace:
                self._go_to(self.cursor + length)
        if element.find("cue") is None and element.find("unpitched") is None:
            self.bar.notes.append(self._raw_note(element, length, chord=chord, grace=grace))

    def _raw_note(
        self, element: etree._Element, length: Beats, *, chord: bool, grace: bool
    ) -> RawNote:
        pitch = element.find("pitch")
        sounding = None if pitch is None else self.interval.pitch(_pitch(pitch))
        if sounding is not None and not 0 <= sounding.midi <= 127:
            raise ValueError(f"{sounding} is beyond what any instrument plays")
        ties = {tie.get("type") for tie in element.iterfind("tie")}
        ties |= {tie.get("type") for tie in element.iterfind("notations/tied")}
        return RawNote(
            self.chord_onset,
            length,
            sounding,
            (element.findtext("staff", "1"), element.findtext("voice", "1")),
            chord,
            grace,
            "start" in ties,
            "stop" in ties,
            lyrics.syllables(element) if pitch is not None else (),
        )

    def _offset(self, element: etree._Element) -> Beats:
        ticks = number(element.findtext("offset"))
        return self.cursor if ticks is None else self.cursor + ticks / self.divisions

    def _harmony(self, element: etree._Element) -> None:
        onset = self._offset(element)
        try:
            chord = harmony.symbol(element, self.written_key, self.interval)
        except LookupError:
            return
        self.bar.chords.append(RawChord(max(Fraction(0), onset), chord, onset != self.cursor))

    def _direction(self, element: etree._Element) -> None:
        onset = max(Fraction(0), self._offset(element))
        self._add_marks(marks.direction_marks(element, onset, self.tempo))

    def _add_marks(self, found: Iterable[RawMark]) -> None:
        for mark in found:
            if mark.kind == "tempo":
                self.tempo = mark.tempo
            self.bar.marks.append(mark)


def time_signature(element: etree._Element) -> TimeSignature | None:
    """A ``<time>``; ``3+2/8`` and several fractions are added up. None without a metre.

    Raises:
        ValueError: it is no metre.
    """
    tops = [(beats.text or "") for beats in element.iterfind("beats")]
    bottoms = [number(beat_type.text) for beat_type in element.iterfind("beat-type")]
    if not tops or len(tops) != len(bottoms):
        return None
    beat_type = max(int(bottom or 0) for bottom in bottoms)
    beats = Fraction(0)
    for top, bottom in zip(tops, bottoms, strict=True):
        count = sum((number(term) or Fraction(0) for term in top.split("+")), Fraction(0))
        if not bottom or not count:
            raise ValueError(f"{top}/{bottom} is no metre")
        beats += count * beat_type / bottom
    if beats.denominator != 1:
        raise ValueError(f"{beats}/{beat_type} is no metre")
    return TimeSignature(int(beats), beat_type)


def _transposition(element: etree._Element) -> Transposition:
    chromatic = number(element.findtext("chromatic")) or Fraction(0)
    diatonic = number(element.findtext("diatonic"))
    octaves = number(element.findtext("octave-change")) or Fraction(0)
    return Transposition.of(
        round(chromatic), None if diatonic is None else round(diatonic), round(octaves)
    )


def _pitch(element: etree._Element) -> Pitch:
    octave = number(element.findtext("octave"))
    if octave is None:
        raise ValueError("a pitch without an octave")
    step = (element.findtext("step") or "").strip().upper()
    return Pitch(NoteName(step, round(number(element.findtext("alter")) or 0)), int(octave))
