"""The brief: what the user asks for, every field optional, kept as a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import tomli_w
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from tonmeister import data
from tonmeister.errors import BriefError
from tonmeister.producer import fields
from tonmeister.producer.lexicon import lexicon
from tonmeister.producer.words import split


def _texts(value: Any) -> Any:
    """A list from ``["piano", "bass"]`` or ``"piano, bass"``."""
    return (
        [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


def _parts(value: Any) -> Any:
    texts = _texts(value)
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        return texts
    known = lexicon()
    return [known.part_named(text) or "-".join(text.lower().split()) for text in texts]


def _moods(value: Any) -> Any:
    """The lexicon's moods that these words mean."""
    texts = _texts(value)
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        return texts
    return [_mood(text) for text in texts]


def _mood(text: str) -> str:
    known = lexicon()
    if "-".join(text.lower().split()) in known.moods:
        return "-".join(text.lower().split())
    found = [e.value for e in known.phrases.get(split(text), ()) if e.path == "mood"]
    if not found:
        words = [word for mood in known.moods.values() for word in mood.words]
        near = get_close_matches(text.lower(), words, n=3) or list(known.moods)
        raise ValueError(f"{text!r} is not a mood we know; one of {', '.join(near)}")
    return found[0]


def _target(text: str) -> str:
    """A loudness target's name."""
    name = "-".join(text.lower().split())
    found = [e.value for e in lexicon().phrases.get(split(text), ()) if e.path == "loudness"]
    if name not in data.names("targets") and not found:
        raise ValueError(f"{text!r} is no target; one of {', '.join(data.names('targets'))}")
    return name if name in data.names("targets") else found[0]


def _reader(read: Callable[[Any], Any]) -> BeforeValidator:
    return BeforeValidator(lambda value: value if value is None else read(value))


def _text_reader(read: Callable[[str], str]) -> BeforeValidator:
    return BeforeValidator(lambda value: read(value) if isinstance(value, str) else value)


Parts = Annotated[tuple[str, ...], BeforeValidator(_parts)]
Moods = Annotated[tuple[str, ...], BeforeValidator(_moods)]


class Brief(BaseModel):
    """What is asked for. None (or nothing) leaves it to the producer.

    What is asked for is kept exactly; all else is proposed, each with a reason.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str | None = Field(default=None, min_length=1, max_length=200)
    artist: str | None = Field(default=None, max_length=200)
    style: str | None = Field(
        default=None, min_length=1, description="ballad, swing, waltz, soul ..."
    )
    colour: str | None = Field(default=None, description="a kind of the style: soul (ballad)")
    key: Annotated[str | None, _text_reader(fields.key_text)] = Field(
        default=None, description="for example D minor"
    )
    tempo: Annotated[float | None, _reader(fields.tempo_number)] = Field(
        default=None, description="felt beats per minute, 20 to 400"
    )
    metre: Annotated[str | None, _text_reader(fields.metre_text)] = Field(
        default=None, description="for example 3/4"
    )
    length: Annotated[float | None, _reader(fields.seconds)] = Field(
        default=None, description='seconds, or "3:20", or "about 3 minutes"'
    )
    singer: Annotated[str | None, _text_reader(fields.singer_name)] = Field(
        default=None, description="soprano .. bass, any, or none"
    )
    lead: str | None = Field(default=None, description="the part that plays the tune")
    band: Parts = Field(default=(), description="these parts and no others")
    also: Parts = Field(default=(), description="besides the style's usual band")
    without: Parts = Field(default=(), description="parts to leave out")
    instruments: dict[str, str] = Field(
        default_factory=dict, description="part to instrument: bass = upright bass"
    )
    mood: Moods = Field(default=(), description="words such as slow, warm, sad")
    seed: int | None = Field(default=None, ge=0, description="another number, another song")
    loudness: Annotated[str | None, _text_reader(_target)] = Field(
        default=None, description="a target's name: streaming, ebu-r128"
    )
    sentence: str | None = Field(default=None, description="the user's own words")


def make_brief(values: dict[str, Any], where: str | None = None) -> Brief:
    """A brief from field values.

    Raises:
        BriefError: a field is unknown (the nearest names are given) or its value impossible.
    """
    try:
        return Brief.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            near = get_close_matches(name, Brief.model_fields, n=2)
            raise BriefError(
                f"a brief has no field {name!r}",
                where=where,
                expected=" or ".join(near) or "one of " + ", ".join(Brief.model_fields),
            ) from error
        message = first["msg"].removeprefix("Value error, ")
        field = Brief.model_fields.get(name.split(".")[0])
        raise BriefError(
            f"{name}: {message[:1].lower()}{message[1:]}",
            where=where,
            expected=field.description if field and first["type"] != "value_error" else None,
        ) from error


def read_brief(path: Path) -> Brief:
    """A brief from its TOML file.

    Raises:
        BriefError: the file cannot be read, is not TOML, or a field is unknown or impossible.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BriefError(f"cannot be read: {error.strerror}", where=str(path)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BriefError(
            f"not a TOML file: {error}",
            where=str(path),
            expected='lines such as style = "ballad"',
        ) from error
    values.pop("schema", None)
    return make_brief(values, str(path))


def dump_brief(brief: Brief) -> str:
    """The brief as TOML, only what is asked for; `read_brief` reads it back."""
    values = brief.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return tomli_w.dumps({"schema": "Brief.1", **values})
