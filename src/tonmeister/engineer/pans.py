"""Places in the stereo picture: opposed pairs around a centre of lows and lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tonmeister.engineer.measures import TrackMeasure
from tonmeister.engineer.style import MixStyle
from tonmeister.engineer.tracks import TrackInfo
from tonmeister.model.score import PartRole


def in_centre(track: TrackInfo, style: MixStyle) -> bool:
    """Whether the style keeps this track in the middle."""
    return {str(track.role), track.family} & set(style.pan.centre) != set()


def places(
    tracks: Sequence[TrackInfo], measures: Mapping[str, TrackMeasure], style: MixStyle
) -> Mapping[str, tuple[float, str]]:
    """Pan of each track and the name of the track it is set against ("" for none).

    The two tracks of the band whose spectra are most alike are put on opposite sides, then the next
    two, and so on (panning apart unmasks better than cutting: Wakefield and Dewey 2015); a last
    single one goes to the side that is lighter so far.
    """
    placed = {track.name: (0.0, "") for track in tracks}
    rest = [track for track in tracks if not in_centre(track, style)]
    side = -1.0
    while len(rest) > 1:
        first, second = _most_alike(rest, measures)
        for track, other, sign in ((first, second, side), (second, first, -side)):
            placed[track.name] = (round(sign * _distance(track, style), 2), other.name)
            rest.remove(track)
        side = -side
    if rest:
        side = -1.0 if sum(pan for pan, _ in placed.values()) > 0 else 1.0
        placed[rest[0].name] = (round(side * _distance(rest[0], style), 2), "")
    return placed


def width_of(track: TrackInfo, pan: float, style: MixStyle) -> float:
    """Stereo width of a track: the style's for its family, the bass always narrow."""
    width = style.pan.width.get(track.family, 1.0)
    if track.role is PartRole.BASS:
        width = style.pan.width.get("bass", 0.0)
    return round(width if pan == 0 else min(width, 1.0), 2)


def _distance(track: TrackInfo, style: MixStyle) -> float:
    return style.pan.role.get(track.role, 0.3)


def _most_alike(
    tracks: Sequence[TrackInfo], measures: Mapping[str, TrackMeasure]
) -> tuple[TrackInfo, TrackInfo]:
    pairs = [
        (likeness(measures[a.name], measures[b.name]), -i, -j, a, b)
        for i, a in enumerate(tracks)
        for j, b in enumerate(tracks)
        if i < j
    ]
    return max(pairs, key=lambda pair: pair[:3])[3:]


def likeness(one: TrackMeasure, other: TrackMeasure) -> float:
    """Overlap of two spectra, each of unit energy: 0 apart .. 1 the same."""
    a, b = (10 ** (np.array(m.bands_db) / 10) for m in (one, other))
    return float(np.sum(np.sqrt(a / a.sum() * b / b.sum())))
