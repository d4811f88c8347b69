"""The harmony: in the key, the same for sections of a kind, with real cadences."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tonmeister.composer import propose_form, propose_harmony, read_style
from tonmeister.composer.harmonize import harmonize
from tonmeister.composer.phrases import phrase_lengths, places
from tonmeister.model.score import (
    KeySignature,
    Measure,
    Mode,
    TimeSignature,
)
from tonmeister.theory.chords import bass_class, parse_chord
from tonmeister.theory.chordscale import is_tonic
from tonmeister.theory.harmony import function_of
from tonmeister.theory.notation import parse_chords, parse_notes
from tonmeister.units.pitch import NoteName

STYLES = ("ballad", "swing", "waltz")
KEYS = [
    str(KeySignature.from_fifths(fifths, mode))
    for mode in (Mode.MAJOR, Mode.MINOR)
    for fifths in range(-6, 7)
]


def harmony_of(sheet):
    style = read_style(sheet.style)
    form = propose_form(sheet, style).sheet
    return form, propose_harmony(sheet, form, style).sheet


def chords_in(texts, metre):
    time = TimeSignature.parse(metre)
    return [event.symbol for text in texts for event in parse_chords(text, time, time.bar)]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("key", KEYS)
def test_chords_are_spelled_simply_in_every_key(style, key, song_sheet):
    sheet = song_sheet(style, key=key)
    form, harmony = harmony_of(sheet)
    for name, plan in form.items():
        assert len(harmony[name]) == plan.bars
        for symbol in chords_in(harmony[name], sheet.metre):
            assert abs(symbol.root.alter) < 2
            assert symbol.bass is None or abs(symbol.bass.alter) < 2


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("key", ["C", "G minor"])
def test_cadences(style, seed, key, song_sheet):
    sheet = song_sheet(style, key=key, seed=seed, length=180)
    form, harmony = harmony_of(sheet)
    signature = KeySignature.parse(key)
    names = list(form)
    for name, following in zip(names, [*names[1:], ""], strict=True):
        last = chords_in(harmony[name], sheet.metre)[-1]
        if form[name].kind == "ending":
            assert is_tonic(last, signature)
            assert bass_class(last) == signature.tonic.pitch_class
        elif form[name].kind == "chorus":
            assert function_of(last, signature) == "tonic"
        elif form[name].kind == "verse" and form[following].kind == "chorus":
            assert function_of(last, signature) == "dominant"


@pytest.mark.parametrize("style", STYLES)
def test_sections_of_a_kind_share_their_chords(style, song_sheet):
    form, harmony = harmony_of(song_sheet(style, length=200))
    choruses = [harmony[name] for name, plan in form.items() if plan.kind == "chorus"]
    assert len(set(choruses)) == 1
    verse = next(harmony[name] for name, plan in form.items() if plan.kind == "verse")
    assert verse != choruses[0]


def test_a_choice_in_one_kind_leaves_the_others(song_sheet):
    sheet = song_sheet("ballad")
    style = read_style("ballad")
    form = propose_form(sheet, style).sheet
    before = propose_harmony(sheet, form, style).sheet
    longer = {
        n: p.model_copy(update={"bars": 16}) if p.kind == "verse" else p for n, p in form.items()
    }
    after = propose_harmony(sheet, longer, style).sheet
    assert all(before[name] == after[name] for name, plan in form.items() if plan.kind != "verse")


@pytest.mark.parametrize("bars", range(1, 70))
def test_phrases_fill_any_number_of_bars(bars):
    lengths = phrase_lengths(bars)
    assert sum(lengths) == bars
    assert len(places(len(lengths), "full")) == len(lengths)
    assert places(len(lengths), "full")[-1] == "full"


@pytest.mark.parametrize("bars", [1, 2, 3, 5, 6, 7, 9, 11, 13, 31, 40])
@pytest.mark.parametrize("kind", ["verse", "chorus", "bridge", "ending", "intro", "vamp"])
def test_any_number_of_bars_has_chords(kind, bars, song_sheet):
    sheet = song_sheet("swing")
    style = read_style("swing")
    plan = next(iter(propose_form(sheet, style).sheet.values()))
    form = {kind: plan.model_copy(update={"kind": kind, "bars": bars})}
    texts = propose_harmony(sheet, form, style).sheet[kind]
    assert len(texts) == bars
    assert all(texts)


@pytest.mark.parametrize(("mode", "foreign"), [("dorian", "Bb"), ("mixolydian", "C#")])
def test_church_modes_keep_to_their_own_degrees(mode, foreign, song_sheet):
    _, harmony = harmony_of(song_sheet("waltz", key=f"D {mode}"))
    symbols = {str(s.root) for texts in harmony.values() for s in chords_in(texts, "3/4")}
    assert foreign not in symbols


def test_metres_with_few_pulses_drop_chords_not_bars(song_sheet):
    sheet = song_sheet("swing", metre="2/2", tempo=100)
    form, harmony = harmony_of(sheet)
    assert all(len(text.split()) <= 2 for texts in harmony.values() for text in texts)
    assert all(len(harmony[name]) == plan.bars for name, plan in form.items())


def _bars(texts, key="C", metre="4/4"):
    time = TimeSignature.parse(metre)
    return tuple(
        Measure(str(i), time, KeySignature.parse(key), time.bar, parse_notes(text, time.bar))
        for i, text in enumerate(texts)
    )


def test_a_bare_tune_gets_its_plain_chords():
    tune = _bars(
        ["C4:1 E4:1 G4:1 E4:1", "F4:1 A4:1 C5:2", "G4:1 B4:1 D5:1 F4:1", "E4:2 C4:2"],
    )
    found = [measure.chords[0].symbol for measure in harmonize(tune)]
    assert found[0] == parse_chord("C")
    assert found[1] == parse_chord("F")
    assert found[2].root == NoteName("G")
    assert is_tonic(found[3], KeySignature.parse("C"))


def test_a_minor_tune_is_heard_in_minor():
    tune = _bars(["A4:2 C5:1 E5:1", "D5:1 F5:1 A4:2", "E4:1 G#4:1 B4:2", "A4:4"])
    found = [measure.chords[0].symbol for measure in harmonize(tune)]
    assert found[0] == parse_chord("Am")
    assert found[2].root == NoteName("E")
    assert found[3] == parse_chord("Am")


def test_a_pickup_stays_without_a_chord():
    time = TimeSignature(4, 4)
    upbeat = parse_notes("G4:1", Fraction(1))
    pickup = Measure("0", time, KeySignature.parse("C"), Fraction(1), upbeat)
    found = harmonize((pickup, *_bars(["C5:4", "B4:2 G4:2", "C5:4"])))
    assert found[0].chords == ()
    assert found[1].chords


def test_nothing_to_harmonize():
    assert harmonize(_bars(["", ""])) == _bars(["", ""])
