"""``tonmeister doctor``: what is installed, what is missing, what that costs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from tonmeister.faces.cli import output
from tonmeister.faces.cli.guard import guarded
from tonmeister.faces.cli.options import AsJson

if TYPE_CHECKING:
    from tonmeister.production.doctor import Check


def checks() -> tuple[Check, ...]:
    """All that was looked at."""
    from tonmeister.production.doctor import doctor as look

    return look()


@guarded
def doctor(
    as_json: AsJson = False,
) -> None:
    """Say what is installed, what is missing, what that costs and how to get it."""
    found = checks()
    if as_json:
        output.show_json([asdict(check) for check in found])
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for check in found:
        mark = Text("ok", style="green") if check.ok else Text("missing", style="yellow")
        table.add_row(mark, Text(check.name), Text(check.found if check.ok else _cost(check)))
    output.console().print(table)
    missing = [check for check in found if not check.ok]
    if missing:
        output.show("A record is made all the same; each of these would make it better.")
    else:
        output.show("Everything is there.")


def _cost(check: Check) -> str:
    return f"{check.found}: {check.costs}. Get it: {check.get}" if check.costs else check.found
