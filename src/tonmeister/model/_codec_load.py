"""How plain JSON values become values of a type again; compiled once per type.

Private to the model: `tonmeister.model.codec` is the door.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import BaseModel, ValidationError

from tonmeister.model._codec_texts import TEXT_FORMS

Step: TypeAlias = Callable[[Any], Any]
"""Turns a plain form into the value; raises `Broken`."""


class Broken(Exception):  # noqa: N818  (private; becomes a FormatError at the door)
    """Data that does not fit its type; `path` grows on the way up to the root."""

    def __init__(self, what: str, expected: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.expected = expected
        self.path: list[str] = []

    def under(self, name: str | int) -> Broken:
        """The same, seen from one level higher."""
        self.path.insert(0, f"[{name}]" if isinstance(name, int) else f".{name}")
        return self

    @property
    def where(self) -> str:
        """The place in the data: ``measures[3].notes[0].pitch``."""
        return "".join(self.path).lstrip(".")


def _text_loader(kind: type) -> Step:
    parse = TEXT_FORMS[kind][1]

    def load(data: Any) -> Any:
        if type(data) is not str:
            raise Broken(f"not a {kind.__name__}: {data!r:.60}", "a text")
        try:
            return parse(data)
        except ValueError as error:
            raise Broken(str(error), f"a {kind.__name__}") from error

    return load


def _load_float(data: Any) -> float:
    if type(data) is float:
        return data
    if type(data) is int or data in ("inf", "-inf", "nan"):
        return float(data)
    raise Broken(f"not a number: {data!r:.60}", "a number")


def _exact_loader(kind: type) -> Step:
    def load(data: Any) -> Any:
        if type(data) is not kind:
            raise Broken(f"not of type {kind.__name__}: {data!r:.60}", kind.__name__)
        return data

    return load


def _same(data: Any) -> Any:
    return data


@lru_cache(maxsize=1024)
def loader_of(kind: Any) -> Step:
    """The function that makes a value of a type from its plain form; it raises `Broken`.

    Raises:
        TypeError: values of this type cannot be loaded.
    """
    if kind is Any or isinstance(kind, TypeVar):
        return _same
    if kind in (str, int, bool, NoneType):
        return _exact_loader(kind)
    if kind is float:
        return _load_float
    if kind in TEXT_FORMS:
        return _text_loader(kind)
    if isinstance(kind, type) and get_origin(kind) is None:
        return _class_loader(kind)
    return _alias_loader(kind)


def _class_loader(kind: type) -> Step:
    if issubclass(kind, Enum):
        return _enum_loader(kind)
    if issubclass(kind, BaseModel):
        return _sheet_loader(kind)
    if dataclasses.is_dataclass(kind):
        return _record_loader(kind, get_type_hints(kind))
    if kind is tuple:
        return _items_loader(_same, tuple)
    if kind in (list, dict):
        return _exact_loader(kind)
    raise TypeError(f"values of type {kind.__qualname__} cannot be loaded")


def _alias_loader(kind: Any) -> Step:
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return loader_of(args[0])
    if origin in (Union, UnionType):
        return _union_loader(args)
    if origin is Literal:
        return _literal_loader(args)
    if dataclasses.is_dataclass(origin):
        return _record_loader(origin, _bound_hints(origin, args))
    return _container_loader(kind, origin, args)


def _container_loader(kind: Any, origin: Any, args: tuple[Any, ...]) -> Step:
    if origin is tuple and not (len(args) == 2 and args[1] is Ellipsis):
        return _row_loader(tuple(loader_of(arg) for arg in args))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping_loader(*args)
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return _items_loader(loader_of(args[0]), list if origin is list else tuple)
    raise TypeError(f"values of type {kind} cannot be loaded")


def _bound_hints(origin: Any, args: tuple[Any, ...]) -> dict[str, Any]:
    """A generic dataclass's hints with its type variables filled in."""
    bound = dict(zip(origin.__parameters__, args, strict=True))

    def fill(hint: Any) -> Any:
        if isinstance(hint, TypeVar):
            return bound.get(hint, hint)
        free = getattr(hint, "__parameters__", ())
        return hint[tuple(bound.get(name, name) for name in free)] if free else hint

    return {name: fill(hint) for name, hint in get_type_hints(origin).items()}


def _enum_loader(kind: type[Enum]) -> Step:
    members = {member.value: member for member in kind}

    def load(data: Any) -> Enum:
        try:
            return members[data]
        except (KeyError, TypeError):
            allowed = ", ".join(map(str, members))
            raise Broken(f"unknown {kind.__name__}: {data!r:.60}", f"one of {allowed}") from None

    return load


def _literal_loader(allowed: tuple[Any, ...]) -> Step:
    def load(data: Any) -> Any:
        if data in allowed:
            return data
        raise Broken(f"unknown value: {data!r:.60}", "one of " + ", ".join(map(str, allowed)))

    return load


def _sheet_loader(kind: type[BaseModel]) -> Step:
    def load(data: Any) -> BaseModel:
        try:
            return kind.model_validate(data)
        except ValidationError as error:
            first = error.errors()[0]
            broken = Broken(first["msg"][:1].lower() + first["msg"][1:])
            for name in reversed(first["loc"]):
                broken.under(name)
            raise broken from error

    return load


def _union_loader(args: tuple[Any, ...]) -> Step:
    arms = tuple(loader_of(arm) for arm in args if arm is not NoneType)
    optional = NoneType in args

    def load(data: Any) -> Any:
        if data is None and optional:
            return None
        for arm in arms[:-1]:
            try:
                return arm(data)
            except Broken:
                continue
        return arms[-1](data)

    return load


def _items_loader(item: Step, make: Callable[[list[Any]], Any]) -> Step:
    def load(data: Any) -> Any:
        if type(data) is not list:
            raise Broken(f"not a list: {data!r:.60}", "a list")
        done: list[Any] = []
        try:
            for part in data:
                done.append(item(part))  # noqa: PERF401  (the length tells which one is broken)
        except Broken as broken:
            raise broken.under(len(done)) from broken.__cause__
        return make(done)

    return load


def _row_loader(items: tuple[Step, ...]) -> Step:
    def load(data: Any) -> tuple[Any, ...]:
        if type(data) is not list or len(data) != len(items):
            raise Broken(f"not a row of {len(items)}: {data!r:.60}", f"a list of {len(items)}")
        done: list[Any] = []
        try:
            for item, part in zip(items, data, strict=True):
                done.append(item(part))
        except Broken as broken:
            raise broken.under(len(done)) from broken.__cause__
        return tuple(done)

    return load


def _mapping_loader(key: Any = Any, item: Any = Any) -> Step:
    load_key: Step = int if key is int else loader_of(key)
    load_item = loader_of(item)

    def load(data: Any) -> dict[Any, Any]:
        if type(data) is not dict:
            raise Broken(f"not a table: {data!r:.60}", "a table")
        done = {}
        for name, part in data.items():
            try:
                done[load_key(name)] = load_item(part)
            except Broken as broken:
                raise broken.under(name) from broken.__cause__
            except ValueError as error:
                raise Broken(f"not a whole number: {name!r:.60}", "a number as key") from error
        return done

    return load


def _record_loader(kind: Any, hints: dict[str, Any]) -> Step:
    fields = [field for field in dataclasses.fields(kind) if field.init]
    steps = {field.name: loader_of(hints[field.name]) for field in fields}
    needed = frozenset(
        field.name
        for field in fields
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    )

    def load(data: Any) -> Any:
        if type(data) is not dict:
            raise Broken(f"not a {kind.__name__}: {data!r:.60}", "a table")
        values = {}
        for name, part in data.items():
            step = steps.get(name)
            if step is None:
                raise Broken(f"unknown field {name!r}", "one of " + ", ".join(steps))
            try:
                values[name] = step(part)
            except Broken as broken:
                raise broken.under(name) from broken.__cause__
        if not needed <= values.keys():
            missing = ", ".join(sorted(needed - values.keys()))
            raise Broken(f"a {kind.__name__} without {missing}")
        try:
            return kind(**values)
        except ValueError as error:
            raise Broken(str(error)) from error

    return load
