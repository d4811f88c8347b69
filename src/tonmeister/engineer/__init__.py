"""The engineer: tracks to a balanced mix, a master, stems; measures, proposes, listens back.

The doors are looked up when they are first used, so that importing the room costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tonmeister.engineer.bands import expected_bands_db, octave_bands, target_bands
    from tonmeister.engineer.listening import ReviewNote, listen
    from tonmeister.engineer.mastering import Mastered, master
    from tonmeister.engineer.measures import TrackMeasure, measure_track
    from tonmeister.engineer.mixing import mix
    from tonmeister.engineer.plans import Target, propose_master, propose_room, read_target
    from tonmeister.engineer.proposals import propose_mix
    from tonmeister.engineer.stemming import stems
    from tonmeister.engineer.style import MixStyle, read_style
    from tonmeister.engineer.tracks import Track, TrackInfo

__all__ = [
    "Mastered",
    "MixStyle",
    "ReviewNote",
    "Target",
    "Track",
    "TrackInfo",
    "TrackMeasure",
    "expected_bands_db",
    "listen",
    "master",
    "measure_track",
    "mix",
    "octave_bands",
    "propose_master",
    "propose_mix",
    "propose_room",
    "read_style",
    "read_target",
    "stems",
    "target_bands",
]

_HOMES = {
    "bands": ("expected_bands_db", "octave_bands", "target_bands"),
    "listening": ("ReviewNote", "listen"),
    "mastering": ("Mastered", "master"),
    "measures": ("TrackMeasure", "measure_track"),
    "mixing": ("mix",),
    "plans": ("Target", "propose_master", "propose_room", "read_target"),
    "proposals": ("propose_mix",),
    "stemming": ("stems",),
    "style": ("MixStyle", "read_style"),
    "tracks": ("Track", "TrackInfo"),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            value = getattr(import_module(f"{__name__}.{module}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
