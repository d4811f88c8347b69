"""Gain staging and balance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from tonmeister.engineer.measures import TrackMeasure
from tonmeister.engineer.style import MixStyle, by_family_or_role
from tonmeister.engineer.tracks import TrackInfo
from tonmeister.model.score import PartRole


def staging_gain_db(measure: TrackMeasure, style: MixStyle) -> float:
    """Input gain that brings a track to the reference loudness; 0 for a silent one."""
    if measure.silent:
        return 0.0
    return round(min(60.0, max(-60.0, style.balance.staging_lufs - measure.loudness_lufs)), 1)


def balance_lufs(tracks: Sequence[TrackInfo], style: MixStyle) -> Mapping[str, float]:
    """The loudness each track is to have in the mix, in LUFS.

    The rules' levels hold between the tracks of the band; then the band as a whole is set against
    the lead, and everything to the mix's loudness (energies add).
    """
    rules = style.balance
    relative = {
        track.name: by_family_or_role(track.family, track.role, rules.family, rules.role) or 0.0
        for track in tracks
    }
    leads = [track.name for track in tracks if track.role is PartRole.LEAD]
    band = [track.name for track in tracks if track.role is not PartRole.LEAD]
    if leads and band:
        over = _sum_db(relative[name] for name in leads) - _sum_db(relative[name] for name in band)
        shift = max(-8.0, min(8.0, over - rules.lead_over_band_db))
        relative |= {name: relative[name] + shift for name in band}
    offset = rules.mix_lufs - _sum_db(relative.values())
    return {name: level + offset for name, level in relative.items()}


def _sum_db(levels: Iterable[float]) -> float:
    return 10 * math.log10(sum(10 ** (level / 10) for level in levels))
