"""The application: every command, registered."""

from __future__ import annotations

import typer

from tonmeister.faces.cli.commands import decide, deliver, doctor, new, produce, sheet, version, why

HELP = """A record producer: from a brief or a lead sheet to a finished record.

Start with: tonmeister new my-song --brief "a slow soul ballad in D minor, for a baritone",
then: tonmeister produce my-song
"""

app = typer.Typer(
    name="tonmeister",
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _options(
    _version: bool = typer.Option(
        False,
        "--version",
        help="Show the version and stop.",
        callback=version.show_and_stop,
        is_eager=True,
    ),
) -> None:
    pass


app.command("new")(new.new)
app.command("produce")(produce.produce)
app.command("decide")(decide.decide)
app.command("deliver")(deliver.deliver)
app.command("sheet")(sheet.sheet)
app.command("why")(why.why)
app.command("doctor")(doctor.doctor)
app.command("version")(version.version)
