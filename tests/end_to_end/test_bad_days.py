"""What goes wrong gives one clear error and leaves the production as it was."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tonmeister import Production
from tonmeister.errors import TonmeisterError

Run = Callable[..., subprocess.CompletedProcess[str]]


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".tonmeister" not in path.parts
    }


def truncated_mxl(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("score.xml", "<score-partwise/>" * 500)
    path.write_bytes(path.read_bytes()[:-40])


def text_as_mxl(path: Path) -> None:
    path.write_text("Dear diary, today I wrote a song.")


def no_notes(path: Path) -> None:
    path.write_text(
        '<?xml version="1.0"?><score-partwise version="4.0"><part-list><score-part id="P1">'
        "<part-name>Lead</part-name></score-part></part-list><part id='P1'><measure number='1'>"
        "<attributes><divisions>1</divisions><time><beats>4</beats><beat-type>4</beat-type></time>"
        "</attributes><note><rest/><duration>4</duration></note></measure></part></score-partwise>"
    )


@pytest.mark.parametrize(
    ("make", "says"),
    [(truncated_mxl, "tune.mxl"), (text_as_mxl, "tune.mxl"), (no_notes, "no notes")],
)
def test_a_bad_lead_sheet_starts_nothing(
    make: Callable[[Path], None], says: str, tmp_path: Path, tonmeister: Run
) -> None:
    make(tmp_path / "tune.mxl")
    run = tonmeister("new", tmp_path / "song", "--lead-sheet", tmp_path / "tune.mxl")
    assert run.returncode == 2
    assert says in run.stderr
    assert run.stderr.startswith("error:")
    assert "Traceback" not in run.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["tune.mxl"]


@pytest.mark.parametrize(
    ("brief", "says"),
    [
        ('style = "zydeco-metal"', "style"),
        ("tempo = 0", "tempo"),
        ('key = "H flat"', "key"),
        ('colour = "x"\nwombat = 3', "wombat"),
        ("tempo = ", "TOML"),
    ],
)
def test_a_bad_brief_starts_nothing(brief: str, says: str, tmp_path: Path, tonmeister: Run) -> None:
    (tmp_path / "brief.toml").write_text(brief)
    run = tonmeister("new", tmp_path / "song", "--brief-file", tmp_path / "brief.toml")
    assert run.returncode == 2
    assert says in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "song").exists()


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        ("tempo=0", "tempo"),
        ("arrangement.verze.bass=off", "arrangement"),
        ("mix.bass.level_db=loud", "level_db"),
        ("style=zydeco", "zydeco"),
        ("players.bass.instrument=kazoo orchestra", "kazoo"),
        ("nonsense", "nonsense"),
    ],
)
def test_an_impossible_decision_is_refused_and_not_journalled(
    decision: str, says: str, short_song: Path, tmp_path: Path, tonmeister: Run
) -> None:
    shutil.copytree(short_song, tmp_path / "song")
    before = files(tmp_path / "song")
    run = tonmeister("decide", tmp_path / "song", decision)
    assert run.returncode == 2, run.stderr
    assert says in run.stderr
    assert "Traceback" not in run.stderr
    assert files(tmp_path / "song") == before


def test_a_place_that_cannot_be_written(tonmeister: Run, brief: str) -> None:
    run = tonmeister("new", "/proc/song", "--brief", brief)
    assert run.returncode == 3
    assert "cannot be written" in run.stderr


def test_a_full_disk_leaves_the_production_sound(
    tmp_path: Path, tonmeister: Run, brief: str
) -> None:
    """A limit on file sizes stands for the full disk: writing the first dry track fails."""
    folder = tmp_path / "song"
    tonmeister("new", folder, "--brief", brief)
    before = files(folder)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    run = subprocess.run(
        [sys.executable, "-m", "tonmeister", "produce", str(folder)],
        capture_output=True, text=True, check=False, preexec_fn=limit,
    )  # fmt: skip
    assert run.returncode in {3, 5}
    assert "Traceback" not in run.stderr
    assert "error:" in run.stderr
    assert files(folder) == before
    assert tonmeister("produce", folder).returncode == 0


def test_killed_and_run_again_gives_the_same_bytes(
    short_song: Path, tmp_path: Path, tonmeister: Run, brief: str
) -> None:
    tonmeister("new", tmp_path / "song", "--brief", brief)
    command = [sys.executable, "-m", "tonmeister", "produce", str(tmp_path / "song"), "--quiet"]
    for pause in (0.5, 1.0, 1.6):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(pause)
        run.send_signal(signal.SIGKILL)
        run.wait()
    assert tonmeister("produce", tmp_path / "song").returncode == 0
    assert files(tmp_path / "song" / "record") == files(short_song / "record")


def test_ctrl_c_keeps_what_is_finished(tmp_path: Path, tonmeister: Run, brief: str) -> None:
    folder = tmp_path / "song"
    tonmeister("new", folder, "--brief", brief.replace("14 seconds", "2 minutes"))
    command = [sys.executable, "-m", "tonmeister", "produce", str(folder)]
    run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    time.sleep(2.5)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "run the same command again" in said
    assert "Traceback" not in said


def test_two_at_once_say_so_or_wait_but_harm_nothing(short_song: Path, tmp_path: Path) -> None:
    shutil.copytree(short_song, tmp_path / "song")
    one, other = Production.open(tmp_path / "song"), Production.open(tmp_path / "song")
    with one._locked(), pytest.raises(TonmeisterError, match="in use"):
        other.produce()
    assert other.produce().record
