"""Production: the wiring of the roles; the only orchestrator."""

from __future__ import annotations

from tonmeister.production.api import Delivered, Produced, Production
from tonmeister.production.events import STAGES, Event

__all__ = ["STAGES", "Delivered", "Event", "Produced", "Production"]
