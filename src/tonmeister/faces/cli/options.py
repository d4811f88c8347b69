"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

Name: TypeAlias = Annotated[Path, typer.Argument(help="The production's folder.", metavar="NAME")]

AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

Quiet: TypeAlias = Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")]

Workers: TypeAlias = Annotated[
    int | None,
    typer.Option(min=1, help="Threads; all cores if not given.", show_default=False),
]
