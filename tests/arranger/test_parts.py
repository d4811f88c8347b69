"""What holds for every part in every style: range, hands, chord changes, the tune, the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonmeister.arranger import arrange, read_style
from tonmeister.arranger.bars import final_chord
from tonmeister.arranger.kit import FEET
from tonmeister.model.instrument import Instrument
from tonmeister.model.score import ChordEvent, Part, PartRole, Song
from tonmeister.model.sheets import TexturePlan
from tonmeister.theory.chords import bass_class
from tonmeister.theory.voicing import clashes

Write = Callable[..., Song]
Arranged = Any
CHORDS = ("C", "Dm7", "G7", "F#m7b5/A", "Bbmaj7", "E7(b9)", "C/E", "Ab6", "N.C.", "Gsus4", "%")


def groups(part: Part) -> Mapping[Fraction, list[int]]:
    found: dict[Fraction, list[int]] = defaultdict(list)
    for note in part.notes:
        found[note.onset].append(note.key)
    return found


def check_playable(part: Part, instrument: Instrument, song: Song) -> None:
    last: dict[int, Fraction] = {}
    ends: list[Fraction] = []
    order = [(note.onset, note.key) for note in part.notes]
    assert order == sorted(order)
    for note in part.notes:
        assert note.duration > 0
        assert 0 < note.weight <= 1
        assert instrument.low <= note.key <= instrument.high
        assert 0 <= note.onset < song.end
        assert note.onset + note.duration <= song.end
        assert last.get(note.key, Fraction(0)) <= note.onset
        last[note.key] = note.onset + note.duration
        if part.role is not PartRole.DRUMS:
            ends = [end for end in ends if end > note.onset]
            ends.append(note.onset + note.duration)
            assert len(ends) <= instrument.polyphony


def missed_roots(part: Part, song: Song) -> list[ChordEvent]:
    """Chord changes up to the last chord at which the bass does not strike the root."""
    struck = {note.onset: note.key % 12 for note in part.notes}
    end = final_chord(song)
    before = (None, *(event.symbol for event in song.chords))
    return [
        event
        for event, last in zip(song.chords, before, strict=False)
        if event.symbol not in {None, last}
        and event.onset <= end
        and struck.get(event.onset) != bass_class(event.symbol)
    ]


def test_everything_can_be_played(played: Arranged) -> None:
    for name, part in played.parts.items():
        if name != "vocal":
            check_playable(part, played.band[name], played.song)


def test_two_hands_and_two_feet(played: Arranged) -> None:
    for name in ("drums", "percussion"):
        for keys in groups(played.parts[name]).values():
            assert len([key for key in keys if key not in FEET]) <= 2


def test_the_tune_is_as_written(played: Arranged) -> None:
    written = [(n.onset, n.duration, n.pitch.midi) for n in played.song.tune]
    lead = played.parts["vocal"]
    assert [(n.onset, n.duration, n.key) for n in lead.notes] == written
    assert {note.mark for note in lead.notes} == {"tune"}
    assert lead.role is PartRole.LEAD


def test_the_bass_has_the_root_at_every_change(played: Arranged) -> None:
    on = [s for s in played.song.sections if played.proposal.sheet[s.id]["bass"].pattern != "wait"]
    assert len(on) >= 7
    missed = missed_roots(played.parts["bass"], played.song)
    assert [event for event in missed if any(s.start <= event.onset < s.end for s in on)] == []


@given(
    bars=st.lists(
        st.lists(st.sampled_from(CHORDS), min_size=1, max_size=5), min_size=2, max_size=6
    ),
    metre=st.sampled_from(["4/4", "3/4", "2/2", "6/8", "5/4", "7/8", "3/8", "12/8"]),
    style=st.sampled_from(["ballad", "swing", "waltz"]),
    intensity=st.integers(1, 4),
)
@settings(max_examples=60, deadline=None)
def test_any_chords_in_any_metre(
    write: Write,
    band: Mapping[str, Instrument],
    bars: list[list[str]],
    metre: str,
    style: str,
    intensity: int,
) -> None:
    song = write([("a", "verse", [" ".join(bar) for bar in bars], 0.5)], metre, tempo=120)
    names = ("vocal", "bass", "drums", "piano", "guitar", "strings", "flute")
    kept = {name: band[name] for name in names}
    sheet = {"a": {name: TexturePlan(intensity=intensity) for name in names}}
    sheet["a"]["vocal"] = TexturePlan(pattern="tune")
    parts = {p.name: p for p in arrange(song, sheet, read_style(style), kept, seed=3)}
    for name in names[1:]:
        check_playable(parts[name], band[name], song)
    assert missed_roots(parts["bass"], song) == []


def test_no_chord_no_notes(write: Write, arranged: Callable[..., Arranged]) -> None:
    song = write([("a", "verse", ["C", "N.C.", "%", "F"], 0.6), ("b", "chorus", ["C"] * 4, 0.9)])
    parts = arranged("swing", song).parts
    for name in ("bass", "piano", "organ", "strings", "guitar"):
        assert not [n for n in parts[name].notes if 4 <= n.onset < 12]
    assert [n for n in parts["drums"].notes if 4 <= n.onset < 12]


def test_held_notes_of_the_tune_are_not_rubbed(played: Arranged) -> None:
    held = [n for n in played.song.tune if n.duration >= 1]
    together = rubs = 0
    for name, part in played.parts.items():
        if name == "vocal" or part.role in {PartRole.DRUMS, PartRole.BASS}:
            continue
        for note in part.notes:
            for tone in held:
                common = min(note.onset + note.duration, tone.end) - max(note.onset, tone.onset)
                if common >= 1:
                    together += 1
                    rubs += clashes(note.key, (tone.pitch.midi,))
    assert together > 200
    assert rubs / together < 0.01


def test_everybody_holds_the_last_chord_and_nothing_goes_on(played: Arranged) -> None:
    at, end = final_chord(played.song), played.song.end
    sheet = played.proposal.sheet["ending"]
    for name, part in played.parts.items():
        late = [note for note in part.notes if note.onset >= at]
        if name == "vocal" or not sheet[name].on:
            continue
        assert {note.onset for note in late} <= {at}, name
        if part.role is not PartRole.DRUMS:
            assert late, name
            assert {note.onset + note.duration for note in late} == {end}
    drums = [note for note in played.parts["drums"].notes if note.onset >= at]
    assert {note.mark for note in drums} == {"crash"}
    assert 36 in {note.key for note in drums}


def test_fills_lead_and_crashes_arrive(played: Arranged) -> None:
    sheet, drums = played.proposal.sheet, played.parts["drums"]
    for section in played.song.sections[:-1]:
        fill = [
            note
            for note in drums.notes
            if note.mark == "fill" and section.start <= note.onset < section.end
        ]
        assert fill, section.id
        assert min(note.onset for note in fill) >= section.end - 4
        assert sheet[section.id]["drums"].fill
    starts = {section.start for section in played.song.sections} | {final_chord(played.song)}
    crashes = [note for note in drums.notes if note.mark == "crash"]
    assert crashes
    assert {note.onset for note in crashes} <= starts


def test_grooves_are_stable_but_verses_differ(played: Arranged) -> None:
    drums, song = played.parts["drums"], played.song

    def bars(id_: str) -> list[tuple[tuple[Fraction, int], ...]]:
        section = next(s for s in song.sections if s.id == id_)
        length = section.length / section.bars
        return [
            tuple(
                (n.onset - section.start - i * length, n.key)
                for n in drums.notes
                if 0 <= n.onset - section.start - i * length < length
            )
            for i in range(section.bars)
        ]

    assert bars("verse1") != bars("verse2")
    assert bars("chorus2") != bars("chorus3")
    chorus = [set(bar) for bar in bars("chorus2")[1:-1]]
    likeness = [  # a groove may take two bars
        max(len(chorus[i] & chorus[i - n]) / len(chorus[i] | chorus[i - n]) for n in (1, 2))
        for i in range(2, len(chorus))
    ]
    assert sum(likeness) / len(likeness) > 0.6


def test_bass_and_kick_lock(arranged: Callable[..., Arranged], song: Song) -> None:
    parts = arranged("ballad", song).parts
    kicks = {note.onset for note in parts["drums"].notes if note.key == 36 and note.weight > 0.3}
    chorus = next(s for s in song.sections if s.id == "chorus1")
    roots = {
        n.onset
        for n in parts["bass"].notes
        if chorus.start <= n.onset < chorus.end - 4 and n.onset % 4 < 3
    }
    inside = {k for k in kicks if chorus.start <= k < chorus.end - 4 and k % 4 < 3}
    assert len(roots & kicks) / len(roots) >= 0.75
    assert len(roots & inside) / len(inside) >= 0.75


def test_grace_notes_come_just_before(write: Write, arranged: Callable[..., Arranged]) -> None:
    from dataclasses import replace

    from tonmeister.model.score import Note
    from tonmeister.units.pitch import Pitch

    song = write([("a", "verse", ["C", "F"], 0.5)])
    first = song.measures[0]
    grace = Note(Fraction(0), Fraction(0), Pitch.parse("D4"), grace=True)
    later = replace(grace, onset=Fraction(2))
    notes = (grace, *first.notes[:2], later, *first.notes[2:])
    graced = replace(song, measures=(replace(first, notes=notes), *song.measures[1:]))
    lead = arranged("ballad", graced).parts["vocal"].notes
    assert len(lead) == len(graced.tune)
    short = [note for note in lead if note.key == 62]
    assert [note.onset for note in short] == [0, Fraction(15, 8)]
    assert {note.duration for note in short} == {Fraction(1, 8)}


def test_a_section_lead_may_be_silenced(
    song: Song, band: Mapping[str, Instrument], arranged: Callable[..., Arranged]
) -> None:
    found = arranged("ballad", song)
    sheet = {id_: dict(plans) for id_, plans in found.proposal.sheet.items()}
    sheet["verse2"]["vocal"] = TexturePlan(on=False, pattern="tune")
    parts = arrange(song, sheet, read_style("ballad"), found.band, seed=1)
    verse = next(s for s in song.sections if s.id == "verse2")
    assert not [n for n in parts[0].notes if verse.start <= n.onset < verse.end]
    assert [n for n in parts[0].notes if n.onset >= verse.end]


@pytest.mark.parametrize("style", ["ballad", "swing", "waltz"])
def test_pickups_and_metre_changes(
    style: str, write: Write, arranged: Callable[..., Arranged]
) -> None:
    song = write(
        [("a", "verse", ["G7", *["C", "F"] * 4], 0.5), ("b", "chorus", ["F", "C G7"] * 4, 0.8)],
        lengths={0: Fraction(1), 7: Fraction(3, 2), 12: Fraction(5)},
        metres={3: "3/4", 4: "7/8", 10: "6/8", 11: "5/4"},
    )
    found = arranged(style, song)
    for name, part in found.parts.items():
        if name != "vocal":
            check_playable(part, found.band[name], song)
    assert missed_roots(found.parts["bass"], song) == []
