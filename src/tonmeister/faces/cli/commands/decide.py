"""``tonmeister decide``: overrule a proposal."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from tonmeister.faces.cli import opening, output
from tonmeister.faces.cli.guard import guarded
from tonmeister.faces.cli.options import AsJson, Name


@guarded
def decide(
    name: Name,
    decisions: Annotated[
        list[str],
        typer.Argument(
            help="For example tempo=84 or arrangement.bridge.strings=off.", metavar="PATH=VALUE..."
        ),
    ],
    why: Annotated[
        str, typer.Option(help="Your reason; it is kept with the decision.", show_default=False)
    ] = "",
    by: Annotated[
        str, typer.Option(help="Who decides; you, if not given.", show_default=False)
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Decide something; only what depends on it is made again.

    Examples: tempo=84, key="A minor", mix.vocal.level=+2dB, harmony.verse[3]="Gm7 C9",
    arrangement.chorus.bass.pattern=walking. `tonmeister sheet NAME` shows all paths.
    """
    production = opening.open_production(name)
    revision = production.decide(decisions, why=why, by=by)
    entries = [d for d in production.decisions() if d.revision == revision]
    if as_json:
        output.show_json(
            {
                "revision": revision,
                "decisions": [{"path": d.path, "value": d.value} for d in entries],
                "why": why,
                "by": entries[0].by if entries else by,
            }
        )
        return
    output.show(f"Revision {revision}" + (f": {why}" if why else ""))
    for entry in entries:
        output.show(f"  {entry.path} = {_shown(entry.value)}")
    output.show(f"Next: tonmeister produce {name}")


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return output.in_short(value)
