"""Progress events: what a production tells whoever watches it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

STAGES = ("read", "compose", "arrange", "perform", "render", "mix", "master", "deliver")
"""The stages of a production in order."""


@dataclass(frozen=True, slots=True)
class Event:
    """One step began, ended or was found done already.

    Attributes:
        stage: one of `STAGES`.
        part: the part or section at work, or "".
        state: "start", "done" or "found" (kept from before).
        done, total: steps of this stage behind us, and in all.
        seconds: how long the step took (0 at its start).
        left_s: estimated seconds until the whole is finished.
    """

    stage: str
    part: str
    state: str
    done: int
    total: int
    seconds: float = 0.0
    left_s: float = 0.0


Watcher: TypeAlias = Callable[[Event], None]


def ignore(event: Event) -> None:
    """The watcher that does not look."""


_PRIOR_S = 1.0
"""So many seconds of work weigh as much as the expectation."""


@dataclass
class Clock:
    """Estimates the time left from expected costs, corrected by what the steps really took."""

    expected: dict[str, float]
    now: Callable[[], float] = time.monotonic
    behind: float = 0.0
    worked: float = 0.0
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.now()

    def finish(self, stage: str, share: float, *, found: bool = False) -> None:
        """So much (0..1) of a stage is behind us; what was found done says nothing of the pace."""
        cost = self.expected.get(stage, 0.0) * share
        self.behind += cost
        self.worked += 0.0 if found else cost

    def left(self) -> float:
        """Seconds until the end, at the pace so far, which at first is believed to be the usual."""
        rest = max(0.0, sum(self.expected.values()) - self.behind)
        pace = (self.now() - self.started + _PRIOR_S) / (self.worked + _PRIOR_S)
        return rest * pace


def expected_costs(minutes: float, parts: int) -> Mapping[str, float]:
    """Seconds that each stage takes on two cores, roughly; only the time left depends on it."""
    return {
        "read": 0.05,
        "compose": 0.3,
        "arrange": 0.1 + 0.04 * parts,
        "perform": 0.04 * parts,
        "render": 0.14 * minutes * parts,
        "mix": 0.4 + 0.06 * minutes * parts,
        "master": 0.3 + 0.3 * minutes,
    }
