"""The journal of decisions: an append-only file of JSON lines, one line per revision.

One line is one write, flushed and synced under an exclusive lock, so that a revision is there as a
whole or not at all, whoever else writes and whenever the machine stops. A line that a crash has
torn is no revision; the next writer sets it aside in ``decisions.torn`` before it appends. Lines
are never rewritten, so fields that this version does not know stay in the file.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path as FilePath
from typing import Any

from tonmeister.errors import DecisionError, ProductionError, StaleDecision
from tonmeister.model.reason import Decision
from tonmeister.producer.paths import Path

SCHEMA = "Revision.1"
FILE_NAME = "decisions.jsonl"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class Journal:
    """The decisions of one production.

    Args:
        place: the production's folder, or the journal file itself (a name ending in ``.jsonl``).
        now: gives the time written beside each revision (for reading only).
    """

    def __init__(self, place: FilePath, *, now: Callable[[], str] = _now) -> None:
        self.file = place if place.suffix == ".jsonl" else place / FILE_NAME
        self._now = now

    def read(self) -> tuple[Decision, ...]:
        """All that was ever written, oldest first, undo entries included; empty without a file.

        Raises:
            ProductionError: the file cannot be read, is damaged, or a newer version wrote it.
        """
        try:
            data = self.file.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise ProductionError(
                f"the journal of decisions cannot be read: {error.strerror}", where=str(self.file)
            ) from error
        return self._decisions(_whole_lines(data)[0])

    def revision(self) -> int:
        """The latest revision, 0 if nothing was decided yet."""
        return max((entry.revision for entry in self.read()), default=0)

    def append(
        self,
        entries: Sequence[tuple[str, Any]],
        by: str,
        why: str,
        *,
        based_on: int | None = None,
    ) -> int:
        """Write decisions made together; they share one revision.

        Args:
            entries: pairs of (path, JSON value), as `parse_decision` gives them.
            by: the person who decides.
            why: in the person's words, may be empty.
            based_on: the latest revision the writer has seen; None: do not check.

        Returns:
            The new revision.

        Raises:
            DecisionError: nothing to write, or a value that JSON cannot hold.
            StaleDecision: since `based_on` somebody decided one of these paths.
            ProductionError: the folder is missing, read-only, full, or the journal is damaged.
        """
        if not entries:
            raise DecisionError("no decision was given", expected="at least one path=value")
        record = {"entries": [{"path": path, "value": value} for path, value in entries]}

        def check(present: Sequence[Decision]) -> None:
            for path, _ in entries:
                _refuse_stale(Path.parse(path), present, based_on)

        return self._write("decide", record, by, why, check)

    def undo(self, revision: int, by: str = "", why: str = "") -> int:
        """Take a revision back, by a new entry; taking back an undo brings its revision back.

        Raises:
            DecisionError: there is no such revision, or it is taken back already.
        """

        def check(present: Sequence[Decision]) -> None:
            if all(entry.revision != revision for entry in present):
                raise DecisionError(
                    f"there is no revision {revision} to take back",
                    expected=f"1 to {max((e.revision for e in present), default=0)}",
                )
            if revision in _undone(present):
                raise DecisionError(f"revision {revision} is taken back already")

        return self._write("undo", {"undoes": revision}, by, why, check)

    def _write(
        self,
        kind: str,
        record: dict[str, Any],
        by: str,
        why: str,
        check: Callable[[Sequence[Decision]], None],
    ) -> int:
        with self._locked() as file:
            data = file.read()
            lines, torn = _whole_lines(data)
            present = self._decisions(lines)
            check(present)
            revision = max((entry.revision for entry in present), default=0) + 1
            head = {"schema": SCHEMA, "revision": revision, "kind": kind, "by": by, "why": why}
            line = _line(head | {"at": self._now()} | record)
            if torn:
                self._set_aside(torn)
                file.truncate(len(data) - len(torn))
            elif data and not data.endswith(b"\n"):
                line = b"\n" + line
            _append(file, line)
        return revision

    @contextmanager
    def _locked(self) -> Iterator[FileIO]:
        try:
            new = not self.file.exists()
            with self.file.open("a+b", buffering=0) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.seek(0)
                yield file
            if new:
                _sync_folder(self.file.parent)
        except OSError as error:
            raise ProductionError(
                f"the decision was not written down: {error.strerror or error}",
                where=str(self.file),
                hint="Nothing has changed; see that the folder is there, writable and has room.",
            ) from error

    def _set_aside(self, torn: bytes) -> None:
        """Keep what a crash left of a line, outside the journal."""
        with self.file.with_suffix(".torn").open("ab") as aside:
            aside.write(torn + b"\n")

    def _decisions(self, lines: Sequence[bytes]) -> tuple[Decision, ...]:
        found: list[Decision] = []
        for number, line in enumerate(lines, start=1):
            where = f"{self.file}, line {number}"
            if line.strip():
                found += _read_line(line, where)
        return tuple(found)


def effective(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """The decisions that hold: without those taken back and the undo entries themselves."""
    undone = _undone(decisions)
    return tuple(d for d in decisions if d.kind == "decide" and d.revision not in undone)


def _undone(decisions: Sequence[Decision]) -> set[int]:
    undone: set[int] = set()
    for entry in sorted(decisions, key=lambda entry: -entry.revision):
        if entry.kind == "undo" and entry.revision not in undone:
            undone.add(entry.undoes)
    return undone


def _refuse_stale(path: Path, present: Sequence[Decision], based_on: int | None) -> None:
    if based_on is None:
        return
    for entry in reversed(effective(present)):
        if entry.revision > based_on and Path.parse(entry.path).meets(path):
            value = json.dumps(entry.value, ensure_ascii=False)
            raise StaleDecision(
                f"{entry.by or 'somebody'} has decided {entry.path}={value} in the meantime"
                f" (revision {entry.revision}{', ' + entry.why if entry.why else ''})",
                where=str(path),
                hint="Look at it, and decide again if you still want to.",
            )


def _whole_lines(data: bytes) -> tuple[list[bytes], bytes]:
    """The lines that count, and what is torn.

    A last line without an end counts if it is a whole record, else it is torn.
    """
    *lines, rest = data.split(b"\n")
    with suppress(ValueError):
        if rest and isinstance(json.loads(rest), dict):
            return [*lines, rest], b""
    return lines, rest


def _read_line(line: bytes, where: str) -> list[Decision]:
    try:
        record = json.loads(line)
        schema = record["schema"]
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(where) from error
    if schema != SCHEMA:
        raise ProductionError(
            f"written by another version of Tonmeister ({schema})",
            where=where,
            expected=SCHEMA,
            hint="Use the version that wrote it, or a newer one.",
        )
    try:
        kind, revision = str(record.get("kind", "decide")), int(record["revision"])
        undoes = int(record["undoes"]) if kind == "undo" else 0
        entries = record["entries"] if kind == "decide" else [{"path": "", "value": None}]
        return [
            Decision(
                revision,
                str(entry["path"]),
                entry["value"],
                by=str(record.get("by", "")),
                why=str(record.get("why", "")),
                kind=kind,
                undoes=undoes,
                at=str(record.get("at", "")),
            )
            for entry in entries
        ]
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(where) from error


def _damaged(where: str) -> ProductionError:
    return ProductionError(
        "the journal of decisions is damaged here",
        where=where,
        expected="one JSON record a line",
        hint="Take the line out, or bring the file back from a copy; the other lines are sound.",
    )


def _line(record: dict[str, Any]) -> bytes:
    try:
        return json.dumps(record, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except (TypeError, ValueError) as error:
        raise DecisionError(f"the value cannot be written down: {error}") from error


def _append(file: FileIO, line: bytes) -> None:
    """One write, synced; where it fails half-way (a full disk) the file is cut back."""
    end = file.seek(0, os.SEEK_END)
    try:
        if file.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            file.truncate(end)
        raise


def _sync_folder(folder: FilePath) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
