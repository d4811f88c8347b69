"""``tonmeister produce``: make the record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tonmeister.faces.cli import opening, output
from tonmeister.faces.cli.guard import guarded
from tonmeister.faces.cli.options import AsJson, Name, Quiet, Workers
from tonmeister.faces.cli.progress import progress

if TYPE_CHECKING:
    from tonmeister.production import Produced


@guarded
def produce(
    name: Name,
    until: Annotated[
        str, typer.Option(help="Last stage: compose, arrange, perform, render, mix or master.")
    ] = "master",
    workers: Workers = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Make the record, or what of it has changed.

    Can be stopped at any time (Ctrl-C) and continued with the same command.
    """
    production = opening.open_production(name)
    with progress(quiet=quiet) as watch:
        produced = production.produce(until=until, on_event=watch, workers=workers)
    if as_json:
        output.show_json(_document(produced))
        return
    _show(name, until, produced)


def _show(name: Path, until: str, produced: Produced) -> None:
    for note in produced.notes:
        output.say(f"note: {note}")
    work = f"{produced.made} made, {produced.kept} kept, {produced.seconds:.1f} s"
    if produced.record is None:
        output.show(f"{until} is done: {work}")
        output.show(f"Next: tonmeister produce {name}")
        return
    figures = _figures(produced)
    if produced.made:
        figures.append(work)
    else:
        output.show("Nothing has changed since the last run; the record is as it was.")
    output.show(f"{produced.record}")
    output.show("  " + ", ".join(figures))
    output.show(f"Next: listen; tonmeister deliver {name} out/")
    output.show(f'      or change it: tonmeister decide {name} tempo=84 --why "it drags"')


def _figures(produced: Produced) -> list[str]:
    figures = []
    if produced.length_s is not None:
        figures.append(output.clock(produced.length_s))
    if produced.loudness_lufs is not None:
        figures.append(f"{produced.loudness_lufs:.1f} LUFS")
    if produced.true_peak_dbtp is not None:
        figures.append(f"{produced.true_peak_dbtp:.2f} dBTP")
    return figures


def _document(produced: Produced) -> dict[str, object]:
    return {
        "record": str(produced.record) if produced.record else None,
        "made": produced.made,
        "kept": produced.kept,
        "seconds": round(produced.seconds, 3),
        "length_s": produced.length_s,
        "loudness_lufs": produced.loudness_lufs,
        "true_peak_dbtp": produced.true_peak_dbtp,
        "notes": list(produced.notes),
    }
