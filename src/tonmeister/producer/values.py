"""Values of decisions as musicians type them: ``+2 dB``, ``off``, ``3:20``, ``Gm7 | C9``.

By the type of the place: switches, numbers with units and steps, lists, texts. A few places have a
meaning of their own (a key, a length, a bar of chords); they stand in one table, `MEANINGS`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from tonmeister import data
from tonmeister.errors import BriefError
from tonmeister.producer import fields
from tonmeister.producer.paths import ANY, Path, Span
from tonmeister.producer.styles import cards, find_style
from tonmeister.producer.tree import Place

_ON = {
    **dict.fromkeys(("on", "yes", "true", "1"), True),
    **dict.fromkeys(("off", "no", "false", "0"), False),
}
_NUMBER = re.compile(
    r"(?P<step>\+=|-=|\+)?\s*(?P<number>[-−]?\d+(?:[.,]\d+)?(?:/\d+)?)\s*(?P<unit>\S.*)?"
)
_FACTORS = {
    "dB": {"db": 1.0}, "LUFS": {"lufs": 1.0, "lu": 1.0, "db": 1.0},
    "dBTP": {"dbtp": 1.0, "db": 1.0},
    "Hz": {"hz": 1.0, "khz": 1000.0, "k": 1000.0}, "ms": {"ms": 1.0, "s": 1000.0},
    "s": {"s": 1.0, "sec": 1.0, "seconds": 1.0, "ms": 0.001}, "bpm": {"bpm": 1.0},
}  # fmt: skip


class Impossible(ValueError):  # noqa: N818  (it names a state of a value)
    """A value that cannot stand at a place; the text says what is wrong, `expected` what can."""

    def __init__(self, what: str, expected: str) -> None:
        super().__init__(what)
        self.expected = expected


def _style(text: str) -> str:
    try:
        return find_style(text).name
    except BriefError as error:
        raise ValueError(f"{error.what}; one of {', '.join(cards())}") from error


def _one_of(kind: str) -> Callable[[str], str]:
    """A reader of the names of data files: targets, players."""

    def read(text: str) -> str:
        name = "-".join(text.lower().split())
        allowed = data.names(kind)
        if name not in allowed:
            near = get_close_matches(name, allowed, n=3) or allowed
            raise ValueError(f"there is no {text!r} among the {kind}; one of {', '.join(near)}")
        return name

    return read


def _singer(text: str) -> str:
    name = fields.singer_name(text)
    if name == "any":
        raise ValueError(f"name the voice: one of {', '.join(fields.SINGERS)}, or none")
    return "" if name == "none" else name


MEANINGS: tuple[tuple[str, Callable[[str], Any]], ...] = (
    ("song.key", fields.key_text),
    ("song.metre", fields.metre_text),
    ("song.tempo", fields.tempo_number),
    ("song.length", fields.seconds),
    ("song.singer", _singer),
    ("song.style", _style),
    ("master.target", _one_of("targets")),
    ("players.*.player", _one_of("players")),
)
"""Places with a notation of their own, by path; ``*`` stands for any name."""


def read_value(text: str, path: Path, place: Place, present: Sequence[Any] = ()) -> Any:
    """The JSON value that a text means at a place.

    Args:
        text: as typed.
        path: canonical path of the place.
        place: its type and limits.
        present: the values that stand there now; relative values start from them.

    Raises:
        Impossible: no value of this kind, or outside the limits.
    """
    try:
        value = _read(text.strip(), path, place, present)
        if isinstance(value, list) and isinstance(path.steps[-1], Span):
            return [place.check(item) for item in value]
        return place.check(value)
    except ValidationError as error:
        raise Impossible(f"{text.strip()!r} is impossible", limits_text(place)) from error
    except Impossible:
        raise
    except ValueError as error:
        raise Impossible(str(error), limits_text(place)) from error


def _read(text: str, path: Path, place: Place, present: Sequence[Any]) -> Any:
    if place.optional and text.lower() in {"none", "off", "no", "null", ""}:
        return None
    last = path.steps[-1]
    if isinstance(last, Span) and last.count > 1:
        return _bars(text, last.count, place)
    if place.kind in {float, int} and place.kind is not bool and _relative(text, place):
        return _number(text, place, present)
    for pattern, read in MEANINGS:
        if _fits(path, pattern):
            return read(text)
    return _by_type(text, place, present)


def _fits(path: Path, pattern: str) -> bool:
    names = pattern.split(".")
    return len(names) == len(path.steps) and all(
        name in {ANY, step} for name, step in zip(names, path.steps, strict=True)
    )


def _by_type(text: str, place: Place, present: Sequence[Any]) -> Any:
    if place.kind is bool:
        if text.lower() not in _ON:
            raise Impossible(f"{text!r} is no switch", "on or off")
        return _ON[text.lower()]
    if place.kind in {float, int}:
        return _number(text, place, present)
    if place.kind is str:
        return _unquoted(text)
    if place.is_row and not text.startswith("["):
        mark = "|" if "|" in text else ","
        inner = text.strip().strip("|")
        return [part.strip() for part in inner.split(mark)] if inner.strip() else []
    try:
        return json.loads(text)
    except ValueError as error:
        raise Impossible(f"{text!r} cannot be read", limits_text(place)) from error


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _bars(text: str, count: int, place: Place) -> list[Any]:
    """A value per bar from ``a | b``, or one value for all."""
    parts = [_unquoted(part.strip()) for part in text.strip().strip("|").split("|")]
    if len(parts) not in {1, count}:
        raise Impossible(
            f"{len(parts)} bars were given for {count}", f"{count} bars with | between them"
        )
    values = parts * count if len(parts) == 1 else parts
    return [_by_type(part, place, ()) for part in values] if place.kind is not str else values


def _relative(text: str, place: Place) -> bool:
    """Whether a number is a step from the present value: ``+2``, ``+=2``, ``-=2``; and ``-2`` where
    nothing negative can stand."""
    if text.startswith(("+", "-=")):
        return True
    low = place.low
    return text.startswith(("-", "−")) and low is not None and low >= 0


def _number(text: str, place: Place, present: Sequence[Any]) -> float:
    match = _NUMBER.fullmatch(text)
    if not match:
        raise Impossible(f"{text!r} is not a number", limits_text(place))
    numerator, _, denominator = match["number"].replace("−", "-").replace(",", ".").partition("/")
    if denominator and not float(denominator):
        raise Impossible(f"{text!r} is not a number", limits_text(place))
    amount = float(numerator) / float(denominator or 1) * _factor(match["unit"], place)
    if not _relative(text, place):
        return amount
    if match["step"] == "-=":
        amount = -amount
    numbers = {value for value in present if isinstance(value, int | float)}
    if len(numbers) != 1:
        several = f": they are {', '.join(f'{n:g}' for n in sorted(numbers))}" if numbers else ""
        raise Impossible(
            f"{text!r} is a step from the present value, and there is no single one{several}",
            "a value without a sign, or a path to one place",
        )
    return round(float(numbers.pop()) + amount, 6)


def _factor(unit: str | None, place: Place) -> float:
    if not unit:
        return 1.0
    if unit == "%":
        return 0.01
    factors = _FACTORS.get(place.unit, {})
    if unit.lower() not in factors:
        raise Impossible(f"{unit!r} is not a unit of {place.name}", limits_text(place))
    return factors[unit.lower()]


def limits_text(place: Place) -> str:
    """What can stand at a place, in words: "-100 to 24 dB (fader, after the gain)"."""
    low, high = place.low, place.high
    text = {bool: "on or off", str: "a text", int: "a whole number", float: "a number"}.get(
        place.kind, "a list" if place.is_row else "a table in JSON"
    )
    pattern = next((p for limit in place.limits if (p := getattr(limit, "pattern", None))), None)
    if pattern:
        text = "one of " + ", ".join(pattern.strip("^$()").split("|"))
    if low is not None and high is not None:
        text = f"{low:g} to {high:g}" + (f" {place.unit}" if place.unit else "")
    note = f" ({place.description})" if place.description else ""
    return text + (", or none" if place.optional else "") + note
