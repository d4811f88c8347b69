"""Manager: people, casting, credits.

Doors: `cast`, `players`, `read_cast_rules`, `lead_compass`, `CastRules`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def __getattr__(name: str) -> Any:
    """Doors are opened when first used, so that the room costs nothing to look into."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
