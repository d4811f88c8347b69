"""Executors: where recipes run. One job at a time, on threads, or in processes of their own."""

from __future__ import annotations

import pickle
import signal
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Executor as Pool
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from tonmeister.errors import BuildError

ResultT = TypeVar("ResultT")


class Executor(Protocol):
    """What `Build.make_all` needs of an executor.

    `workers` jobs are in its hands at most; `submit` must not block longer than the job takes.
    """

    @property
    def workers(self) -> int:
        """Jobs at once, at least 1."""

    def submit(self, function: Callable[..., ResultT], /, *args: Any) -> Future[ResultT]:
        """Runs a function; KeyboardInterrupt passes through, other errors go to the future."""


class _Closing(ABC):
    """Given back at the end of a `with` block."""

    @abstractmethod
    def close(self) -> None:
        """Waits for the workers and gives them back; a later `submit` starts new ones."""

    def __enter__(self) -> Self:
        """Nothing is started yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes."""
        self.close()


class InlineExecutor(_Closing):
    """Runs each job at once, in the caller's thread."""

    workers = 1

    def submit(self, function: Callable[..., ResultT], /, *args: Any) -> Future[ResultT]:
        """Runs a function to its end and gives the finished future."""
        future: Future[ResultT] = Future()
        try:
            future.set_result(function(*args))
        except Exception as error:  # whoever asks for the result gets it
            future.set_exception(error)
        return future

    def close(self) -> None:
        """Nothing to give back."""


class _Pooled(_Closing):
    """A pool that is started when the first job comes."""

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise BuildError(f"{workers} workers cannot work", expected="at least 1 worker")
        self.workers = workers
        self._pool: Pool | None = None

    @abstractmethod
    def _start(self) -> Pool:
        """Starts a pool of `workers`."""

    def submit(self, function: Callable[..., ResultT], /, *args: Any) -> Future[ResultT]:
        """Hands a function to a worker."""
        if self._pool is None:
            self._pool = self._start()
        return self._pool.submit(function, *args)

    def close(self) -> None:
        """Waits for the workers and gives them back; a later `submit` starts new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)


class ThreadExecutor(_Pooled):
    """Threads of this process: for recipes that release the interpreter's lock."""

    def _start(self) -> Pool:
        return ThreadPoolExecutor(self.workers, thread_name_prefix="build")


class ProcessExecutor(_Pooled):
    """Processes of their own: for recipes written in Python; their functions must be importable."""

    def submit(self, function: Callable[..., ResultT], /, *args: Any) -> Future[ResultT]:
        """Hands a function to a process; a dead pool is replaced."""
        try:
            pickle.dumps(args)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise BuildError(
                f"a job cannot be sent to another process: {error}",
                expected="a recipe whose function stands at the top of a module",
            ) from error
        if self._pool is not None and getattr(self._pool, "_broken", False):
            self.close()
        return super().submit(function, *args)

    def _start(self) -> Pool:
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        # Not "fork": a forked copy of a process with threads may hang.
        kinds = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in kinds else "spawn")
        return ProcessPoolExecutor(self.workers, mp_context=context, initializer=_ignore_interrupt)


def _ignore_interrupt() -> None:
    """Ctrl-C reaches all processes of a terminal: the first one decides what to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
