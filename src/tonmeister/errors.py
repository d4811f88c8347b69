"""The one tree of errors.

    TonmeisterError
    ├── InputError            what the user gave cannot be used (file, sentence, option)
    │   ├── FormatError       a file is broken or is not what its name says
    │   ├── BriefError        a brief's field is unknown or impossible
    │   ├── StyleError        a style, player or instrument file is wrong or missing
    │   └── DecisionError     a path or a value of a decision is impossible
    ├── ProductionError       the production folder is missing, locked, read-only or damaged
    │   └── StaleDecision     somebody else decided the same path in the meantime
    ├── BuildError            an artefact could not be made or stored (a full disk, a failed recipe)
    │   └── Cancelled         the making was stopped on request; what is finished is kept
    ├── InstrumentError       a sound source failed
    └── ToolError             an outside program is missing or failed

Every error says what is wrong, where, what was expected and what to do.
"""

from __future__ import annotations


class TonmeisterError(Exception):
    """Root of all errors that a user may see; the command line prints it without a traceback.

    Args:
        what: what is wrong, one sentence without a full stop.
        where: file, bar, line or path it was found at.
        expected: what would have been right.
        hint: what to do now.
    """

    exit_code = 1

    def __init__(
        self,
        what: str,
        *,
        where: str | None = None,
        expected: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.what = what
        self.where = where
        self.expected = expected
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        if self.expected:
            text += f"; expected {self.expected}"
        if self.hint:
            text += f". {self.hint}"
        return text


class InputError(TonmeisterError):
    """What the user gave cannot be used."""

    exit_code = 2


class FormatError(InputError):
    """A file is broken, or is not what its name says."""


class BriefError(InputError):
    """A field of a brief is unknown or impossible."""


class StyleError(InputError):
    """A style, player or instrument file is wrong or missing."""


class DecisionError(InputError):
    """A decision's path or value is impossible."""


class ProductionError(TonmeisterError):
    """The production folder is missing, locked, read-only or damaged."""

    exit_code = 3


class StaleDecision(ProductionError):  # noqa: N818  (it names a state, as the field does)
    """Somebody else has decided the same path since the writer last looked."""

    exit_code = 4


class BuildError(TonmeisterError):
    """An artefact could not be made or stored."""

    exit_code = 5


class Cancelled(BuildError):  # noqa: N818  (it names a state, as the field does)
    """The making was stopped on request; what is finished is kept."""


class InstrumentError(TonmeisterError):
    """A sound source failed."""

    exit_code = 6


class ToolError(TonmeisterError):
    """An outside program is missing or failed."""

    exit_code = 7
