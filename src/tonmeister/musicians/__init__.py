"""Musicians (and singers): timed, shaped performances of written parts.

Doors: `read_style`, `propose_performance`, `perform`, `PerformingStyle`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tonmeister.musicians.playing import perform
    from tonmeister.musicians.proposal import propose_performance
    from tonmeister.musicians.style import PerformingStyle, read_style

__all__ = ["PerformingStyle", "perform", "propose_performance", "read_style"]

_HOMES = {
    "PerformingStyle": "style",
    "perform": "playing",
    "propose_performance": "proposal",
    "read_style": "style",
}


def __getattr__(name: str) -> Any:
    """Doors are opened when first used, so that the room costs nothing to look into."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
