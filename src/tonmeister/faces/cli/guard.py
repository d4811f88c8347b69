"""What happens when a command cannot go on: one clear error, the right exit code."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any, ParamSpec

import typer

from tonmeister.errors import TonmeisterError
from tonmeister.faces.cli import output

P = ParamSpec("P")

STOPPED = "stopped; what is finished is kept, run the same command again to continue"
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it (128 + SIGINT)."""

TRACEBACK = "TONMEISTER_TRACEBACK"
"""Set to anything, faults of the program show where they happened."""


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """The command with its errors shown instead of raised."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        as_json = bool(kwargs.get("as_json"))
        try:
            command(*args, **kwargs)
        except KeyboardInterrupt:
            output.say(STOPPED)
            raise typer.Exit(INTERRUPTED) from None
        except TonmeisterError as error:
            output.show_error(error, as_json=as_json)
            raise typer.Exit(error.exit_code) from None
        except BrokenPipeError:
            _let_go_of_stdout()
            raise typer.Exit(0) from None
        except (typer.Exit, typer.Abort):
            raise
        except Exception as fault:
            if os.environ.get(TRACEBACK):
                raise
            output.show_error(_as_error(fault), as_json=as_json)
            raise typer.Exit(1) from None

    return run


def _as_error(fault: Exception) -> TonmeisterError:
    return TonmeisterError(
        f"this is a fault of Tonmeister, not yours: {type(fault).__name__}: {fault}",
        hint=f"Set {TRACEBACK}=1 and run it again to see where, and please report it.",
    )


def _let_go_of_stdout() -> None:
    """The reader of our output has gone (``| head``): write the rest nowhere."""
    nowhere: Any = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
