"""Why a target was made: sentences that compare a job with the target's latest receipt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tonmeister.build.digests import Digest, canonical_text
from tonmeister.build.receipts import Receipt
from tonmeister.build.recipe import Job
from tonmeister.build.store import Store

SAME = "found in the store: same inputs as before"

_SHOWN = 6


def reasons_for(
    job: Job, before: Receipt | None, *, made: bool, origins: Mapping[Digest, str]
) -> tuple[str, ...]:
    """Sentences for a receipt.

    Args:
        before: the target's latest receipt so far.
        made: whether the recipe ran (else the result was found in the store).
        origins: the targets whose outputs the inputs are, as far as known.
    """
    own = (job.why,) if job.why else ()
    if before is None:
        return (*own, "first time" if made else "first time, and found in the store")
    changes = tuple(_changes(job, before, origins))
    if not changes:
        lost = "made again because the stored result was missing or damaged"
        return (*own, lost if made else SAME)
    if made:
        return (*own, *(f"made because {change}" for change in changes))
    return (*own, *changes, "found in the store: made before from the same inputs")


def explain(store: Store, target: str) -> list[str]:
    """Why a target is what it is: the reasons of its latest receipt.

    For example ``made because input 'part' changed (parts/bass: 1a2b.. -> 9f8e..)``.
    """
    receipts = store.receipts.read(target)
    if not receipts:
        return [f"nothing has been made under the name {target!r} yet"]
    return list(receipts[0].reasons)


def _changes(job: Job, before: Receipt, origins: Mapping[Digest, str]) -> Iterator[str]:
    recipe = job.recipe
    if recipe.name != before.recipe:
        yield f"recipe {before.recipe} -> {recipe.name}"
    if recipe.version != before.version:
        yield f"recipe version {before.version} -> {recipe.version}"
    yield from _input_changes(job.inputs, before.inputs, origins)
    changed = list(_param_changes(job.plain_params, before.params))
    if changed:
        more = [f"and {len(changed) - _SHOWN} more"] if len(changed) > _SHOWN else []
        yield "parameters changed: " + ", ".join(changed[:_SHOWN] + more)
    if recipe.tools != before.tools:
        old, new = (", ".join(tools) or "none" for tools in (before.tools, recipe.tools))
        yield f"tools changed: {old} -> {new}"


def _input_changes(
    now: Mapping[str, Digest], before: Mapping[str, Digest], origins: Mapping[Digest, str]
) -> Iterator[str]:
    for name in sorted({*now, *before}):
        new, old = now.get(name), before.get(name)
        if new == old:
            continue
        if new is None or old is None:
            yield f"input {name!r} is {'new' if old is None else 'gone'}"
        else:
            source = f"{origins[new]}: " if new in origins else ""
            yield f"input {name!r} changed ({source}{old[:4]}.. -> {new[:4]}..)"


def _param_changes(now: Any, before: Any, path: str = "") -> Iterator[str]:
    """``tempo 72 -> 84`` for every leaf that differs."""
    if isinstance(now, dict) and isinstance(before, dict):
        for name in sorted({*now, *before}):
            place = f"{path}.{name}" if path else name
            yield from _param_changes(now.get(name), before.get(name), place)
    elif isinstance(now, list) and isinstance(before, list) and len(now) == len(before):
        for index, (new, old) in enumerate(zip(now, before, strict=True)):
            yield from _param_changes(new, old, f"{path}[{index}]")
    elif canonical_text(now) != canonical_text(before):
        yield f"{path} {_shown(before)} -> {_shown(now)}"


def _shown(plain: Any) -> str:
    if plain is None:
        return "nothing"
    text = plain if isinstance(plain, str) else canonical_text(plain)
    return text if len(text) <= 40 else text[:37] + "..."
