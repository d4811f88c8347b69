"""Digests: what names content and steps. SHA-256, in hexadecimal."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from enum import Enum
from fractions import Fraction
from typing import Any, TypeAlias

from tonmeister.build.files import Payload, slices

Digest: TypeAlias = str
"""64 hexadecimal digits."""


def digest_of(payload: Payload) -> Digest:
    """The digest of some bytes (a `Path`: of the file's content)."""
    hasher = hashlib.sha256()
    for piece in slices(payload):
        hasher.update(piece)
    return hasher.hexdigest()


def digest_of_value(value: Any) -> Digest:
    """The digest of a value's canonical form."""
    return digest_of(canonical_text(canonical(value)).encode())


def canonical(value: Any, where: str = "params") -> Any:
    """A value as JSON values that tell apart whatever a recipe could tell apart.

    The order of a mapping's keys does not count, and a list is the same as a tuple, a text enum the
    same as its text. 1, 1.0 and True are three different values: a recipe might print them. At
    worst something is made once more; a wrong hit is impossible. Fractions, dataclasses and sheets
    carry their type's name.

    Args:
        where: the value's place, for the error.

    Raises:
        TypeError: a value without a canonical form (a set, a function, an array).
    """
    if isinstance(value, Enum):
        return canonical(value.value, where)
    if value is None or isinstance(value, bool | str | int | float):
        return _atom(value)
    if isinstance(value, Mapping):
        return _table(value, where)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [canonical(item, f"{where}[{index}]") for index, item in enumerate(value)]
    return _object(value, where)


def _atom(value: str | float | None) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):  # numpy's float64, too, is one
        return float(value) if math.isfinite(value) else {"float": repr(float(value))}
    return str(value) if isinstance(value, str) else int(value)


def _table(value: Mapping[Any, Any], where: str) -> dict[str, Any]:
    table = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"{where}: a key must be a text, not {key!r:.60}")
        table[str(key)] = canonical(item, f"{where}.{key}")
    return table


def _object(value: Any, where: str) -> Any:
    name = type(value).__name__
    if isinstance(value, Fraction):
        return {name: str(value)}
    if isinstance(value, bytes | bytearray | memoryview):
        return {"bytes": digest_of(value)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {name: _table(parts, where)}
    if hasattr(value, "model_dump"):  # a pydantic sheet
        return {name: canonical(value.model_dump(), where)}
    raise TypeError(f"{where}: a {name} has no canonical form")


def canonical_text(plain: Any) -> str:
    """JSON with sorted keys and no spaces."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), allow_nan=False)
