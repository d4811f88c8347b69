"""Saved forms: model values as canonical JSON, and the versions of what users keep.

Canonical means that equal values give equal bytes: UTF-8, sorted keys, no spaces, one newline at
the end. The root carries its schema and version, ``{"schema": "Song.1", ...}``. Beats are texts
("3/2"), and so are pitches ("Bb4"), keys ("D minor") and metres ("6/8"); enums are their values,
tuples are lists, infinities are "inf" and "-inf". Below the root, a field that holds its default is
left out: whoever changes a default changes the schema, and writes a migration.

Versions: a schema's version is 1 plus the number of its migrations.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar, get_origin

from pydantic import BaseModel

from tonmeister.errors import FormatError
from tonmeister.model._codec_dump import dumper_of, plain_any, record_dumper
from tonmeister.model._codec_load import Broken, loader_of

T = TypeVar("T")

Record: TypeAlias = dict[str, Any]
"""A saved record's fields, the schema tag among them."""

Migration: TypeAlias = Callable[[Record], Record]

_MIGRATIONS: dict[str, dict[int, Migration]] = {}
_BARE = "Value"


def dump(value: Any) -> bytes:
    """The canonical JSON of a model value, with its schema tag at the root.

    Args:
        value: a dataclass of the model, a sheet, or a dict or tuple of them (tagged "Value").

    Raises:
        TypeError: it holds a value of a type that cannot be saved (a fault of the program).
        FormatError: it holds a text that is not Unicode.
    """
    fields = _root_fields(value)
    text = canonical_json({**fields, "schema": tag(_schema_name(type(value)))})
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError as error:
        raise FormatError(f"a text that is not Unicode: {error.object[:40]!r}") from error


def load(cls: type[T], data: bytes, *, where: str | None = None) -> T:
    """The value that `dump` saved; older versions are migrated.

    Args:
        cls: its type: a dataclass, a sheet, or an alias like ``MixSheet`` or
            ``Proposal[SongSheet]``.
        data: what `dump` gave.
        where: the file's name, for the error.

    Raises:
        FormatError: it is not JSON, of another schema, of a newer version, or does not fit `cls`.
    """
    name = _schema_name(cls)
    fields = load_record(name, _parse(data, where), where=where)
    del fields["schema"]
    plain = fields.get("value") if name == _BARE else fields
    kind: Any = cls
    try:
        value: T = loader_of(kind)(plain)
    except Broken as broken:
        place = " ".join(filter(None, (where, broken.where))) or name
        raise FormatError(broken.what, where=place, expected=broken.expected) from broken
    return value


def to_plain(value: Any) -> Any:
    """The value as JSON values (dicts, lists, texts, numbers), without a schema tag."""
    return plain_any(value)


def canonical_json(plain: Any) -> str:
    """The canonical JSON text of JSON values: sorted keys, no spaces, no NaN (ValueError)."""
    return json.dumps(
        plain, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


# --- records of users: production.toml and the like --------------------------------------------


def migration(kind: str, version: int) -> Callable[[Migration], Migration]:
    """Registers the step from `version` to the next of records of this kind.

    The function gets the record's fields and returns them changed; fields that it does not know
    it hands on. Steps are registered in order, from 1.

        @migration("Take", 1)
        def _gain_in_decibels(record): ...
    """

    def register(step: Migration) -> Migration:
        steps = _MIGRATIONS.setdefault(kind, {})
        if version != len(steps) + 1:
            raise ValueError(f"the next migration of {kind} starts at {len(steps) + 1}")
        steps[version] = step
        return step

    return register


def tag(kind: str) -> str:
    """The schema tag of the present version: ``"Take.2"``."""
    return f"{kind}.{len(_MIGRATIONS.get(kind, {})) + 1}"


def dump_record(kind: str, fields: Mapping[str, Any]) -> Record:
    """A user's record ready to be written as TOML or JSON: the schema tag first."""
    return {
        "schema": tag(kind),
        **{name: part for name, part in fields.items() if name != "schema"},
    }


def load_record(kind: str, data: Any, *, where: str | None = None) -> Record:
    """A user's record in its present version; fields that nobody knows are kept.

    Args:
        kind: the schema expected, without its version.
        data: as read from TOML or JSON; it is not changed.
        where: the file's name, for the error.

    Raises:
        FormatError: not a table, no schema, another schema, or a newer version.
    """
    saved = data.get("schema") if isinstance(data, Mapping) else None
    name, _, version = saved.rpartition(".") if isinstance(saved, str) else ("", "", "")
    if name != kind or not (version.isascii() and version.isdigit()):
        found = f"this is a {saved!r}" if saved is not None else "it carries no schema"
        raise FormatError(found, where=where, expected=f"schema {tag(kind)!r}")
    steps = _MIGRATIONS.get(kind, {})
    if not 1 <= int(version) <= len(steps) + 1:
        raise FormatError(
            f"{saved!r} is newer than this program",
            where=where,
            expected=f"{tag(kind)!r} or older",
            hint="Install a newer version of tonmeister.",
        )
    record = dict(data)
    for number in range(int(version), len(steps) + 1):
        record = steps[number](record)
    return {**record, "schema": tag(kind)}


# --- within -------------------------------------------------------------------------------------


def _schema_name(cls: Any) -> str:
    """A record's class name; values of other types share one schema."""
    origin = get_origin(cls) or cls
    is_record = isinstance(origin, type) and (
        dataclasses.is_dataclass(origin) or issubclass(origin, BaseModel)
    )
    return origin.__name__ if is_record else _BARE


def _root_fields(value: Any) -> dict[str, Any]:
    cls: Any = type(value)
    if _schema_name(cls) == _BARE:
        return {"value": plain_any(value)}
    is_sheet = isinstance(value, BaseModel)
    fields: dict[str, Any] = (dumper_of(cls) if is_sheet else record_dumper(cls, omit=False))(value)
    if "schema" in fields:
        raise TypeError(f"{cls.__name__} has a field named schema, which the tag needs")
    return fields


def _parse(data: bytes, where: str | None) -> Any:
    try:
        return json.loads(data, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"not JSON: {error}", where=where) from error


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not a JSON number")
