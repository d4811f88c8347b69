"""What is asked for (`Job`), how it is made (`Recipe`) and what came of it (`Made`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from tonmeister.build.digests import Digest, canonical, digest_of_value
from tonmeister.build.files import Payload
from tonmeister.build.receipts import Receipt
from tonmeister.build.store import Blob

Inputs: TypeAlias = Mapping[str, Blob]

Params: TypeAlias = Mapping[str, Any]

Outputs: TypeAlias = Mapping[str, Payload]


@dataclass(frozen=True)
class Recipe:
    """A pure function: the same inputs and parameters give the same bytes, wherever it runs.

    Attributes:
        name: unique: "render-part".
        version: raised whenever the same inputs shall give other bytes.
        run: gets the inputs as blobs and the parameters, gives the outputs by name. For a
            `ProcessExecutor` it must be importable: a function at the top of a module.
        tools: what else decides the bytes: "libfluidsynth 2.3.1", a digest of the program's source.
    """

    name: str
    version: int
    run: Callable[[Inputs, Params], Outputs]
    tools: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """One target to be made.

    Attributes:
        target: what it is called, with slashes: "dry/bass". It is not part of the key: two targets
            with the same recipe, parameters and inputs are made once.
        recipe: how.
        params: settings; see `digests.canonical` for what they may hold. A recipe must not tell a
            list from a tuple.
        inputs: by name, the digests of what it is made from.
        why: a sentence for the receipt, may be empty.
    """

    target: str
    recipe: Recipe
    params: Params = field(default_factory=dict)
    inputs: Mapping[str, Digest] = field(default_factory=dict)
    why: str = ""

    @cached_property
    def plain_params(self) -> dict[str, Any]:
        """The parameters in canonical form."""
        plain: dict[str, Any] = canonical(dict(self.params))
        return plain

    @cached_property
    def key(self) -> Digest:
        """Names the step: recipe, version, parameters, the inputs' contents, tools."""
        return digest_of_value(
            {
                "schema": "Step.1",
                "recipe": self.recipe.name,
                "version": self.recipe.version,
                "params": self.plain_params,
                "inputs": dict(self.inputs),
                "tools": self.recipe.tools,
            }
        )


@dataclass(frozen=True, slots=True)
class Made:
    """A target's outputs, by name.

    Attributes:
        made: whether the recipe ran; False: found in the store.
        receipt: what went in and why it was made.
    """

    target: str
    outputs: Mapping[str, Digest]
    made: bool
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Event:
    """Progress: a job starts, is done, was found in the store, or failed.

    Attributes:
        seconds: how long it took (0 at the start).
        made: whether the recipe ran.
    """

    target: str
    state: Literal["start", "done", "found", "failed"]
    seconds: float = 0.0
    made: bool = False
