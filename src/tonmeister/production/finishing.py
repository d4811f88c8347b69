"""The end of a run: the record goes into its folder, and what it was made from is noted."""

from __future__ import annotations

import json
import time
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tonmeister.build import digest_of, write_atomic
from tonmeister.instruments import BuiltInSource
from tonmeister.production.folder import Folder

if TYPE_CHECKING:
    from tonmeister.production.pipeline import Work


@dataclass(frozen=True, slots=True)
class Produced:
    """What `Production.produce` did.

    Attributes:
        record: the 24-bit master, or None when stopped before it.
        made, kept: steps that were made, and that were found done.
        seconds: wall time of this run.
        length_s, loudness_lufs, true_peak_dbtp: of the record, or None before there is one.
        notes: what the user should know, a line each (a missing sound font, dormant decisions).
    """

    record: Path | None
    made: int
    kept: int
    seconds: float
    length_s: float | None = None
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None
    notes: tuple[str, ...] = ()


def stopped_early(work: Work, started: float) -> Produced:
    """The account of a run that was asked to end before the master."""
    seconds = time.monotonic() - started
    return Produced(None, work.bench.made, work.bench.kept, seconds, notes=tuple(_notes(work)))


def publish(folder: Folder, work: Work, mark: str, started: float) -> Produced:
    """Put the record into its folder and note what it was made from.

    Args:
        mark: the fingerprint of everything the record depends on.
        started: when the run began, by the monotonic clock.
    """
    bench = work.bench
    facts = json.loads(bench.read(work.record["facts"]))
    notes = [*_notes(work), *facts["remarks"]]
    record = folder.record / f"{file_name(work.vision.title)}.wav"
    before = _state(folder).get("record")
    write_atomic(record, bench.store.blob(work.record["wav"]).path)
    if before and before != record.name:  # the title has changed
        with suppress(OSError):
            (folder.record / Path(before).name).unlink()
    figures = {key: facts[key] for key in ("length_s", "loudness_lufs", "true_peak_dbtp")}
    noted = {"mark": mark, "record": record.name, "digest": work.record["wav"], "notes": notes}
    write_atomic(folder.state, work.draft.dump())
    write_atomic(folder.finished, json.dumps({**noted, **figures}).encode())
    bench.store.sweep(bench.live)
    seconds = time.monotonic() - started
    return Produced(record, bench.made, bench.kept, seconds, **figures, notes=tuple(notes))


def already_done(folder: Folder, mark: str, started: float) -> Produced | None:
    """The last run's account, if nothing has changed since and its record is there untouched."""
    state = _state(folder)
    try:
        record = folder.record / state.pop("record")
        notes = tuple(state.pop("notes"))
        if state.pop("mark") != mark or state.pop("digest") != digest_of(record):
            return None
        return Produced(record, 0, 0, time.monotonic() - started, **state, notes=notes)
    except (OSError, KeyError, TypeError):
        return None


def _state(folder: Folder) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads(folder.finished.read_bytes())
    except (OSError, ValueError):
        return {}
    return state


def _notes(work: Work) -> list[str]:
    notes = [f"{d.path} is not in force at present: {why}" for d, why in work.draft.dormant]
    if isinstance(work.source, BuiltInSource):
        notes.append(f"played by the built-in instruments: {work.source.reason}")
    return notes


def file_name(title: str) -> str:
    """A title as a file name: no accents, spaces or punctuation that any system dislikes."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    words = "".join(c if c.isalnum() else " " for c in plain).split()
    return "-".join(words)[:60] or "record"
