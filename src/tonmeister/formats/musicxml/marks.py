"""Directions and bar lines: tempo, section names, segno, coda, jumps, repeats, endings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from lxml import etree

from tonmeister.formats.musicxml.durations import QUARTERS, number
from tonmeister.formats.musicxml.harmony import is_no_chord, text_chord
from tonmeister.formats.musicxml.raw import RawBarline, RawMark
from tonmeister.units.time import Beats

_JUMPS = (
    ("dacapo", re.compile(r"\b(d\s?\.\s?c\s?\.?|da\s+capo)(?![a-z])", re.IGNORECASE)),
    ("dalsegno", re.compile(r"\b(d\s?\.\s?s\s?\.?|da[l]?\s+segno)(?![a-z])", re.IGNORECASE)),
    ("tocoda", re.compile(r"^\W*to\s+(the\s+)?coda\b", re.IGNORECASE)),
    ("fine", re.compile(r"^\W*fine\W*$", re.IGNORECASE)),
)
_SECTION = re.compile(
    r"(?P<name>intro(duction)?|verses?|couplet|strophe|pre-?\s?chorus|chorus|refrain|bridge|"
    r"middle eight|interlude|solo|instrumental|vamp|tag|outro|ending|coda|patter|trio)"
    r"(\s*(?P<count>\d+))?\s*[:.]?",
    re.IGNORECASE,
)
_SOUNDS = ("segno", "coda", "tocoda", "fine", "dacapo", "dalsegno")
_TIMES = re.compile(r"(play\s+)?(?P<count>\d{1,2})\s*(x|times|mal|fois|volte)\W*", re.IGNORECASE)
_FIGURE = re.compile(r"\d+(\.\d+)?")
_TEMPO_RANGE = (Fraction(5), Fraction(1000))


def direction_marks(
    direction: etree._Element, onset: Beats, tempo: Fraction | None
) -> Iterator[RawMark]:
    """What a ``<direction>`` says; `tempo` is the one in force, for metric modulations."""
    sound = direction.find("sound")
    said = list(sound_marks(sound, onset)) if sound is not None else []
    yield from said
    kinds = {mark.kind for mark in said}
    for element in direction.iterfind("direction-type/*"):
        for mark in _seen(element, onset, tempo):
            # The sign of a direction whose sound says "to coda" is not where the coda starts.
            double = mark.kind in kinds or (mark.kind == "coda" and "tocoda" in kinds)
            if not double:
                yield mark


def sound_marks(sound: etree._Element, onset: Beats) -> Iterator[RawMark]:
    """What a ``<sound>`` says: tempo and roadmap."""
    for kind in _SOUNDS:
        if sound.get(kind) not in {None, "no"}:
            yield RawMark(kind, onset, certain=True)
    tempo = _sane(number(sound.get("tempo")))
    if tempo is not None:
        yield RawMark("tempo", onset, certain=True, tempo=tempo)


def _seen(element: etree._Element, onset: Beats, tempo: Fraction | None) -> Iterator[RawMark]:
    text = " ".join((element.text or "").split())
    if element.tag in {"segno", "coda"}:
        yield RawMark(element.tag, onset)
    elif element.tag == "rehearsal" and text:
        yield RawMark("section", onset, certain=True, text=text)
    elif element.tag == "metronome":
        figure = _metronome(element, tempo)
        if figure is not None:
            yield RawMark("tempo", onset, tempo=figure)
    elif element.tag == "words":
        yield from word_marks(text, onset)


def word_marks(text: str, onset: Beats) -> Iterator[RawMark]:
    """What plain words on the page say: jumps, section names, chords that are written as text."""
    for kind, pattern in _JUMPS:
        if pattern.search(text):
            yield RawMark(kind, onset)
    section = _SECTION.fullmatch(text) or _SECTION.match(text) if len(text) < 24 else None
    if section is not None and (section.end() == len(text) or text[section.end() - 1] in ":. "):
        yield RawMark("section", onset, text=_section_name(section))
    elif (times := _TIMES.fullmatch(text)) and int(times["count"]) > 0:
        yield RawMark("times", onset, times=int(times["count"]))
    elif is_no_chord(text) or text_chord(text) is not None:
        yield RawMark("chord", onset, text=text)


def _section_name(match: re.Match[str]) -> str:
    name = match["name"].capitalize()
    name = {"Verses": "Verse", "Introduction": "Intro"}.get(name, name)
    return f"{name} {match['count']}" if match["count"] else name


def _metronome(element: etree._Element, tempo: Fraction | None) -> Fraction | None:
    """Quarters per minute of ``q. = 60``, ``h = ca. 96``, ``q = e``."""
    units: list[Fraction] = []
    for child in element:
        if child.tag == "beat-unit":
            units.append(QUARTERS.get((child.text or "").strip(), Fraction(1)))
        elif child.tag == "beat-unit-dot" and units:
            units[-1] = units[-1] * 3 / 2
    figure = _FIGURE.search(element.findtext("per-minute") or "")
    if figure and units:
        return _sane(Fraction(figure[0]) * units[0])
    if len(units) == 2 and tempo is not None:
        return _sane(tempo * units[1] / units[0])
    return None


def _sane(tempo: Fraction | None) -> Fraction | None:
    """A tempo as a simple fraction, or None if nobody can play it."""
    if tempo is None or not _TEMPO_RANGE[0] <= tempo <= _TEMPO_RANGE[1]:
        return None
    return tempo.limit_denominator(1000)


def barline(element: etree._Element) -> RawBarline:
    """A ``<barline>``; one in the middle of a bar counts as nothing but its style."""
    location = element.get("location", "right")
    found = RawBarline(location != "left", (element.findtext("bar-style") or "").strip())
    if location == "middle":
        return RawBarline(True)
    repeat, ending = element.find("repeat"), element.find("ending")
    if repeat is not None:
        found.repeat = repeat.get("direction", "")
        times = number(repeat.get("times"))
        found.times = int(times) if times is not None and 1 <= times <= 99 else 2
    if ending is not None:
        found.ending = ending.get("number", "")
        found.ending_type = ending.get("type", "")
    return found


def ending_numbers(text: str) -> tuple[int, ...]:
    """The passes of an ending: ``1``, ``1, 2``, ``1-3``, ``1.2.``; empty if there is no number."""
    found: set[int] = set()
    for first, last in re.findall(r"(\d+)(?:\s*[-–]\s*(\d+))?", text):
        low, high = int(first), int(last or first)
        if 1 <= low <= high <= 99:
            found.update(range(low, high + 1))
    return tuple(sorted(found))
