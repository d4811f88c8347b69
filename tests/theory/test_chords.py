from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.formats import musicxml
from tonmeister.model import codec
from tonmeister.model.score import ChordSymbol, Degree, LeadSheet
from tonmeister.theory.chords import (
    KINDS,
    bass_class,
    chord_intervals,
    format_chord,
    is_minor,
    parse_chord,
    pitch_classes,
)
from tonmeister.units.pitch import NoteName

names = st.builds(NoteName, st.sampled_from("CDEFGAB"), st.integers(-2, 2))
ALTERATIONS = (
    Degree(5, -1, "alter"), Degree(5, 1, "alter"), Degree(9, -1), Degree(9), Degree(9, 1),
    Degree(9, -1, "alter"), Degree(11), Degree(11, 1), Degree(13, -1), Degree(13), Degree(2),
    Degree(4), Degree(6), Degree(7), Degree(7, 1), Degree(3, 0, "subtract"),
    Degree(5, 0, "subtract"), Degree(9, 0, "subtract"), Degree(11, 2), Degree(13, -2),
)  # fmt: skip
symbols = st.builds(
    ChordSymbol,
    names,
    st.sampled_from(sorted(KINDS)),
    st.lists(st.sampled_from(ALTERATIONS), max_size=3, unique_by=lambda degree: degree.degree).map(
        tuple
    ),
    st.none() | names,
)


@given(symbols)
def test_a_printed_symbol_reads_back_with_the_same_notes(symbol):
    again = parse_chord(format_chord(symbol))
    assert (again.root, again.bass) == (symbol.root, symbol.bass)
    assert chord_intervals(again) == chord_intervals(symbol)
    assert format_chord(parse_chord(format_chord(again))) == format_chord(again)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_reads_back_as_itself(kind):
    symbol = ChordSymbol(NoteName("B", -1), kind, bass=NoteName("D"))
    assert parse_chord(format_chord(symbol)) == symbol
    assert dict(chord_intervals(symbol)) == KINDS[kind]


@given(symbols)
def test_a_chords_notes_are_distinct_and_start_from_its_root(symbol):
    classes = pitch_classes(symbol)
    assert classes[0] == symbol.root.pitch_class
    assert len(set(classes)) == len(classes)
    assert bass_class(symbol) == (symbol.bass or symbol.root).pitch_class
    assert not (is_minor(symbol) and any(step == 4 for _, step in chord_intervals(symbol)))


NOTES = {
    "C E G": "C CM Cmaj C/E",
    "C Eb G": "Cm C- Cmi Cmin",
    "C E G#": "C+ Caug",
    "C Eb Gb": "Cdim Co C°",
    "C Eb Gb A": "Cdim7 Co7 C°7",
    "C Eb Gb Bb": "Cø Cø7 Cm7b5 C-7b5 Cmin7b5 Cmi7b5 Cm7-5 Cm7(b5)",
    "C E G Bb": "C7 Cdom7 Cdom",
    "C E G B": "Cmaj7 CMaj7 Cma7 CM7 Cj7 CΔ CΔ7 C^ C^7",
    "C Eb G Bb": "Cm7 C-7 Cmi7 Cmin7",
    "C Eb G B": "Cm(maj7) CmM7 Cmmaj7 C-Δ7 C-Δ C-^7 Cm/maj7 Cm(M7)",
    "C E G A": "C6 Cmaj6 CM6",
    "C Eb G A": "Cm6 C-6 Cmi6",
    "C E G A D": "C6/9 C69 C6(add9)",
    "C Eb G A D": "Cm6/9 Cm69",
    "C E G Bb D": "C9 C7(9) C7(add9)",
    "C E G B D": "Cmaj9 CM9 Cma9 C^9 CΔ9",
    "C Eb G Bb D": "Cm9 C-9 Cmi9",
    "C Eb G B D": "Cm(maj9) CmM9 C-^9",
    "C Eb G Bb D F": "Cm11 C-11",
    "C E G Bb D A": "C13 C7(9,13) C7(9, 13) C7(9 13)",
    "C Eb G Bb D A": "Cm13 Cmin13",
    "C F G": "Csus Csus4",
    "C D G": "Csus2",
    "C F G Bb": "C7sus4 C7sus C7(sus4)",
    "C F G Bb D": "C9sus4 C9sus",
    "C F G Bb Db": "C7sus4b9 C7sus4(b9) C7(b9sus4) C7susb9",
    "C E G D": "Cadd9 C(add9) C2 Cadd2",
    "C G": "C5 C(omit3) Cno3",
    "C E Bb": "C7(no5) C7omit5",
    "C E Gb Bb": "C7b5 C7(b5) C7-5",
    "C E G# Bb": "C7#5 C7+5 C+7 Caug7 C7+",
    "C E G# Bb D": "C+9 Caug9 C9#5",
    "C E G Bb Db": "C7b9 C7(b9) C7-9 C7(♭9)",
    "C E G Bb D#": "C7#9 C7(♯9) C7+9",
    "C E G Bb Db F#": "C7(b9,#11) C7b9#11",
    "C E G Bb Db Ab": "C7b9b13 C7(b9,b13)",
    "C E G Bb Db D# Ab": "Calt C7alt C7(alt)",
    "C E G Bb D D#": "C9(add#9)",
    "C E G B F#": "Cmaj7#11 CΔ#11",
    "Cb Eb Gb Bbb": "C♭7 Cb7",
}
WAYS = [
    (text, notes)
    for notes, texts in NOTES.items()
    for text in texts.replace("9, 13", "9,_13").replace("9 13", "9_13").split()
]


@pytest.mark.parametrize(("text", "notes"), WAYS)
def test_usual_ways_to_write_a_chord(text, notes):
    wanted = {NoteName.parse(name).pitch_class for name in notes.split()}
    assert set(pitch_classes(parse_chord(text.replace("_", " ")))) == wanted


@pytest.mark.parametrize(
    ("text", "root", "bass"),
    [("Eb7alt", "Eb", None), ("F#m7b5/A", "F#", "A"), ("Bb", "Bb", None), ("C6/9/G", "C", "G"),
     ("Ab/Cb", "Ab", "Cb"), (" G ", "G", None)],
)  # fmt: skip
def test_roots_and_basses(text, root, bass):
    symbol = parse_chord(text)
    assert str(symbol.root) == root
    assert (str(symbol.bass) if symbol.bass else None) == bass


@pytest.mark.parametrize(
    "text", ["", "H", "c", "Cx", "C/", "C/H", "N.C.", "Cmaj7foo", "C14", "C0", "C7#", "7"]
)
def test_what_is_no_chord_is_refused(text):
    with pytest.raises(ValueError, match="not a chord symbol"):
        parse_chord(text)


@given(st.text("ABCDEFGabcdefgmajinsu#b+-°øΔ^/()0123456789, ", max_size=12))
def test_any_text_is_a_chord_or_one_clear_error(text):
    with suppress(ValueError):
        symbol = parse_chord(text)
        assert chord_intervals(parse_chord(format_chord(symbol))) == chord_intervals(symbol)


def test_the_chords_of_real_lead_sheets_read_back():
    folder = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "openewld"
    sheets = sorted(folder.rglob("*.mxl"))[::12]
    if not sheets:
        pytest.skip(f"the lead sheets of {folder.name} are not here")
    for sheet in map(musicxml.read, sheets):
        assert codec.load(LeadSheet, codec.dump(sheet)) == sheet
        for event in (chord for measure in sheet.measures for chord in measure.chords):
            if event.symbol:
                again = parse_chord(format_chord(event.symbol))
                assert chord_intervals(again) == chord_intervals(event.symbol)
                assert (again.root, again.bass) == (event.symbol.root, event.symbol.bass)


def test_no_chord_is_printed_as_such():
    assert format_chord(None) == "N.C."
