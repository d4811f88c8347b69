"""The draft: the production sheet as it fills, role by role, with every value's reason."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tonmeister.model.reason import Decision, Reason
from tonmeister.model.sheets import ProductionSheet
from tonmeister.producer import cascade, effective
from tonmeister.production.recipes.papers import canonical, plain_reasons, read_reasons


@dataclass
class Draft:
    """What has been proposed and decided so far.

    Attributes:
        proposed: the same branches before decisions were laid over them.
        dormant: decisions that fit nothing at present (their section is gone, say), and why.
    """

    decisions: tuple[Decision, ...] = ()
    sheet: ProductionSheet = field(default_factory=ProductionSheet)
    proposed: ProductionSheet = field(default_factory=ProductionSheet)
    reasons: dict[str, Reason] = field(default_factory=dict)
    dormant: list[tuple[Decision, str]] = field(default_factory=list)

    @property
    def kinds(self) -> dict[str, str]:
        """The kind of each section, by id."""
        return {name: plan.kind for name, plan in (self.sheet.form or {}).items()}

    def settle(self, root: str, proposal: Any, reasons: dict[str, Reason]) -> None:
        """Take a role's proposal for a branch and lay the decisions over it."""
        self.proposed = self.proposed.model_copy(update={root: proposal})
        self.reasons.update(reasons)
        decided = cascade(
            root,
            proposal,
            self.decisions,
            kinds=self.kinds,
            dormant=lambda decision, why: self.dormant.append((decision, why)),
        )
        self.sheet = self.sheet.model_copy(update={root: decided})

    def is_decided(self, path: str) -> bool:
        """Whether a decision stands at exactly this path."""
        return any(decision.path == path for decision in effective(self.decisions))

    def dump(self) -> bytes:
        """The state that `sheet` and `why` show without making anything."""
        return canonical(
            {
                "schema": "Draft.1",
                "sheet": self.sheet.model_dump(mode="json", exclude_none=True),
                "reasons": plain_reasons(self.reasons),
                "dormant": [decision.path for decision, _ in self.dormant],
            }
        )


def load_state(data: bytes) -> tuple[ProductionSheet, dict[str, Reason]]:
    """The sheet and the reasons that `Draft.dump` wrote."""
    state = json.loads(data)
    return ProductionSheet.model_validate(state["sheet"]), read_reasons(state["reasons"])
