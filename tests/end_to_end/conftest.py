"""A short, real production for the end-to-end tests, and the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tonmeister import Production
from tonmeister.instruments import FontSource, find_source

SHORT = "a swing in F, 180 bpm, 14 seconds, piano, bass, drums, trumpet"


@pytest.fixture(scope="session")
def brief() -> str:
    """The sentence that the short song is made from."""
    return SHORT


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def short_song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A produced song that tests read and copy, but never change."""
    folder = tmp_path_factory.mktemp("short") / "song"
    production = Production.create(folder, sentence=SHORT)
    production.produce()
    return folder


@pytest.fixture
def tonmeister() -> Run:
    """Runs the command line in a process of its own."""

    def run(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tonmeister", *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "NO_COLOR": "1", **environment},
            timeout=300,
        )

    return run


@pytest.fixture
def sound_font() -> FontSource:
    """The machine's sound font; the test is skipped where there is none."""
    source = find_source()
    if not isinstance(source, FontSource):
        pytest.skip(f"needs libfluidsynth and a sound font: {source.reason}")
    return source
