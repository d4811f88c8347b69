from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.errors import InstrumentError
from tonmeister.instruments.schedule import BLOCK_FRAMES, Kind, schedule, spans
from tonmeister.model.performance import ControlChange, Performance, PerformedNote, PitchBend

RATE = 48000
notes = st.builds(
    PerformedNote,
    start=st.floats(0, 20).map(lambda value: round(value, 6)),
    length=st.floats(1e-6, 5).map(lambda value: max(1e-6, round(value, 6))),
    key=st.integers(0, 127),
    velocity=st.integers(1, 127),
)


@given(st.lists(notes, max_size=40))
def test_every_key_is_let_go_before_it_is_struck_again(played: list[PerformedNote]) -> None:
    events = schedule(Performance("part", "grand piano", tuple(played)), RATE)
    down: set[int] = set()
    for event in events:
        if event.kind == Kind.ON:
            assert event.first not in down
            down.add(event.first)
        else:
            down.remove(event.first)
    assert not down
    assert events == sorted(events, key=lambda event: (event.block, event.kind))


@given(st.lists(notes, max_size=40, unique_by=lambda note: note.key))
def test_notes_are_placed_within_half_a_block(played: list[PerformedNote]) -> None:
    found = {span.key: span for span in spans(Performance("part", "harp", tuple(played)), RATE)}
    assert len(found) == len(played)
    for note in played:
        assert abs(found[note.key].start * BLOCK_FRAMES - note.start * RATE) <= BLOCK_FRAMES / 2
        assert found[note.key].end > found[note.key].start


def test_a_repeated_key_cuts_the_note_before() -> None:
    played = (PerformedNote(0, 2, 60, 80), PerformedNote(1, 1, 60, 80))
    first, second = spans(Performance("part", "harp", played), 64)
    assert (first.start, first.end, second.start, second.end) == (0, 1, 1, 2)


def test_order_within_a_block() -> None:
    performance = Performance(
        "part",
        "harp",
        (PerformedNote(0, 1, 60, 80), PerformedNote(1, 1, 60, 90)),
        (ControlChange(1, 64, 127), ControlChange(1, 0, 5)),
        (PitchBend(1, 300.0),),
    )
    at_one = [event for event in schedule(performance, 64) if event.block == 1]
    assert [event.kind for event in at_one] == [Kind.OFF, Kind.CONTROL, Kind.BEND, Kind.ON]
    assert at_one[2].first == 16383


@pytest.mark.parametrize(
    "note",
    [
        PerformedNote(0, 1, 128, 80),
        PerformedNote(0, 1, 60, 0),
        PerformedNote(-1, 1, 60, 80),
        PerformedNote(0, 0, 60, 80),
        PerformedNote(0, float("nan"), 60, 80),
    ],
)
def test_impossible_notes_are_refused(note: PerformedNote) -> None:
    with pytest.raises(InstrumentError, match="part lead"):
        schedule(Performance("lead", "harp", (note,)), RATE)
