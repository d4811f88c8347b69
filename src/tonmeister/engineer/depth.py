"""Near and far: reverb sends by layer, the whole reverb as loud as the style wants."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from tonmeister.engineer.style import MixStyle, by_family_or_role
from tonmeister.engineer.tracks import TrackInfo

NO_SEND_DB = -100.0

_WET_LU = -0.7
"""A send at 0 dB comes back about this much softer: the room's filters take lows and highs."""


def sends_db(
    tracks: Sequence[TrackInfo], lufs: Mapping[str, float], style: MixStyle
) -> Mapping[str, float]:
    """Post-fader sends.

    Args:
        lufs: each track's loudness in the mix.
    """
    rules = style.depth
    raw = {
        track.name: by_family_or_role(track.family, track.role, rules.family, rules.role)
        for track in tracks
    }
    sent = [lufs[name] + send for name, send in raw.items() if send is not None]
    if not sent:
        return dict.fromkeys(raw, NO_SEND_DB)
    wet = 10 * math.log10(sum(10 ** (level / 10) for level in sent)) + _WET_LU
    dry = 10 * math.log10(sum(10 ** (level / 10) for level in lufs.values()))
    shift = max(-10.0, min(10.0, rules.share_lu - (wet - dry)))
    return {
        name: NO_SEND_DB if send is None else round(min(12.0, send + shift), 1)
        for name, send in raw.items()
    }


def layer(send_db: float) -> str:
    """Where a send puts a track, in words."""
    if send_db < -16:
        return "close to the listener"
    return "a few steps back" if send_db < -9 else "at the back"
