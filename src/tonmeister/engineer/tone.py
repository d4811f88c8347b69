"""Equalizers of the strips: low cuts, giving way to more important parts, the style's colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tonmeister.engineer.bands import MIDDLES_HZ, Floats64
from tonmeister.engineer.measures import TrackMeasure
from tonmeister.engineer.style import MixStyle
from tonmeister.engineer.tracks import TrackInfo
from tonmeister.model.score import PartRole
from tonmeister.model.sheets import EqBand

RANK = {
    PartRole.LEAD: 0,
    PartRole.BASS: 1,
    PartRole.DRUMS: 1,
    PartRole.BACKING: 2,
    PartRole.CHORDS: 3,
    PartRole.COUNTER: 3,
    PartRole.PAD: 4,
    PartRole.EFFECT: 5,
}
"""Who gives way to whom: the higher number gives way."""

_SINGING = {PartRole.LEAD, PartRole.BASS, PartRole.BACKING, PartRole.COUNTER}
"""Lines that must be followed; drums and chords get through by their attacks."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut that makes room for another track."""

    frequency_hz: float
    depth_db: float
    for_whom: str


def low_cut(track: TrackInfo, measure: TrackMeasure, style: MixStyle) -> EqBand | None:
    """A low cut below what the track really plays, at most at the style's frequency for its role.

    None where the style has none for this role, or the track's own lows leave no room for one.
    """
    highest = style.low_cut_hz.get(track.role)
    if highest is None or measure.silent:
        return None
    levels = np.array(measure.bands_db)
    # The lowest octave that matters is the first within 20 dB of the strongest one.
    lowest = MIDDLES_HZ[int(np.argmax(levels > levels.max() - 20.0))]
    frequency = min(highest, lowest * 0.7)
    return EqBand(kind="low-cut", frequency_hz=round(float(frequency))) if frequency >= 18 else None


def colour(track: TrackInfo, style: MixStyle) -> tuple[EqBand, ...]:
    """The style's bands for this family; a lead that is no voice gets its own family's."""
    return style.tone.get(track.family, ())


def unmask(
    tracks: Sequence[TrackInfo],
    bands_db: Mapping[str, Floats64],
    pans: Mapping[str, float],
    style: MixStyle,
) -> Mapping[str, tuple[Cut, ...]]:
    """Cuts that let the more important tracks through (after Hafezi and Reiss 2015).

    A track gives way in an octave that is among the four strongest of a more important line near it
    in the picture (and within 12 dB of its strongest), but not among its own three, and where it
    comes within 9 dB of it.

    Args:
        bands_db: spectra as the tracks stand in the mix, shape (10,) each.
        pans: where they stand.
    """
    cuts: dict[str, tuple[Cut, ...]] = {}
    for track in tracks:
        found = [
            cut
            for other in tracks
            if other.role in _SINGING
            and RANK[other.role] < RANK[track.role]
            and abs(pans[track.name] - pans[other.name]) < style.unmask.apart
            for cut in _conflicts(bands_db[track.name], other.name, bands_db[other.name], style)
        ]
        cuts[track.name] = _strongest(found, style.unmask.most_bands)
    return cuts


def _conflicts(mine: Floats64, other: str, theirs: Floats64, style: MixStyle) -> list[Cut]:
    # Loudness is what masks: judge between 125 Hz and 8 kHz, where cutting helps.
    usable = range(2, 9)
    essential = set(np.argsort(theirs[2:9])[-4:] + 2)
    own = set(np.argsort(mine[2:9])[-3:] + 2)
    return [
        Cut(float(MIDDLES_HZ[k]), depth, other)
        for k in usable
        if k in essential - own
        and theirs[k] > theirs.max() - 12
        and (depth := round(min(style.unmask.most_db, (mine[k] - theirs[k] + 9) / 2), 1)) >= 0.5
    ]


def _strongest(cuts: Sequence[Cut], count: int) -> tuple[Cut, ...]:
    deepest: dict[float, Cut] = {}
    for cut in sorted(cuts, key=lambda cut: (-cut.depth_db, cut.frequency_hz, cut.for_whom)):
        deepest.setdefault(cut.frequency_hz, cut)
    return tuple(list(deepest.values())[:count])
