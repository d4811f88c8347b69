"""Reasons, proposals and decisions: who wanted what, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a value is what it is.

    Attributes:
        by: the role that proposed it ("composer") or the person who decided it.
        why: one sentence a musician understands.
        considered: what else was thought of.
    """

    by: str
    why: str
    considered: tuple[str, ...] = ()


SheetT = TypeVar("SheetT")


@dataclass(frozen=True, slots=True)
class Proposal(Generic[SheetT]):
    """A role's sheet with the reasons for its values.

    `reasons` maps a path within the whole production sheet ("tempo", "arrangement.verse1.bass") to
    its reason; a path covers everything under it that has no reason of its own.
    """

    sheet: SheetT
    reasons: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """One overruling: at this path, this value.

    Attributes:
        revision: 1, 2, 3 ... of the production; decisions made together share one.
        path: as typed and checked: "arrangement.chorus.bass.pattern".
        value: JSON value in the sheet's own form.
        by: the person.
        why: in the person's words, may be empty.
        kind: "decide", or "undo": takes back all of revision `undoes` (its path is then empty).
        undoes: the revision an "undo" takes back, else 0.
        at: when it was written down, ISO 8601 in UTC; for reading only, nothing depends on it.
    """

    revision: int
    path: str
    value: Any
    by: str = ""
    why: str = ""
    kind: str = "decide"
    undoes: int = 0
    at: str = ""
