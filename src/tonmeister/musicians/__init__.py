"""Musicians (and singers): timed, shaped performances of written parts.

Doors: `read_style`, `propose_performance`, `perform`, `PerformingStyle`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tonmeister.doors import doors

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

__getattr__ = doors(__name__, _HOMES)
