"""The engineer: tracks to a balanced mix, a master, stems; measures, proposes, listens back.

The doors are looked up when they are first used, so that importing the room costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tonmeister.doors import doors

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
    "expected_bands_db": "bands",
    "listen": "listening",
    "master": "mastering",
    "Mastered": "mastering",
    "measure_track": "measures",
    "mix": "mixing",
    "MixStyle": "style",
    "octave_bands": "bands",
    "propose_master": "plans",
    "propose_mix": "proposals",
    "propose_room": "plans",
    "read_style": "style",
    "read_target": "plans",
    "ReviewNote": "listening",
    "stems": "stemming",
    "Target": "plans",
    "target_bands": "bands",
    "Track": "tracks",
    "TrackInfo": "tracks",
    "TrackMeasure": "measures",
}

__getattr__ = doors(__name__, _HOMES)
