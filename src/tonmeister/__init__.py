"""Tonmeister: a record producer in Python.

from tonmeister import Production

song = Production.create("my-song", sentence="a slow soul ballad in D minor, 72 bpm")
song.produce()
song.decide({"tempo": "84"}, why="it drags")
song.produce()
song.deliver("out")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tonmeister.production import Production

__version__ = "0.1.0"
__all__ = ["Production", "__version__"]


def __getattr__(name: str) -> Any:
    """Import the production room when it is first asked for: the command line starts faster."""
    if name == "Production":
        from tonmeister.production import Production

        return Production
    raise AttributeError(f"module 'tonmeister' has no attribute {name!r}")
