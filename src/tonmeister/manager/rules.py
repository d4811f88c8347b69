"""What the casting goes by: the players, and who and what a style usually calls for."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tonmeister import data
from tonmeister.data.checked import read_model
from tonmeister.model.player import Player


class _CastFile(BaseModel):
    """``data/cast.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    instruments: dict[str, str]


class CastRules(BaseModel):
    """The manager's tables of a style's ``performance.toml``; the rest is the musicians'.

    Attributes:
        cast: instrument by part, over the general table of ``cast.toml``.
        players: player by part or instrument family.
        feels: feel by part or instrument family.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    cast: dict[str, str] = Field(default_factory=dict)
    players: dict[str, str] = Field(default_factory=dict)
    feels: dict[str, str] = Field(default_factory=dict)


def read_cast_rules(style_name: str) -> CastRules:
    """The casting of a style, the general table filled in.

    Raises:
        StyleError: there is no such style, or a file is wrong (file and key named).
    """
    general = read_model("", "cast", _CastFile)
    own = read_model(f"styles/{style_name}", "performance", CastRules)
    return own.model_copy(update={"cast": {**general.instruments, **own.cast}})


def players() -> tuple[Player, ...]:
    """All players, ours and the user's, by name; StyleError if a file is wrong."""
    return tuple(read_model("players", name, Player) for name in data.names("players"))
