"""Receipts: what each target was made from, why it was made, and how long it took."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tonmeister.build.digests import Digest
from tonmeister.build.traces import read_checked, write_checked
from tonmeister.errors import BuildError


@dataclass(frozen=True, slots=True)
class Receipt:
    """One making of a target.

    Attributes:
        key: names the step.
        params: in canonical form.
        seconds: how long the recipe ran, 0 if it was found in the store.
        made: whether the recipe ran.
        reasons: sentences.
        why: the caller's sentence, may be empty.
    """

    target: str
    key: Digest
    recipe: str
    version: int
    params: Mapping[str, Any]
    inputs: Mapping[str, Digest]
    outputs: Mapping[str, Digest]
    tools: tuple[str, ...]
    seconds: float
    made: bool
    reasons: tuple[str, ...]
    why: str = ""


class Receipts:
    """The latest receipt of each target, and the one before."""

    _SCHEMA = "Receipts.1"

    def __init__(self, folder: Path, drafts: Path) -> None:
        self._folder = folder
        self._drafts = drafts

    def read(self, target: str) -> tuple[Receipt, ...]:
        """The latest and the one before, as far as there are any."""
        return self._load(self._place(target))

    def write(self, receipt: Receipt, *, again: bool = False) -> None:
        """Adds the latest receipt of its target; `again` replaces the latest."""
        before = self.read(receipt.target)
        latest = (receipt, *(before[1:] if again else before[:1]))
        fields = {"schema": self._SCHEMA, "receipts": [dataclasses.asdict(one) for one in latest]}
        write_checked(self._place(receipt.target), fields, self._drafts)

    def latest(self) -> Iterator[Receipt]:
        """The latest receipt of every target, in the targets' order."""
        for path in sorted(self._folder.rglob("*.json")):
            yield from self._load(path)[:1]

    def named(self) -> set[Digest]:
        """All contents that the latest receipts name."""
        return {
            digest
            for receipt in self.latest()
            for digest in (*receipt.inputs.values(), *receipt.outputs.values())
        }

    def drop_all_but(self, targets: Collection[str]) -> None:
        """Removes the receipts of all other targets."""
        wanted = {self._place(target) for target in targets}
        for path in self._folder.rglob("*.json"):
            if path not in wanted:
                path.unlink(missing_ok=True)

    def _load(self, path: Path) -> tuple[Receipt, ...]:
        fields = read_checked(path, self._SCHEMA)
        try:
            rows = fields["receipts"] if fields else []
            return tuple(_receipt(row) for row in rows)
        except (LookupError, TypeError):
            return ()

    def _place(self, target: str) -> Path:
        """The file of a target: ``dry/bass`` is ``dry/bass.json``; odd characters are escaped."""
        parts = [_escaped(part) for part in target.split("/")]
        if not all(parts):
            raise BuildError(f"not a target's name: {target!r:.80}", expected='such as "dry/bass"')
        return self._folder.joinpath(*parts[:-1], parts[-1] + ".json")


def _receipt(row: dict[str, Any]) -> Receipt:
    lists = {name: tuple(row[name]) for name in ("tools", "reasons")}
    return Receipt(**{**row, **lists})


def _escaped(part: str) -> str:
    """A file name for one part of a target: no dots, no control characters, not too long."""
    safe = "".join(
        f"%{ord(char):02X}" if char in "%.\\" or not char.isprintable() else char for char in part
    )
    if len(safe.encode()) > 200:
        return "%-" + hashlib.sha256(part.encode()).hexdigest()
    return safe
