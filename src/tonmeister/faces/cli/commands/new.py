"""``tonmeister new``: a production from a brief or a lead sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tonmeister.errors import InputError
from tonmeister.faces.cli import opening, output
from tonmeister.faces.cli.guard import guarded
from tonmeister.faces.cli.options import AsJson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tonmeister.model.reason import Reason
    from tonmeister.model.sheets import ProductionSheet
    from tonmeister.producer import Understanding


@guarded
def new(
    name: Annotated[
        Path, typer.Argument(help="Folder for the production; it is made.", metavar="NAME")
    ],
    brief: Annotated[
        str | None, typer.Option("--brief", "-b", help="What you want, in a sentence.")
    ] = None,
    brief_file: Annotated[
        Path | None, typer.Option("--brief-file", help="A brief as a TOML file.")
    ] = None,
    lead_sheet: Annotated[
        Path | None,
        typer.Option("--lead-sheet", "-l", help="Tune and chords: .musicxml, .xml or .mxl."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Start a record from a brief or a lead sheet.

    Shows what was understood, what was not used, and what the producer proposes, with reasons.
    """
    if brief is None and brief_file is None and lead_sheet is None:
        raise InputError(
            "there is nothing to start from",
            expected="--brief, --brief-file or --lead-sheet",
            hint=f'For example: tonmeister new {name} --brief "a slow soul ballad in D minor"',
        )
    production = opening.create_production(
        name, sentence=brief, brief_file=brief_file, lead_sheet=lead_sheet
    )
    sheet, reasons = production.sheet()
    if as_json:
        output.show_json(_document(name, production.understanding, sheet, reasons))
        return
    if production.understanding:
        _show_understanding(production.understanding)
    _show_vision(sheet, reasons)
    output.show(f"\n{name} is ready. Next: tonmeister produce {name}")
    output.show(f'To change something: tonmeister decide {name} tempo=84 --why "it drags"')


def _show_understanding(understanding: Understanding) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for entry in understanding.understood:
        note = f"({entry.note})" if entry.note else ""
        table.add_row(
            Text(f"  “{entry.words}”"),
            entry.path,
            Text(_value(entry.path, entry.value)),
            Text(note),
        )
    printer = output.console()
    printer.print("Understood", style="bold")
    printer.print(table if understanding.understood else "  nothing")
    if understanding.unused:
        printer.print("Not used", style="bold")
        printer.print(Text("  " + ", ".join(f"“{words}”" for words in understanding.unused)))


def _show_vision(sheet: ProductionSheet, reasons: Mapping[str, Reason]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(min_width=12, max_width=36)
    table.add_column()
    song = sheet.song.model_dump() if sheet.song else {}
    for field, value in song.items():
        reason = reasons.get(f"song.{field}") or reasons.get(field)
        why = f"{reason.by}: {reason.why}" if reason else ""
        table.add_row(f"  {field}", Text(_value(field, value)), Text(why, style="dim"))
    if sheet.form:
        form = ", ".join(f"{section} {plan.bars}" for section, plan in sheet.form.items())
        table.add_row("  form", Text(form), Text("sections and their bars", style="dim"))
    printer = output.console()
    printer.print("The vision", style="bold")
    printer.print(table)


def _value(path: str, value: Any) -> str:
    units = {"tempo": " bpm", "length": f" s ({output.clock(value)})" if path == "length" else ""}
    return output.in_short(value) + units.get(path, "")


def _document(
    name: Path,
    understanding: Understanding | None,
    sheet: ProductionSheet,
    reasons: Mapping[str, Reason],
) -> dict[str, Any]:
    heard = understanding.understood if understanding else ()
    return {
        "production": str(name),
        "understood": [
            {"words": e.words, "path": e.path, "value": e.value, "note": e.note} for e in heard
        ],
        "unused": list(understanding.unused) if understanding else [],
        "vision": sheet.song.model_dump(mode="json") if sheet.song else None,
        "form": {s: plan.bars for s, plan in (sheet.form or {}).items()},
        "reasons": {
            path: {"by": r.by, "why": r.why, "considered": list(r.considered)}
            for path, r in reasons.items()
            if path.startswith("song")
        },
    }
