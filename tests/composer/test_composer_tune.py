"""The tune: singable, of motifs that return, without wrong notes, local to what is decided."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

import pytest

from tonmeister.composer import propose_tune, write_song
from tonmeister.composer.stage import OUTSIDE, PASSING, grade
from tonmeister.errors import DecisionError
from tonmeister.theory.metre import weight

STYLES = ("ballad", "swing", "waltz")
KEYS = ("C", "Gb", "E", "D minor", "C# minor", "F minor", "A dorian")


def kind_notes(written, kind):
    section = next(section for section in written.song.sections if section.kind == kind)
    return [note for note in written.song.tune if section.start <= note.onset < section.end]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("key", KEYS)
def test_strong_notes_fit_their_chords(style, key, composed):
    song = composed(style, key=key, seed=3, length=110).song
    onsets = [chord.onset for chord in song.chords]
    strong = wrong = outside = 0
    for note in song.tune:
        bar = bisect_right(song.starts, note.onset) - 1
        measure = song.measures[bar]
        place = bisect_right(onsets, note.onset) - 1
        early = [c for c in song.chords if 0 < c.onset - note.onset <= 0.5 and c.onset < note.end]
        symbol = (early or [song.chords[place]])[0].symbol
        kind = grade(note.pitch.midi % 12, symbol, measure.key)
        outside += kind == OUTSIDE
        if weight(measure.time, note.onset - song.starts[bar]) >= 0.75 or note.duration >= 2:
            strong += 1
            wrong += kind >= PASSING
    assert strong > 30
    assert wrong <= 0.01 * strong
    assert outside <= 0.01 * len(song.tune)


@pytest.mark.parametrize("style", STYLES)
def test_tunes_move_as_tunes_do(style, composed):
    moves = []
    for seed in range(4):
        tune = composed(style, seed=seed, length=120).song.tune
        moves += [abs(b.pitch.midi - a.pitch.midi) for a, b in pairwise(tune)]
    share = {name: sum(test(m) for m in moves) / len(moves) for name, test in (
        ("unison", lambda m: m == 0), ("step", lambda m: 1 <= m <= 2),
        ("leap", lambda m: 5 <= m <= 9), ("wide", lambda m: m > 9), ("tritone", lambda m: m == 6),
    )}  # fmt: skip
    assert 0.4 < share["step"] < 0.72
    assert 0.05 < share["unison"] < 0.27
    assert 0.04 < share["leap"] < 0.25
    assert share["wide"] < 0.02
    assert share["tritone"] < 0.01


@pytest.mark.parametrize("compass", [(60, 76), (43, 60), (55, 67), (48, 84), (60, 62), (72, 60)])
def test_the_tune_stays_in_the_compass(compass, composed):
    made = composed("swing", length=90)
    tune = propose_tune(made.sheet, made.form, made.harmony, made.style, compass=compass).sheet
    song = write_song(made.sheet, made.form, made.harmony, tune, made.style)
    assert song.tune
    assert all(min(compass) <= note.pitch.midi <= max(compass) for note in song.tune)


@pytest.mark.parametrize("style", STYLES)
def test_the_hook_returns_literally(style, composed):
    made = composed(style, length=200)
    choruses = [made.tune[name] for name, plan in made.form.items() if plan.kind == "chorus"]
    assert len(choruses) > 1
    assert len(set(choruses)) == 1


def test_verses_share_their_tune_with_small_variations(composed):
    made = composed("ballad", length=240, seed=2)
    verses = [made.tune[name] for name, plan in made.form.items() if plan.kind == "verse"]
    assert len(verses) > 1
    same = sum(a == b for a, b in zip(verses[0], verses[1], strict=True))
    assert len(verses[0]) / 2 <= same


@pytest.mark.parametrize("style", STYLES)
def test_the_chorus_lies_above_the_verse(style, composed):
    for seed in range(4):
        made = composed(style, seed=seed, length=150)
        verse, chorus = ([n.pitch.midi for n in kind_notes(made, k)] for k in ("verse", "chorus"))
        assert sum(chorus) / len(chorus) > sum(verse) / len(verse)


@pytest.mark.parametrize("style", STYLES)
def test_there_is_a_breath_every_four_bars(style, composed):
    made = composed(style, seed=5)
    for kind in ("verse", "chorus"):
        notes = kind_notes(made, kind)
        sung = notes[0].onset
        for note, following in pairwise(notes):
            if following.onset - note.end >= 0.5:
                sung = following.onset
            assert note.end - sung <= 4 * made.song.measures[0].time.bar + 1


def test_a_singer_rests_in_intro_and_solo(composed):
    made = composed("swing", singer="baritone", length=240)
    for name, plan in made.form.items():
        if plan.kind in {"intro", "solo", "interlude"}:
            assert not any(made.tune[name])


def test_the_song_ends_on_a_long_tonic(composed):
    for style in STYLES:
        song = composed(style, key="Eb").song
        last = song.tune[-1]
        assert last.pitch.midi % 12 == 3
        assert last.end == song.end
        assert last.duration >= song.measures[0].time.bar


def test_same_seed_same_tune_other_seed_other_tune(composed):
    tunes = [composed("waltz", seed=seed).tune["chorus1"] for seed in (1, 1, 2)]
    assert tunes[0] == tunes[1]
    assert tunes[0] != tunes[2]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("bar", [0, 2, 5])
def test_another_chord_changes_the_tune_only_there(style, bar, composed):
    made = composed(style, key="C")
    texts = list(made.harmony["chorus1"])
    texts[bar] = "Ebmaj7"
    changed = {**made.harmony, "chorus1": tuple(texts)}
    tune = propose_tune(made.sheet, made.form, changed, made.style).sheet
    for name, bars in made.tune.items():
        for index, text in enumerate(bars):
            if name != "chorus1" or index not in {bar - 1, bar}:
                assert tune[name][index] == text
    song = write_song(made.sheet, made.form, changed, tune, made.style)
    section = next(section for section in song.sections if section.id == "chorus1")
    measure = song.measures[section.first_bar + bar]
    strong = [n for n in measure.notes if weight(measure.time, n.onset) >= 0.75]
    assert all(n.pitch.midi % 12 not in {4, 11} for n in strong)


def test_a_chord_that_fits_changes_nothing(composed):
    made = composed("ballad", key="C")
    name = "verse1"
    plain = [text.replace("maj7", "").replace("m7", "m") for text in made.harmony[name]]
    tune = propose_tune(
        made.sheet, made.form, {**made.harmony, name: tuple(plain)}, made.style
    ).sheet
    same = sum(a == b for a, b in zip(tune[name], made.tune[name], strict=True))
    assert same >= len(plain) - 2


def test_a_new_progression_gets_a_tune_of_its_own(composed):
    made = composed("ballad", key="C")
    bars = len(made.harmony["verse1"])
    other = {**made.harmony, "verse1": ("Ab", "Db", "Eb7", "Ab") * (bars // 4)}
    tune = propose_tune(made.sheet, made.form, other, made.style).sheet
    assert tune["verse1"] != made.tune["verse1"]
    assert tune["chorus1"] == made.tune["chorus1"]


def test_unreadable_chords_name_their_bar(composed):
    made = composed("ballad")
    texts = ("Q7", *made.harmony["verse1"][1:])
    with pytest.raises(DecisionError, match=r"harmony\.verse1\[1\]"):
        propose_tune(made.sheet, made.form, {**made.harmony, "verse1": texts}, made.style)


@pytest.mark.parametrize(
    "metre", ["6/8", "12/8", "5/4", "7/8", "2/4", "3/8", "9/8", "2/2", "1/4", "11/8"]
)
def test_any_metre_has_a_tune(metre, composed):
    for style in STYLES:
        made = composed(style, metre=metre, length=60, tempo=100)
        assert len(made.song.tune) > 8
        for measure in made.song.measures:
            assert measure.length == measure.time.bar
            assert all(note.end <= measure.length for note in measure.notes)


def test_every_section_has_a_reason(composed, song_sheet):
    made = composed("swing")
    reasons = propose_tune(made.sheet, made.form, made.harmony, made.style).reasons
    assert set(reasons) == {f"tune.{name}" for name in made.form}
