"""Arranger: instruments, voices, rhythm and texture per section; writes out the parts.

Doors: `read_style`, `possible_patterns`, `possible_fills`, `propose_arrangement`, `arrange`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tonmeister.doors import doors

if TYPE_CHECKING:
    from tonmeister.arranger.propose import propose_arrangement
    from tonmeister.arranger.style import (
        TUNE,
        WAIT,
        ArrangingStyle,
        possible_fills,
        possible_patterns,
        read_style,
    )
    from tonmeister.arranger.writing import arrange

__all__ = [
    "TUNE",
    "WAIT",
    "ArrangingStyle",
    "arrange",
    "possible_fills",
    "possible_patterns",
    "propose_arrangement",
    "read_style",
]

_HOMES = {
    **dict.fromkeys(__all__, "style"),
    "arrange": "writing",
    "propose_arrangement": "propose",
}

__getattr__ = doors(__name__, _HOMES)
