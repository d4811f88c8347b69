"""Decisions as typed: paths, values, and what is said of the impossible."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.errors import DecisionError
from tonmeister.model.sheets import (
    CompressorPlan,
    MasterPlan,
    PlayerPlan,
    ProductionSheet,
    RoomPlan,
    SectionPlan,
    SongSheet,
    StripPlan,
    TexturePlan,
)
from tonmeister.producer import parse_decision, parse_decisions, resolve
from tonmeister.producer.paths import Path
from tonmeister.producer.tree import all_paths

COMPRESSOR = CompressorPlan(threshold_db=-20, ratio=3, attack_ms=10, release_ms=80)
SECTIONS = ("verse1", "verse2", "bridge")
SHEET = ProductionSheet(
    song=SongSheet(
        title="Blue Hour", style="ballad", key="D minor", tempo=72, metre="4/4", length=180,
        band=("vocal", "piano", "electric-piano"),
    ),
    form={
        s: SectionPlan(kind=s.rstrip("12"), bars=4, energy=0.5, dynamics="mf") for s in SECTIONS
    },
    harmony=dict.fromkeys(SECTIONS, ("Gm", "C", "F", "F")),
    tune=dict.fromkeys(SECTIONS, ("", "", "", "")),
    arrangement={s: {"bass": TexturePlan(), "strings": TexturePlan()} for s in SECTIONS},
    players={"bass": PlayerPlan(player="duke", instrument="electric bass")},
    mix={
        "vocal": StripPlan(level_db=-3, compressor=COMPRESSOR),
        "electric-piano": StripPlan(level_db=-8),
    },
    room=RoomPlan(),
    master=MasterPlan(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("tempo=84", "song.tempo", 84.0),
        ("tempo = 84 bpm", "song.tempo", 84.0),
        ("song.tempo=84", "song.tempo", 84.0),
        ("tempo=+4", "song.tempo", 76.0),
        ("tempo=-4", "song.tempo", 68.0),
        ("tempo+=4", "song.tempo", 76.0),
        ("key=a minor", "song.key", "A minor"),
        ("metre=waltz time", "song.metre", "3/4"),
        ("length=3:20", "song.length", 200.0),
        ("length=two and a half minutes", "song.length", 150.0),
        ("singer=none", "song.singer", ""),
        ("singer=Tenor", "song.singer", "tenor"),
        ("style=soul", "song.style", "ballad"),
        ('title="Red Hour"', "song.title", "Red Hour"),
        ("band=vocal, piano, bass", "song.band", ["vocal", "piano", "bass"]),
        ("seed=7", "song.seed", 7),
        ("arrangement.bridge.strings=off", "arrangement.bridge.strings.on", False),
        ("arrangement.bridge.strings.on=yes", "arrangement.bridge.strings.on", True),
        ("arrangement.verse.bass.pattern=walking", "arrangement.verse.bass.pattern", "walking"),
        ("arrangement.*.bass.intensity=+1", "arrangement.*.bass.intensity", 3),
        ("mix.vocal=off", "mix.vocal.mute", True),
        ("mix.vocal.level=+2 dB", "mix.vocal.level_db", -1.0),
        ("mix.vocal.level=-3dB", "mix.vocal.level_db", -3.0),
        ("mix.vocal.level-=3", "mix.vocal.level_db", -6.0),
        ("mix.vocal.level_db=−4,5", "mix.vocal.level_db", -4.5),
        ("mix.electric piano.pan=30%", "mix.electric-piano.pan", 0.3),
        ("mix.vocal.compressor=off", "mix.vocal.compressor", None),
        ("mix.vocal.compressor.thres=-18", "mix.vocal.compressor.threshold_db", -18.0),
        ("room.decay=900 ms", "room.decay_s", 0.9),
        ("room.decay=1.2 s", "room.decay_s", 1.2),
        ("master.loudness=-16 LUFS", "master.loudness_lufs", -16.0),
        ("form.verse.dynamics=pp", "form.verse.dynamics", "pp"),
        ("harmony.verse1[3]=Gm7 C9", "harmony.verse1[3]", "Gm7 C9"),
        ("harmony.verse[3:4]=Gm7 | C9", "harmony.verse[3:4]", ["Gm7", "C9"]),
        ("harmony.bridge[1-4]=F", "harmony.bridge[1:4]", ["F", "F", "F", "F"]),
        ("harmony.verse1=| Gm | C | F | F |", "harmony.verse1", ["Gm", "C", "F", "F"]),
        ("tune.verse1[2]=A4:1 r:1/2 Bb4:3/2", "tune.verse1[2]", "A4:1 r:1/2 Bb4:3/2"),
        ("harmony.verse1[1]=C/E=", "harmony.verse1[1]", "C/E="),
        ("players.bass.player=duke", "players.bass.player", "duke"),
    ],
)
def test_decision(text: str, path: str, value: Any) -> None:
    assert parse_decision(text, sheet=SHEET) == (path, value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tempo", "decides nothing; expected path=value"),
        ("=3", "not a path"),
        ("..=3", "not a path"),
        ("mix.=3", "not a path"),
        ("mix=off", "'mix' is a whole sheet; expected something in it, for example mix.vocal"),
        ("tempoo=84", "there is no 'tempoo'; expected tempo"),
        ("mix.vocl.level=0", "there is no 'vocl' in mix; expected mix.vocal"),
        ("mix.vocal.levle=0", "expected mix.vocal.level_db"),
        ("arrangement.chorus.bass=off", "there is no 'chorus' in arrangement; expected one of"),
        ("tempo.x=1", "there is no 'x' in song.tempo"),
        ("harmony.verse1[5]=C", "there are 4 bars, and [5] was asked; expected [1] to [4]"),
        ("harmony.verse1[0]=C", "[0] names no bars; expected [3] for the third"),
        ("harmony.verse1[3:2]=C", "[3:2] names no bars"),
        ("harmony.verse1[1:2]=C | D | E", "3 bars were given for 2"),
        ("harmony.verse1=C | D", "2 bars were given; expected 4 bars"),
        ("tempo=fast", "'fast' is not a tempo; write it like 72 or 72 bpm; expected 20 to 400 bpm"),
        ("tempo=0", "0 bpm is impossible"),
        ("room.decay=1/0", "not a number"),
        (
            "mix.vocal.level=40",
            "'40' is impossible; expected -100 to 24 dB (fader, after the gain)",
        ),
        ("mix.vocal.level=3 Hz", "'Hz' is not a unit of level_db; expected -100 to 24 dB"),
        ("mix.*.level=+2", "there is no single one: they are -8, -3"),
        ("form.verse1.dynamics=loud", "expected one of ppp, pp, p, mp, mf, f, ff, fff"),
        ("arrangement.bridge.strings.on=maybe", "no switch; expected on or off"),
        ("key=H", "'H' is not a key"),
        ("style=xyzzy", "there is no style 'xyzzy'"),
        ("singer=any", "name the voice"),
        ("master.target=moon", "there is no 'moon' among the targets"),
        ("players.bass.player=nobody", "there is no 'nobody' among the players"),
        ("mix.vocal.compressor=loud", "cannot be read; expected a table in JSON"),
        ("mix.electric-piano.compressor.ratio=4", "there is no compressor yet to change"),
        ("seed=1.5", "impossible; expected a whole number"),
    ],
)
def test_the_impossible_is_explained(text: str, said: str) -> None:
    with pytest.raises(DecisionError) as caught:
        parse_decision(text, sheet=SHEET)
    assert said in str(caught.value)


def test_a_whole_plan_can_be_given_in_json() -> None:
    values = '{"threshold_db": -20, "ratio": 2, "attack_ms": 10, "release_ms": 80}'
    text = f"mix.electric-piano.compressor={values}"
    path, value = parse_decision(text, sheet=SHEET)
    assert path == "mix.electric-piano.compressor"
    assert CompressorPlan.model_validate(value).ratio == 2


def test_before_anything_is_proposed_only_types_are_checked() -> None:
    assert parse_decision("arrangement.bridge.strings=off") == (
        "arrangement.bridge.strings.on",
        False,
    )
    assert parse_decision("harmony.verse[3]=C") == ("harmony.verse[3]", "C")
    with pytest.raises(DecisionError, match="step from the present value"):
        parse_decision("tempo=+4")


def test_choices_come_from_whoever_knows_them() -> None:
    def choices(path: str) -> tuple[str, ...]:
        return ("walking", "two-feel") if path.endswith("bass.pattern") else ()

    text = "arrangement.verse.bass.pattern={}"
    assert parse_decision(text.format("walking"), sheet=SHEET, choices=choices)[1] == "walking"
    with pytest.raises(DecisionError, match="Did you mean walking"):
        parse_decision(text.format("walkin"), sheet=SHEET, choices=choices)


def test_a_target_brings_its_figures() -> None:
    assert parse_decisions(["master.target=ebu-r128", "master.true_peak=-3"], sheet=SHEET) == (
        ("master.target", "ebu-r128"),
        ("master.loudness_lufs", -23.0),
        ("master.true_peak_dbtp", -3.0),
    )


def test_every_path_of_the_sheet_can_be_typed() -> None:
    for text in all_paths(SHEET):
        if text.count("."):
            path, _ = resolve(text, SHEET)
            assert str(path) == text


NAMES = st.from_regex(r"[a-z][a-z0-9_-]{0,6}", fullmatch=True)
STEPS = st.one_of(
    NAMES, st.builds(lambda a, n: f"[{a}:{a + n}]", st.integers(1, 9), st.integers(1, 9))
)


@given(st.lists(NAMES, min_size=1, max_size=4), st.none() | st.integers(1, 99))
def test_a_path_is_read_back(names: list[str], bar: int | None) -> None:
    text = ".".join(names) + (f"[{bar}]" if bar else "")
    assert str(Path.parse(text)) == text
    assert Path.parse(text).within(Path.parse(names[0]))
    assert Path.parse(text).meets(Path.parse(text))


@given(st.text(max_size=40))
def test_any_text_is_a_decision_or_refused(text: str) -> None:
    for sheet in (None, SHEET):
        try:
            path, _ = parse_decision(text, sheet=sheet)
        except DecisionError:
            continue
        assert Path.parse(path)


@given(
    st.sampled_from(sorted(path for path in all_paths(SHEET) if "." in path)),
    st.sampled_from(["=", "=+", "=-", "+="]),
    st.text("0123456789.-+/ dBHzms%|[]{}\"'abc", max_size=12),
)
def test_any_value_at_any_path_is_possible_or_refused(path: str, sign: str, value: str) -> None:
    with suppress(DecisionError):
        canonical, _ = parse_decision(path + sign + value, sheet=SHEET)
        assert canonical.startswith(path)
