"""Audio files: read what libsndfile reads; write WAV, FLAC and MP3, the same bytes every time."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tonmeister.formats.audio.flac import write_flac
    from tonmeister.formats.audio.mp3 import write_mp3
    from tonmeister.formats.audio.reading import read
    from tonmeister.formats.audio.wav import write_wav

__all__ = ["read", "write_flac", "write_mp3", "write_wav"]

_HOMES = {"read": "reading", "write_flac": "flac", "write_mp3": "mp3", "write_wav": "wav"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
