"""An arranging style: the data file ``styles/<name>/arrangement.toml``, validated.

`docs/styles.md` says how to write one.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from tonmeister.arranger.grid import SIGNS, counts
from tonmeister.arranger.kit import DRUMS
from tonmeister.data import read
from tonmeister.errors import StyleError
from tonmeister.model.instrument import Instrument
from tonmeister.model.score import TimeSignature
from tonmeister.units.pitch import MidiKey, Pitch

WAIT = "wait"
"""The pattern every part knows: lay out, play only the section's fill and the song's last chord."""
TUNE = "tune"
"""The lead's pattern."""

Family = Literal[
    "drums", "percussion", "bass", "piano", "organ", "guitar", "strings", "brass", "winds",
    "choir", "voice", "mallets", "synth",
]  # fmt: skip
Kind = Literal["drums", "bass", "chords", "pad", "line"]


def _metre(value: object) -> object:
    return TimeSignature.parse(value) if isinstance(value, str) else value


def _levels(value: object) -> object:
    return (value,) if isinstance(value, int) else value


def _register(value: object) -> object:
    if not isinstance(value, str):
        return value
    low, _, high = value.partition("-")
    keys = (Pitch.parse(low.strip()).midi, Pitch.parse(high.strip()).midi)
    if keys[1] - keys[0] < 7:
        raise ValueError(f"a register is at least a fifth, not {value!r}")
    return keys


Metre: TypeAlias = Annotated[TimeSignature, BeforeValidator(_metre)]
Level: TypeAlias = Annotated[int, Field(ge=1, le=4)]
Levels: TypeAlias = Annotated[tuple[Level, ...], BeforeValidator(_levels)]
Register: TypeAlias = Annotated[tuple[MidiKey, MidiKey], BeforeValidator(_register)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class BarPattern(_Table):
    """One bar of a pattern, in one metre, at some intensities.

    Attributes:
        use: "usual" bars take turns by chance; "even" replaces them in every second bar of a
            section, "turn" in every fourth.
        grid: rows of cells by name.
    """

    metre: Metre
    intensity: Levels = (1, 2, 3, 4)
    use: Literal["usual", "even", "turn"] = "usual"
    grid: dict[str, str]


class Pattern(_Table):
    """A way of playing, for one or several families of instruments.

    Attributes:
        say: what the part does, in a musician's words; reasons are made of it.
        kind: which hand writes it out: drums, bass, chords, pad or line.
        job: what it is for; two parts of a section do not take the same job.
        levels: intensities at which the arranger proposes it; none: only on demand.
        sections: kinds of section that it is proposed for first; none: all alike.
        compass: where it sounds (``register`` in the file), as far as the instrument goes there.
        where: "gaps": only where the tune rests (two quarters or more).
        phrases: with "gaps": in which phrases of four bars, so that answers take turns.
        single: for instruments that play one note at a time.
        pedal: whether a piano holds the pedal from chord to chord.
    """

    say: str
    families: tuple[Family, ...]
    kind: Kind
    job: str
    levels: Levels = ()
    sections: tuple[str, ...] = ()
    compass: Register = Field(default=(48, 76), alias="register")
    voices: int = Field(default=4, ge=1, le=6)
    shape: Literal["close", "drop2", "open", "any", "full", "shell", "top"] = "any"
    rootless: bool = False
    where: Literal["always", "gaps"] = "always"
    phrases: Literal["all", "odd", "even"] = "all"
    single: bool = False
    pedal: bool = False
    articulation: str = "normal"
    bars: tuple[BarPattern, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rows_fit(self) -> Pattern:
        for number, bar in enumerate(self.bars, start=1):
            for name, row in bar.grid.items():
                _check_row(self.kind, name, row, bar.metre, f"bar {number}")
        return self


class Fill(_Table):
    """A fill: the last counts of a section. Its groups end at the section's end.

    Attributes:
        size: 1 a hint .. 4 everything; the next section's intensity chooses.
    """

    say: str
    families: tuple[Family, ...]
    kind: Kind
    size: Levels
    single: bool = False
    grid: dict[str, str]

    @model_validator(mode="after")
    def _rows_fit(self) -> Fill:
        for name, row in self.grid.items():
            _check_row(self.kind, name, row, None, "fill")
        if len({row.count("|") for row in self.grid.values()}) > 1:
            raise ValueError("the rows of a fill have the same number of groups")
        return self

    @property
    def length(self) -> int:
        """Counts."""
        return 1 + next(iter(self.grid.values())).count("|")


class FormRules(_Table):
    """How the band follows the form.

    Attributes:
        intro_parts: how many parts open the record, besides the drums' pick-up.
        crash_from: intensity from which drums crash on a section's first beat.
        colours: whether chords take ninths and thirteenths of the key.
        ending: "rest": the ending comes down; "full": it keeps who played before.
    """

    intro_parts: int = Field(default=2, ge=1, le=12)
    crash_from: Level = 3
    colours: bool = False
    ending: Literal["rest", "full"] = "rest"


class ArrangingStyle(_Table):
    """A style's arranging: see `docs/styles.md`.

    Attributes:
        enters: by family the level (0..1 along the song's energy) from which it plays.
    """

    name: str
    form: FormRules = FormRules()
    enters: dict[Family, float]
    patterns: dict[str, Pattern] = Field(min_length=1)
    fills: dict[str, Fill]

    @model_validator(mode="after")
    def _names_are_free(self) -> ArrangingStyle:
        taken = {WAIT, TUNE} & set(self.patterns)
        if taken:
            raise ValueError(
                f"{taken.pop()!r} is a pattern of every style; give yours another name"
            )
        return self


def read_style(name: str) -> ArrangingStyle:
    """The arranging style `name`.

    Raises:
        StyleError: there is no such style, or a value of its file is wrong (says file and key).
    """
    table: dict[str, Any] = read(f"styles/{name}", "arrangement")
    try:
        return ArrangingStyle.model_validate({"name": name, **table})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        raise StyleError(
            first["msg"].removeprefix("Value error, "),
            where=f"styles/{name}/arrangement.toml, {key}",
            hint="docs/styles.md says how patterns are written.",
        ) from error


def fits(pattern: Pattern | Fill, instrument: Instrument) -> bool:
    """Whether this instrument can play the pattern."""
    if instrument.family not in pattern.families:
        return False
    if instrument.family in {"drums", "percussion"}:
        return (pattern.kind == "drums") == (instrument.low == 0)  # timpani have notes
    return pattern.kind == "bass" or pattern.single or instrument.polyphony >= 3


def possible_patterns(style: ArrangingStyle, instrument: Instrument) -> tuple[str, ...]:
    """The values that ``arrangement.<section>.<part>.pattern`` may take, in the style's order."""
    return (*(n for n, p in style.patterns.items() if fits(p, instrument)), WAIT)


def possible_fills(style: ArrangingStyle, instrument: Instrument) -> tuple[str, ...]:
    """The values that ``arrangement.<section>.<part>.fill`` may take, besides the empty one."""
    return tuple(name for name, fill in style.fills.items() if fits(fill, instrument))


def _check_row(kind: Kind, name: str, row: str, metre: TimeSignature | None, where: str) -> None:
    if kind == "drums":
        if name not in DRUMS:
            raise ValueError(f"{where}: no drum is called {name!r}; there are {', '.join(DRUMS)}")
        signs = SIGNS["drums"]
    else:
        rows = {
            "bass": ("bass",),
            "chords": ("chord", "bass"),
            "pad": ("chord",),
            "line": ("line",),
        }
        if name not in rows[kind]:
            expected = " and ".join(rows[kind])
            raise ValueError(f"{where}: a {kind} pattern has rows {expected}, not {name!r}")
        signs = SIGNS[name]
    groups = [group.strip() for group in row.split("|")]
    wrong = {sign for group in groups for sign in group} - set(signs) - {".", "-"}
    if wrong or not all(groups):
        raise ValueError(
            f"{where}, row {name}: signs are {' '.join(signs)} . and -,"
            f" not {' '.join(sorted(wrong)) or 'an empty group'}"
        )
    if metre is not None and len(groups) != len(counts(metre)):
        raise ValueError(
            f"{where}, row {name}: {metre} has {len(counts(metre))} counts,"
            f" the row has {len(groups)} groups"
        )
