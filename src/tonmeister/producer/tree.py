"""Walking the types of the production sheet: what may stand at a path, and within which limits.

Nothing here knows a particular path: sheets (pydantic models), tables (dicts by name) and rows
(tuples) are walked by their annotations, so a new sheet or field is decidable as soon as it exists.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter

from tonmeister.model.sheets import ProductionSheet
from tonmeister.producer.paths import ANY, Span, Step

UNITS = {
    "_db": "dB", "_hz": "Hz", "_ms": "ms", "_s": "s", "_lufs": "LUFS", "_dbtp": "dBTP",
    "tempo": "bpm", "length": "s",
}  # fmt: skip
"""Unit of a field by the end of its name (see "One meaning per field" in the architecture)."""


@dataclass(frozen=True, slots=True)
class Place:
    """What may stand at a path.

    Attributes:
        kind: the bare type, without Optional and Annotated.
        limits: the constraints on the value (annotated-types and pydantic metadata).
        optional: whether "none" is allowed.
        name: the last name of the path.
        description: the field's own words.
    """

    kind: Any
    limits: tuple[Any, ...] = ()
    optional: bool = False
    name: str = ""
    description: str = ""

    @property
    def is_sheet(self) -> bool:
        """A pydantic model: its fields have names."""
        return isinstance(self.kind, type) and issubclass(self.kind, BaseModel)

    @property
    def is_table(self) -> bool:
        """A dict: sections or parts by name."""
        return get_origin(self.kind) is dict

    @property
    def is_row(self) -> bool:
        """A tuple of any length: bars or entries by number."""
        return get_origin(self.kind) is tuple

    @property
    def unit(self) -> str:
        """For example "dB", or "" if it has none."""
        return next((unit for end, unit in UNITS.items() if self.name.endswith(end)), "")

    def check(self, value: Any) -> Any:
        """The value as JSON, converted and checked; pydantic's ValidationError if impossible."""
        adapter: TypeAdapter[Any] = TypeAdapter(self.annotation)
        return adapter.dump_python(adapter.validate_python(value), mode="json")

    @property
    def annotation(self) -> Any:
        """The type with its limits, as pydantic wants it."""
        kind = self.kind | None if self.optional else self.kind
        return Annotated[(kind, *self.limits)] if self.limits else kind

    @property
    def low(self) -> float | None:
        """The least possible number, if there is one."""
        return max(self._bounds("ge", "gt"), default=None)

    @property
    def high(self) -> float | None:
        """The greatest possible number, if there is one."""
        return min(self._bounds("le", "lt"), default=None)

    def _bounds(self, *names: str) -> list[float]:
        values = [getattr(limit, name, None) for limit in self.limits for name in names]
        return [float(value) for value in values if value is not None]


ROOT = Place(ProductionSheet)
"""Where all paths start."""


def child(place: Place, step: Step) -> Place | None:
    """What stands one step further, or None if nothing can."""
    if isinstance(step, Span):
        return _place(get_args(place.kind)[0], place.name) if place.is_row else None
    if place.is_table:
        return _place(get_args(place.kind)[1], step)
    fields = place.kind.model_fields if place.is_sheet else {}
    if step not in fields:
        return None
    field = fields[step]
    return _place(field.annotation, step, tuple(field.metadata), field.description or "")


def _place(
    annotation: Any, name: str, limits: tuple[Any, ...] = (), description: str = ""
) -> Place:
    """Strip Annotated and Optional from an annotation."""
    optional = False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            limits += tuple(limit for limit in more if not hasattr(limit, "annotation"))
        elif origin in {Union, types.UnionType} and type(None) in get_args(annotation):
            annotation = Union[tuple(a for a in get_args(annotation) if a is not type(None))]  # noqa: UP007
            optional = True
        else:
            return Place(annotation, limits, optional, name, description)


def names_at(place: Place, node: Any) -> tuple[str, ...]:
    """The names one can go on with: fields of a sheet, keys of a table that is there."""
    if place.is_sheet:
        return tuple(place.kind.model_fields)
    return tuple(node) if place.is_table and isinstance(node, Mapping) else ()


def matching(node: Mapping[str, Any], name: str, kinds: Mapping[str, str]) -> tuple[str, ...]:
    """Keys of a table that a name means: itself, else all sections of this kind; ``*``: all."""
    if name in node:
        return (name,)
    return tuple(key for key in node if name == ANY or kinds.get(key) == name)


def values_at(node: Any, steps: Sequence[Step], kinds: Mapping[str, str]) -> list[Any]:
    """All values that a path means in a tree of sheets, tables and rows, in order."""
    if not steps:
        return [node]
    step, *rest = steps
    return [value for below in _below(node, step, kinds) for value in values_at(below, rest, kinds)]


def _below(node: Any, step: Step, kinds: Mapping[str, str]) -> Sequence[Any]:
    if isinstance(step, Span):
        return node[step.first - 1 : step.last] if isinstance(node, list | tuple) else ()
    if isinstance(node, BaseModel):
        return (getattr(node, step),) if step in type(node).model_fields else ()
    if isinstance(node, Mapping):
        return tuple(node[key] for key in matching(node, step, kinds))
    return ()


def all_paths(node: Any, prefix: str = "") -> Iterator[str]:
    """The path of every leaf in a tree, rows as a whole."""
    if isinstance(node, BaseModel):
        items = [(name, getattr(node, name)) for name in type(node).model_fields]
    elif isinstance(node, Mapping):
        items = list(node.items())
    else:
        yield prefix
        return
    for name, value in items:
        yield from all_paths(value, f"{prefix}.{name}" if prefix else name)
