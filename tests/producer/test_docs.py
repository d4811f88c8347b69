"""What the pages on briefs and decisions say is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tonmeister.model.reason import Decision
from tonmeister.producer import Journal, parse_decision, read_brief, understand
from tonmeister.producer.decide import parse_decisions

DOCS = Path(__file__).resolve().parents[2] / "docs"
BRIEFS = (DOCS / "briefs.md").read_text("utf-8")
DECISIONS = (DOCS / "decisions.md").read_text("utf-8")


def examples(page: str) -> list[str]:
    """What stands in backquotes in the last column of its tables."""
    rows = [line.rsplit(" | ", 1)[1] for line in page.splitlines() if line.startswith("| ")]
    return [example for row in rows[1:] for example in re.findall(r"`([^`]+)`", row)]


@pytest.mark.parametrize("sentence", examples(BRIEFS.split("## A file")[0]))
def test_every_example_of_a_brief_is_understood(sentence: str) -> None:
    heard = understand(sentence)
    assert heard.understood
    assert not heard.unused


def test_the_example_file_is_a_brief(tmp_path: Path) -> None:
    match = re.search(r"```toml\n(.*?)```", BRIEFS, re.DOTALL)
    assert match
    (tmp_path / "brief.toml").write_text(match[1], "utf-8")
    brief = read_brief(tmp_path / "brief.toml")
    assert (brief.title, brief.length, brief.key) == ("Blue Hour", 200, "D minor")


def test_the_examples_of_decisions_can_be_typed() -> None:
    for text in re.findall(r"[a-z.0-9]+=(?:\{.*?\}|\"[^\"]*\"|[^\s`]+)", DECISIONS):
        if "." in text.split("=")[0] or text.startswith("tempo="):
            if "+" in text or "=-" in text:
                continue  # steps need a sheet
            assert parse_decision(text)
    assert len(parse_decisions(["master.target=spotify"])) == 3


def test_the_line_of_the_journal_is_one(tmp_path: Path) -> None:
    match = re.search(r"```json\n(.*?)```", DECISIONS, re.DOTALL)
    assert match
    (tmp_path / "decisions.jsonl").write_text(match[1], "utf-8")
    at = "2026-11-23T15:00:00+00:00"
    assert Journal(tmp_path).read() == (
        Decision(1, "song.tempo", 84.0, by="eva", why="it drags", at=at),
    )
