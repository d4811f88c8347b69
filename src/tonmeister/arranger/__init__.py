"""Arranger: instruments, voices, rhythm and texture per section; writes out the parts.

Doors: `read_style`, `possible_patterns`, `possible_fills`, `propose_arrangement`, `arrange`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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

_ROOMS = {"arrange": "writing", "propose_arrangement": "propose"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS.get(name, 'style')}"), name)
