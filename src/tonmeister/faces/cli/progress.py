"""Progress of a run, on stderr: live bars in a terminal, a plain line per stage elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from tonmeister.faces.cli import output

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from tonmeister.production import Event


class PlainProgress:
    """A line when a stage is through: for pipes, logs and CI."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._stage = ""
        self._began = 0.0
        self._count = {"done": 0, "found": 0}

    def __enter__(self) -> PlainProgress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if kind is None:
            self._tell()

    def __call__(self, event: Event) -> None:
        """Take an event."""
        if event.stage != self._stage:
            self._tell()
            self._stage, self._began = event.stage, self._now()
            self._count = {"done": 0, "found": 0}
        if event.state in self._count:
            self._count[event.state] += 1

    def _tell(self) -> None:
        made, kept = self._count["done"], self._count["found"]
        if made or kept:
            seconds = self._now() - self._began
            output.say(f"{self._stage}: {made} made, {kept} kept, {seconds:.1f} s")


class LiveProgress:
    """A bar per stage with the part at work and the time left for the whole."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._progress: Progress = Progress(
            TextColumn("{task.description:<8}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[part]}"),
            TextColumn("{task.fields[left]}", style="dim"),
            console=output.console(stderr=True),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> LiveProgress:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def __call__(self, event: Event) -> None:
        """Take an event; may come from any thread."""
        task = self._tasks.get(event.stage)
        if task is None:
            self._quieten()
            task = self._progress.add_task(event.stage, total=event.total, part="", left="")
            self._tasks[event.stage] = task
        finished = event.done >= event.total and event.state != "start"
        self._progress.update(
            task,
            completed=event.done,
            total=event.total,
            part="" if finished else event.part,
            left=left_words(event.left_s) if not finished else "",
        )

    def _quieten(self) -> None:
        """Earlier stages no longer say how much is left."""
        for task in self._tasks.values():
            self._progress.update(task, part="", left="")


class NoProgress(PlainProgress):
    """Says nothing."""

    def __call__(self, event: Event) -> None:
        """Take an event and keep it."""


def left_words(seconds: float) -> str:
    """``about 12 s left``, rounded as far as an estimate deserves."""
    if seconds <= 0:
        return ""
    if seconds < 10:
        return f"about {max(1, round(seconds))} s left"
    if seconds < 90:
        return f"about {5 * round(seconds / 5)} s left"
    return f"about {round(seconds / 60)} min left"


def progress(*, quiet: bool = False) -> PlainProgress | LiveProgress:
    """The progress display that suits stderr; nothing if `quiet`."""
    if quiet:
        return NoProgress()
    return LiveProgress() if sys.stderr.isatty() else PlainProgress()
