"""Paths of decisions: ``arrangement.verse2.bass.pattern``, ``harmony.chorus[3:4]``.

Names stand between dots; ``[n]`` is the n-th bar (or entry), ``[a:b]`` bars a to b, both counted
from 1 and both included; ``*`` stands for every name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from tonmeister.errors import DecisionError

ANY = "*"
"""The name that stands for all names."""

_PART = re.compile(r"\s*([^.\[\]=]+?)\s*((?:\[[^\]]*\]\s*)*)(?:\.|$)")
_SPAN = re.compile(r"\[\s*(\d+)\s*(?:[:\-–]\s*(\d+)\s*)?\]")


@dataclass(frozen=True, slots=True)
class Span:
    """Bars or entries `first` to `last`, counted from 1, both included."""

    first: int
    last: int

    @property
    def count(self) -> int:
        """How many they are."""
        return self.last - self.first + 1

    def __str__(self) -> str:
        return f"[{self.first}]" if self.count == 1 else f"[{self.first}:{self.last}]"


Step: TypeAlias = str | Span


@dataclass(frozen=True, slots=True)
class Path:
    """A parsed path; `str` gives its canonical text."""

    steps: tuple[Step, ...]

    @classmethod
    def parse(cls, text: str) -> Path:
        """From its text.

        Raises:
            DecisionError: it is empty, has an empty name, or a bracket that names no bars.
        """
        steps: list[Step] = []
        position = 0
        while position < len(text):
            match = _PART.match(text, position)
            if not match or (match.end() == len(text) and text.rstrip().endswith(".")):
                raise _unreadable(text)
            steps.append(match[1])
            steps += _spans(text, match[2])
            position = match.end()
        if not steps:
            raise _unreadable(text)
        return cls(tuple(steps))

    @property
    def root(self) -> str:
        """The first name."""
        return str(self.steps[0])

    def __str__(self) -> str:
        text = ""
        for step in self.steps:
            text += str(step) if isinstance(step, Span) or not text else f".{step}"
        return text

    def meets(self, other: Path) -> bool:
        """Whether the two address something in common: equal, one within the other, bars shared."""
        return all(
            _same(mine, theirs) for mine, theirs in zip(self.steps, other.steps, strict=False)
        )

    def within(self, other: Path) -> bool:
        """Whether this path is `other` or lies under it."""
        if len(other.steps) > len(self.steps):
            return False
        return all(
            _inside(mine, outer) for mine, outer in zip(self.steps, other.steps, strict=False)
        )


def _same(one: Step, two: Step) -> bool:
    if isinstance(one, Span) and isinstance(two, Span):
        return one.first <= two.last and two.first <= one.last
    return one == two or (ANY in (one, two) and isinstance(one, str) and isinstance(two, str))


def _inside(inner: Step, outer: Step) -> bool:
    if isinstance(inner, Span) and isinstance(outer, Span):
        return outer.first <= inner.first and inner.last <= outer.last
    return inner == outer


def _spans(text: str, brackets: str) -> list[Step]:
    found: list[Step] = []
    for bracket in re.findall(r"\[[^\]]*\]", brackets):
        match = _SPAN.fullmatch(bracket)
        first = int(match[1]) if match else 0
        last = int(match[2] or match[1]) if match else 0
        if first < 1 or last < first:
            raise DecisionError(
                f"{bracket} names no bars",
                where=text,
                expected="[3] for the third, [3:4] for the third and fourth",
            )
        found.append(Span(first, last))
    return found


def _unreadable(text: str) -> DecisionError:
    return DecisionError(
        f"{text!r} is not a path",
        expected="names with dots between them: tempo, mix.bass.level or harmony.verse[3]",
    )
