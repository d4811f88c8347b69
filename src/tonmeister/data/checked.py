"""Data files as typed models: read, validated, and a clear word about what is wrong where."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from tonmeister import data
from tonmeister.errors import StyleError

ModelT = TypeVar("ModelT", bound=BaseModel)


def read_model(kind: str, name: str, model: type[ModelT]) -> ModelT:
    """The data file `name` of a kind as a `model`: ``read_model("players", "june", Player)``.

    Raises:
        StyleError: no such file, not TOML, or a key is unknown, missing or impossible (the first
            one is named).
    """
    table = data.read(kind, name)
    try:
        return model.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        more = error.error_count() - 1
        raise StyleError(
            f"{key}: {first['msg'].lower()}" + (f" (and {more} more)" if more else ""),
            where=f"{kind}/{name}.toml",
            hint="Compare it with a file of the same kind that comes with Tonmeister.",
        ) from error
