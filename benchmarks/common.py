"""Shared by the benchmarks: temporary productions, the command line, ffmpeg as an outside meter."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
TONMEISTER = [sys.executable, "-m", "tonmeister"]

TEN_PARTS = (
    "a warm soul ballad in D minor, 72 bpm, 3 minutes, piano, bass, drums, strings, guitar, organ, "
    "brass, choir, vibes, for a baritone"
)
TEN_PART_BRIEFS = {
    "ballad": TEN_PARTS,
    "swing": "a bright swing in F, 168 bpm, 3 minutes, piano, bass, drums, guitar, brass, strings, "
    "organ, vibes, choir, for a tenor",
    "waltz": "a lively waltz in G, 160 bpm, 3 minutes, piano, bass, drums, strings, accordion, "
    "guitar, harp, brass, choir, for a soprano",
}
"""Three minutes, ten parts, in each style."""


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder that goes away afterwards."""
    with TemporaryDirectory(prefix="tonmeister-bench-") as folder:
        yield Path(folder)


def tonmeister(*words: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command line, quietly."""
    return subprocess.run(
        [*TONMEISTER, *map(str, words)], check=check, capture_output=True, text=True
    )


def digests(folder: Path, *, only: str = "**/*") -> dict[str, str]:
    """SHA-256 of every file under a folder, by relative path."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.glob(only))
        if file.is_file()
    }


def ffmpeg_loudness(wav: Path) -> tuple[float, float]:
    """Integrated loudness (LUFS) and true peak (dBTP) by ffmpeg's ebur128 filter."""
    run = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostats", "-i", str(wav),
         "-af", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    summary = run.stderr[run.stderr.rindex("Summary:") :]
    integrated = re.search(r"I:\s+(-?[\d.]+) LUFS", summary)
    peak = re.search(r"Peak:\s+(-?[\d.]+|-inf) dBFS", summary)
    if not integrated or not peak:
        raise SystemExit("ffmpeg printed no loudness summary")
    return float(integrated[1]), float(peak[1])


class Verdict:
    """Collects promises and says at the end whether all hold."""

    def __init__(self) -> None:
        self.broken: list[str] = []

    def hold(self, promise: str, holds: bool, measured: str) -> None:
        """Print one promise with what was measured."""
        print(f"{'ok  ' if holds else 'FAIL'} {promise}: {measured}", flush=True)
        if not holds:
            self.broken.append(promise)

    def finish(self) -> None:
        """Exit with 1 if any promise was broken."""
        sys.exit(1 if self.broken else 0)
