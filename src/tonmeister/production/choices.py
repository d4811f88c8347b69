"""What a decision may choose from where the possible values are names of data files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tonmeister import arranger, data, manager, producer
from tonmeister.instruments import catalogue, lookup
from tonmeister.model.player import Player
from tonmeister.model.sheets import ProductionSheet


@dataclass(frozen=True, slots=True)
class Choices:
    """Callable for `producer.parse_decisions`: the allowed texts at a path, () for any."""

    sheet: ProductionSheet

    def __call__(self, path: str) -> Sequence[str]:
        """The names that may stand at a canonical path, the empty one included where it may."""
        steps = path.split(".")
        if path == "song.style":
            return data.names("styles")
        if steps[0] == "players" and len(steps) == 3:
            return self._of_players(steps[1], steps[2])
        if steps[0] == "arrangement" and len(steps) == 4:
            return self._of_textures(steps[2], steps[3])
        return ()

    def _of_players(self, part: str, field: str) -> Sequence[str]:
        if field == "instrument":
            return tuple(catalogue())
        if field == "player":
            return data.names("players")
        return self._feels(part) if field == "feel" else ()

    def _feels(self, part: str) -> Sequence[str]:
        plan = (self.sheet.players or {}).get(part)
        own = _player(plan.player).feels if plan else {}
        return ("", *sorted({*data.read("", "feels"), *own}))

    def _of_textures(self, part: str, field: str) -> Sequence[str]:
        possible: dict[str, Callable[..., tuple[str, ...]]] = {
            "pattern": arranger.possible_patterns,
            "fill": arranger.possible_fills,
        }
        plan = (self.sheet.players or {}).get(part)
        if field not in possible or plan is None or self.sheet.song is None:
            return ()
        style = arranger.read_style(self.sheet.song.style)
        extra = (arranger.TUNE,) if field == "pattern" else ("",)
        return (*possible[field](style, lookup(plan.instrument)), *extra)


def _player(name: str) -> Player:
    return next(player for player in manager.players() if player.name == name)


def parse(texts: Sequence[str], sheet: ProductionSheet) -> tuple[tuple[str, object], ...]:
    """Decisions as typed, checked against the sheet and the data files.

    Raises:
        DecisionError: a path is unknown or a value impossible.
    """
    return producer.parse_decisions(texts, sheet=sheet, choices=Choices(sheet))
