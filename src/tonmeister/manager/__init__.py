"""Manager: people, casting, credits.

Doors: `cast`, `players`, `read_cast_rules`, `lead_compass`, `CastRules`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tonmeister.doors import doors

if TYPE_CHECKING:
    from tonmeister.manager.casting import cast
    from tonmeister.manager.rules import CastRules, players, read_cast_rules
    from tonmeister.manager.singers import Voice, lead_compass, voices

__all__ = [
    "CastRules",
    "Voice",
    "cast",
    "lead_compass",
    "players",
    "read_cast_rules",
    "voices",
]

_HOMES = {
    "CastRules": "rules",
    "Voice": "singers",
    "cast": "casting",
    "lead_compass": "singers",
    "players": "rules",
    "read_cast_rules": "rules",
    "voices": "singers",
}

__getattr__ = doors(__name__, _HOMES)
