"""The song as the band reads it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from tonmeister.arranger.bars import final_chord, read_song, skips
from tonmeister.model.score import Song
from tonmeister.theory.chords import format_chord

Write = Callable[..., Song]


def test_spans_fill_every_bar(song: Song) -> None:
    for music in read_song(song):
        for bar in music.bars:
            assert bar.spans[0].onset == bar.start
            assert bar.spans[-1].end == bar.end
            for span, later in zip(bar.spans, bar.spans[1:], strict=False):
                assert span.end == later.onset
                assert span.following == later.symbol


def test_chords_go_on_and_stop(write: Write) -> None:
    song = write([("a", "verse", ["%", "C", "%", "N.C. G", "%"], 0.5)])
    spans = [span for bar in read_song(song)[0].bars for span in bar.spans]
    names = [format_chord(span.symbol) for span in spans]
    assert names == ["N.C.", "C", "C", "N.C.", "G", "G"]
    assert [span.struck for span in spans] == [False, True, False, False, True, False]
    assert format_chord(spans[0].following) == "C"


def test_pickups_and_split_bars(write: Write) -> None:
    lengths = {0: Fraction(1), 3: Fraction(3), 4: Fraction(1)}
    song = write([("a", "verse", ["C"] * 6, 0.5)], lengths=lengths)
    assert skips(song.measures) == (3, 0, 0, 0, 3, 0)


def test_a_short_bar_that_stands_alone_starts_at_one(write: Write) -> None:
    song = write([("a", "verse", ["C"] * 4, 0.5)], lengths={1: Fraction(3), 3: Fraction(1)})
    assert skips(song.measures) == (0, 0, 0, 3)


def test_gaps_are_where_the_tune_rests(write: Write) -> None:
    song = write([("intro", "intro", ["C"], 0.2), ("a", "verse", ["C"] * 4, 0.5)])
    bars = [bar for music in read_song(song) for bar in music.bars]
    assert [(gap.start, gap.end) for gap in bars[0].gaps] == [(0, 4)]
    assert [(gap.start, gap.end, gap.whole) for gap in bars[1].gaps] == [(7, 8, 1)]
    assert bars[3].in_gap(Fraction(14), 2)
    assert not bars[1].in_gap(Fraction(7), 2)


def test_held_notes_of_the_tune_are_known(write: Write) -> None:
    song = write([("a", "verse", ["C F"], 0.5)])
    first, second = read_song(song)[0].bars[0].spans
    assert first.tune == (64,)
    assert first.tune_low == 64
    assert 69 in second.tune


def test_the_last_chord(write: Write) -> None:
    def last(bars: list[str], **more: object) -> Fraction:
        return final_chord(write([("a", "ending", bars, 0.5)], **more))

    assert last(["C", "G", "C"], sung=False) == 8
    assert last(["C", "G", "C", "%"], sung=False) == 8
    assert last(["C", "G", "C", "%", "%"], sung=False) == 12
    assert last(["C", "G C"], sung=False) == 6
    assert last(["C", "G", "C", "%"]) == 12  # the tune still moves
