"""The doctor: what is installed, what is missing, what that costs, how to get it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass

from tonmeister import __version__, data, instruments


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at.

    Attributes:
        name: the thing.
        ok: whether all is well.
        found: version or place, or "missing".
        costs: what its absence costs, "" when nothing is missing.
        get: how to get it.
    """

    name: str
    ok: bool
    found: str
    costs: str = ""
    get: str = ""


def doctor() -> tuple[Check, ...]:
    """Look at everything that a record may need on this machine."""
    return (
        Check("tonmeister", True, f"{__version__} on Python {platform.python_version()}"),
        *_instruments(),
        _ffmpeg(),
        _styles(),
        Check("your own data", True, _own_data()),
        Check("cores", True, str(os.cpu_count() or 1)),
    )


def _instruments() -> tuple[Check, ...]:
    return tuple(
        Check(f.name, f.found, f.detail, "" if f.found else f.cost, "" if f.found else f.remedy)
        for f in instruments.doctor_facts()
    )


def _ffmpeg() -> Check:
    program = shutil.which("ffmpeg")
    if program is None:
        return Check(
            "ffmpeg",
            False,
            "missing",
            "MP3 files are made by libsndfile and carry fewer tags",
            "apt install ffmpeg (Debian, Ubuntu) or brew install ffmpeg (macOS)",
        )
    shown = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
    first = shown.stdout.splitlines()[0] if shown.stdout else "does not answer"
    return Check("ffmpeg", shown.returncode == 0, first.split(" Copyright")[0])


def _styles() -> Check:
    return Check("styles", True, ", ".join(data.names("styles")))


def _own_data() -> str:
    folder = data.user_folder()
    return f"{folder}" if folder.is_dir() else f"none (they would lie in {folder})"
