"""What a step's result depends on beyond its inputs: our own code and the data files.

Build keys hold digests of the source text of the rooms a step runs, so nobody needs to remember to
raise a version, and of the data files a musician may edit.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from tonmeister.data import user_folder

_BELOW = ("errors.py", "units", "model", "data")
"""Every step stands on these."""


@cache
def code(*rooms: str) -> str:
    """Digest of the source of some rooms ("composer", "formats/musicxml") and of the base."""
    digest = hashlib.sha256()
    for room in (*_BELOW, *rooms):
        for file in _sources(Path(str(files("tonmeister"))) / room):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _sources(room: Path) -> list[Path]:
    if room.is_dir():
        return sorted(room.rglob("*.py"))
    return [room if room.suffix else room.with_suffix(".py")]


def data(*kinds: str) -> str:
    """Digest of data files, ours and the user's: "players", "instruments.toml", "styles/ballad"."""
    digest = hashlib.sha256()
    for kind in kinds:
        for root in (user_folder(), Path(str(files("tonmeister.data")))):
            for file in _tables(root / kind):
                digest.update(f"{kind}\0{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _tables(place: Path) -> list[Path]:
    if place.is_dir():
        return sorted(place.rglob("*.toml"))
    return [place] if place.is_file() else []


def everything() -> str:
    """Digest of all code and data: what "nothing has changed" means across runs."""
    base = Path(str(files("tonmeister")))
    digest = hashlib.sha256()
    for root, pattern in ((base, "*.py"), (base / "data", "*.toml"), (user_folder(), "*.toml")):
        if root.is_dir():
            for file in sorted(root.rglob(pattern)):
                digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
