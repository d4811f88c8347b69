"""Reading lead sheets: what notation programs write, and what they get wrong."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tonmeister.errors import FormatError
from tonmeister.formats.musicxml import files
from tonmeister.formats.musicxml.reader import sheet_from
from tonmeister.model.score import LeadSheet, Measure, Roadmap, Syllable
from tonmeister.theory.chords import format_chord

F = Fraction


def note(
    pitch: str = "C4", ticks: int = 4, more: str = "", *, voice: int = 1, lead: str = ""
) -> str:
    step, alter, octave = pitch[0], pitch.count("#") - pitch.count("b"), pitch[-1]
    sign = f"<alter>{alter}</alter>" if alter else ""
    return (
        f"<note>{lead}<pitch><step>{step}</step>{sign}<octave>{octave}</octave></pitch>"
        f"<duration>{ticks}</duration><voice>{voice}</voice>{more}</note>"
    )


def rest(ticks: int = 4) -> str:
    return f"<note><rest/><duration>{ticks}</duration><voice>1</voice></note>"


def sung(text: str, number: int = 1, kind: str = "single", more: str = "") -> str:
    return f'<lyric number="{number}"><syllabic>{kind}</syllabic><text>{text}</text>{more}</lyric>'


def harmony(root: str = "C", kind: str = "major", more: str = "", text: str = "") -> str:
    attribute = f' text="{text}"' if text else ""
    step, alter = root[0], root.count("#") - root.count("b")
    return (
        f"<harmony><root><root-step>{step}</root-step><root-alter>{alter}</root-alter></root>"
        f"<kind{attribute}>{kind}</kind>{more}</harmony>"
    )


def words(text: str, sound: str = "") -> str:
    return f"<direction><direction-type><words>{text}</words></direction-type>{sound}</direction>"


def time(beats: str = "4", beat_type: int = 4) -> str:
    return f"<time><beats>{beats}</beats><beat-type>{beat_type}</beat-type></time>"


def part(*bars: str, attributes: str = "", name: str = "P1", divisions: int = 4) -> str:
    first = f"<attributes><divisions>{divisions}</divisions>{attributes or time()}</attributes>"
    inner = "".join(
        bar
        if bar.startswith("<measure")
        else f'<measure number="{i}">{first if i == 1 else ""}{bar}</measure>'
        for i, bar in enumerate(bars, start=1)
    )
    return f'<part id="{name}">{inner}</part>'


def read(*parts: str, head: str = "") -> LeadSheet:
    text = f"<score-partwise>{head}{''.join(parts)}</score-partwise>"
    return sheet_from(files.parse(text.encode(), "x.xml"), "x.xml", "x")


def only(*bars: str, **rest_: str) -> Measure:
    return read(part(*bars, **rest_)).measures[0]  # type: ignore[arg-type]


def shape(measure: Measure) -> list[tuple[str, str, str]]:
    return [(str(n.onset), str(n.duration), str(n.pitch)) for n in measure.notes]


def chords(measure: Measure) -> str:
    return " ".join(f"{format_chord(c.symbol)}@{c.onset}" for c in measure.chords)


# Titles


def test_the_movement_is_the_title_and_the_work_its_cycle() -> None:
    head = (
        "<work><work-title>Winterreise</work-title></work>"
        "<movement-title>Der Lindenbaum</movement-title><identification>"
        "<creator type='composer'>Schubert</creator><creator type='poet'>Müller</creator>"
        "</identification>"
    )
    sheet = read(part(note(ticks=16)), head=head)
    assert (sheet.title, sheet.composer, sheet.lyricist) == ("Der Lindenbaum", "Schubert", "Müller")


def test_credits_and_the_file_name_stand_in() -> None:
    head = "<credit><credit-type>title</credit-type><credit-words>Song</credit-words></credit>"
    assert read(part(note(ticks=16)), head=head).title == "Song"
    assert read(part(note(ticks=16))).title == "x"


# Notes


def test_chords_give_their_top_note_and_rests_their_place() -> None:
    bar = only(
        rest() + note("C4") + note("G4", lead="<chord/>") + note("E4", lead="<chord/>") + rest(8)
    )
    assert shape(bar) == [("1", "1", "G4")]


def test_ties_are_merged_in_a_bar_and_marked_over_it() -> None:
    start, stop = '<tie type="start"/>', '<tie type="stop"/>'
    sheet = read(
        part(
            note("C4", 8) + note("D4", 4, start) + note("D4", 4, stop + start), note("D4", 16, stop)
        )
    )
    assert shape(sheet.measures[0]) == [("0", "2", "C4"), ("2", "2", "D4")]
    assert sheet.measures[1].notes[0].tied


def test_a_tie_to_another_pitch_is_none() -> None:
    sheet = read(part(note("C4", 16, '<tie type="start"/>'), note("D4", 16, '<tie type="stop"/>')))
    assert not sheet.measures[1].notes[0].tied


def test_grace_notes_take_no_time() -> None:
    grace = "<note><grace/><pitch><step>D</step><octave>4</octave></pitch><voice>1</voice></note>"
    bar = only(grace + note("C4", 16))
    assert [(n.grace, n.duration) for n in bar.notes] == [(True, 0), (False, 4)]


def test_tuplets_are_exact_though_ticks_are_rounded() -> None:
    head = (
        "<type>eighth</type><time-modification><actual-notes>7</actual-notes>"
        "<normal-notes>4</normal-notes></time-modification>"
    )
    ticks = (137, 137, 137, 137, 138, 137, 137)  # sevenths of 960 ticks
    bar = only("".join(note("C4", each, head) for each in ticks) + note("D4", 960), divisions=480)  # type: ignore[arg-type]
    assert [n.onset for n in bar.notes] == [F(2 * i, 7) for i in range(7)] + [2]
    assert bar.length == 4


def test_the_voice_with_words_is_the_tune() -> None:
    first = note("C5", 16)
    second = "<backup><duration>16</duration></backup>" + note("E4", 16, sung("la"), voice=2)
    assert shape(only(first + second)) == [("0", "4", "E4")]


def test_the_part_with_words_is_the_tune_and_another_one_has_the_chords() -> None:
    flute = part(note("C6", 16))
    voice = part(note("E4", 16, sung("la")), name="P2")
    guitar = part(harmony("F") + note("C3", 16), name="P3")
    measure = read(flute, voice, guitar).measures[0]
    assert shape(measure) == [("0", "4", "E4")]
    assert chords(measure) == "F@0"


def test_a_bar_in_another_voice_is_still_the_tune() -> None:
    sheet = read(part(note("C4", 16), note("D4", 16, voice=2)))
    assert shape(sheet.measures[1]) == [("0", "4", "D4")]


def test_overlapping_notes_are_cut() -> None:
    bar = only(note("C4", 8) + "<backup><duration>4</duration></backup>" + note("D4", 12))
    assert shape(bar) == [("0", "1", "C4"), ("1", "3", "D4")]


def test_cue_and_drum_notes_are_no_tune() -> None:
    drum = "<note><unpitched/><duration>4</duration><voice>1</voice></note>"
    assert shape(only(note("C4", 8) + drum + note("E5", 4, lead="<cue/>"))) == [("0", "2", "C4")]


def test_transposing_parts_sound() -> None:
    clarinet = (
        "<key><fifths>2</fifths><mode>major</mode></key>" + time()
        + "<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>"
    )  # fmt: skip
    bar = only(harmony("D", more="<bass><bass-step>F</bass-step><bass-alter>1</bass-alter></bass>")
               + note("F#4", 16), attributes=clarinet)  # fmt: skip
    assert (str(bar.key), shape(bar)[0][2], chords(bar)) == ("C major", "E4", "C/E@0")


def test_octave_transposition() -> None:
    guitar = (
        time() + "<transpose><chromatic>0</chromatic><octave-change>-1</octave-change></transpose>"
    )
    assert shape(only(note("E4", 16), attributes=guitar))[0][2] == "E3"


# Metre


def test_a_pickup_and_its_last_bar_keep_their_lengths() -> None:
    sheet = read(part(note(ticks=4), note(ticks=16), note(ticks=16), note(ticks=12)))
    assert [m.length for m in sheet.measures] == [1, 4, 4, 3]


def test_split_bars_keep_their_lengths_and_bars_without_their_rests_are_padded() -> None:
    sheet = read(part(*(note(ticks=ticks) for ticks in (16, 12, 4, 16, 12, 16, 16))))
    assert [m.length for m in sheet.measures] == [4, 3, 1, 4, 4, 4, 4]


def test_uncounted_and_overfull_bars_keep_their_lengths() -> None:
    short = '<measure number="X1" implicit="yes">' + note(ticks=8) + "</measure>"
    sheet = read(part(note(ticks=16), short, note(ticks=26), note(ticks=16)))
    assert [m.length for m in sheet.measures] == [4, 2, F(13, 2), 4]


def test_a_missing_or_wrong_metre_is_found_from_the_bars() -> None:
    bars = [note(ticks=12)] * 6
    assert str(read(part(*bars, attributes="<staves>1</staves>")).measures[3].time) == "3/4"
    assert str(read(part(*bars, attributes=time("4"))).measures[3].time) == "3/4"
    voice = part(*[note(ticks=24)] * 5)
    piano = part(*[note(ticks=24)] * 5, attributes=time("12", 8), name="P2")
    assert str(read(voice, piano).measures[0].time) == "12/8"


def test_metres_add_up_and_change() -> None:
    sheet = read(
        part(
            note(ticks=10),
            f"<attributes>{time('3')}</attributes>" + note(ticks=12),
            attributes=time("3+2", 8),
        )
    )
    assert [str(m.time) for m in sheet.measures] == ["5/8", "3/4"]


def key(fifths: int, mode: str = "") -> str:
    return f"<key><fifths>{fifths}</fifths>{f'<mode>{mode}</mode>' if mode else ''}</key>"


def test_keys_change_with_their_mode() -> None:
    sheet = read(
        part(
            note(ticks=16),
            f"<attributes>{key(-3)}</attributes>" + harmony("C", "minor") + note(ticks=16),
            f"<attributes>{key(2, 'dorian')}</attributes>" + note(ticks=16),
            attributes=key(1, "major") + time(),
        )
    )  # fmt: skip
    assert [str(m.key) for m in sheet.measures] == ["G major", "C minor", "E dorian"]


@pytest.mark.parametrize(
    "attributes", [time("0"), time("4", 3), time("x"), "<key><fifths>99</fifths></key>"]
)
def test_impossible_signatures_are_refused(attributes: str) -> None:
    with pytest.raises(FormatError, match=r"x\.xml, part P1, bar 1"):
        only(note(ticks=16), attributes=attributes)


# Chord symbols


def degree(value: int, alter: int, how: str) -> str:
    return (
        f"<degree><degree-value>{value}</degree-value><degree-alter>{alter}</degree-alter>"
        f"<degree-type>{how}</degree-type></degree>"
    )


@pytest.mark.parametrize(
    ("element", "text"),
    [
        (harmony("Bb", "major-seventh"), "Bbmaj7"),
        (harmony("F#", "half-diminished"), "F#m7b5"),
        (harmony("C", "dominant", degree(9, -1, "add") + degree(5, 1, "alter")), "C7(b9,#5)"),
        (harmony("G", "suspended-fourth", degree(7, 0, "add")), "Gsus4(add7)"),
        (harmony("C", "major", "<inversion>1</inversion>"), "C/E"),
        (harmony("C", "minor", "<inversion>1</inversion>"), "Cm/Eb"),
        (harmony("C", "dominant", "<inversion>3</inversion>"), "C7/Bb"),
        (harmony("Db", "Neapolitan"), "Db"),
        (harmony("Ab", "German"), "Ab7"),
        (harmony("C", "none"), "N.C."),
        (harmony("C", "other", text="m7b5"), "Cm7b5"),
        (harmony("C", "jazzy", text="maj9"), "Cmaj9"),
        (harmony("C", "augmented-ninth", text="9+"), "Caug7(add9)"),
        (harmony("C", "minor-major", text="mMaj7"), "Cm(maj7)"),
        (harmony("C", "maj69", text="69"), "C6(add9)"),
        (harmony("C", "minor-strange"), "Cm"),
        (harmony("C", "", text=""), "C"),
    ],
)
def test_kinds_of_chords(element: str, text: str) -> None:
    assert chords(only(element + note(ticks=16))) == f"{text}@0"


def test_roman_numerals_have_a_root_by_the_key() -> None:
    numeral = (
        "<harmony><numeral><numeral-root>5</numeral-root></numeral><kind>dominant</kind></harmony>"
    )
    key = "<key><fifths>1</fifths></key>" + time()
    assert chords(only(numeral + note(ticks=16), attributes=key)) == "D7@0"
    function = "<harmony><function>V</function><kind>major</kind></harmony>"
    assert chords(only(function + note(ticks=16))) == ""


def test_chords_stand_where_offsets_put_them() -> None:
    late = harmony("G", more="<offset>8</offset>")
    assert chords(only(harmony("C") + late + note(ticks=16))) == "C@0 G@2"


@pytest.mark.parametrize(
    ("count", "beats", "places"),
    [(2, 4, "0 2"), (3, 4, "0 2 3"), (4, 4, "0 1 2 3"), (2, 3, "0 2"), (3, 3, "0 1 2")],
)
def test_stacked_chords_share_the_bar_on_its_beats(count: int, beats: int, places: str) -> None:
    stack = "".join(harmony(root) for root in "CDEFGAB"[:count])
    bar = only(stack + note(ticks=4 * beats), attributes=time(str(beats)))
    assert " ".join(str(c.onset) for c in bar.chords) == places


def test_words_that_are_chords_count() -> None:
    bar = only(
        words("N.C.") + note(ticks=8) + words("G7(b9)") + note(ticks=4) + words("A") + note()
    )
    assert chords(bar) == "N.C.@0 G7(b9)@2"


# Tempo, sections, words


def metronome(unit: str, figure: str, dot: str = "") -> str:
    return (
        f"<direction><direction-type><metronome><beat-unit>{unit}</beat-unit>{dot}"
        f"<per-minute>{figure}</per-minute></metronome></direction-type></direction>"
    )


@pytest.mark.parametrize(
    ("mark", "tempo"),
    [
        (metronome("quarter", "92"), F(92)),
        (metronome("quarter", "60", "<beat-unit-dot/>"), F(90)),
        (metronome("half", "ca. 50.5"), F(101)),
        (metronome("quarter", "fast"), None),
        ('<sound tempo="133.333333"/>', F(400, 3)),
        ('<sound tempo="0"/>', None),
        (metronome("quarter", "60") + '<sound tempo="61"/>', F(61)),
    ],
)
def test_tempo_marks(mark: str, tempo: Fraction | None) -> None:
    assert read(part(mark + note(ticks=16))).tempo == tempo


def test_tempo_changes_hold_from_the_bar_on() -> None:
    sheet = read(
        part(
            metronome("quarter", "100") + note(ticks=16),
            note(ticks=8) + '<sound tempo="80"/>' + note(ticks=8),
            note(ticks=16),
            metronome("quarter", "80") + note(ticks=16),
        )
    )
    assert sheet.tempo == 100
    assert [m.tempo for m in sheet.measures] == [None, None, 80, None]


def test_sections_have_names() -> None:
    mark = "<direction><direction-type><rehearsal>B</rehearsal></direction-type></direction>"
    sheet = read(
        part(
            words("Verse 2:") + note(ticks=16),
            words("Medium Swing") + note(ticks=16),
            words("CHORUS") + mark + note(ticks=16),
            words("Verses") + note(ticks=16),
        )
    )
    assert [m.section for m in sheet.measures] == ["Verse 2", None, "B", "Verse"]


def test_words_by_verse() -> None:
    lyrics = (
        sung("1. A-", 1, "begin") + sung("(2. Oh)", 2) + '<lyric number="3"><extend/></lyric>'
        + '<lyric number="4"><syllabic>end</syllabic><text>di</text><elision> </elision>'
          "<syllabic>begin</syllabic><text>a</text><extend/></lyric>"
    )  # fmt: skip
    assert only(note("C4", 16, lyrics)).notes[0].syllables == (
        Syllable("A", "begin", 1),
        Syllable("Oh", "single", 2),
        Syllable("di‿a", "middle", 4, extends=True),
    )


# Roadmap


def line(inner: str, location: str = "right") -> str:
    return f'<barline location="{location}">{inner}</barline>'


BACK = '<repeat direction="backward"/>'


def test_repeats_and_endings() -> None:
    sheet = read(
        part(
            line('<repeat direction="forward"/>', "left") + note(ticks=16),
            line('<ending number="1-2" type="start"/>', "left") + note(ticks=16)
            + line('<ending number="1-2" type="stop"/><repeat direction="backward" times="3"/>'),
            line('<ending number="3." type="start"/>', "left") + note(ticks=16)
            + line('<bar-style>light-light</bar-style><ending number="3" type="discontinue"/>'),
            note(ticks=16),
        )
    )  # fmt: skip
    assert [m.roadmap for m in sheet.measures] == [
        Roadmap(repeat_start=True),
        Roadmap(repeat_end=3, endings=(1, 2), ending_stop=True),
        Roadmap(endings=(3,)),
        Roadmap(),
    ]
    assert [m.double_bar for m in sheet.measures] == [False, False, True, False]


def test_repeats_of_another_part_count() -> None:
    sheet = read(
        part(note("C4", 16, sung("la"))),
        part(note(ticks=16) + line(BACK), name="P2"),
    )
    assert sheet.measures[0].roadmap.repeat_end == 2


def test_words_say_how_often() -> None:
    assert only(note(ticks=16) + words("3x") + line(BACK)).roadmap.repeat_end == 3


@pytest.mark.parametrize(
    ("mark", "roadmap"),
    [
        (words("D.C. al Fine"), Roadmap(jump="dacapo")),
        (words("D.C.alCoda"), Roadmap(jump="dacapo")),
        (words("Da Capo"), Roadmap(jump="dacapo")),
        (words("D.S. al Coda"), Roadmap(jump="dalsegno")),
        (words("Dal Segno"), Roadmap(jump="dalsegno")),
        (words("Fine"), Roadmap(fine=True)),
        (words("go", '<sound dalsegno="segno"/>'), Roadmap(jump="dalsegno")),
        (words("go", '<sound fine="yes"/>'), Roadmap(fine=True)),
        (words("To Coda"), Roadmap(to_coda=True)),
        (words("a fine day"), Roadmap()),
    ],
)
def test_jumps(mark: str, roadmap: Roadmap) -> None:
    assert only(note(ticks=16) + mark, note(ticks=16)).roadmap == roadmap


def sign(name: str, sound: str = "") -> str:
    return f"<direction><direction-type><{name}/></direction-type>{sound}</direction>"


def test_of_two_coda_signs_the_first_leads_to_the_second() -> None:
    sheet = read(
        part(
            sign("segno") + note(ticks=16) + sign("coda"),
            note(ticks=16) + words("D.S. al Coda"),
            sign("coda") + note(ticks=16),
        )
    )
    assert [m.roadmap for m in sheet.measures] == [
        Roadmap(segno=True, to_coda=True),
        Roadmap(jump="dalsegno"),
        Roadmap(coda=True),
    ]


def test_sounds_say_which_coda_sign_is_which() -> None:
    sheet = read(
        part(
            note(ticks=16) + sign("coda", '<sound tocoda="c"/>'),
            sign("coda", '<sound coda="c"/>') + note(ticks=16),
        )
    )
    assert [m.roadmap for m in sheet.measures] == [Roadmap(to_coda=True), Roadmap(coda=True)]


@pytest.mark.parametrize(
    "bar",
    [
        "<note><pitch><step>C</step></pitch><duration>4</duration></note>",
        "<note><pitch><step>C</step><octave>4</octave></pitch></note>",
        "<backup/>" + note(),
        "<attributes><divisions>0</divisions></attributes>" + note(),
        note("C4", 4).replace("<octave>4", "<octave>99"),
        harmony("H") + note(),
    ],
)
def test_what_cannot_be_understood_is_named(bar: str) -> None:
    with pytest.raises(FormatError, match=r"x\.xml, part P1, bar 1 "):
        only(bar + note())
