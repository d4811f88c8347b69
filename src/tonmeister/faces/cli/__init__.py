"""The command line: ``tonmeister new``, ``produce``, ``decide``, ``deliver`` and their helpers.

One module per command. Nothing heavy is imported before a command runs, so that ``--help`` answers
at once.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line; the process exits with the command's code."""
    try:
        from tonmeister.faces.cli.main import app

        app()
    except KeyboardInterrupt:  # before a command could take care of it
        raise SystemExit(130) from None
