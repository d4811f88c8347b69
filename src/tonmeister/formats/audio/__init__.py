"""Audio files: read what libsndfile reads; write WAV, FLAC and MP3, the same bytes every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tonmeister.doors import doors

if TYPE_CHECKING:
    from tonmeister.formats.audio.flac import write_flac
    from tonmeister.formats.audio.mp3 import write_mp3
    from tonmeister.formats.audio.reading import read
    from tonmeister.formats.audio.wav import write_wav

__all__ = ["read", "write_flac", "write_mp3", "write_wav"]

_HOMES = {"read": "reading", "write_flac": "flac", "write_mp3": "mp3", "write_wav": "wav"}

__getattr__ = doors(__name__, _HOMES)
