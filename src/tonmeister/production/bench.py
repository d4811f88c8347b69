"""The work bench: runs build steps, counts what was made and what was kept, tells the watcher."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tonmeister.build import Build, Digest, Executor, InlineExecutor, Job, Made, Recipe, Store
from tonmeister.production.events import Clock, Event, Watcher


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a stage: for which part, by which recipe, from what."""

    part: str
    recipe: Recipe
    params: Mapping[str, Any]
    inputs: Mapping[str, Digest]
    name: str = ""

    def target(self, stage: str) -> str:
        """The step's name in the store's receipts: "render/bass"."""
        return "/".join(piece for piece in (stage, self.name, self.part) if piece)


@dataclass
class Bench:
    """Where a production's steps are made. `made` and `kept` count them."""

    store: Store
    watch: Watcher
    clock: Clock
    cancelled: Callable[[], bool] = field(default=lambda: False)
    made: int = 0
    kept: int = 0
    live: set[Digest] = field(default_factory=set)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def put(self, data: bytes) -> Digest:
        """Store a small paper made here, between steps."""
        digest = self.store.put(data)
        self.live.add(digest)
        return digest

    def read(self, digest: Digest) -> bytes:
        """The bytes of an artefact."""
        return self.store.blob(digest).read()

    def step(self, stage: str, step: Step) -> Mapping[str, Digest]:
        """Make one step, or find it made; its outputs by name."""
        return self.steps(stage, [step], InlineExecutor())[0]

    def steps(
        self, stage: str, steps: Sequence[Step], executor: Executor
    ) -> list[Mapping[str, Digest]]:
        """Make independent steps of one stage; their outputs in the order given."""
        by_target = {step.target(stage): step for step in steps}
        jobs = [
            Job(target, step.recipe, step.params, step.inputs) for target, step in by_target.items()
        ]
        progress = _Progress(self, stage, {t: s.part for t, s in by_target.items()})
        build = Build(self.store, on_event=progress, cancelled=self.cancelled)
        made: list[Made] = build.make_all(jobs, executor=executor)
        for result in made:
            self.made += result.made
            self.kept += not result.made
            self.live.update(result.outputs.values())
        return [result.outputs for result in made]

    def tell(self, event: Event) -> None:
        """Pass an event on, one at a time."""
        with self._guard:
            self.watch(event)


class _Progress:
    """Turns the build's events into the production's."""

    def __init__(self, bench: Bench, stage: str, parts: Mapping[str, str]) -> None:
        self.bench, self.stage, self.parts = bench, stage, parts
        self.done = 0

    def __call__(self, event: Any) -> None:
        if event.state in {"done", "found"}:
            self.done += 1
            found = event.state == "found"
            self.bench.clock.finish(self.stage, 1 / len(self.parts), found=found)
        elif event.state != "start":
            return
        self.bench.tell(
            Event(
                self.stage,
                self.parts.get(event.target, ""),
                event.state,
                self.done,
                len(self.parts),
                event.seconds,
                self.bench.clock.left(),
            )
        )
