"""``tonmeister deliver``: write out everything that leaves the house."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tonmeister.faces.cli import opening, output
from tonmeister.faces.cli.guard import guarded
from tonmeister.faces.cli.options import AsJson, Name, Quiet, Workers
from tonmeister.faces.cli.progress import progress


@guarded
def deliver(
    name: Name,
    out: Annotated[
        Path, typer.Argument(help="Folder for the files; made if need be.", metavar="OUT")
    ],
    workers: Workers = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Write master (WAV, FLAC, MP3), stems, MIDI, lead sheet and report into a folder."""
    production = opening.open_production(name)
    with progress(quiet=quiet) as watch:
        delivered = production.deliver(out, on_event=watch, workers=workers)
    if as_json:
        output.show_json(
            {"folder": str(delivered.folder), "files": [str(file) for file in delivered.files]}
        )
        return
    output.show(f"{delivered.folder}: {len(delivered.files)} files")
    for file in delivered.files:
        output.show(f"  {_within(file, delivered.folder)}{_size(file)}")
    report = next((file for file in delivered.files if file.suffix == ".html"), None)
    if report:
        output.show(f"Next: open {report} in a browser")


def _within(file: Path, folder: Path) -> Path:
    return file.relative_to(folder) if file.is_relative_to(folder) else file


def _size(file: Path) -> str:
    try:
        size = file.stat().st_size
    except OSError:
        return ""
    return f"  ({size / 1e6:.1f} MB)" if size >= 50_000 else f"  ({size / 1e3:.1f} kB)"
