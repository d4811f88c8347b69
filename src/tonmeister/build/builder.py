"""The build: asked for targets, it finds them in the store or has them made.

The key of a step names the contents of its inputs. So if an input is made again and comes out the
same, the key of what follows is the same too, and nothing more is made (early cut-off).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tonmeister.build.executors import Executor, InlineExecutor
from tonmeister.build.ledger import Ledger
from tonmeister.build.recipe import Event, Job, Made
from tonmeister.build.schedule import Schedule
from tonmeister.build.store import Store


def _ignore(event: Event) -> None:
    del event


def _never() -> bool:
    return False


class Build:
    """Makes targets in a store.

    Args:
        store: where results live.
        on_event: hears of every start and end, in the thread that called `make` or `make_all`.
        cancelled: asked before and while jobs run; once it says yes, `Cancelled` is raised.
    """

    def __init__(
        self,
        store: Store,
        *,
        on_event: Callable[[Event], None] = _ignore,
        cancelled: Callable[[], bool] = _never,
    ) -> None:
        self.store = store
        self._on_event = on_event
        self._cancelled = cancelled
        self._ledger = Ledger(store)

    def make(self, job: Job) -> Made:
        """One target, found or made in this thread.

        Raises:
            BuildError: the recipe failed, an input is missing, or the disk is full.
            Cancelled: it was stopped on request.
            TonmeisterError: what the recipe raised.
        """
        return self.make_all([job])[0]

    def make_all(self, jobs: Sequence[Job], *, executor: Executor | None = None) -> list[Made]:
        """Independent targets, in the order of the jobs.

        After the first error no more jobs are started; those that run come to their end, and what
        they made is kept. The same goes for KeyboardInterrupt and for a cancelled build.

        Args:
            executor: where recipes run, inline by default.

        Raises:
            BuildError, Cancelled, TonmeisterError: as `make`; the first job's in their order.
        """
        schedule = Schedule(
            self._ledger,
            executor or InlineExecutor(),
            on_event=self._on_event,
            cancelled=self._cancelled,
        )
        return schedule.run(jobs)
