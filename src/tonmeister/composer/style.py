"""A style's way of composing: ``data/styles/<name>/composition.toml``, validated.

The file holds what a musician would note down: forms as lists of sections, phrases as Roman
numerals with bar lines, rhythms as note lengths. Wherever alternatives are listed, the first is
the most usual.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from tonmeister import data
from tonmeister.composer.cells import parse_cell
from tonmeister.errors import StyleError
from tonmeister.model.score import KeySignature, TimeSignature
from tonmeister.theory.harmony import roman_chord

Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]
BarCounts: TypeAlias = Annotated[
    tuple[Annotated[int, Field(ge=1, le=64)], ...], Field(min_length=1)
]
Texts: TypeAlias = tuple[str, ...]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FormTemplate(_Table):
    """A form: sections in order; `cycle` may be put in before section `at` as often as time
    asks."""

    sections: Annotated[Texts, Field(min_length=1)]
    cycle: Texts = ()
    at: int = Field(default=0, ge=0)
    bars: dict[str, BarCounts] = {}
    """Bars by kind where they differ from the style's."""
    liking: float = Field(default=1.0, gt=0)
    """1 is a usual form; below that it is taken only where the others do not fit the time."""


class FormStyle(_Table):
    """Forms, lengths of sections and how the energy runs."""

    templates: Annotated[tuple[FormTemplate, ...], Field(min_length=1)]
    bars: dict[str, BarCounts]
    energy: dict[str, Annotated[tuple[Share, ...], Field(min_length=1)]]
    """By kind, for its first, second ... time; "last_chorus" is the peak."""
    ritardando_bars: int = Field(default=0, ge=0, le=4)
    ritardando_to: float = Field(default=1.0, gt=0.4, le=1)
    """Share of the tempo that is left at the end."""


class Spice(_Table):
    """A bar's reharmonization: `bar` becomes `becomes` with this chance, if `before` follows."""

    bar: str
    becomes: str
    before: str = ""
    mode: str = Field(default="", pattern="^(major|minor|)$")
    chance: Share


class LeadIn(_Table):
    """A bar of chords that leads into a beginning on the tonic, by mode."""

    major: str = "V7"
    minor: str = "V7"


Phrases: TypeAlias = dict[str, dict[str, Texts]]
"""Section kind -> place in the section -> phrases: bars of Roman numerals between bar lines."""


class HarmonyStyle(_Table):
    """Phrases by mode, section kind and place (opening, continuation, half, full, deceptive)."""

    major: Phrases
    minor: Phrases
    spices: tuple[Spice, ...] = ()
    borrow: dict[str, str] = {}
    """Kinds that are played over the chords of another kind."""
    lead_in: LeadIn = LeadIn()
    """The bar of chords that leads an intro into a tune that begins on the tonic."""

    @model_validator(mode="after")
    def _readable(self) -> HarmonyStyle:
        for mode, phrases in (("major", self.major), ("minor", self.minor)):
            key = KeySignature.parse(f"C {mode}")
            texts = [
                text for places in phrases.values() for table in places.values() for text in table
            ]
            if not texts:
                raise ValueError(f"{mode} has no phrases")
            texts += [spice.becomes for spice in self.spices if spice.mode in {"", mode}]
            for text in (*texts, getattr(self.lead_in, mode)):
                check_phrase(text, key)
        return self


class RhythmStyle(_Table):
    """Rhythms of a bar by their place in a two-bar motif, as note lengths in quarters (r: rest)."""

    start: Annotated[Texts, Field(min_length=1)]
    go: Annotated[Texts, Field(min_length=1)]
    close: Annotated[Texts, Field(min_length=1)]
    lead: Annotated[Texts, Field(min_length=1)]
    """A close with a pick-up to the next phrase."""

    @field_validator("start", "go", "close", "lead")
    @classmethod
    def _cells(cls, texts: Texts) -> Texts:
        for text in texts:
            parse_cell(text)
        return texts


class TuneStyle(_Table):
    """How tunes are made."""

    schemas: dict[str, Texts]
    """By kind ("any" otherwise): two-bar motifs as letters for eight bars: "a a' b c"."""
    rhythm: dict[str, dict[str, RhythmStyle]]
    """Metre -> kind ("any" otherwise) -> rhythms."""
    heights: dict[str, Annotated[tuple[Share, ...], Field(min_length=1)]]
    """Kind -> where in the compass the tune lies, along the section."""
    anticipation: Share = 0.0
    """How often a downbeat comes half a beat early."""
    notes_per_second: float = Field(default=2.0, gt=0.2, le=8)
    range: int = Field(default=17, ge=7, le=30)
    """Semitones from the lowest to the highest note of the whole tune."""
    rests_in: Texts = ("interlude",)
    """Kinds in which the lead rests."""
    hook_in_intro: Share = 0.0
    """How likely an instrumental lead quotes the hook in the intro."""
    colour: Share = 0.3
    """Liking for ninths, sixths and other tensions on strong places."""

    @field_validator("rhythm")
    @classmethod
    def _metres(
        cls, rhythm: dict[str, dict[str, RhythmStyle]]
    ) -> dict[str, dict[str, RhythmStyle]]:
        for metre, tables in rhythm.items():
            TimeSignature.parse(metre)
            if not tables:
                raise ValueError(f"{metre} has no rhythms")
        return rhythm


class CompositionStyle(_Table):
    """The whole file."""

    name: str = ""
    form: FormStyle
    harmony: HarmonyStyle
    tune: TuneStyle


def read_style(name: str) -> CompositionStyle:
    """The style's way of composing.

    Raises:
        StyleError: there is no such style, or its composition.toml is wrong (where and why is
        said).
    """
    table = data.read(f"styles/{name}", "composition")
    try:
        return CompositionStyle.model_validate({**table, "name": name})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise StyleError(
            f"{place}: {first['msg'].removeprefix('Value error, ')}",
            where=f"styles/{name}/composition.toml",
            hint="The styles that come with tonmeister show the form.",
        ) from error


def split_phrase(text: str) -> tuple[tuple[str, ...], ...]:
    """The bars of a phrase, each with its numerals: ``"I V/3 | vi"`` has two bars."""
    return tuple(tuple(bar.split()) for bar in text.split("|"))


def check_phrase(text: str, key: KeySignature) -> None:
    """ValueError if a phrase cannot be read, or starts without a chord."""
    bars = split_phrase(text)
    if not bars[0] or bars[0][0] == "%":
        raise ValueError(f"the phrase {text!r} starts without a chord")
    for numeral in (numeral for bar in bars for numeral in bar if numeral != "%"):
        roman_chord(numeral, key)
