"""Dynamics and swing, proposed with reasons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tonmeister import data
from tonmeister.model.sheets import SongSheet
from tonmeister.musicians import propose_performance, read_style
from tonmeister.musicians.manner import read_player
from tonmeister.musicians.style import read_groove

STYLES = ("ballad", "swing", "waltz")


def sheet(style: str) -> SongSheet:
    return SongSheet(
        title="x", style=style, key="C", tempo=100, metre="4/4", length=60, band=("lead",)
    )


@pytest.mark.parametrize("style", STYLES)
def test_every_section_has_a_plan_and_a_reason(kit, style):
    song = kit.song()
    proposal = propose_performance(sheet(style), song, read_style(style))
    assert list(proposal.sheet) == ["verse", "chorus"]
    assert proposal.sheet["chorus"].dynamics == "f"
    assert set(proposal.reasons) == {
        "performance", "performance.verse", "performance.chorus",
    }  # fmt: skip
    assert "rises to f" in proposal.reasons["performance.chorus"].why


def test_only_swing_swings_and_less_so_when_fast(kit):
    def share(style: str, tempo: int) -> float:
        song = kit.song(tempo=tempo)
        return propose_performance(sheet(style), song, read_style(style)).sheet["verse"].swing

    assert share("ballad", 70) == 0.5
    assert 0.63 < share("swing", 240 // 2) < 0.68
    assert share("swing", 120) > share("swing", 180) > share("swing", 260) > 0.52


def test_a_waltz_swings_lightly_where_it_is_lively(kit):
    song = kit.song(metre="3/4", tempo=140)
    calm, lively = (replace(s, energy=e) for s, e in zip(song.sections, (0.4, 0.8), strict=True))
    song = replace(song, sections=(calm, lively))
    plan = propose_performance(sheet("waltz"), song, read_style("waltz")).sheet
    assert plan["verse"].swing == 0.5
    assert 0.55 < plan["chorus"].swing < 0.59


@pytest.mark.parametrize("style", STYLES)
def test_a_style_names_real_grooves_players_and_feels(style):
    own = read_style(style)
    groove = read_groove(own.groove)
    assert {"kick", "snare", "hat", "ride"} <= set(groove.drums)
    for player in own.players.values():
        assert read_player(player).name == player
    feels = data.read("", "feels")
    assert set(own.feels.values()) <= set(feels)


def test_swing_of_the_style_is_what_was_measured():
    style, measured = read_style("swing").swing, read_groove("swing").swing
    assert measured is not None
    assert style.share_at_120 == measured.share_at_120
    assert style.slope_per_bpm == measured.slope_per_bpm
