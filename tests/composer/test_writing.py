"""From the sheets to the song, composed and around lead sheets."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from importlib.resources import files

import pytest

from tonmeister.composer import (
    propose_form,
    propose_harmony,
    propose_tune,
    read_style,
    write_song,
)
from tonmeister.errors import DecisionError, StyleError
from tonmeister.model.score import (
    ChordEvent,
    KeySignature,
    LeadSheet,
    Measure,
    Note,
    Syllable,
    TimeSignature,
)
from tonmeister.theory.chords import parse_chord
from tonmeister.theory.form import unfold
from tonmeister.theory.notation import parse_chords, parse_notes
from tonmeister.units.pitch import Pitch

FOUR = TimeSignature(4, 4)
G = KeySignature.parse("G")
CHANGES = ["G", "C", "G", "D7", "G", "C", "D7", "G"]


def measure(number, notes, chords="", *, time=FOUR, key=G, length=None, tempo=None):
    size = time.bar if length is None else length
    return Measure(
        str(number), time, key, size, parse_notes(notes, size), parse_chords(chords, time, size),
        tempo=tempo, source=number,
    )  # fmt: skip


def tune_sheet(*, pickup=False, tempo=None, chords=True):
    bars = [
        measure(i, "B4:1 A4:1 G4:2", chord if chords else "") for i, chord in enumerate(CHANGES, 1)
    ]
    bars[-1] = measure(8, "G4:3 r:1", "G" if chords else "")
    if pickup:
        word = Note(Fraction(0), Fraction(1), Pitch.parse("D4"), (Syllable("Oh"),))
        bars.insert(0, replace(measure(0, "D4:1", length=Fraction(1)), notes=(word,)))
    if tempo:
        bars[4] = replace(bars[4], tempo=tempo)
    return LeadSheet(
        "Tune", tuple(replace(bar, source=i) for i, bar in enumerate(bars)), "A. Nonymous"
    )


def produce(sheet, song, name="ballad", **changes):
    style = read_style(name)
    written = unfold(sheet)
    form = propose_form(song, style, written=written).sheet
    harmony = propose_harmony(song, form, style, written=written).sheet
    tune = propose_tune(song, form, harmony, style, written=written).sheet
    harmony, tune = {**harmony, **changes.get("harmony", {})}, {**tune, **changes.get("tune", {})}
    return form, harmony, tune, write_song(
        song, form, harmony, tune, style, lead_sheet=sheet, written=written
    )  # fmt: skip


def played(song, form):
    """Pairs (index of the written measure, measure as played)."""
    return [
        (form[section.id].written_from + i, song.measures[section.first_bar + i])
        for section in song.sections
        if section.written
        for i in range(section.bars)
    ]


def test_measures_and_sections_are_contiguous(composed):
    made = composed("swing")
    song = made.song
    assert [section.id for section in song.sections] == list(made.form)
    position, bar = Fraction(0), 0
    for section in song.sections:
        assert (section.start, section.first_bar) == (position, bar)
        assert song.measures[bar].section
        position, bar = position + section.length, bar + section.bars
    assert position == song.end
    assert bar == len(song.measures)


def test_a_decided_bar_is_what_sounds(composed):
    made = composed("ballad")
    tune = {**made.tune, "verse1": ("C5:4", *made.tune["verse1"][1:])}
    harmony = {**made.harmony, "verse1": ("F/A Bb@3.5", *made.harmony["verse1"][1:])}
    song = write_song(made.sheet, made.form, harmony, tune, made.style)
    section = next(section for section in song.sections if section.id == "verse1")
    bar = song.measures[section.first_bar]
    assert [str(note.pitch) for note in bar.notes] == ["C5"]
    assert [chord.onset for chord in bar.chords] == [0, Fraction(5, 2)]


@pytest.mark.parametrize(("sheet", "text"), [("tune", "C5:9"), ("tune", "foo"), ("harmony", "H7")])
def test_unreadable_bars_are_named(sheet, text, composed):
    made = composed("ballad")
    sheets = {"harmony": dict(made.harmony), "tune": dict(made.tune)}
    sheets[sheet]["verse1"] = (sheets[sheet]["verse1"][0], text)
    with pytest.raises(DecisionError, match=rf"{sheet}\.verse1\[2\]"):
        write_song(made.sheet, made.form, sheets["harmony"], sheets["tune"], made.style)


def test_ritardando_only_where_the_style_has_one(composed):
    assert len(composed("swing").song.tempo.changes) == 1
    assert len(composed("ballad").song.tempo.changes) > 4


@pytest.mark.parametrize("pickup", [False, True])
def test_written_measures_stay_as_written(pickup, song_sheet):
    sheet = tune_sheet(pickup=pickup)
    form, _, _, song = produce(sheet, song_sheet("ballad", key="G", length=90))
    pairs = played(song, form)
    assert len(pairs) % len(sheet.measures) == 0
    assert len(pairs) > len(sheet.measures)
    for index, bar in pairs:
        written = sheet.measures[index]
        assert (bar.notes, bar.chords, bar.time, bar.key) == (
            written.notes, written.chords, written.time, written.key,
        )  # fmt: skip
    assert song.composer == "A. Nonymous"


def test_the_beat_goes_through_before_a_pickup(song_sheet):
    form, _, _, song = produce(tune_sheet(pickup=True), song_sheet("ballad", key="G", length=90))
    downbeats = [
        start
        for start, bar in zip(song.starts, song.measures, strict=False)
        if bar.length == FOUR.bar
    ]
    assert all((start / 4).denominator == 1 for start in downbeats)
    assert form["intro"].bars >= 2


def test_around_a_sheet_intro_and_ending_frame_it(song_sheet):
    form, harmony, tune, song = produce(tune_sheet(), song_sheet("ballad", key="G", length=60))
    names = list(form)
    assert names[0] == "intro"
    assert names[-1] == "ending"
    assert not any(tune["intro"])
    last = song.chords[-1].symbol
    assert last.root == G.tonic
    lead_in = parse_chords(harmony["intro"][-1], FOUR, FOUR.bar)[-1].symbol
    assert lead_in.root == parse_chord("D").root


def test_the_sheet_is_played_as_often_as_time_asks(song_sheet):
    counts = []
    for length in (30, 90, 180):
        form, *_ = produce(tune_sheet(), song_sheet("ballad", key="G", length=length))
        counts.append(sum(plan.written_from == 0 for plan in form.values()))
    assert counts[0] == 1
    assert counts == sorted(counts)
    assert counts[2] > counts[1]


def test_tempo_changes_of_the_sheet_keep_their_proportion(song_sheet):
    sheet = replace(tune_sheet(tempo=Fraction(60)), tempo=Fraction(120))
    form, _, _, song = produce(sheet, song_sheet("ballad", key="G", length=40, tempo=100))
    first = next(section for section in song.sections if section.written)
    assert song.tempo.tempo_at(first.start) == 100
    assert song.tempo.tempo_at(song.starts[first.first_bar + 4]) == 50
    assert form


def test_an_edited_written_bar_keeps_the_words(song_sheet):
    sheet = tune_sheet(pickup=True)
    song = song_sheet("ballad", key="G", length=60)
    form, _, tune, _ = produce(sheet, song)
    name = next(name for name, plan in form.items() if plan.written_from == 0)
    edited = {name: ("E4:1", *tune[name][1:])}
    _, _, _, made = produce(sheet, song, tune=edited)
    bar = made.measures[next(s.first_bar for s in made.sections if s.id == name)]
    assert str(bar.notes[0].pitch) == "E4"
    assert bar.notes[0].syllables == (Syllable("Oh"),)


def test_a_sheet_without_chords_is_harmonized(song_sheet):
    sheet = tune_sheet(chords=False)
    form, harmony, _, song = produce(sheet, song_sheet("waltz", key="G", length=60), "waltz")
    assert any(
        text for name in form if form[name].written_from is not None for text in harmony[name]
    )
    roots = {chord.symbol.root for chord in song.chords if chord.symbol}
    assert G.tonic in roots
    assert [n for _, bar in played(song, form) for n in bar.notes][:3] == list(
        sheet.measures[0].notes
    )


def test_metre_changes_inside_a_sheet(song_sheet):
    bars = list(tune_sheet().measures)
    three = TimeSignature(3, 4)
    bars[3] = replace(measure(4, "B4:1 A4:1 G4:1", "D7", time=three), source=3)
    sheet = LeadSheet("Tune", tuple(bars))
    form, _, _, song = produce(sheet, song_sheet("ballad", key="G", length=40))
    assert next(bar.time for index, bar in played(song, form) if index == 3) == three


def test_no_chord_is_kept(song_sheet):
    bars = list(tune_sheet().measures)
    bars[2] = replace(bars[2], chords=(ChordEvent(Fraction(0), None),))
    form, harmony, _, song = produce(
        LeadSheet("T", tuple(bars)), song_sheet("ballad", key="G", length=40)
    )
    name = next(name for name, plan in form.items() if plan.written_from == 0)
    assert harmony[name][2] == "N.C."
    assert any(chord.symbol is None for chord in song.chords)


def test_real_lead_sheets_stay_untouched(lead_sheets, song_sheet):
    musicxml = pytest.importorskip("tonmeister.formats.musicxml")
    for path in lead_sheets:
        sheet = musicxml.read(path)
        written = unfold(sheet)
        metre = str(next((m.time for m in written if m.length == m.time.bar), written[0].time))
        made = song_sheet("ballad", key=str(written[0].key), metre=metre, tempo=100, length=150)
        form, _, _, song = produce(sheet, made)
        pairs = played(song, form)
        assert len(pairs) % len(written) == 0
        assert all(bar.notes == written[index].notes for index, bar in pairs), path.name
        assert all(bar.chords == written[index].chords for index, bar in pairs), path.name


def test_unknown_and_broken_styles(tmp_path, monkeypatch):
    with pytest.raises(StyleError, match="polka"):
        read_style("polka")
    monkeypatch.setenv("TONMEISTER_DATA", str(tmp_path))
    folder = tmp_path / "styles" / "polka"
    folder.mkdir(parents=True)
    (folder / "composition.toml").write_text("[form]\n")
    with pytest.raises(StyleError, match=r"composition\.toml"):
        read_style("polka")


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("Imaj7 | IVmaj7", "Imaj7 | Qmaj7", "harmony"),
        ('"4/4".any]', '"4/5".any]', "tune.rhythm"),
        ("range = 16", "range = 99", "tune.range"),
        ("3/2 1/2 1 1", "3/2 -1 1", "tune.rhythm"),
    ],
)
def test_a_wrong_style_says_where(old, new, place, tmp_path, monkeypatch):
    text = files("tonmeister.data").joinpath("styles/ballad/composition.toml").read_text("utf-8")
    monkeypatch.setenv("TONMEISTER_DATA", str(tmp_path))
    folder = tmp_path / "styles" / "own"
    folder.mkdir(parents=True)
    (folder / "composition.toml").write_text(text, "utf-8")
    assert read_style("own").name == "own"
    (folder / "composition.toml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(StyleError) as caught:
        read_style("own")
    assert place in caught.value.what
