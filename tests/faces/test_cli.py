"""The command line against a production that only pretends."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tonmeister import errors
from tonmeister.faces.cli import opening
from tonmeister.faces.cli.commands import doctor as doctor_command
from tonmeister.faces.cli.guard import STOPPED
from tonmeister.faces.cli.main import app
from tonmeister.model.reason import Decision, Reason
from tonmeister.model.sheets import (
    EqBand,
    ProductionSheet,
    SectionPlan,
    SongSheet,
    StripPlan,
    TexturePlan,
)
from tonmeister.producer import Understanding, understand
from tonmeister.production import Delivered, Event, Produced

SHEET = ProductionSheet(
    song=SongSheet(
        title="Blue Hour",
        style="ballad",
        key="D minor",
        tempo=72,
        metre="4/4",
        length=180,
        band=("vocal", "piano"),
    ),
    form={"verse1": SectionPlan(kind="verse", bars=8, energy=0.5, dynamics="mf")},
    harmony={"verse1": ("Gm7", "C9")},
    arrangement={"verse1": {"piano": TexturePlan(pattern="broken-chords")}},
    mix={"piano": StripPlan(eq=(EqBand(kind="low-cut", frequency_hz=40),))},
)
REASONS = {
    "song.tempo": Reason("producer", "slow points to the lower part"),
    "arrangement.verse1.piano": Reason("arranger", "leaves room"),
}


PRODUCED = Produced(
    Path("song/record/Blue-Hour.wav"), 7, 2, 3.25, 181.5, -14.02, -1.06, ("no sound font",)
)


@dataclass
class Fake:
    """A production without sound."""

    understanding: Understanding | None = None
    fails: BaseException | None = None
    produced: Produced = PRODUCED
    calls: list[tuple[Any, ...]] = field(default_factory=list)

    def sheet(self) -> tuple[ProductionSheet, dict[str, Reason]]:
        return SHEET, REASONS

    def decisions(self) -> tuple[Decision, ...]:
        return (
            Decision(1, "song.tempo", 72.0, by="eva", why="it drags"),
            Decision(1, "mix.piano.mute", False, by="eva"),
        )

    def produce(
        self, *, until: str, on_event: Callable[[Event], None], workers: int | None
    ) -> Produced:
        self.calls.append(("produce", until, workers))
        on_event(Event("compose", "form", "start", 0, 1))
        on_event(Event("compose", "form", "done", 1, 1, 0.1, 5.0))
        on_event(Event("render", "piano", "found", 1, 2))
        if self.fails:
            raise self.fails
        on_event(Event("render", "bass", "done", 2, 2, 1.0))
        return self.produced

    def decide(self, values: list[str], *, why: str, by: str) -> int:
        self.calls.append(("decide", values, why, by))
        if self.fails:
            raise self.fails
        return 1

    def deliver(
        self, out: Path, *, on_event: Callable[[Event], None], workers: int | None
    ) -> Delivered:
        out.mkdir()
        files = (out / "a.wav", out / "report.html")
        for file in files:
            file.write_bytes(b"x" * 60_000)
        return Delivered(out, files)

    def why(self, path: str) -> list[str]:
        return [f"producer: {path} because", "also considered: 66"]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Fake:
    production = Fake()

    def create(folder: Path, *, sentence: str | None, **kwargs: Any) -> Fake:
        production.calls.append(("create", folder, sentence, kwargs))
        production.understanding = understand(sentence) if sentence else None
        if production.fails:
            raise production.fails
        return production

    monkeypatch.setattr(opening, "open_production", lambda folder: production)
    monkeypatch.setattr(opening, "create_production", create)
    monkeypatch.setenv("NO_COLOR", "1")
    return production


@dataclass
class Ran:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


def run(*args: str) -> Ran:
    result = CliRunner().invoke(app, args)
    return Ran(result.exit_code, result.stdout, result.stderr)


def test_new_shows_what_was_understood_and_what_not(fake: Fake) -> None:
    ran = run("new", "song", "--brief", "a slow ballad about the sea")
    assert ran.code == 0
    assert "“slow”" in ran.out
    assert "Not used" in ran.out
    assert "“about the sea”" in ran.out
    assert "72 bpm" in ran.out
    assert "producer: slow points to the lower part" in ran.out
    assert "180 s (3:00)" in ran.out
    assert "Next: tonmeister produce song" in ran.out
    assert fake.calls[0][:3] == ("create", Path("song"), "a slow ballad about the sea")


def test_new_as_json(fake: Fake) -> None:
    document = run("new", "song", "--brief", "a slow ballad, dude", "--json").document
    assert document["understood"][0] == {
        "words": "slow", "path": "mood", "value": "slow", "note": "",
    }  # fmt: skip
    assert document["unused"] == ["dude"]
    assert document["vision"]["tempo"] == 72
    assert document["form"] == {"verse1": 8}
    assert document["reasons"]["song.tempo"]["by"] == "producer"


def test_new_with_a_lead_sheet_only(fake: Fake) -> None:
    ran = run("new", "song", "--lead-sheet", "tune.mxl")
    assert ran.code == 0
    assert "Understood" not in ran.out
    assert fake.calls[0][3]["lead_sheet"] == Path("tune.mxl")


def test_new_needs_something_to_start_from(fake: Fake) -> None:
    ran = run("new", "song")
    assert ran.code == 2
    assert ran.out == ""
    assert "nothing to start from" in ran.err
    assert "expected: --brief" in ran.err


def test_produce_says_where_the_record_is(fake: Fake) -> None:
    ran = run("produce", "song")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "song/record/Blue-Hour.wav",
        "  3:02, -14.0 LUFS, -1.06 dBTP, 7 made, 2 kept, 3.2 s",
        "Next: listen; tonmeister deliver song out/",
        '      or change it: tonmeister decide song tempo=84 --why "it drags"',
    ]
    assert "compose: 1 made, 0 kept" in ran.err
    assert "render: 1 made, 1 kept" in ran.err
    assert "note: no sound font" in ran.err
    assert fake.calls == [("produce", "master", None)]


def test_produce_when_nothing_has_changed(fake: Fake) -> None:
    fake.produced = Produced(Path("song/record/a.wav"), 0, 0, 0.1, 60.0, -14.0, -1.0)
    assert "Nothing has changed" in run("produce", "song").out


def test_produce_in_part(fake: Fake) -> None:
    fake.produced = Produced(None, 4, 0, 0.5)
    ran = run("produce", "song", "--until", "arrange", "--workers", "2")
    assert ran.out.splitlines()[0] == "arrange is done: 4 made, 0 kept, 0.5 s"
    assert fake.calls == [("produce", "arrange", 2)]


def test_produce_as_json_is_one_document(fake: Fake) -> None:
    ran = run("produce", "song", "--json", "--quiet")
    assert ran.document == {
        "record": "song/record/Blue-Hour.wav",
        "made": 7,
        "kept": 2,
        "seconds": 3.25,
        "length_s": 181.5,
        "loudness_lufs": -14.02,
        "true_peak_dbtp": -1.06,
        "notes": ["no sound font"],
    }
    assert ran.err == ""


def test_stopped_by_the_user(fake: Fake) -> None:
    fake.fails = KeyboardInterrupt()
    ran = run("produce", "song")
    assert ran.code == 130
    assert STOPPED in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.BriefError, 2),
        (errors.ProductionError, 3),
        (errors.StaleDecision, 4),
        (errors.BuildError, 5),
        (errors.InstrumentError, 6),
        (errors.ToolError, 7),
    ],
)
def test_every_error_has_its_exit_code(
    fake: Fake, error: type[errors.TonmeisterError], code: int
) -> None:
    fake.fails = error("it is broken", where="bar 3", expected="whole", hint="Mend it.")
    ran = run("produce", "song")
    assert ran.code == code
    assert ran.out == ""
    assert ran.err.endswith("error: bar 3: it is broken\n  expected: whole\n  Mend it.\n")
    document = run("produce", "song", "--json").document
    assert document["error"]["what"] == "it is broken"
    assert document["error"]["exit_code"] == code


def test_a_fault_of_the_program_shows_no_traceback(fake: Fake) -> None:
    fake.fails = RuntimeError("boom")
    ran = run("produce", "song")
    assert ran.code == 1
    assert "a fault of Tonmeister, not yours: RuntimeError: boom" in ran.err
    assert "Traceback" not in ran.err


def test_decide(fake: Fake) -> None:
    ran = run(
        "decide", "song", "tempo=72", "mix.piano.mute=off", "--why", "it drags", "--by", "eva"
    )
    assert ran.out.splitlines() == [
        "Revision 1: it drags",
        "  song.tempo = 72",
        "  mix.piano.mute = off",
        "Next: tonmeister produce song",
    ]
    assert fake.calls == [("decide", ["tempo=72", "mix.piano.mute=off"], "it drags", "eva")]


def test_decide_as_json(fake: Fake) -> None:
    document = run("decide", "song", "tempo=72", "--json").document
    assert document["revision"] == 1
    assert document["decisions"][0] == {"path": "song.tempo", "value": 72.0}


def test_decide_needs_a_decision(fake: Fake) -> None:
    assert run("decide", "song").code == 2


def test_deliver(fake: Fake, tmp_path: Path) -> None:
    ran = run("deliver", "song", str(tmp_path / "out"))
    assert ran.out.splitlines()[0].endswith("out: 2 files")
    assert "  a.wav  (0.1 MB)" in ran.out
    assert "report.html in a browser" in ran.out


def test_sheet_shows_values_authors_and_reasons(fake: Fake) -> None:
    out = run("sheet", "song").out
    assert "tempo 72  decided by eva: it drags" in out
    assert "piano pattern broken-chords, intensity 2" in out
    assert "arranger: leaves room" in out
    assert "| Gm7 | C9 |" in out
    assert "eq kind low-cut" in out


def test_a_branch_of_the_sheet(fake: Fake) -> None:
    assert run("sheet", "song", "tempo").out.strip() == "song.tempo 72  decided by eva: it drags"
    assert "Gm7" not in run("sheet", "song", "arrangement").out
    document = run("sheet", "song", "arrangement.verse1", "--json").document
    assert document["sheet"]["piano"]["pattern"] == "broken-chords"
    assert document["reasons"] == {
        "arrangement.verse1.piano": {"by": "arranger", "why": "leaves room", "considered": []}
    }
    missing = run("sheet", "song", "arrangement.verse9")
    assert (missing.code, "verse1" in missing.err) == (2, True)
    assert run("sheet", "song", "harmony.verse[2]").out.strip() == "harmony.verse[2] C9"
    assert "comes with `tonmeister produce`" in run("sheet", "song", "master").err


def test_why(fake: Fake) -> None:
    assert run("why", "song", "tempo").out == "producer: tempo because\nalso considered: 66\n"
    assert run("why", "song", "tempo", "--json").document["path"] == "tempo"


def test_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    from tonmeister.production.doctor import Check

    found = (
        Check("libfluidsynth", True, "2.3.1"),
        Check("sound font", False, "missing", "synthesized instruments", "apt install x"),
    )
    monkeypatch.setattr(doctor_command, "checks", lambda: found)
    out = run("doctor").out
    assert "ok       libfluidsynth  2.3.1" in out
    assert "missing: synthesized instruments. Get it: apt install x" in out
    assert "A record is made all the same" in out
    assert run("doctor", "--json").document[1]["get"] == "apt install x"


def test_version_and_help() -> None:
    assert run("version").out.startswith("tonmeister ")
    assert run("--version").out == run("version").out
    shown = run("--help").out
    for command in ("new", "produce", "decide", "deliver", "sheet", "why", "doctor", "version"):
        assert f"\n  {command} " in shown
