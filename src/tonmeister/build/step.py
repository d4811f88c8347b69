"""One step: a recipe runs and its outputs are stored. This is what a worker does."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tonmeister.build.recipe import Job
from tonmeister.build.store import Store
from tonmeister.build.traces import Output
from tonmeister.errors import BuildError, TonmeisterError


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished step: its outputs by name, and the seconds that it took."""

    outputs: Mapping[str, Output]
    seconds: float


def run_step(folder: Path, job: Job) -> Ran:
    """Runs a job's recipe and stores what it gives, in the store at `folder`.

    Raises:
        TonmeisterError: what the recipe raised.
        BuildError: the recipe failed otherwise, an input is missing, or the disk is full.
    """
    began = time.perf_counter()
    store = Store(folder)
    inputs = {name: store.blob(digest) for name, digest in job.inputs.items()}
    try:
        outputs = {
            name: Output(*store.put_sized(payload))
            for name, payload in job.recipe.run(inputs, job.params).items()
        }
    except TonmeisterError:
        raise
    except Exception as error:
        raise BuildError(
            f"recipe {job.recipe.name!r} failed: {type(error).__name__}: {error}", where=job.target
        ) from error
    return Ran(outputs, time.perf_counter() - began)
