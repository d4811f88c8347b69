"""Places in the stereo picture: opposed pairs around a centre of lows and lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tonmeister.engineer.measures import TrackMeasure
from tonmeister.engineer.style import MixStyle
from tonmeister.engineer.tracks import TrackInfo
from tonmeister.model.score import PartRole

_WIDE = 0.25
"""From this distance on, a track wants a partner on the other side."""


def in_centre(track: TrackInfo, style: MixStyle) -> bool:
    """Whether the style keeps this track in the middle."""
    return {str(track.role), track.family} & set(style.pan.centre) != set()


def places(
    tracks: Sequence[TrackInfo], measures: Mapping[str, TrackMeasure], style: MixStyle
) -> Mapping[str, tuple[float, str]]:
    """Pan of each track and the name of the track it is set against ("" for none).

    The two tracks of the band that are most alike are put on opposite sides, then the next two, and
    so on (panning apart unmasks better than cutting: Wakefield and Dewey 2015). A last single one,
    and what stands but a little off the middle, goes to the side that is lighter so far.
    """
    placed = {track.name: (0.0, "") for track in tracks}
    aside = [track for track in tracks if not in_centre(track, style)]
    rest = [track for track in aside if _distance(track, style) >= _WIDE]
    single = [track for track in aside if track not in rest]
    side = -1.0
    while len(rest) > 1:
        first, second = _most_alike(rest, measures)
        for track, other, sign in ((first, second, side), (second, first, -side)):
            placed[track.name] = (round(sign * _distance(track, style), 2), other.name)
            rest.remove(track)
        side = -side
    for track in (*rest, *single):
        side = -1.0 if sum(pan for pan, _ in placed.values()) > 0 else 1.0
        placed[track.name] = (round(side * _distance(track, style), 2), "")
    return placed


def width_of(track: TrackInfo, pan: float, style: MixStyle) -> float:
    """Stereo width of a track: the style's for its family, the bass always narrow."""
    width = style.pan.width.get(track.family, 1.0)
    if track.role is PartRole.BASS:
        width = style.pan.width.get("bass", 0.0)
    return round(width if pan == 0 else min(width, 1.0), 2)


def loudness_change_db(measure: TrackMeasure, pan: float, width: float) -> float:
    """What place and width take away: the side signal is narrowed, see `signal.panning`."""
    kept = (width * (1 - abs(pan))) ** 2
    return float(10 * np.log10((1 + measure.width * kept) / (1 + measure.width)))


def _distance(track: TrackInfo, style: MixStyle) -> float:
    return style.pan.role.get(track.role, 0.3)


def _most_alike(
    tracks: Sequence[TrackInfo], measures: Mapping[str, TrackMeasure]
) -> tuple[TrackInfo, TrackInfo]:
    pairs = [
        (likeness(measures[a.name], measures[b.name]) + (a.role is b.role) * 0.3, -i, -j, a, b)
        for i, a in enumerate(tracks)
        for j, b in enumerate(tracks)
        if i < j
    ]
    return max(pairs, key=lambda pair: pair[:3])[3:]


def likeness(one: TrackMeasure, other: TrackMeasure) -> float:
    """Overlap of two spectra, each of unit energy: 0 apart .. 1 the same."""
    a, b = (10 ** (np.array(m.bands_db) / 10) for m in (one, other))
    return float(np.sum(np.sqrt(a / a.sum() * b / b.sum())))
