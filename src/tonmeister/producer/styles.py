"""Styles as the producer knows them: ``data/styles/<name>/style.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from pydantic import Field, model_validator

from tonmeister import data
from tonmeister.data.checked import read_model
from tonmeister.errors import BriefError
from tonmeister.model.sheets import Sheet
from tonmeister.producer.words import Phrase, split


class Tempo(Sheet):
    """The style's range in felt beats per minute; `usual` is a place in it, 0..1."""

    low: float = Field(ge=20, le=400)
    high: float = Field(ge=20, le=400)
    usual: float = Field(default=0.5, ge=0, le=1)
    why: str

    @model_validator(mode="after")
    def _rising(self) -> Tempo:
        if self.high < self.low:
            raise ValueError("high is below low")
        return self


class Keys(Sheet):
    """Keys the style is played in."""

    major: tuple[str, ...] = Field(min_length=1)
    minor: tuple[str, ...] = Field(min_length=1)


class Length(Sheet):
    """Usual length in seconds."""

    usual: float = Field(ge=5, le=3600)
    why: str


class Band(Sheet):
    """The usual band without its lead; who plays the tune if nobody sings; who sings if asked."""

    usual: tuple[str, ...] = Field(min_length=1)
    lead: str
    singer: str
    why: str


class Colour(Sheet):
    """A kind of the style, or another style it stands in for."""

    words: tuple[str, ...] = ()
    beside: tuple[str, ...] = Field(
        default=(), description="words that mean it beside the style only"
    )
    tempo: tuple[float, float] | None = None
    band: tuple[str, ...] = ()
    mode: str = Field(default="", pattern="^(|major|minor)$")
    why: str


class StyleCard(Sheet):
    """``style.toml``."""

    schema_: str = Field(alias="schema", pattern=r"^Style\.1$")
    about: str
    plural: str = Field(description="for sentences: ballads, swing tunes")
    words: tuple[str, ...]
    metres: tuple[str, ...] = Field(min_length=1, description="the usual one first")
    mode: str = Field(default="major", pattern="^(major|minor)$")
    tempo: Tempo
    keys: Keys
    length: Length
    band: Band
    colours: dict[str, Colour] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StyleWord:
    """What a phrase says about style: the style itself (`colour` empty) or a kind of it."""

    style: str
    colour: str = ""
    beside: bool = False


@dataclass(frozen=True, slots=True)
class StyleChoice:
    """A style settled on.

    Attributes:
        name: the style's name.
        colour_name: the kind of it, or "".
        stands_in: whether the asked style does not exist and this one is the nearest.
    """

    name: str
    card: StyleCard
    colour_name: str = ""
    stands_in: bool = False

    @property
    def colour(self) -> Colour | None:
        """The kind's own figures, if a kind was asked."""
        return self.card.colours.get(self.colour_name)

    @property
    def title(self) -> str:
        """For sentences: "soul ballad"."""
        return f"{self.kind} {self.name}" if self.kind and not self.stands_in else self.name

    @property
    def kind(self) -> str:
        """The colour in words: "big band", or ""."""
        return self.colour_name.replace("-", " ")

    @property
    def plural(self) -> str:
        """For sentences: "soul ballads", "bossa songs"."""
        if self.stands_in:
            return f"{self.kind} songs"
        return f"{self.kind} {self.card.plural}".strip()


@lru_cache(maxsize=8)
def _cards(names: tuple[str, ...], folder: str) -> dict[str, StyleCard]:  # noqa: ARG001
    """Kept for as long as the styles' names and the user's folder stay the same."""
    return {name: read_model(f"styles/{name}", "style", StyleCard) for name in names}


def cards() -> dict[str, StyleCard]:
    """All styles by name, the user's included."""
    return _cards(data.names("styles"), str(data.user_folder()))


def style_words() -> Mapping[Phrase, tuple[StyleWord, ...]]:
    """Every phrase that says something about style."""
    return _style_words(data.names("styles"), str(data.user_folder()))


@lru_cache(maxsize=8)
def _style_words(names: tuple[str, ...], folder: str) -> Mapping[Phrase, tuple[StyleWord, ...]]:
    found: dict[Phrase, list[StyleWord]] = {}
    for name, card in _cards(names, folder).items():
        for text in {name, *card.words}:
            found.setdefault(split(text), []).append(StyleWord(name))
        for colour_name, colour in card.colours.items():
            for text in {colour_name, *colour.words} if colour.words else ():
                found.setdefault(split(text), []).append(StyleWord(name, colour_name))
            for text in colour.beside:
                found.setdefault(split(text), []).append(StyleWord(name, colour_name, True))
    return {phrase: tuple(words) for phrase, words in found.items()}


def find_style(asked: str, colour: str | None = None, *, metre: str | None = None) -> StyleChoice:
    """The style a text asks for: its name, a word for it, "soul ballad", or the nearest there is.

    Args:
        asked: the text.
        colour: a word for a kind of it.
        metre: where several styles are near, one that is played in this metre is taken.

    Raises:
        BriefError: nothing is near; the nearest names are given.
    """
    phrases = style_words()
    said = split(asked)
    styles = _styles_in(said, phrases)
    if styles:
        name = styles[-1]
        kind = _colour_in(split(colour or "") or said, name, phrases)
        if colour and not kind:
            raise _no_colour(colour, name)
        return StyleChoice(name, cards()[name], kind)
    near = [
        word
        for word in phrases.get(said, ())
        if not word.beside or (metre in cards()[word.style].metres[:1])
    ]
    near.sort(key=lambda word: metre is not None and metre not in cards()[word.style].metres)
    if near:
        return StyleChoice(near[0].style, cards()[near[0].style], near[0].colour, stands_in=True)
    names = [" ".join(phrase) for phrase in phrases]
    close = get_close_matches(" ".join(said), names, n=3, cutoff=0.5)
    raise BriefError(
        f"there is no style {asked!r}",
        where="style",
        expected="one of " + ", ".join(close or cards()),
        hint=f"The styles are {', '.join(cards())}; other words are taken for the nearest of them.",
    )


def _no_colour(colour: str, style: str) -> BriefError:
    return BriefError(
        f"there is no {colour!r} kind of {style}",
        where="colour",
        expected="one of " + ", ".join(cards()[style].colours),
    )


def _styles_in(said: Phrase, phrases: Mapping[Phrase, tuple[StyleWord, ...]]) -> list[str]:
    """Styles named in a text, in the order of their last word."""
    whole = [word.style for word in phrases.get(said, ()) if not word.colour]
    if whole or phrases.get(said):
        return whole
    ends = range(1, len(said) + 1)
    parts = [said[start:end] for end in ends for start in range(end)]
    return [word.style for part in parts for word in phrases.get(part, ()) if not word.colour]


def _colour_in(
    said: Phrase,
    style: str,
    phrases: Mapping[Phrase, tuple[StyleWord, ...]],
) -> str:
    for size in range(len(said), 0, -1):
        for start in range(len(said) - size + 1):
            for word in phrases.get(said[start : start + size], ()):
                if word.style == style and word.colour:
                    return word.colour
    return ""
