"""Traces: what a step, named by its key, gave. They make the store a memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tonmeister.build.digests import Digest, canonical_text, digest_of
from tonmeister.build.files import os_errors, temporary, write_all


@dataclass(frozen=True, slots=True)
class Output:
    """An output of a step: its content's digest and size in bytes."""

    digest: Digest
    size: int


def write_checked(path: Path, fields: Mapping[str, Any], drafts: Path) -> None:
    """Writes a small JSON file that carries its own digest, so that it need not be forced to disk.

    Args:
        drafts: where temporary files live, in the same file system.
    """
    text = canonical_text({**fields, "check": digest_of(canonical_text(fields).encode())})
    with os_errors(path, needed=len(text)):
        drafts.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary(drafts) as draft:
            write_all(draft.descriptor, memoryview(text.encode()))
            draft.path.replace(path)


def read_checked(path: Path, schema: str) -> dict[str, Any] | None:
    """What `write_checked` wrote; None if it is missing, torn, or of another schema."""
    try:
        fields = json.loads(path.read_bytes())
        check = fields.pop("check")
        if fields["schema"] != schema or check != digest_of(canonical_text(fields).encode()):
            return None
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return dict(fields)


class Traces:
    """All traces of a store."""

    _SCHEMA = "Trace.1"

    def __init__(self, folder: Path, drafts: Path) -> None:
        self._folder = folder
        self._drafts = drafts

    def read(self, key: Digest) -> dict[str, Output] | None:
        """What the step gave, or None if nobody knows."""
        fields = read_checked(self._folder / f"{key}.json", self._SCHEMA)
        if fields is None or fields["key"] != key:
            return None
        return {name: Output(digest, size) for name, (digest, size) in fields["outputs"].items()}

    def write(self, key: Digest, outputs: Mapping[str, Output]) -> None:
        """Notes what the step gave; the contents must be in the store already."""
        fields = {
            "schema": self._SCHEMA,
            "key": key,
            "outputs": {name: [output.digest, output.size] for name, output in outputs.items()},
        }
        write_checked(self._folder / f"{key}.json", fields, self._drafts)

    def drop_broken(self, has: Callable[[Digest], bool]) -> None:
        """Removes the traces whose contents are gone."""
        for path in self._folder.glob("*.json"):
            trace = self.read(path.stem)
            if trace is None or not all(has(output.digest) for output in trace.values()):
                path.unlink(missing_ok=True)
