"""How a style is mixed: ``data/styles/<name>/mix.toml``, validated."""

from __future__ import annotations

from typing import TypeVar

from pydantic import Field, ValidationError

from tonmeister import data
from tonmeister.errors import StyleError
from tonmeister.model.score import PartRole
from tonmeister.model.sheets import CompressorPlan, EqBand, RoomPlan, Sheet

ValueT = TypeVar("ValueT")


class BalanceRules(Sheet):
    """Levels.

    Attributes:
        mix_lufs: integrated loudness the mix is built to, before mastering.
        staging_lufs: loudness each track's input gain brings it to.
        lead_over_band_db: the lead against everybody else together.
        role, family: level in LU relative to the lead; the family's rule comes first.
    """

    mix_lufs: float = Field(ge=-40, le=-10)
    staging_lufs: float = Field(ge=-40, le=-10)
    lead_over_band_db: float = Field(ge=-12, le=12)
    role: dict[PartRole, float]
    family: dict[str, float] = Field(default_factory=dict)


class PanRules(Sheet):
    """Places: how far from the middle, and what stays there.

    Attributes:
        centre: roles and families that stay in the middle.
        role: distance from the middle, 0 .. 1.
        width: stereo width by family, 0 mono .. 2.
    """

    centre: tuple[str, ...]
    role: dict[PartRole, float]
    width: dict[str, float] = Field(default_factory=dict)


class SqueezeRule(Sheet):
    """How a compressor is to work: dB of reduction on loud notes, ratio, knee."""

    amount_db: float = Field(ge=0, le=12)
    ratio: float = Field(ge=1, le=20)
    knee_db: float = Field(default=6.0, ge=0, le=40)


class DepthRules(Sheet):
    """Near and far.

    Attributes:
        share_lu: the whole reverb relative to the mix.
        role, family: send in dB relative to each other, before `share_lu` is applied.
    """

    share_lu: float = Field(ge=-40, le=0)
    role: dict[PartRole, float]
    family: dict[str, float] = Field(default_factory=dict)


class UnmaskRules(Sheet):
    """Giving way to more important parts.

    Attributes:
        most_db: deepest cut.
        most_bands: cuts per track.
        apart: panned further apart than this, two tracks do not mask each other.
    """

    most_db: float = Field(default=3.0, ge=0, le=9)
    most_bands: int = Field(default=2, ge=0, le=5)
    apart: float = Field(default=0.5, ge=0, le=2)


class MasterRules(Sheet):
    """The master's colour and glue.

    Attributes:
        spectrum_db: ten octave bands 31.5 Hz .. 16 kHz the record leans to, relative to 1 kHz.
        lean: share of the difference that is corrected, 0 .. 1.
        most_db: largest correction.
        ride_db: the most that quiet passages are lifted.
    """

    spectrum_db: tuple[float, ...] = Field(min_length=10, max_length=10)
    lean: float = Field(default=0.5, ge=0, le=1)
    most_db: float = Field(default=2.0, ge=0, le=6)
    ride_db: float = Field(default=4.0, ge=0, le=12)
    compressor: CompressorPlan | None = None


class MixStyle(Sheet):
    """How a style is mixed.

    Attributes:
        name: the style's.
        low_cut_hz: highest low cut by role; the signal's own lows lower it.
        tone: equalizer bands by family ("voice", "bass" ...) that flatter it in this style.
    """

    name: str
    balance: BalanceRules
    pan: PanRules
    low_cut_hz: dict[PartRole, float]
    tone: dict[str, tuple[EqBand, ...]] = Field(default_factory=dict)
    compression: dict[PartRole, SqueezeRule] = Field(default_factory=dict)
    depth: DepthRules
    unmask: UnmaskRules = UnmaskRules()
    room: RoomPlan
    room_tempo: float = Field(gt=0, description="felt beats per minute the room's decay suits")
    room_why: str
    master: MasterRules


def read_style(name: str) -> MixStyle:
    """The mixing rules of a style.

    Raises:
        StyleError: there is no such style, or its ``mix.toml`` is wrong (file and key are named).
    """
    table = data.read(f"styles/{name}", "mix")
    try:
        return MixStyle.model_validate({"name": name, **table})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise StyleError(
            f"{key}: {first['msg'].lower()}",
            where=f"styles/{name}/mix.toml",
            hint="Compare it with the mix.toml of the ballad.",
        ) from error


def by_family_or_role(
    family: str, role: PartRole, families: dict[str, ValueT], roles: dict[PartRole, ValueT]
) -> ValueT | None:
    """The family's rule, else the role's, else None. A lead is a lead whatever it is played on."""
    if role is not PartRole.LEAD and family in families:
        return families[family]
    return roles.get(role)
