"""Who plays what: the curve, the jobs, the reasons; and that decisions stay local."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from tonmeister.arranger import (
    arrange,
    possible_fills,
    possible_patterns,
    propose_arrangement,
    read_style,
)
from tonmeister.errors import DecisionError
from tonmeister.model.instrument import Instrument
from tonmeister.model.score import PartRole, Song
from tonmeister.model.sheets import SongSheet, TexturePlan
from tonmeister.theory.voicing import motion

Write = Callable[..., Song]
Arranged = Any


def playing(found: Arranged, id_: str) -> list[str]:
    return [name for name, plan in found.proposal.sheet[id_].items() if plan.on]


def test_every_part_of_every_section_has_a_plan_and_a_reason(played: Arranged) -> None:
    for section in played.song.sections:
        plans = played.proposal.sheet[section.id]
        assert list(plans) == list(played.band)
        for name in played.band:
            reason = played.proposal.reasons[f"arrangement.{section.id}.{name}"]
            assert reason.by == "arranger"
            assert len(reason.why) > 10
    assert "peak" in played.proposal.reasons["arrangement.chorus3"].why


def test_the_band_follows_the_energy(played: Arranged) -> None:
    assert len(playing(played, "intro")) <= 4
    assert len(playing(played, "verse1")) < len(playing(played, "chorus1"))
    assert len(playing(played, "chorus1")) <= len(playing(played, "chorus2"))
    assert len(playing(played, "bridge")) < len(playing(played, "chorus3"))
    assert len(playing(played, "chorus3")) >= len(played.band) - 3
    sheet = played.proposal.sheet
    assert sheet["verse1"]["drums"].intensity < sheet["chorus3"]["drums"].intensity == 4
    assert len(playing(played, "ending")) >= len(playing(played, "verse1"))


def test_no_two_parts_do_the_same_job_but_to_let_everybody_play(played: Arranged) -> None:
    style = read_style(played.proposal and _style_of(played))
    why = played.proposal.reasons
    for section, plans in played.proposal.sheet.items():
        jobs = [
            style.patterns[plan.pattern].job
            for name, plan in plans.items()
            if plan.on
            and plan.pattern in style.patterns
            and "doubles what is there" not in why[f"arrangement.{section}.{name}"].why
        ]
        assert len(jobs) == len(set(jobs))


def _style_of(found: Arranged) -> str:
    pattern = found.proposal.sheet["verse1"]["drums"].pattern
    return next(
        name for name in ("swing", "waltz", "ballad") if pattern in read_style(name).patterns
    )


def test_proposals_can_be_decided_on(played: Arranged) -> None:
    style = read_style(_style_of(played))
    for plans in played.proposal.sheet.values():
        for name, plan in plans.items():
            if name == "vocal":
                continue
            assert plan.pattern in possible_patterns(style, played.band[name])
            assert plan.fill in ("", *possible_fills(style, played.band[name]))


def test_roles(played: Arranged) -> None:
    roles = {name: part.role for name, part in played.parts.items()}
    assert roles["drums"] is PartRole.DRUMS
    assert roles["bass"] is PartRole.BASS
    assert roles["piano"] is PartRole.CHORDS
    assert roles["strings"] is PartRole.PAD
    assert roles["cello"] is roles["flute"] is PartRole.COUNTER
    assert roles["choir"] is PartRole.BACKING


def test_without_piano_and_guitar_the_organ_has_the_chords(
    song: Song, arranged: Callable[..., Arranged]
) -> None:
    assert arranged("swing", song, ["vocal", "organ"]).parts["organ"].role is PartRole.CHORDS


@pytest.mark.parametrize("style", ["ballad", "swing", "waltz"])
def test_without_a_bass_the_piano_has_one(
    style: str, song: Song, arranged: Callable[..., Arranged]
) -> None:
    found = arranged(style, song, ["vocal", "piano", "drums"])
    low = [note for note in found.parts["piano"].notes if note.key < 48]
    assert len(low) > 30


@pytest.mark.parametrize("names", [["vocal"], ["vocal", "bass"], ["vocal", "flute"], ["drums"]])
def test_tiny_bands(names: list[str], song: Song, arranged: Callable[..., Arranged]) -> None:
    found = arranged("ballad", song, names)
    assert list(found.parts) == names
    assert all(part.notes for part in list(found.parts.values())[1:])


def test_a_song_of_one_section(write: Write, arranged: Callable[..., Arranged]) -> None:
    found = arranged("ballad", write([("a", "verse", ["C", "G", "F", "C"], 0.5)]))
    assert found.parts["piano"].notes
    assert found.parts["bass"].notes


def test_regrouping_is_said(write: Write, arranged: Callable[..., Arranged]) -> None:
    song = write([("a", "verse", ["C"] * 4, 0.5)], "5/4")
    assert (
        "regrouped for 5/4" in arranged("ballad", song).proposal.reasons["arrangement.a.drums"].why
    )


def test_same_input_same_parts(song: Song, arranged: Callable[..., Arranged]) -> None:
    one, two = arranged("swing", song), arranged("swing", song)
    assert one.parts == two.parts
    assert arranged("swing", song, seed=2).parts["drums"] != one.parts["drums"]


@pytest.mark.parametrize(
    ("name", "plan"),
    [
        ("bass", TexturePlan(pattern="long-roots", intensity=1)),
        ("drums", TexturePlan(pattern="half-time", intensity=4, fill="big-toms")),
        ("piano", TexturePlan(pattern="held-keys", intensity=2)),
        ("strings", TexturePlan(on=False)),
        ("guitar", TexturePlan(pattern="picking", intensity=3, fill="rising-chord")),
        ("flute", TexturePlan(pattern="answers", intensity=3)),
    ],
)
def test_a_decision_changes_one_part_in_one_section(
    song: Song, arranged: Callable[..., Arranged], name: str, plan: TexturePlan
) -> None:
    found = arranged("ballad", song)
    sheet = {id_: dict(plans) for id_, plans in found.proposal.sheet.items()}
    sheet["chorus2"][name] = plan
    parts = {p.name: p for p in arrange(song, sheet, read_style("ballad"), found.band, seed=1)}
    section = next(s for s in song.sections if s.id == "chorus2")
    for other, part in parts.items():
        if other != name:
            assert part == found.parts[other]
    before = [n for n in found.parts[name].notes if not section.start <= n.onset < section.end]
    after = [n for n in parts[name].notes if not section.start <= n.onset < section.end]
    assert before == after
    assert parts[name] != found.parts[name]


def test_a_chord_changed_stays_in_its_section(
    song: Song, arranged: Callable[..., Arranged]
) -> None:
    from tonmeister.model.score import ChordEvent
    from tonmeister.theory.chords import parse_chord

    found = arranged("ballad", song)
    section = next(s for s in song.sections if s.id == "verse2")
    index = section.first_bar + 3
    changed = replace(
        song.measures[index], chords=(ChordEvent(section.start * 0, parse_chord("Eb")),)
    )
    measures = (*song.measures[:index], changed, *song.measures[index + 1 :])
    other = arranged("ballad", replace(song, measures=measures))
    for name, part in other.parts.items():
        for one, two in (
            (part.notes, found.parts[name].notes),
            (found.parts[name].notes, part.notes),
        ):
            strange = set(one) - set(two)
            assert all(section.start <= note.onset < section.end for note in strange), name


def test_unknown_names_are_explained(
    song: Song, band: Mapping[str, Instrument], arranged: Callable[..., Arranged]
) -> None:
    found = arranged("ballad", song)
    sheet = {id_: dict(plans) for id_, plans in found.proposal.sheet.items()}
    sheet["verse1"]["bass"] = TexturePlan(pattern="roots-and-fith")
    with pytest.raises(DecisionError, match="roots-and-fifths") as error:
        arrange(song, sheet, read_style("ballad"), found.band, seed=1)
    assert error.value.where == "arrangement.verse1.bass.pattern"
    sheet["verse1"]["bass"] = TexturePlan(fill="big-toms")
    with pytest.raises(DecisionError, match="no fill 'big-toms'"):
        arrange(song, sheet, read_style("ballad"), found.band, seed=1)


def test_chords_move_little(played: Arranged) -> None:
    """Mean motion of a voice from chord to chord, in semitones."""
    for name in ("piano", "organ", "choir"):
        voicings: list[tuple[int, ...]] = []
        together: dict[Any, list[int]] = {}
        for note in played.parts[name].notes:
            if note.chord >= 0:
                together.setdefault((note.onset, note.chord), []).append(note.key)
        voicings = [tuple(keys) for keys in together.values() if len(keys) >= 3]
        moves = [motion(a, b) / len(b) for a, b in pairwise(voicings) if len(a) == len(b)]
        if len(moves) > 10:
            assert sum(moves) / len(moves) < 2.5, name


def test_it_is_quick(song: Song, band: Mapping[str, Instrument]) -> None:
    names = [name for name in band if name not in {"timpani", "synth", "pad", "cello"}][:10]
    kept = {name: band[name] for name in names}
    sheet = SongSheet(
        title="Song", style="ballad", key="C", tempo=72, metre="4/4", length=180, band=tuple(names)
    )
    style = read_style("ballad")
    start = time.process_time()
    plans = propose_arrangement(sheet, song, style, kept).sheet
    arrange(song, plans, style, kept, seed=99)
    assert time.process_time() - start < 2.0  # 0.2 s alone on a quiet core
