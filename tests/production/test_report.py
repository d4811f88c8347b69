"""The report is one self-contained, well-formed page that shows what it was given."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser

import pytest

from tonmeister.model.reason import Decision, Reason
from tonmeister.model.score import Section
from tonmeister.model.sheets import StripPlan
from tonmeister.production.report import Curve, Report, RollNote, render


@pytest.fixture
def report() -> Report:
    sections = (
        Section("verse", "verse", Fraction(0), Fraction(8), 0, 2, 0.4, "mp"),
        Section("chorus", "chorus", Fraction(8), Fraction(8), 2, 2, 0.9, "f"),
    )
    return Report(
        title="Tea & <Cake>",
        artist="The House Band",
        facts=(("Tempo", "60 bpm"),),
        sections=sections,
        section_starts=(0.0, 8.0, 18.0),
        bar_starts=(0.0, 4.0, 8.0, 12.0),
        chords=((0.0, "Dm7"), (8.0, "Bbmaj7")),
        parts={"bass": (RollNote(0.0, 1.0, 38, 90),), "drums": (RollNote(0.0, 0.1, 36, 100),)},
        wave=(((-0.5, 0.5), (-0.1, 0.2)),) * 2,
        momentary=Curve(((0.4, -20.0), (0.5, -14.0))),
        short_term=Curve(((3.0, -18.0),)),
        integrated_lufs=-14.0,
        target_lufs=-14.0,
        bands=((1000.0, 0.0), (2000.0, -2.0)),
        target_bands=((1000.0, 0.0), (2000.0, -1.3)),
        mix={"bass": StripPlan(level_db=-3, pan=-0.25)},
        reasons={"tempo": Reason("producer", "it was asked")},
        decisions=(Decision(1, "song.tempo", 84, "Ada", "it drags"),),
        remarks=("all well",),
        files=("a.wav",),
    )


class Balanced(HTMLParser):
    """Checks that every element that is opened is closed in order."""

    void = frozenset({"meta", "br", "rect", "line", "path", "polyline"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element closed where it opens (SVG)."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_it_is_well_formed_and_self_contained(report: Report) -> None:
    page = render(report)
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    assert not re.search(r"""(src|href)=|url\(|@import|https?://""", page)


def test_it_shows_what_it_was_given_escaped(report: Report) -> None:
    page = render(report)
    assert "Tea &amp; &lt;Cake&gt;" in page
    assert "<Cake>" not in page
    for text in ("Dm7", "25 % left", "it drags", "it was asked", "all well", "a.wav", "chorus"):
        assert text in page
    assert page.count("<svg") == 5


def test_bars_stand_under_their_sections(report: Report) -> None:
    page = render(report)
    assert "| Dm7 | % |" in page
    assert "| Bbmaj7 | % |" in page


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    assert render(report) == render(replace(report))


def test_a_record_without_notes_or_remarks_still_has_a_page(report: Report) -> None:
    bare = replace(
        report, parts={}, mix={}, reasons={}, decisions=(), remarks=(), files=(), chords=()
    )
    page = render(bare)
    assert "Piano roll" in page
    assert "<details>" not in page
