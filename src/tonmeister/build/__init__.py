"""The build: recipes, content digests, a store, receipts with reasons, executors. Knows no music.

store = Store(folder / "store")
build = Build(store)
tone = Recipe("tone", 1, make_tone)
made = build.make(Job("dry/bass", tone, {"tempo": 84}, {"part": part_digest}))
sound = store.blob(made.outputs["audio"]).read()
"""

from tonmeister.build.builder import Build
from tonmeister.build.digests import Digest, digest_of, digest_of_value
from tonmeister.build.executors import Executor, InlineExecutor, ProcessExecutor, ThreadExecutor
from tonmeister.build.files import Payload, write_atomic
from tonmeister.build.lock import ProductionLock
from tonmeister.build.reasons import explain
from tonmeister.build.receipts import Receipt
from tonmeister.build.recipe import Event, Inputs, Job, Made, Outputs, Params, Recipe
from tonmeister.build.store import Blob, Store

__all__ = [
    "Blob",
    "Build",
    "Digest",
    "Event",
    "Executor",
    "InlineExecutor",
    "Inputs",
    "Job",
    "Made",
    "Outputs",
    "Params",
    "Payload",
    "ProcessExecutor",
    "ProductionLock",
    "Receipt",
    "Recipe",
    "Store",
    "ThreadExecutor",
    "digest_of",
    "digest_of_value",
    "explain",
    "write_atomic",
]
