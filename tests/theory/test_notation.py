"""The plain text of bars."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.model.score import ChordEvent, Note, TimeSignature
from tonmeister.theory.chords import parse_chord
from tonmeister.theory.notation import (
    NotationError,
    format_chords,
    format_notes,
    parse_chords,
    parse_notes,
)
from tonmeister.units.pitch import NoteName, Pitch

METRES = [
    TimeSignature.parse(text) for text in ("4/4", "3/4", "6/8", "5/4", "7/8", "2/2", "12/8", "5/8")
]
CHORDS = [
    None,
    *map(parse_chord, ("C", "Gm7", "F#m7b5/A", "Bb13", "Ebmaj7", "A7(b9,#11)", "Gsus4")),
]


def onsets(text: str, metre: str, length: Fraction | None = None) -> list[Fraction]:
    time = TimeSignature.parse(metre)
    return [event.onset for event in parse_chords(text, time, length or time.bar)]


@pytest.mark.parametrize(
    ("text", "metre", "expected"),
    [
        ("Gm7", "4/4", [0]),
        ("Gm7 C9", "4/4", [0, 2]),
        ("Gm7 C9", "3/4", [0, 2]),
        ("Gm7 C9 F", "3/4", [0, 1, 2]),
        ("Gm7 C9 F", "4/4", [0, 2, 3]),
        ("Gm7 C9", "6/8", [0, Fraction(3, 2)]),
        ("Gm7 C9", "7/8", [0, 2]),
        ("Gm7 C9@4", "4/4", [0, 3]),
        ("Gm7 C9@2.5", "4/4", [0, Fraction(3, 2)]),
        ("Gm7 C9@7/3", "4/4", [0, Fraction(4, 3)]),
        ("Gm7@2", "3/4", [1]),
        ("% C9", "4/4", [2]),
        ("%", "4/4", []),
        ("", "4/4", []),
    ],
)
def test_chords_stand_where_the_text_says(text, metre, expected):
    assert onsets(text, metre) == expected


def test_no_chord_is_none():
    time = TimeSignature(4, 4)
    assert parse_chords("N.C. G7", time, time.bar) == (
        ChordEvent(Fraction(0), None),
        ChordEvent(Fraction(2), parse_chord("G7")),
    )


@pytest.mark.parametrize("text", ["H7", "C@5", "C@0", "C@x", "C@2 D@1", "C@1/0", "Gm7 C9@1", "@2"])
def test_wrong_chord_texts_say_what_was_expected(text):
    with pytest.raises(NotationError) as caught:
        onsets(text, "4/4")
    assert caught.value.what
    assert caught.value.expected


@st.composite
def chord_bars(draw):
    time = draw(st.sampled_from(METRES))
    length = draw(st.sampled_from([time.bar, time.bar / 2, time.bar - Fraction(1, 2)]))
    steps = draw(
        st.sets(st.fractions(0, 1, max_denominator=24).filter(lambda x: x < 1), max_size=5)
    )
    events = tuple(
        ChordEvent(step * length, draw(st.sampled_from(CHORDS))) for step in sorted(steps)
    )
    return events, time, length


@given(chord_bars())
def test_chords_come_back_from_their_text(bar):
    events, time, length = bar
    assert parse_chords(format_chords(events, time, length), time, length) == events


def test_notes_of_the_handbook():
    notes = parse_notes("A4:1 r:1/2 Bb4:3/2 ~Bb4:1", Fraction(4))
    assert [(str(n.pitch), n.onset, n.duration, n.tied) for n in notes] == [
        ("A4", 0, 1, False),
        ("Bb4", Fraction(3, 2), Fraction(3, 2), False),
        ("Bb4", 3, 1, True),
    ]


def test_grace_notes_take_no_time():
    notes = parse_notes("g:D5 C5:1 r:1 g:A4 g:B4 C5:2", Fraction(4))
    assert [n.onset for n in notes if n.grace] == [0, 2, 2]
    assert all(n.duration == 0 for n in notes if n.grace)


def test_rests_are_written_out():
    bar = parse_notes("r:1 A4:1", Fraction(4))
    assert format_notes(bar, Fraction(4)) == "r:1 A4:1 r:2"
    assert format_notes((), Fraction(4)) == ""


@pytest.mark.parametrize(
    "text", ["A4", "A4:0", "A4:1/0", "H4:1", "A4:x", "A4:5", "A4:-1", "x:1", "4:1"]
)
def test_wrong_note_texts_say_what_was_expected(text):
    with pytest.raises(NotationError) as caught:
        parse_notes(text, Fraction(4))
    assert caught.value.expected


def test_overlapping_notes_are_refused():
    note = Note(Fraction(0), Fraction(2), Pitch.parse("C4"))
    with pytest.raises(NotationError):
        format_notes((note, Note(Fraction(1), Fraction(1), Pitch.parse("D4"))), Fraction(4))


@st.composite
def note_bars(draw):
    pieces = st.tuples(
        st.sampled_from(
            [Fraction(1, 12), Fraction(1, 7), Fraction(1, 3), Fraction(1, 2), Fraction(1)]
        ),
        st.sampled_from(["note", "rest", "grace"]),
    )
    at, notes = Fraction(0), []
    for duration, what in draw(st.lists(pieces, max_size=12)):
        name = NoteName(draw(st.sampled_from("CDEFGAB")), draw(st.integers(-2, 2)))
        pitch = Pitch(name, draw(st.integers(-1, 8)))
        if what == "grace":
            notes.append(Note(at, Fraction(0), pitch, grace=True))
        elif what == "note":
            notes.append(Note(at, duration, pitch, tied=draw(st.booleans())))
        at += duration if what != "grace" else 0
    return tuple(notes), at + draw(st.sampled_from([Fraction(0), Fraction(1, 3)]))


@given(note_bars())
def test_notes_come_back_from_their_text(bar):
    notes, length = bar
    assert parse_notes(format_notes(notes, length), length) == notes


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    time = TimeSignature(4, 4)
    for read in (lambda: parse_chords(text, time, time.bar), lambda: parse_notes(text, time.bar)):
        try:
            read()
        except NotationError:
            continue
