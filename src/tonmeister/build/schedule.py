"""Runs independent jobs on an executor: starts, collects, and stops in good order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait

from tonmeister.build.executors import Executor
from tonmeister.build.ledger import Ledger
from tonmeister.build.recipe import Event, Job, Made
from tonmeister.build.step import Ran, run_step
from tonmeister.errors import BuildError, Cancelled

_POLL_S = 0.1


class Schedule:
    """One run of `Build.make_all`.

    All books are kept and all events are told in the calling thread.
    """

    def __init__(
        self,
        ledger: Ledger,
        executor: Executor,
        *,
        on_event: Callable[[Event], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self._ledger = ledger
        self._executor = executor
        self._on_event = on_event
        self._cancelled = cancelled
        self._jobs: Sequence[Job] = ()
        self._waiting: deque[int] = deque()
        self._running: dict[Future[Ran], int] = {}
        self._made: dict[int, Made] = {}
        self._failed: dict[int, BaseException] = {}

    def run(self, jobs: Sequence[Job]) -> list[Made]:
        """Makes all jobs; see `Build.make_all`."""
        self._jobs = jobs
        self._waiting.extend(range(len(jobs)))
        try:
            while self._waiting or self._running:
                self._start()
                self._collect(_POLL_S)
        except BaseException:
            self._settle()
            raise
        if self._failed:
            raise self._failed[min(self._failed)]
        return [self._made[index] for index in range(len(jobs))]

    def _start(self) -> None:
        """Starts jobs while hands are free; what is found in the store needs none."""
        for _ in range(len(self._waiting)):
            if len(self._running) >= self._executor.workers:
                return
            if self._cancelled():
                raise Cancelled(
                    "stopped", hint="What is finished is kept; run the same command to continue."
                )
            index = self._waiting.popleft()
            if self._twin_runs(index):
                self._waiting.append(index)
            else:
                self._begin(index)

    def _twin_runs(self, index: int) -> bool:
        """Whether the same step runs for another target: then this one will be found."""
        key = self._jobs[index].key
        return any(self._jobs[other].key == key for other in self._running.values())

    def _begin(self, index: int) -> None:
        job = self._jobs[index]
        found = self._ledger.find(job)
        if found:
            self._made[index] = found
            self._on_event(Event(job.target, "found"))
            return
        self._on_event(Event(job.target, "start"))
        future = self._executor.submit(run_step, self._ledger.store.folder, job)
        self._running[future] = index

    def _collect(self, timeout_s: float | None) -> None:
        """Books what has finished, after waiting for at least one if `timeout_s` allows."""
        if self._running:
            done, _ = wait(self._running, timeout_s, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=self._running.__getitem__):
                self._book(future, self._running.pop(future))
        if self._failed:
            self._waiting.clear()
        elif self._running and self._cancelled():
            raise Cancelled(
                "stopped", hint="What is finished is kept; run the same command to continue."
            )

    def _book(self, future: Future[Ran], index: int) -> None:
        job = self._jobs[index]
        error = future.exception()
        if isinstance(error, BrokenExecutor):
            error = BuildError(
                "a worker process died",
                where=job.target,
                hint="Perhaps the memory ran out: try fewer workers.",
            )
        if error is not None:
            self._failed[index] = error
            self._on_event(Event(job.target, "failed"))
            return
        ran = future.result()
        self._made[index] = self._ledger.record(job, ran)
        self._on_event(Event(job.target, "done", ran.seconds, made=True))

    def _settle(self) -> None:
        """After an interruption: lets what runs come to its end, and books it."""
        wait(self._running)
        for future, index in self._running.items():
            if future.exception() is None:
                self._ledger.record(self._jobs[index], future.result())
