"""A player's manner for one record: the player's file, the feel and the degree of humanizing."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from pydantic import RootModel

from tonmeister.data.checked import read_model
from tonmeister.errors import StyleError
from tonmeister.model.player import Feel, Player
from tonmeister.model.sheets import PlayerPlan


class Feels(RootModel[dict[str, Feel]]):
    """Feels by name: ``data/feels.toml``."""


@dataclass(frozen=True, slots=True)
class Manner:
    """What a performance needs of its player.

    Attributes:
        player: the tendencies, as in the file.
        offset_ms: behind (positive) or ahead of the band, with the feel.
        spread: factor on the recorded drummers' looseness, with the feel.
        swing: added to the share of the beat before the off-beat.
        human: 0 machine-tight .. 1 as played .. 2.
    """

    player: Player
    offset_ms: float
    spread: float
    swing: float
    human: float


def read_player(name: str) -> Player:
    """The player of that name.

    Raises:
        StyleError: there is none (the nearest are given), or the file is wrong.
    """
    return read_model("players", name, Player)


def manner_of(plan: PlayerPlan) -> Manner:
    """A player's manner with the feel asked for.

    Raises:
        StyleError: the player or the feel is unknown.
    """
    player = read_player(plan.player)
    feel = _feel(player, plan.feel) if plan.feel else Feel()
    return Manner(
        player,
        offset_ms=player.offset_ms + feel.offset_ms,
        spread=player.spread * feel.spread,
        swing=feel.swing,
        human=plan.humanize,
    )


def _feel(player: Player, name: str) -> Feel:
    own = player.feels.get(name)
    if own is not None:
        return own
    known = {**read_model("", "feels", Feels).root, **player.feels}
    if name not in known:
        near = get_close_matches(name, known, n=3) or sorted(known)
        raise StyleError(
            f"{player.name} knows no feel {name!r}",
            expected="one of " + ", ".join(near),
            hint="Feels are in feels.toml and in the player's own file.",
        )
    return known[name]
