"""The rooms' doors: public names that are imported when they are first asked for.

A room's ``__init__`` so costs nothing to look into, and the command line starts fast.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def doors(room: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a room.

    Args:
        room: the package's ``__name__``.
        homes: module within the room, by public name.

    Returns:
        A function that opens a door once and leaves it open.
    """

    def open_door(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        value = getattr(import_module(f"{room}.{homes[name]}"), name)
        setattr(sys.modules[room], name, value)
        return value

    return open_door
