"""Playing out repeats and jumps; finding sections."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonmeister.errors import FormatError
from tonmeister.model.score import (
    ChordEvent,
    KeySignature,
    LeadSheet,
    Measure,
    Note,
    Roadmap,
    Syllable,
    TimeSignature,
)  # fmt: skip
from tonmeister.theory.chords import parse_chord
from tonmeister.theory.form import sections_of, unfold
from tonmeister.units.pitch import Pitch

FOUR = TimeSignature(4, 4)
C = KeySignature.parse("C major")


def bar(
    key: str = "C4", *, words: tuple[str, ...] = (), chord: str | None = None, **rest: object
) -> Measure:
    """A measure with one whole note."""
    syllables = tuple(Syllable(text, "single", verse) for verse, text in enumerate(words, start=1))
    note = Note(Fraction(0), Fraction(4), Pitch.parse(key), syllables)
    chords = (ChordEvent(Fraction(0), parse_chord(chord)),) if chord else ()
    return Measure("1", FOUR, C, Fraction(4), (note,), chords, **rest)  # type: ignore[arg-type]


def sheet(count: int, roads: Mapping[int, Roadmap], words: tuple[str, ...] = ()) -> LeadSheet:
    """So many measures; roadmaps by number, counted from 1."""
    return LeadSheet(
        "x", tuple(bar(words=words, roadmap=roads.get(i + 1, Roadmap())) for i in range(count))
    )


def way(count: int, roads: Mapping[int, Roadmap], words: tuple[str, ...] = ()) -> list[int]:
    """The numbers of the measures in playing order, counted from 1."""
    return [1 + (m.source or 0) for m in unfold(sheet(count, roads, words))]


def start() -> Roadmap:
    return Roadmap(repeat_start=True)


def end(times: int = 2) -> Roadmap:
    return Roadmap(repeat_end=times)


def test_a_sheet_without_signs_is_played_once() -> None:
    assert way(3, {}) == [1, 2, 3]


def test_repeats_with_and_without_a_start() -> None:
    assert way(4, {2: start(), 3: end()}) == [1, 2, 3, 2, 3, 4]
    assert way(4, {2: end(), 4: end()}) == [1, 2, 1, 2, 3, 4, 3, 4]
    assert way(2, {2: end(3)}) == [1, 2] * 3


def test_repeats_within_repeats() -> None:
    roads = {1: start(), 2: start(), 3: end(), 4: end()}
    assert way(5, roads) == [1, 2, 3, 2, 3, 4, 1, 2, 3, 2, 3, 4, 5]


def test_a_repeat_of_one_measure() -> None:
    assert way(3, {2: Roadmap(repeat_start=True, repeat_end=2)}) == [1, 2, 2, 3]


def ending(*numbers: int, end_: int = 0, stop: bool = True) -> Roadmap:
    return Roadmap(endings=numbers, ending_stop=stop, repeat_end=end_)


def test_first_and_second_endings() -> None:
    assert way(4, {2: ending(1, end_=2), 3: ending(2)}) == [1, 2, 1, 3, 4]


def test_an_ending_for_two_passes() -> None:
    assert way(3, {2: ending(1, 2, end_=3), 3: ending(3)}) == [1, 2, 1, 2, 1, 3]


def test_three_endings_with_signs() -> None:
    roads = {2: ending(1, end_=2), 3: ending(2, end_=2), 4: ending(3)}
    assert way(4, roads) == [1, 2, 1, 3, 1, 4]


def test_an_ending_without_a_second_one_is_skipped_at_last() -> None:
    assert way(3, {2: ending(1, end_=2)}) == [1, 2, 1, 3]


def test_a_bracket_that_stops_before_its_sign_goes_on_to_it() -> None:
    roads = {1: start(), 3: ending(1), 4: end(), 5: ending(2)}
    assert way(5, roads) == [1, 2, 3, 4, 1, 2, 5]


def test_a_long_second_ending_that_leads_to_a_third() -> None:
    # September in the Rain: A [1] A [2 with the bridge] A [3].
    roads = {1: start(), 2: ending(1), 3: end(), 4: ending(2), 6: end(), 7: ending(3)}
    assert way(7, roads) == [1, 2, 3, 1, 4, 5, 6, 1, 7]


def test_endings_without_a_sign_are_repeated() -> None:
    assert way(4, {1: start(), 3: ending(1), 4: ending(2)}) == [1, 2, 3, 1, 2, 4]


def test_wrongly_numbered_endings_are_counted_anew() -> None:
    assert way(3, {2: ending(2, end_=2), 3: ending(2)}) == [1, 2, 1, 3]
    assert way(3, {2: ending(1, end_=2), 3: ending(3)}) == [1, 2, 1, 3]


def test_an_ending_serves_the_passes_that_have_words() -> None:
    roads = {2: ending(1, end_=2), 3: ending(3)}
    assert way(3, roads, words=("a", "b", "c")) == [1, 2, 1, 2, 1, 3]


def test_da_capo_al_fine_leaves_repeats_out() -> None:
    roads = {2: Roadmap(repeat_end=2, fine=True), 4: Roadmap(jump="dacapo")}
    assert way(4, roads) == [1, 2, 1, 2, 3, 4, 1, 2]


def test_da_capo_takes_the_last_ending_or_the_one_with_fine() -> None:
    roads = {2: ending(1, end_=2), 3: ending(2), 5: Roadmap(jump="dacapo"), 4: Roadmap(fine=True)}
    assert way(5, roads) == [1, 2, 1, 3, 4, 5, 1, 3, 4]
    roads = {
        2: Roadmap(endings=(1,), ending_stop=True, repeat_end=2, fine=True),
        3: ending(2),
        4: Roadmap(jump="dacapo"),
    }
    assert way(4, roads) == [1, 2, 1, 3, 4, 1, 2]


def test_dal_segno_al_coda() -> None:
    roads = {
        2: Roadmap(segno=True),
        3: Roadmap(to_coda=True),
        5: Roadmap(jump="dalsegno"),
        6: Roadmap(coda=True),
    }
    assert way(7, roads) == [1, 2, 3, 4, 5, 2, 3, 6, 7]


def test_a_coda_has_repeats_of_its_own() -> None:
    roads = {
        1: Roadmap(segno=True),
        2: Roadmap(to_coda=True),
        3: Roadmap(jump="dalsegno"),
        4: Roadmap(coda=True, repeat_start=True, repeat_end=2),
    }
    assert way(4, roads) == [1, 2, 3, 1, 2, 4, 4]


def test_a_dal_segno_without_a_segno_starts_at_the_top() -> None:
    assert way(2, {2: Roadmap(jump="dalsegno")}) == [1, 2, 1, 2]


def test_a_jump_that_is_printed_too_early_stands_at_the_end_of_its_passage() -> None:
    # Falling in Love with Love: "D.C. al Coda" two bars before the double bar.
    roads = {2: Roadmap(to_coda=True), 3: Roadmap(jump="dacapo"), 6: Roadmap(coda=True)}
    assert way(7, roads) == [1, 2, 3, 4, 5, 1, 2, 6, 7]


def test_fine_without_a_jump_holds_on_the_last_pass() -> None:
    assert way(4, {2: Roadmap(fine=True), 4: end()}) == [1, 2, 3, 4, 1, 2]


def test_a_dal_segno_at_a_repeat_sign_is_that_repeat() -> None:
    # The Boulevard of Broken Dreams: two verses of words, so two passes and not three.
    roads = {
        1: start(),
        2: Roadmap(to_coda=True),
        3: Roadmap(repeat_end=2, jump="dalsegno"),
        4: Roadmap(coda=True),
    }
    assert way(4, roads, words=("a", "b")) == [1, 2, 3, 1, 2, 4]
    assert way(4, roads) == [1, 2, 3, 1, 2, 3, 1, 2, 4]


def test_too_many_passes_are_refused() -> None:
    roads = {i: Roadmap(repeat_start=True) for i in range(1, 4)}
    roads |= {i: Roadmap(repeat_end=99) for i in range(4, 7)}
    with pytest.raises(FormatError, match="lead through more than"):
        way(6, roads)


roadmaps = st.builds(
    Roadmap,
    repeat_start=st.booleans(),
    repeat_end=st.sampled_from([0, 0, 0, 2, 3]),
    endings=st.sampled_from([(), (), (1,), (2,), (1, 2), (3,)]),
    ending_stop=st.booleans(),
    segno=st.booleans(),
    coda=st.booleans(),
    to_coda=st.booleans(),
    fine=st.booleans(),
    jump=st.sampled_from(["", "", "", "dacapo", "dalsegno"]),
)


@settings(deadline=None, max_examples=200)
@given(st.lists(roadmaps, max_size=9))
def test_any_roadmap_ends(roads: list[Roadmap]) -> None:
    measures = unfold(sheet(len(roads), dict(enumerate(roads, start=1))))
    assert all(measure.roadmap == Roadmap() and measure.source is not None for measure in measures)
    assert sum(count for _, count, _ in sections_of(measures)) == len(measures)


def sung(measures: tuple[Measure, ...]) -> list[str]:
    return [s.text for measure in measures for note in measure.notes for s in note.syllables]


def test_each_pass_has_its_words() -> None:
    verses = LeadSheet("x", (bar(words=("one", "two", "three"), roadmap=end(3)),))
    assert sung(unfold(verses)) == ["one", "two", "three"]
    refrain = LeadSheet("x", (bar(words=("one", "two")), bar(words=("la",), roadmap=end(3))))
    assert sung(unfold(refrain)) == ["one", "la", "two", "la", "two", "la"]


def test_words_of_a_second_ending_count_by_the_pass() -> None:
    second = bar(words=("a", "b"), roadmap=ending(2))
    measures = (bar(words=("one", "two")), bar(roadmap=ending(1, end_=2)), second)
    assert sung(unfold(LeadSheet("x", measures))) == ["one", "two", "b"]


def test_jumping_back_brings_tempo_and_chord_along() -> None:
    measures = (
        bar(chord="F"),
        bar(roadmap=start()),
        bar(chord="C", tempo=Fraction(90), roadmap=end()),
    )
    played = unfold(LeadSheet("x", measures, tempo=Fraction(120)))
    assert [m.tempo for m in played] == [None, None, 90, 120, 90]
    assert [c.symbol for c in played[3].chords] == [parse_chord("F")]


def test_a_tie_needs_the_note_before() -> None:
    tied = Note(Fraction(0), Fraction(4), Pitch.parse("C4"), tied=True)
    second = Measure("3", FOUR, C, Fraction(4), (tied,), roadmap=ending(2))
    goes_on = unfold(LeadSheet("x", (bar("C4"), bar("D4", roadmap=ending(1, end_=2)), second)))
    assert goes_on[-1].notes[0].tied
    breaks = unfold(LeadSheet("x", (bar("E4"), bar("D4", roadmap=ending(1, end_=2)), second)))
    assert not breaks[-1].notes[0].tied


def phrase(*keys: str, **first: object) -> list[Measure]:
    """Eight measures: four tones, then the same again and a cadence."""
    tones = [*keys, *keys[:3], "C4"]
    return [bar(tone, **(first if i == 0 else {})) for i, tone in enumerate(tones)]


A = ("C4", "E4", "G4", "A4")
B = ("F4", "D5", "B4", "G#4")


def names(measures: list[Measure]) -> str:
    return " ".join(f"{name}{count}" for _, count, name in sections_of(measures))


def test_a_song_form_is_found() -> None:
    song = phrase(*A) + phrase(*A) + phrase(*B) + phrase(*A)
    assert names(song) == "A8 A8 B8 A8"


def test_a_pickup_belongs_to_the_first_section() -> None:
    pickup = Measure(
        "0", FOUR, C, Fraction(1), (Note(Fraction(0), Fraction(1), Pitch.parse("G4")),)
    )
    song = [pickup, *phrase(*A), *phrase(*A), *phrase(*B), *phrase(*A)]
    assert names(song) == "A9 A8 B8 A8"


def test_names_count_where_there_are_any() -> None:
    song = phrase(*A, section="Verse") + phrase(*B, section="Chorus")
    assert names(song) == "Verse8 Chorus8"
    assert names([bar(), bar(), *song]) == "Intro2 Verse8 Chorus8"
    assert names(phrase(*A) + phrase(*A) + phrase(*B, section="Chorus")) == "Verse16 Chorus8"


def test_repeats_bring_unnamed_sections_back() -> None:
    written = [*phrase(*A), *phrase(*A), *phrase(*B, section="Chorus")]
    written[-1] = bar("C4", roadmap=end())
    assert names(list(unfold(LeadSheet("x", tuple(written))))) == (
        "Verse16 Chorus8 Verse16 Chorus8"
    )


def test_a_blues_is_one_phrase() -> None:
    call = ("C4", "C4", "E4", "G4")
    assert names([bar(tone) for tone in (*call, *call, "D5", "B4", "G4", "C4")]) == "A12"


def test_nothing_has_no_sections() -> None:
    assert sections_of(()) == ()
