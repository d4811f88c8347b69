"""Taking turns: nobody who was asked for sits through the whole song."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tonmeister.arranger.style import WAIT
from tonmeister.model.sheets import PartName, TexturePlan

Choice = tuple[TexturePlan, str]


@dataclass(frozen=True, slots=True)
class Turns:
    """Gives idle players somebody's place in a section, or lets them double somebody.

    Attributes:
        players: all but the lead, the anchor among them.
        anchor: who plays everywhere and gives no place away.
        order: section indices, the fullest first; where a player would most be heard.
        pattern: the pattern a player would take in a section if it had the choice, or None.
        job: the job of a pattern; two players of one job do the same work.
    """

    players: Sequence[PartName]
    anchor: PartName | None
    order: Sequence[int]
    pattern: Callable[[PartName, int], str | None]
    job: Callable[[str], str]

    def take(self, chosen: Sequence[dict[PartName, Choice]]) -> None:
        """Let every idle player in; changes the sections' choices."""
        for name in self.players:
            if not self._sections_of(name, chosen):
                self._let_in(name, chosen)

    def _let_in(self, name: PartName, chosen: Sequence[dict[PartName, Choice]]) -> None:
        possible = [(index, found) for index in self.order if (found := self.pattern(name, index))]
        for index, pattern in possible:
            holders = self._holders(index, pattern, name, chosen)
            if any(
                other == self.anchor or len(self._sections_of(other, chosen)) < 2
                for other in holders
            ):
                continue
            self._seat(name, index, pattern, chosen, "takes its turn")
            for other in holders:
                rest = TexturePlan(on=False, pattern=WAIT)
                chosen[index][other] = rest, f"hands its place to the {name} here"
            return
        for index, pattern in possible[:1]:
            self._seat(name, index, pattern, chosen, "doubles what is there")

    def _holders(
        self,
        index: int,
        pattern: str,
        name: PartName,
        chosen: Sequence[Mapping[PartName, Choice]],
    ) -> list[PartName]:
        """Who does this work in the section already."""
        job = self.job(pattern)
        plans = {other: chosen[index][other][0] for other in self.players if other != name}
        return [n for n, plan in plans.items() if _plays(plan) and self.job(plan.pattern) == job]

    def _seat(
        self,
        name: PartName,
        index: int,
        pattern: str,
        chosen: Sequence[dict[PartName, Choice]],
        why: str,
    ) -> None:
        intensity = max(plan.intensity for plan, _ in chosen[index].values())
        plan = TexturePlan(pattern=pattern, intensity=intensity)
        chosen[index][name] = plan, f"{why}: nobody who was asked for sits the song out"

    def _sections_of(
        self, name: PartName, chosen: Sequence[Mapping[PartName, Choice]]
    ) -> list[int]:
        return [index for index, plans in enumerate(chosen) if _plays(plans[name][0])]


def _plays(plan: TexturePlan) -> bool:
    return plan.on and plan.pattern != WAIT
