"""One process at a time, for those who want a production to themselves."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tonmeister.build.files import os_errors
from tonmeister.errors import ProductionError

_POLL_S = 0.05


class ProductionLock:
    """Holds a production while in a `with` block; given back even if the process is killed.

    Args:
        path: the lock's file, made if missing and never removed.
        timeout_s: how long to wait for another process; 0: not at all, None: for ever.
    """

    def __init__(self, path: Path, *, timeout_s: float | None = 0.0) -> None:
        self.path = Path(path)
        self.timeout_s = timeout_s
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Takes the lock.

        Raises:
            ProductionError: another process has it (its id is named), or the folder cannot be
                written.
        """
        with os_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            self._wait_for(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Gives the lock back; harmless if it is not held."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.ftruncate(descriptor, 0)
            os.close(descriptor)

    def _wait_for(self, descriptor: int) -> None:
        began = time.monotonic()
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if self.timeout_s is not None and time.monotonic() - began >= self.timeout_s:
                    raise self._in_use(descriptor) from None
                time.sleep(_POLL_S)
            else:
                return

    def _in_use(self, descriptor: int) -> ProductionError:
        holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        return ProductionError(
            "the production is in use by " + (f"process {holder}" if holder else "another process"),
            where=str(self.path.parent),
            hint="Wait until it has finished, or stop it, and run the same command again.",
        )

    def __enter__(self) -> Self:
        """Takes the lock."""
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Gives it back."""
        self.release()
