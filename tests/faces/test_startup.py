"""The command line starts without what only its commands need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src"
HEAVY = ("numpy", "scipy", "numba", "pydantic", "rich", "lxml", "soundfile", "soxr", "mido")

CHECK = f"""
import sys
sys.argv = ["tonmeister", "--help"]
from tonmeister.faces.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("LOADED", [name for name in {HEAVY!r} if name in sys.modules])
"""


def test_help_imports_nothing_heavy() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CHECK],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "LOADED []" in ran.stdout
