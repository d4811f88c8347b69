"""Nobody who was asked for sits the whole song out."""

from __future__ import annotations

from tonmeister.arranger.style import WAIT
from tonmeister.arranger.turns import Choice, Turns
from tonmeister.model.sheets import TexturePlan

JOBS = {"comp": "chords", "pad": "pad", "line": "answers"}


def turns(players: list[str], wishes: dict[str, str], sections: int) -> Turns:
    return Turns(
        players,
        players[0],
        list(range(sections)),
        lambda name, _index: wishes.get(name),
        lambda pattern: JOBS[pattern],
    )


def playing(pattern: str) -> Choice:
    return TexturePlan(pattern=pattern, intensity=3), "plays"


def silent() -> Choice:
    return TexturePlan(on=False, pattern=WAIT), "is silent"


def test_an_idle_player_takes_a_place_of_one_who_plays_more_than_once() -> None:
    chosen = [{"piano": playing("comp"), "flute": playing("line"), "sax": silent()} for _ in "ab"]
    turns(["piano", "flute", "sax"], {"sax": "line"}, 2).take(chosen)
    assert chosen[0]["sax"][0].pattern == "line"
    assert not chosen[0]["flute"][0].on
    assert "sax" in chosen[0]["flute"][1]
    assert chosen[1]["flute"][0].on


def test_in_a_song_of_one_section_it_doubles() -> None:
    chosen = [{"piano": playing("comp"), "flute": playing("line"), "sax": silent()}]
    turns(["piano", "flute", "sax"], {"sax": "line"}, 1).take(chosen)
    assert chosen[0]["sax"][0].on
    assert chosen[0]["flute"][0].on


def test_a_free_job_costs_nobody_a_place() -> None:
    chosen = [{"piano": playing("comp"), "strings": silent()}]
    turns(["piano", "strings"], {"strings": "pad"}, 1).take(chosen)
    assert chosen[0]["strings"][0].pattern == "pad"
    assert chosen[0]["piano"][0].on


def test_who_plays_already_is_left_alone() -> None:
    chosen = [{"piano": playing("comp"), "flute": playing("line")}]
    before = [dict(plans) for plans in chosen]
    turns(["piano", "flute"], {"flute": "line"}, 1).take(chosen)
    assert chosen == before
