"""Progress as a person sees it."""

from __future__ import annotations

import io
import sys

import pytest

from tonmeister.faces.cli import output, progress
from tonmeister.production import Event


def test_time_left_is_rounded_as_an_estimate_deserves() -> None:
    words = [progress.left_words(s) for s in (0.0, 0.4, 7.4, 42.0, 100.0, 1000.0)]
    assert words == [
        "", "about 1 s left", "about 7 s left", "about 40 s left", "about 2 min left",
        "about 17 min left",
    ]  # fmt: skip


def test_plain_progress_sums_a_stage_up(capsys: pytest.CaptureFixture[str]) -> None:
    ticks = iter(range(100))
    with progress.PlainProgress(now=lambda: float(next(ticks))) as watch:
        for part in ("a", "b"):
            watch(Event("render", part, "start", 0, 2))
            watch(Event("render", part, "done", 1, 2))
        watch(Event("mix", "", "found", 1, 1))
    shown = capsys.readouterr()
    assert shown.err == "render: 2 made, 0 kept, 1.0 s\nmix: 0 made, 1 kept, 1.0 s\n"
    assert shown.out == ""


def test_a_stage_that_was_broken_off_is_not_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    def stopped() -> None:
        with progress.PlainProgress() as watch:
            watch(Event("render", "a", "done", 1, 2))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert capsys.readouterr().err == ""


class Terminal(io.StringIO):
    """A stderr that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_live_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with progress.progress() as watch:
        assert isinstance(watch, progress.LiveProgress)
        watch(Event("render", "piano", "start", 0, 2, 0.0, 12.0))
        watch(Event("render", "piano", "done", 2, 2, 1.0, 0.0))
        watch(Event("mix", "", "start", 0, 1, 0.0, 3.0))
    assert "render" in terminal.getvalue()
    assert "2/2" in terminal.getvalue()


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.progress(quiet=True) as watch:
        watch(Event("mix", "", "done", 1, 1))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "none"), ("", "none"), (True, "on"), (72.0, "72"), (0.25, "0.25"), ((), "none"),
        (("a", "b"), "a, b"), ([{"q": 1.0}, {"q": 2.0}], "q 1; q 2"),
    ],
)  # fmt: skip
def test_values_in_short(value: object, text: str) -> None:
    assert output.in_short(value) == text


def test_clock() -> None:
    assert [output.clock(s) for s in (0, 61.4, 200, 3661)] == ["0:00", "1:01", "3:20", "1:01:01"]
