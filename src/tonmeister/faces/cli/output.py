"""Printing: results on stdout, messages and progress on stderr, colours where they are wanted."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from tonmeister.errors import TonmeisterError


def console(*, stderr: bool = False) -> Console:
    """A rich console on stdout or stderr; honours ``NO_COLOR``; wide where it is no terminal."""
    from rich.console import Console

    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    return Console(stderr=stderr, highlight=False, width=None if terminal else 120, soft_wrap=False)


def say(text: str) -> None:
    """A message to the person, on stderr."""
    typer.echo(text, err=True)


def show(text: str) -> None:
    """A line of the result, on stdout."""
    typer.echo(text)


def show_json(document: Any) -> None:
    """The result as one JSON document on stdout."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def show_error(error: TonmeisterError, *, as_json: bool) -> None:
    """An error: what, where, what was expected, what to do."""
    if as_json:
        show_json({"error": _error_fields(error)})
    label = "error:" if os.environ.get("NO_COLOR") else typer.style("error:", fg="red", bold=True)
    place = f"{error.where}: " if error.where else ""
    say(f"{label} {place}{error.what}")
    if error.expected:
        say(f"  expected: {error.expected}")
    if error.hint:
        say(f"  {error.hint}")


def _error_fields(error: TonmeisterError) -> Mapping[str, Any]:
    return {
        "kind": type(error).__name__,
        "what": error.what,
        "where": error.where,
        "expected": error.expected,
        "hint": error.hint,
        "exit_code": error.exit_code,
    }


def clock(seconds: float) -> str:
    """``3:20``; ``1:02:03`` from an hour on."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def in_short(value: Any) -> str:
    """A sheet's value in a line, as a musician writes it."""
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {in_short(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        mark = "; " if any(isinstance(item, Mapping) for item in value) else ", "
        return mark.join(map(in_short, value)) or "none"
    return str(value)
