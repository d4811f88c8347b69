"""``tonmeister version``."""

from __future__ import annotations

import typer

from tonmeister import __version__
from tonmeister.faces.cli import output
from tonmeister.faces.cli.options import AsJson


def version(
    as_json: AsJson = False,
) -> None:
    """Show the version."""
    if as_json:
        output.show_json({"version": __version__})
    else:
        output.show(f"tonmeister {__version__}")


def show_and_stop(wanted: bool) -> None:
    """For the option ``--version``."""
    if wanted:
        version(as_json=False)
        raise typer.Exit
