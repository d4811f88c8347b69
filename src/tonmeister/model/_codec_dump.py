"""How values of each type become plain JSON values; compiled once per type.

Private to the model: `tonmeister.model.codec` is the door.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from tonmeister.model._codec_texts import TEXT_FORMS

Step: TypeAlias = Callable[[Any], Any]
"""Turns a value into its plain form."""


def _plain_float(value: Any) -> float | str:
    number = float(value)
    return number if math.isfinite(number) else repr(number)  # JSON has no infinities


def _same(value: Any) -> Any:
    return value


def plain_any(value: Any) -> Any:
    """The plain form of a value of any known type, by what it is rather than what was declared."""
    kind: Any = type(value)
    if value is None or kind in (str, int, bool):
        return value
    if isinstance(value, Mapping):
        return {key_text(key): plain_any(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray | memoryview):
        return [plain_any(item) for item in value]
    if kind is object:
        raise TypeError("a bare object cannot be saved")
    return dumper_of(kind)(value)


def key_text(key: Any) -> str:
    """The text of a dictionary's key: texts, enums of texts and whole numbers can be keys."""
    if isinstance(key, Enum):
        key = key.value
    if type(key) is int or isinstance(key, str):
        return str(key)
    raise TypeError(f"a key of type {type(key).__name__} cannot be saved")


@lru_cache(maxsize=1024)
def dumper_of(kind: Any) -> Step:
    """The function that makes a value of a declared type plain.

    Raises:
        TypeError: values of this type cannot be saved.
    """
    if kind in (str, int, bool, NoneType):
        return _same
    if kind is Any:
        return plain_any
    if kind in TEXT_FORMS:
        return TEXT_FORMS[kind][0]
    if get_origin(kind) is Annotated:
        return dumper_of(get_args(kind)[0])
    if isinstance(kind, type) and get_origin(kind) is None:
        return _class_dumper(kind)
    return _alias_dumper(kind)


def _class_dumper(kind: type) -> Step:
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, float):
        return _plain_float
    if issubclass(kind, BaseModel):
        return lambda value: value.model_dump(mode="json")
    if dataclasses.is_dataclass(kind):
        return record_dumper(kind)
    if issubclass(kind, str | int):
        return lambda value: str(value) if isinstance(value, str) else int(value)
    if issubclass(kind, Mapping | list | tuple) or kind is object:
        return plain_any
    raise TypeError(f"values of type {kind.__qualname__} cannot be saved")


def _alias_dumper(kind: Any) -> Step:
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType) and len(args) == 2 and NoneType in args:
        inner = dumper_of(next(arm for arm in args if arm is not NoneType))
        return lambda value: None if value is None else inner(value)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return _list_dumper(dumper_of(args[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping) and args:
        item = dumper_of(args[1])
        return lambda value: {key_text(key): item(part) for key, part in value.items()}
    return plain_any


def _list_dumper(item: Step) -> Step:
    return lambda value: [item(part) for part in value]


@lru_cache(maxsize=1024)
def record_dumper(kind: Any, *, omit: bool = True) -> Step:
    """Dumper of a dataclass; with `omit`, fields that hold their default are left out."""
    hints = get_type_hints(kind)
    plan = tuple(
        (
            field.name,
            dumper_of(hints[field.name]),
            field.default if omit else dataclasses.MISSING,
        )
        for field in dataclasses.fields(kind)
        if field.init
    )

    def dump(value: Any) -> dict[str, Any]:
        plain = {}
        for name, step, default in plan:
            part = getattr(value, name)
            if part is default or (type(part) is type(default) and part == default):
                continue
            plain[name] = step(part)
        return plain

    return dump
