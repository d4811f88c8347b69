"""Data files: styles, rooms, players, instruments, targets; the user's own come before ours.

A data file is found by kind and name: first in the user's folder (`$TONMEISTER_DATA`, else
``~/.local/share/tonmeister``), then in this package.
"""

from __future__ import annotations

import os
import tomllib
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from tonmeister.errors import StyleError


def user_folder() -> Path:
    """Where the user's own data files live; it need not exist."""
    return Path(os.environ.get("TONMEISTER_DATA") or Path.home() / ".local/share/tonmeister")


def names(kind: str) -> tuple[str, ...]:
    """Names of all data of a kind ("styles", "players"), the user's included, sorted."""
    found = {
        item.name.removesuffix(".toml")
        for folder in _folders(kind)
        if folder.is_dir()
        for item in folder.iterdir()
        if item.is_dir() or item.name.endswith(".toml")
    }
    return tuple(sorted(found - {"__pycache__"}))


def read(kind: str, name: str) -> dict[str, Any]:
    """The table of one data file: ``read("players", "june")``, ``read("styles/swing", "mix")``.

    Raises:
        StyleError: there is none of that name (the nearest names are given), or it is not TOML.
    """
    for folder in _folders(kind):
        file = folder.joinpath(f"{name}.toml")
        if file.is_file():
            return _parse(file)
    near = get_close_matches(name, names(kind), n=3)
    raise StyleError(
        f"there is no {name!r} among the {kind}",
        expected="one of " + ", ".join(near or names(kind)),
        hint="`tonmeister doctor` lists the folders that are searched.",
    )


def _folders(kind: str) -> tuple[Traversable, ...]:
    package: Traversable = files("tonmeister.data").joinpath(*kind.split("/"))
    return (user_folder() / kind, package)


def _parse(file: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StyleError(f"not a TOML file: {error}", where=str(file)) from error
