"""Writing lead sheets: what is written reads back the same, is valid and reads well."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tonmeister.errors import FormatError
from tonmeister.formats import musicxml
from tonmeister.formats.musicxml import files
from tonmeister.formats.musicxml.reader import sheet_from
from tonmeister.formats.musicxml.rhythm import spell
from tonmeister.model.score import (
    ChordEvent,
    ChordSymbol,
    Degree,
    KeySignature,
    LeadSheet,
    Measure,
    Mode,
    Note,
    Roadmap,
    Section,
    Song,
    Syllable,
    TimeSignature,
)  # fmt: skip
from tonmeister.theory.chords import KINDS
from tonmeister.theory.form import unfold
from tonmeister.units.pitch import NoteName, Pitch
from tonmeister.units.time import TempoMap

TESTS = Path(__file__).resolve().parents[1]
EXAMPLES = TESTS.parent / "examples" / "lead_sheets"
SCHEMAS = TESTS / "conformance" / "schema"
FOUR = TimeSignature(4, 4)
C = KeySignature.parse("C major")
F = Fraction


class _Local(etree.Resolver):
    """Finds the schema's parts beside it instead of on the network."""

    def resolve(self, url: str, public: str, context: object) -> object:
        return self.resolve_filename(str(SCHEMAS / url.rsplit("/", 1)[-1]), context)


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """The W3C schema of MusicXML 4.0."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local())
    return etree.XMLSchema(etree.parse(str(SCHEMAS / "musicxml.xsd"), parser))


def back(data: bytes) -> LeadSheet:
    return sheet_from(files.parse(data, "x"), "x", "")


# Any sheet

NAMES = st.builds(NoteName, st.sampled_from("CDEFGAB"), st.integers(-2, 2))
ROOTS = st.builds(NoteName, st.sampled_from("CDEFGAB"), st.integers(-1, 1))
PITCHES = st.builds(Pitch, NAMES, st.integers(1, 7))
TEXTS = st.text("abcdeéß'’,!", min_size=1, max_size=5)
GRIDS = [F(1), F(1, 2), F(1, 4), F(1, 3), F(2, 3), F(1, 6), F(1, 5), F(3, 2), F(1, 7), F(5, 8)]
DEGREES = st.builds(
    Degree,
    st.sampled_from([3, 5, 7, 9, 11, 13]),
    st.integers(-1, 1),
    st.sampled_from(["add", "alter", "subtract"]),
)


@st.composite
def symbols(draw: st.DrawFn) -> ChordSymbol | None:
    if draw(st.integers(0, 9)) == 0:
        return None
    root = draw(ROOTS)
    bass = draw(st.none() | ROOTS)
    degrees = tuple(draw(st.lists(DEGREES, max_size=2)))
    return ChordSymbol(
        root, draw(st.sampled_from(sorted(KINDS))), degrees, bass if bass != root else None
    )


@st.composite
def syllables(draw: st.DrawFn) -> tuple[Syllable, ...]:
    verses = sorted(draw(st.sets(st.integers(1, 3), max_size=2)))
    kinds = st.sampled_from(["single", "begin", "middle", "end"])
    return tuple(Syllable(draw(TEXTS), draw(kinds), verse, draw(st.booleans())) for verse in verses)


@st.composite
def tunes(draw: st.DrawFn, length: Fraction) -> tuple[Note, ...]:
    notes: list[Note] = []
    cursor = F(0)
    while cursor < length and len(notes) < 12:
        step = min(draw(st.sampled_from(GRIDS)) * draw(st.integers(1, 3)), length - cursor)
        kind = draw(st.sampled_from(["note", "note", "note", "rest", "grace"]))
        if kind == "grace":
            notes.append(Note(cursor, F(0), draw(PITCHES), draw(syllables()), grace=True))
        elif kind == "note":
            notes.append(Note(cursor, step, draw(PITCHES), draw(syllables())))
        cursor += step if kind != "grace" else 0
    return tuple(notes)


@st.composite
def chord_lists(draw: st.DrawFn, length: Fraction) -> tuple[ChordEvent, ...]:
    onsets = sorted(
        draw(st.sets(st.sampled_from([F(0), F(1), F(3, 2), F(2, 3), F(2)]), max_size=3))
    )
    return tuple(ChordEvent(at, draw(symbols())) for at in onsets if at < length)


@st.composite
def measure_lists(draw: st.DrawFn) -> tuple[Measure, ...]:
    count = draw(st.integers(1, 5))
    time, key = draw(TIMES), draw(KEYS)
    tempo: Fraction | None = None
    found: list[Measure] = []
    for index in range(count):
        time = draw(st.just(time) | TIMES)
        key = draw(st.just(key) | KEYS)
        length = time.bar
        if draw(st.integers(0, 4)) == 0:
            length = draw(st.sampled_from([time.bar / 2, time.bar * F(3, 2), time.bar + F(1, 2)]))
        notes = draw(tunes(length))
        if index == 0 and not any(not note.grace for note in notes):
            notes = (Note(F(0), length, draw(PITCHES)),)
        if found and notes and found[-1].notes and draw(st.booleans()):
            notes = _tied(found[-1], notes)
        fresh = draw(st.none() | TEMPI)
        changed = fresh if index and fresh != tempo else None
        tempo = changed or tempo
        found.append(
            Measure(
                draw(st.sampled_from(["1", "2", "X1", "0"])), time, key, length, notes,
                draw(chord_lists(length)), draw(SECTIONS), changed, draw(ROADMAPS),
            )
        )  # fmt: skip
    return tuple(found)


def _tied(before: Measure, notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """The notes, the first tied to the last one of the measure before, if they meet."""
    last, first = before.notes[-1], notes[0]
    if last.grace or first.grace or first.onset or last.end != before.length:
        return notes
    return (Note(F(0), first.duration, last.pitch, first.syllables, tied=True), *notes[1:])


TIMES = st.sampled_from(
    [TimeSignature.parse(t) for t in ("4/4", "3/4", "6/8", "2/2", "7/8", "5/4", "12/8")]
)
KEYS = st.builds(KeySignature.from_fifths, st.integers(-7, 7), st.sampled_from(list(Mode)))
SECTIONS = st.none() | st.sampled_from(["Verse", "B", "Chorus 2"])
TEMPI = st.sampled_from([F(60), F(120), F(185, 2), F(400, 3), F(1000, 7)])
ROADMAPS = st.builds(
    Roadmap,
    repeat_start=st.booleans(),
    repeat_end=st.sampled_from([0, 0, 2, 4]),
    segno=st.booleans(),
    fine=st.booleans(),
    jump=st.sampled_from(["", "dacapo", "dalsegno"]),
    to_coda=st.booleans(),
)
SHEETS = st.builds(
    LeadSheet, TEXTS, measure_lists(), TEXTS | st.just(""), st.just(""), st.none() | TEMPI
)


def _comparable(sheet: LeadSheet) -> LeadSheet:
    """A sheet without a tempo that its first measure merely repeats."""
    tempo, measures = sheet.tempo, []
    for measure in sheet.measures:
        changed = measure.tempo if measure.tempo != tempo else None
        tempo = changed or tempo
        values = {name: getattr(measure, name) for name in Measure.__dataclass_fields__}
        measures.append(Measure(**{**values, "tempo": changed}))
    return LeadSheet(sheet.title, tuple(measures), sheet.composer, sheet.lyricist, sheet.tempo)


@settings(deadline=None, max_examples=120, suppress_health_check=list(HealthCheck))
@given(sheet=SHEETS)
def test_what_is_written_reads_back_and_is_valid(sheet: LeadSheet, schema: etree.XMLSchema) -> None:
    sheet = _comparable(sheet)
    data = musicxml.write(sheet)
    schema.assertValid(etree.fromstring(data))
    assert back(data) == sheet
    assert musicxml.write(back(data)) == data


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_pieces_fill_every_stretch_exactly(data: st.DataObject) -> None:
    time = data.draw(TIMES)
    cuts = data.draw(st.sets(st.fractions(0, time.bar, max_denominator=12), max_size=8))
    bounds = sorted({F(0), time.bar} | cuts)
    stretches = [(a, b, data.draw(st.booleans())) for a, b in pairwise(bounds)]
    for (start, end, _), pieces in zip(stretches, spell(stretches, time), strict=True):
        assert pieces[0].onset == start
        assert pieces[-1].end == end
        assert all(one.end == other.onset for one, other in pairwise(pieces))


# Reading well


def spelled(time: str, *stretches: tuple[str, bool]) -> str:
    """Spelled notes (and rests in brackets) of a bar: type, dots, ties with +, tuplets with :n."""
    place, whole = F(0), []
    for length, sounds in stretches:
        whole.append((place, place + F(length), sounds))
        place += F(length)
    names = {"whole": "w", "half": "h", "quarter": "q", "eighth": "e", "16th": "s"}
    found = []
    for (_, _, sounds), pieces in zip(whole, spell(whole, TimeSignature.parse(time)), strict=True):
        text = "+".join(
            names[p.head.type]
            + "." * p.head.dots
            + (f":{p.head.actual}" if p.head.actual > 1 else "")
            for p in pieces
        )
        found.append(text if sounds else f"({text})")
    return " ".join(found)


@pytest.mark.parametrize(
    ("time", "lengths", "text"),
    [
        ("4/4", "4", "w"),
        ("4/4", "1/2 1 1/2 2", "e q e h"),
        ("4/4", "1 2 1", "q h q"),
        ("4/4", "3/2 1 3/2", "q. e+e q."),
        ("4/4", "5/2 3/2", "h+e q."),
        ("4/4", "1 3", "q h."),
        ("4/4", "1/2 3 1/2", "e q.+q. e"),
        ("4/4", "7/4 9/4", "q+e. s+h"),
        ("4/4", "-1 3", "(q) h."),
        ("4/4", "1 -3", "q (q+h)"),
        ("4/4", "-1/2 7/2", "(e) q.+h"),
        ("3/4", "1/2 2 1/2", "e e+q. e"),
        ("3/4", "2 -1", "h (q)"),
        ("3/4", "1 -2", "q (q+q)"),
        ("6/8", "1 1/2 3/2", "q e q."),
        ("6/8", "2 1", "q.+e q"),
        ("6/8", "1/2 2 1/2", "e q+q e"),
        ("6/8", "-1 1/2 3/2", "(q) e q."),
        ("2/2", "1 2 1", "q h q"),
        ("7/8", "1 1 3/2", "q q q."),
        ("5/4", "3 2", "h. h"),
        ("4/4", "1/3 1/3 1/3 3", "e:3 e:3 e:3 h."),
        ("4/4", "2/3 1/3 3", "q:3 e:3 h."),
        ("4/4", "2/3 2/3 2/3 2", "q:3 q:3 q:3 h"),
        ("4/4", "4/3 4/3 4/3", "h:3 h:3 h:3"),
        ("4/4", "1 1/3 1/3 13/12 1/4 1", "q e:3 e:3 e:3+e. s q"),
        ("4/4", "1/5 1/5 1/5 1/5 1/5 3", "s:5 s:5 s:5 s:5 s:5 h."),
    ],
)
def test_notes_are_cut_where_a_reader_looks_for_beats(time: str, lengths: str, text: str) -> None:
    stretches = [(each.lstrip("-"), not each.startswith("-")) for each in lengths.split()]
    assert spelled(time, *stretches) == text


def tune(*tokens: str, time: str = "4/4", **rest: object) -> Measure:
    """A measure from ``C4:1`` and ``r:1``."""
    at, notes = F(0), []
    for token in tokens:
        name, _, length = token.partition(":")
        if name != "r":
            notes.append(Note(at, F(length), Pitch.parse(name)))
        at += F(length)
    return Measure("1", TimeSignature.parse(time), C, at, tuple(notes), **rest)  # type: ignore[arg-type]


def written(*measures: Measure) -> etree._Element:
    return etree.fromstring(musicxml.write(LeadSheet("x", measures)))


def beams(*tokens: str, time: str = "4/4") -> str:
    found = written(tune(*tokens, time=time)).iterfind("part/measure/note")
    marks = {"begin": "[", "continue": "-", "end": "]", "forward hook": ">", "backward hook": "<"}
    return " ".join("".join(marks[b.text or ""] for b in n.iterfind("beam")) or "." for n in found)


def test_beams_follow_the_metre() -> None:
    assert beams(*["C4:1/2"] * 8) == "[ - - ] [ - - ]"
    assert beams(*["C4:1/2"] * 6, time="3/4") == "[ - - - - ]"
    assert beams(*["C4:1/2"] * 6, time="6/8") == "[ - ] [ - ]"
    assert beams("C4:1/2", "C4:1/4", "C4:1/4", "C4:3") == "[ -[ ]] ."
    assert beams("C4:3/4", "C4:1/4", "C4:1/4", "C4:3/4", "r:2") == "[ ]< [> ] ."
    assert beams("C4:1/2", "r:1/2", "C4:1/2", "C4:1/2", "C4:2") == ". . [ ] ."


@pytest.mark.parametrize(
    ("notes", "clef"),
    [("C4 G5", "G2"), ("C3 G2 C2", "F4"), ("C3 G3 B3 E4", "G2-1"), ("", "G2"), ("A3 C4 E5", "G2")],
)
def test_the_clef_fits_the_voice(notes: str, clef: str) -> None:
    measure = tune(*(f"{name}:1" for name in notes.split()), "r:1")
    element = written(measure).find("part/measure/attributes/clef")
    assert element is not None
    assert "".join(text.strip() for text in element.itertext()) == clef


def test_a_silent_bar_is_a_bar_of_rest() -> None:
    rests = written(tune("r:3", time="3/4")).findall("part/measure/note/rest")
    assert [each.get("measure") for each in rests] == ["yes"]


def test_a_pickup_is_not_counted() -> None:
    root = written(tune("G4:1"), tune("C4:4"), tune("C4:3"))
    implicit = [each.get("implicit") for each in root.iterfind("part/measure")]
    assert implicit == ["yes", None, "yes"]


def test_chords_print_as_musicians_write_them() -> None:
    symbol = ChordSymbol(NoteName("G"), "dominant", (Degree(9, -1),), NoteName("B"))
    kind = written(tune("C4:4", chords=(ChordEvent(F(0), symbol),))).find(
        "part/measure/harmony/kind"
    )
    assert kind is not None
    assert (kind.text, kind.get("text")) == ("dominant", "7(b9)")


def test_characters_that_xml_forbids_are_dropped() -> None:
    assert back(musicxml.write(LeadSheet("a\0b\x1f", (tune("C4:4"),)))).title == "ab"


def test_a_note_too_low_to_write_is_refused() -> None:
    with pytest.raises(FormatError, match="cannot write C-1"):
        written(tune("C-1:4"))


def test_nothing_is_refused() -> None:
    with pytest.raises(FormatError, match="nothing to write"):
        written()


# Songs


def song() -> Song:
    """Amazing Grace in playing order, three verses."""
    sheet = musicxml.read(EXAMPLES / "amazing-grace.musicxml")
    measures = unfold(sheet)
    sections = []
    for verse in range(3):
        bars = measures[17 * verse : 17 * verse + 17]
        start = sum((m.length for m in measures[: 17 * verse]), F(0))
        length = sum((m.length for m in bars), F(0))
        sections.append(Section(f"verse{verse + 1}", "verse", start, length, 17 * verse, 17))
    tempo = TempoMap.of([(F(0), F(84)), (F(100), F(80)), (F(101), F(76))])
    return Song("Amazing Grace", measures, tuple(sections), tempo, "New Britain", "John Newton")


def test_a_song_is_written_in_playing_order(schema: etree.XMLSchema) -> None:
    data = musicxml.write(song())
    schema.assertValid(etree.fromstring(data))
    sheet = back(data)
    assert [m.section for m in sheet.measures if m.section] == ["Verse 1", "Verse 2", "Verse 3"]
    assert [m.number for m in sheet.measures[:3]] == ["0", "1", "2"]
    verses = {s.verse for m in sheet.measures for n in m.notes for s in n.syllables}
    assert verses == {1}
    first = [s.text for m in sheet.measures[17:21] for n in m.notes for s in n.syllables]
    assert first[:3] == ["’Twas", "grace", "that"]
    assert [n.pitch for m in sheet.measures for n in m.notes] == [
        n.pitch for m in song().measures for n in m.notes
    ]


def test_the_same_song_gives_the_same_bytes() -> None:
    assert musicxml.write(song()) == musicxml.write(song())


def _printed(path: Path, folder: Path) -> Iterator[str]:
    """What MuseScore says while it prints a sheet."""
    target = folder / (path.stem + ".pdf")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [shutil.which("mscore3") or "", "-o", str(target), str(path)]
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=120, check=False
    )
    assert target.stat().st_size > 5000
    for line in (done.stdout + done.stderr).splitlines():
        if not line.startswith(("QStandardPaths", "convert <", "\tto <", "... success")):
            yield line


@pytest.mark.skipif(shutil.which("mscore3") is None, reason="MuseScore 3 is not installed")
def test_a_notation_program_prints_it_without_complaint(tmp_path: Path) -> None:
    path = tmp_path / "song.musicxml"
    path.write_bytes(musicxml.write(song()))
    assert list(_printed(path, tmp_path)) == []
    assert list(_printed(EXAMPLES / "jingle-bells.musicxml", tmp_path)) == []
