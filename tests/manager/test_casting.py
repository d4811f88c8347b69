"""Who plays what."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonmeister import data
from tonmeister.errors import StyleError
from tonmeister.instruments import catalogue
from tonmeister.manager import cast, lead_compass, players, read_cast_rules, voices
from tonmeister.model.sheets import SongSheet

STYLES = ("ballad", "swing", "waltz")
PARTS = (
    "bass", "drums", "percussion", "piano", "electric-piano", "organ", "guitar", "acoustic-guitar",
    "strings", "brass", "winds", "choir", "vibes", "accordion", "pad", "synth", "cello", "violin",
    "flute", "sax", "trumpet", "clarinet", "harp", "lead", "vocal", "oboe", "harmonica", "trombone",
    "viola", "marimba", "celesta", "keys", "banjo",
)  # fmt: skip


def sheet(*band: str, style: str = "ballad", singer: str = "") -> SongSheet:
    return SongSheet(
        title="x", style=style, key="C", tempo=80, metre="4/4", length=60, singer=singer, band=band
    )


def instrument(part: str, **how: str) -> str:
    song = sheet(part, **how)
    return cast(song, song.style, catalogue()).sheet[part].instrument


@pytest.mark.parametrize("style", STYLES)
def test_every_usual_part_finds_player_and_instrument(style):
    proposal = cast(sheet(*PARTS, style=style), style, catalogue())
    assert list(proposal.sheet) == list(PARTS)
    people = {player.name: player for player in players()}
    for part, plan in proposal.sheet.items():
        family = catalogue()[plan.instrument].family
        assert family in people[plan.player].families, (part, plan)
        reason = proposal.reasons[f"players.{part}"]
        assert reason.by == "manager"
        assert people[plan.player].about in reason.why


def test_styles_choose_differently():
    assert instrument("bass", style="swing") == "upright bass"
    assert instrument("bass", style="ballad") == "electric bass"
    assert instrument("drums", style="swing") == "jazz kit"
    assert instrument("drums", style="waltz") == "brush kit"
    assert instrument("strings", style="ballad") == "slow strings"
    assert instrument("strings", style="waltz") == "string section"


def test_a_singer_gets_the_voices_guide():
    for voice in voices():
        assert instrument("vocal", singer=voice) == f"{voice} guide"


def test_an_instruments_own_name_is_taken_at_its_word():
    assert instrument("flute") == "flute"
    assert instrument("nylon-guitar", style="swing") == "nylon guitar"
    assert instrument("violin2") == "violin"
    assert instrument("piano-2") == "grand piano"


def test_an_unknown_part_gets_the_nearest_and_says_so():
    proposal = cast(sheet("trumpette"), "ballad", catalogue())
    assert proposal.sheet["trumpette"].instrument == "trumpet"
    assert "nearest" in proposal.reasons["players.trumpette"].why


def test_a_part_like_nothing_is_a_clear_error():
    with pytest.raises(StyleError, match="zzyzx"):
        cast(sheet("bass", "zzyzx"), "ballad", catalogue())


def test_an_unknown_voice_names_the_voices():
    with pytest.raises(StyleError, match="baritone"):
        cast(sheet("vocal", singer="countertenor"), "ballad", catalogue())


def test_an_unknown_player_of_a_style_is_named_with_its_file(tmp_path, monkeypatch):
    folder = tmp_path / "styles" / "mine"
    folder.mkdir(parents=True)
    (folder / "performance.toml").write_text('groove = "pop"\n[players]\nbass = "duck"\n')
    monkeypatch.setenv("TONMEISTER_DATA", str(tmp_path))
    with pytest.raises(StyleError, match="duke") as caught:
        cast(sheet("bass"), "mine", catalogue())
    assert "styles/mine/performance.toml" in str(caught.value)


def test_a_players_own_file_comes_first(tmp_path, monkeypatch):
    (tmp_path / "players").mkdir()
    (tmp_path / "players" / "ada.toml").write_text(
        'name = "ada"\nabout = "Ada plays."\nfamilies = ["winds"]\nstyles = ["ballad"]\n'
    )
    monkeypatch.setenv("TONMEISTER_DATA", str(tmp_path))
    assert cast(sheet("flute"), "ballad", catalogue()).sheet["flute"].player == "ada"


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=12))
def test_any_name_gives_an_instrument_or_a_clear_error(name):
    try:
        plan = cast(sheet(name), "ballad", catalogue()).sheet[name]
    except StyleError as error:
        clear = error.hint is not None and error.expected is not None
    else:
        clear = plan.instrument in catalogue()
    assert clear


def test_the_compass_is_the_singers_tessitura_or_the_sweet_range():
    cat = catalogue()
    assert lead_compass(sheet("vocal", singer="baritone"), cat["baritone guide"]) == (47, 62)
    flute = cat["flute"]
    assert lead_compass(sheet("flute"), flute) == (flute.sweet_low, flute.sweet_high)
    assert lead_compass(sheet("flute", singer="alto"), flute)[1] > 80


def test_voices_are_sane():
    for name, voice in voices().items():
        assert voice.range[0] < voice.tessitura[0] < voice.tessitura[1] < voice.range[1], name
        assert voice.tessitura[1] - voice.tessitura[0] >= 12


@pytest.mark.parametrize("style", STYLES)
def test_the_tables_name_instruments_of_the_catalogue(style):
    assert set(read_cast_rules(style).cast.values()) <= set(catalogue())


def test_midi_programs_name_instruments_of_the_catalogue():
    table = data.read("midi", "programs")
    assert len(table["programs"]) == 128
    assert set(table["programs"]) | set(table["kits"].values()) <= set(catalogue())


def test_players_are_named_as_their_files():
    assert [player.name for player in players()] == list(data.names("players"))
