"""Production: the wiring of the roles; the only orchestrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tonmeister.doors import doors

if TYPE_CHECKING:
    from tonmeister.production.api import Delivered, Production
    from tonmeister.production.events import STAGES, Event
    from tonmeister.production.finishing import Produced

__all__ = ["STAGES", "Delivered", "Event", "Produced", "Production"]

__getattr__ = doors(
    __name__,
    {
        "Delivered": "api",
        "Event": "events",
        "Produced": "finishing",
        "Production": "api",
        "STAGES": "events",
    },
)
