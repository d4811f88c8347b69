"""``tonmeister why``: who wanted a value, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from tonmeister.faces.cli import opening, output
from tonmeister.faces.cli.guard import guarded
from tonmeister.faces.cli.options import AsJson, Name


@guarded
def why(
    name: Name,
    path: Annotated[
        str, typer.Argument(help="For example tempo or mix.vocal.level.", metavar="PATH")
    ],
    as_json: AsJson = False,
) -> None:
    """Say who wanted a value, why, and what else was considered."""
    lines = opening.open_production(name).why(path)
    if as_json:
        output.show_json({"path": path, "why": lines})
        return
    for line in lines:
        output.show(line)
