"""The form: as long as asked, in sensible sections, building up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonmeister.composer import propose_form, read_style, write_song
from tonmeister.composer.energy import section_ids
from tonmeister.composer.written_form import section_kind
from tonmeister.errors import BriefError
from tonmeister.model.score import TimeSignature
from tonmeister.model.sheets import SongSheet

STYLES = {name: read_style(name) for name in ("ballad", "swing", "waltz")}
METRES = ("4/4", "3/4", "6/8", "12/8", "2/4", "5/4", "7/8", "2/2", "3/8", "9/8")


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(STYLES)),
    st.sampled_from(METRES),
    st.floats(30, 300).map(lambda x: round(x, 2)),
    st.floats(2, 700).map(lambda x: round(x, 1)),
    st.integers(0, 99),
)
def test_length_is_as_asked_within_a_bar(style, metre, tempo, length, seed):
    figures = {"tempo": tempo, "metre": metre, "length": length, "seed": seed}
    sheet = SongSheet(title="", style=style, key="C", band=("lead",), **figures)
    form = propose_form(sheet, STYLES[style]).sheet
    song = write_song(sheet, form, {}, {}, STYLES[style])
    time = TimeSignature.parse(metre)
    bar = float(time.bar / time.pulse) * 60 / tempo
    assert abs(song.tempo.seconds_at(song.end) - length) <= bar + 1e-6
    assert song.tempo.tempo_at(song.end * 0) == pytest.approx(tempo * float(time.pulse))


@pytest.mark.parametrize("style", sorted(STYLES))
def test_three_minutes_have_the_usual_sections(style, song_sheet):
    form = propose_form(song_sheet(style, length=180), STYLES[style]).sheet
    kinds = [plan.kind for plan in form.values()]
    assert kinds[0] == "intro"
    assert kinds[-1] == "ending"
    assert kinds.count("chorus") >= 2
    assert "verse" in kinds


@pytest.mark.parametrize("style", sorted(STYLES))
@pytest.mark.parametrize("seed", range(5))
def test_energy_builds_to_the_last_chorus(style, seed, song_sheet):
    form = propose_form(song_sheet(style, length=200, seed=seed), STYLES[style]).sheet
    peak = max(form.values(), key=lambda plan: plan.energy)
    assert peak.kind == "chorus"
    assert peak is [plan for plan in form.values() if plan.kind == "chorus"][-1]
    verses = [plan.energy for plan in form.values() if plan.kind == "verse"]
    assert verses == sorted(verses)
    assert list(form.values())[-1].energy < peak.energy


@pytest.mark.parametrize("length", [1, 3, 10, 20])
def test_very_short_songs_have_a_form(length, song_sheet):
    form = propose_form(song_sheet("ballad", length=length), STYLES["ballad"]).sheet
    assert sum(plan.bars for plan in form.values()) >= 1
    assert len(form) <= 4


def test_every_section_has_a_reason(song_sheet):
    proposal = propose_form(song_sheet("swing"), STYLES["swing"])
    assert proposal.reasons["form"].considered
    assert all(f"form.{name}" in proposal.reasons for name in proposal.sheet)


def test_same_seed_same_form(song_sheet):
    sheets = [propose_form(song_sheet("waltz", seed=7), STYLES["waltz"]).sheet for _ in range(2)]
    assert sheets[0] == sheets[1]


@pytest.mark.parametrize(
    ("field", "value"), [("key", "H sharp"), ("metre", "four"), ("metre", "4/5")]
)
def test_impossible_songs_are_refused(field, value, song_sheet):
    sheet = song_sheet("ballad", **{field: value})
    with pytest.raises(BriefError, match=f"song.{field}"):
        propose_form(sheet, STYLES["ballad"])


def test_ids_count_only_what_comes_again():
    assert section_ids(("verse", "chorus", "verse", "bridge")) == (
        "verse1",
        "chorus",
        "verse2",
        "bridge",
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Verse 2", "verse"),
        ("A'", "A"),
        ("[B]", "B"),
        ("Refrain", "chorus"),
        ("Pre-Chorus", "prechorus"),
        ("12", "part"),
        ("Trio", "trio"),
        ("", "part"),
    ],
)
def test_printed_names_become_kinds(name, kind):
    assert section_kind(name) == kind
