"""Riding the master fader: quiet passages are lifted a little, as mastering engineers do by hand.

The ride is slow (seconds), part of the gain curve that all stems share, and never makes a passage
louder than one that was louder before by more than the lift saves: it halves the distance that a
passage lies below the record's own loudness, beyond a distance that is left alone.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from tonmeister.signal import loudness

Floats64: TypeAlias = npt.NDArray[np.float64]

LEFT_ALONE_LU = 3.0
"""Passages that lie less than this below the record's loudness are not touched."""

SHARE = 0.6
"""Share of what lies beyond it that is made up for."""

_WINDOW_S = 3.0
_SMOOTH_S = 4.0
_HEARD_S = 0.4
_MUSIC_LU = 24.0  # what lies further below is a pause or the end, not a passage


def ride_gains(energies: Floats64, most_db: float) -> Floats64:
    """Linear gain for each 10 ms hop, at least 1.

    Args:
        energies: K-weighted mean square of each hop, shape (n,), as `loudness.hops` gives it.
        most_db: the most that any passage is lifted, 0 or more.
    """
    whole = loudness.integrated(energies)
    if most_db <= 0 or whole <= loudness.SILENCE_LUFS or not energies.size:
        return np.ones_like(energies)
    passage = loudness.lufs(np.maximum(_passages(energies), 1e-12))
    lift = np.clip(SHARE * (whole - passage - LEFT_ALONE_LU), 0.0, most_db)
    heard = loudness.lufs(np.maximum(_smoothed(energies, _HEARD_S), 1e-12))
    lift = _bridged(lift, heard > whole - _MUSIC_LU)
    return np.asarray(10.0 ** (_smoothed(lift, _SMOOTH_S) / 20.0))


def _passages(energies: Floats64) -> Floats64:
    """The level of the passage around each hop: the loudest of the windows that hold it.

    So a window that reaches into a pause or over the end does not make its passage look quiet.
    """
    means = _smoothed(energies, _WINDOW_S)
    half = round(_WINDOW_S * loudness.HOPS_PER_S / 2)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(means, half), 2 * half + 1)
    return np.asarray(around.max(axis=1))


def _bridged(lift: Floats64, music: npt.NDArray[np.bool_]) -> Floats64:
    """The lift with pauses and the end filled from the music around them."""
    places = np.flatnonzero(music)
    if not places.size:
        return np.zeros_like(lift)
    return np.asarray(np.interp(np.arange(lift.size), places, lift[places]))


def _smoothed(values: Floats64, seconds: float) -> Floats64:
    """A centred moving average; the ends are held."""
    half = round(seconds * loudness.HOPS_PER_S / 2)
    padded = np.pad(values, half, mode="edge")
    total = np.concatenate([[0.0], np.cumsum(padded)])
    return np.asarray((total[2 * half + 1 :] - total[: -2 * half - 1]) / (2 * half + 1))
