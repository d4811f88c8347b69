"""The cascade: decisions over proposals."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.errors import DecisionError
from tonmeister.model.reason import Decision, Reason
from tonmeister.model.sheets import (
    ArrangementSheet,
    HarmonySheet,
    MasterPlan,
    MixSheet,
    SongSheet,
    StripPlan,
    TexturePlan,
)
from tonmeister.producer import cascade, deciding, provenance

KINDS = {"verse1": "verse", "verse2": "verse", "bridge": "bridge"}
SONG = SongSheet(
    title="Blue Hour",
    style="ballad",
    key="D minor",
    tempo=72,
    metre="4/4",
    length=180,
    band=("a", "b"),
)


def arrangement() -> ArrangementSheet:
    return {s: {"bass": TexturePlan(), "strings": TexturePlan()} for s in KINDS}


def decide(*entries: tuple[str, Any]) -> list[Decision]:
    return [Decision(n, path, value, by="eva") for n, (path, value) in enumerate(entries, 1)]


def test_without_decisions_the_proposal_itself_comes_back() -> None:
    sheet = arrangement()
    assert cascade("arrangement", sheet, decide(("song.tempo", 80.0)), kinds=KINDS) is sheet


def test_a_field_of_a_sheet() -> None:
    song = cascade("song", SONG, decide(("song.tempo", 84.0), ("song.band", ["a"])), kinds=KINDS)
    assert isinstance(song, SongSheet)
    assert (song.tempo, song.band, song.key) == (84.0, ("a",), "D minor")
    assert SONG.tempo == 72


def test_the_section_goes_before_its_kind_whatever_came_later() -> None:
    decisions = decide(
        ("arrangement.verse2.bass.pattern", "b"),
        ("arrangement.verse.bass.pattern", "a"),
        ("arrangement.*.bass.pattern", "z"),
    )
    sheet = cascade("arrangement", arrangement(), decisions, kinds=KINDS)
    assert {s: sheet[s]["bass"].pattern for s in KINDS} == {
        "verse1": "a",
        "verse2": "b",
        "bridge": "z",
    }
    assert all(sheet[s]["strings"] == TexturePlan() for s in KINDS)


def test_of_two_equally_narrow_the_later_wins() -> None:
    decisions = decide(("song.tempo", 84.0), ("song.tempo", 80.0))
    assert cascade("song", SONG, decisions, kinds=KINDS).tempo == 80.0
    assert cascade("song", SONG, decisions[::-1], kinds=KINDS).tempo == 80.0


def test_what_is_taken_back_does_not_hold() -> None:
    decisions = [*decide(("song.tempo", 84.0)), Decision(2, "", None, kind="undo", undoes=1)]
    assert cascade("song", SONG, decisions, kinds=KINDS) is SONG


def test_bars_are_counted_from_one() -> None:
    harmony: HarmonySheet = dict.fromkeys(KINDS, ("Gm", "C", "F", "F"))
    decisions = decide(("harmony.verse[3:4]", ["Bb", "A7"]), ("harmony.verse2[4]", "D"))
    sheet = cascade("harmony", harmony, decisions, kinds=KINDS)
    assert sheet == {
        "verse1": ("Gm", "C", "Bb", "A7"),
        "verse2": ("Gm", "C", "Bb", "D"),
        "bridge": ("Gm", "C", "F", "F"),
    }


def test_a_plan_that_is_not_there_can_be_decided_whole() -> None:
    mix: MixSheet = {"bass": StripPlan()}
    plan = {"threshold_db": -20.0, "ratio": 3.0, "attack_ms": 10.0, "release_ms": 80.0}
    sheet = cascade("mix", mix, decide(("mix.bass.compressor", plan)), kinds=KINDS)
    assert sheet["bass"].compressor is not None
    assert sheet["bass"].compressor.ratio == 3


@pytest.mark.parametrize(
    ("root", "path", "value", "why"),
    [
        ("arrangement", "arrangement.chorus.bass.pattern", "a", "there is no 'chorus' now"),
        ("arrangement", "arrangement.verse.flute.on", True, "there is no 'flute' now"),
        ("harmony", "harmony.verse1[9]", "C", "there is no [9] now: it has 4"),
        ("harmony", "harmony.verse1[1:2]", "C", "[1:2] needs 2 values"),
        ("song", "song.tempo", 9000.0, "less than or equal to 400"),
        ("song", "song.tempo.x", 1, "'x' leads nowhere here"),
        ("mix", "mix.bass.compressor.ratio", 3.0, "decide the whole of it"),
    ],
)
def test_what_does_not_fit_sleeps_and_harms_nothing(
    root: str, path: str, value: Any, why: str
) -> None:
    sheets: dict[str, Any] = {
        "arrangement": arrangement(),
        "harmony": dict.fromkeys(KINDS, ("Gm", "C", "F", "F")),
        "song": SONG,
        "mix": {"bass": StripPlan()},
    }
    told: list[tuple[str, str]] = []
    sheet = cascade(
        root, sheets[root], decide((path, value)), kinds=KINDS,
        dormant=lambda d, reason: told.append((d.path, reason)),
    )  # fmt: skip
    assert sheet == sheets[root]
    assert told[0][0] == path
    assert why in told[0][1]


def test_an_unknown_root_is_a_mistake() -> None:
    with pytest.raises(DecisionError, match="no 'songs'"):
        cascade("songs", SONG, [], kinds={})


PATHS = st.builds(
    lambda section, part, field: f"arrangement.{section}.{part}.{field}",
    st.sampled_from([*KINDS, "verse", "*", "chorus"]),
    st.sampled_from(["bass", "strings", "*", "flute"]),
    st.just("pattern"),
)


@given(st.lists(st.tuples(PATHS, st.sampled_from("abc")), max_size=8), st.randoms())
def test_the_order_in_which_decisions_are_read_does_not_matter(
    entries: list[tuple[str, str]], random: Any
) -> None:
    decisions = decide(*entries)
    sheet = cascade("arrangement", arrangement(), decisions, kinds=KINDS)
    random.shuffle(decisions)
    assert cascade("arrangement", arrangement(), decisions, kinds=KINDS) == sheet
    for section in KINDS:
        for part in ("bass", "strings"):
            holds = deciding(f"arrangement.{section}.{part}.pattern", decisions, kinds=KINDS)
            assert sheet[section][part].pattern == (holds.value if holds else "")


REASONS = {
    "song.tempo": Reason("producer", "slow points to the lower part"),
    "arrangement.verse1": Reason("arranger", "leaves room"),
    "master": Reason("engineer", "streaming"),
}


def test_the_nearest_reason_around_a_value_is_its_reason() -> None:
    assert provenance("song.tempo", REASONS, []).by == "producer"
    assert provenance("arrangement.verse1.bass.pattern", REASONS, []).by == "arranger"
    assert provenance("master.loudness_lufs", REASONS, []).why == "streaming"
    assert provenance("room.decay_s", REASONS, []).by == "tonmeister"
    assert provenance("song.tempo", {"tempo": REASONS["song.tempo"]}, []).by == "producer"


def test_a_decision_goes_before_every_reason() -> None:
    decisions = [
        Decision(1, "arrangement.verse1.bass.pattern", "b", by="tom", why="walks better"),
        Decision(2, "arrangement.verse.bass.pattern", "a", by="eva"),
    ]
    here = provenance("arrangement.verse1.bass.pattern", REASONS, decisions, kinds=KINDS)
    there = provenance("arrangement.verse2.bass.pattern", REASONS, decisions, kinds=KINDS)
    assert (here.by, here.why) == ("tom", "walks better")
    assert (there.by, there.why) == ("eva", "decided in revision 2")


def test_the_masters_type_is_kept() -> None:
    plan = cascade("master", MasterPlan(), decide(("master.loudness_lufs", -16.0)), kinds={})
    assert plan == MasterPlan(loudness_lufs=-16.0)
