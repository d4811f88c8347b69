"""Loudness after ITU-R BS.1770-5, EBU Tech 3341 (momentary, short-term) and 3342 (range).

Energies are taken in hops of 10 ms, which the short windows slide by; the gated blocks of the
integrated loudness slide by 100 ms, as the standard says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from tonmeister.signal._jit import kernel, plain
from tonmeister.signal.buffer import AudioBuffer, Samples32
from tonmeister.signal.control import Gains32
from tonmeister.signal.truepeak import true_peak_dbtp

Floats64: TypeAlias = npt.NDArray[np.float64]

SILENCE_LUFS = -120.0
"""Stands for silence wherever a loudness must be finite."""

HOPS_PER_S = 100


@dataclass(frozen=True, slots=True)
class Loudness:
    """A loudness measurement; `SILENCE_LUFS` where nothing is above the gate at -70 LUFS."""

    integrated_lufs: float
    range_lu: float
    true_peak_dbtp: float
    max_momentary_lufs: float
    max_short_term_lufs: float


@dataclass(frozen=True, slots=True)
class LoudnessCurves:
    """Loudness along time, a value per 100 ms, each window ending at its time.

    Attributes:
        seconds: where the windows end, shape (n,).
        momentary_lufs: 400 ms windows, shape (n,).
        short_term_lufs: 3 s windows, shape (n,).
    """

    seconds: Floats64
    momentary_lufs: Floats64
    short_term_lufs: Floats64
    step_s: float = 0.1


@cache
def k_weighting(rate_hz: int) -> Floats64:
    """The two sections of the K filter at any rate, float64 (2, 5): b0 b1 b2 a1 a2.

    The analogue prototypes behind the standard's 48 kHz table (as in libebur128).
    """
    k = math.tan(math.pi * 1681.974450955533 / rate_hz)
    q = 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    middle = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    shelf = (
        (high + middle * k / q + k * k) / a0,
        2 * (k * k - high) / a0,
        (high - middle * k / q + k * k) / a0,
        2 * (k * k - 1) / a0,
        (1 - k / q + k * k) / a0,
    )
    k = math.tan(math.pi * 38.13547087602444 / rate_hz)
    q = 0.5003270373238773
    a0 = 1 + k / q + k * k
    cut = (1.0, -2.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0)
    return np.array([shelf, cut])


@kernel
def _hops(left: Gains32, right: Gains32, filters: Floats64, hop: int, out: Floats64) -> None:
    # out[n] = K-weighted energy of left, of right, plain energy of both, peak of both
    p0, p1, p2, p3, p4 = filters[0, 0], filters[0, 1], filters[0, 2], filters[0, 3], filters[0, 4]
    r3, r4 = filters[1, 3], filters[1, 4]
    state = np.zeros((2, 6))
    for n in range(out.shape[0]):
        for channel in range(2):
            x = left if channel == 0 else right
            x1, x2, y1, y2 = (
                state[channel, 0],
                state[channel, 1],
                state[channel, 2],
                state[channel, 3],
            )
            z1, z2 = state[channel, 4], state[channel, 5]
            energy = 0.0
            flat = 0.0
            peak = 0.0
            for i in range(n * hop, min(x.shape[0], (n + 1) * hop)):
                v = float(x[i])
                y = (p0 * v + p1 * x1 + p2 * x2 - p4 * y2) - p3 * y1
                z = (y - 2.0 * y1 + y2 - r4 * z2) - r3 * z1
                x2, x1, y2, y1, z2, z1 = x1, v, y1, y, z1, z
                energy += z * z
                flat += v * v
                peak = max(peak, abs(v))
            if max(abs(y1), abs(z1), abs(z2), abs(x1)) < 1e-13:
                x1, x2, y1, y2, z1, z2 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            state[channel, 0], state[channel, 1], state[channel, 2] = x1, x2, y1
            state[channel, 3], state[channel, 4], state[channel, 5] = y2, z1, z2
            out[n, channel] = energy
            out[n, 2] += flat
            out[n, 3] = max(out[n, 3], peak)


def hops(samples: Samples32, rate_hz: int) -> Floats64:
    """Energies in hops of 10 ms, the last one filled up with silence.

    Returns:
        float64 (n, 3): K-weighted mean square (sum of the channels), plain mean square (mean of the
        channels), peak.
    """
    x = plain(samples)
    hop = round(rate_hz / HOPS_PER_S)
    count = -(-x.shape[1] // hop)
    raw = np.zeros((count, 4))
    _hops(x[0], x[-1], k_weighting(rate_hz), hop, raw)
    channels = x.shape[0]
    weighted = raw[:, 0] + raw[:, 1] if channels == 2 else raw[:, 0]
    return np.stack([weighted / hop, raw[:, 2] / (2 * hop), raw[:, 3]], axis=1)


def lufs(mean_square: Floats64 | float) -> Floats64:
    """Loudness of K-weighted mean squares summed over the channels (BS.1770-5 eq. 2)."""
    floor = 10 ** ((SILENCE_LUFS + 0.691) / 10)
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(mean_square, floor)))


def windows(energies: Floats64, length: int, step: int = 1) -> Floats64:
    """Means over `length` hops, sliding by `step`; shape ((n - length) // step + 1,) or (0,)."""
    if energies.size < length:
        return np.zeros(0)
    total = np.concatenate([[0.0], np.cumsum(energies)])
    sums: Floats64 = total[length:] - total[:-length]
    return np.asarray(np.maximum(sums[::step] / length, 0.0))


def integrated(energies: Floats64) -> float:
    """Integrated loudness of K-weighted energies per 10 ms hop, doubly gated, in LUFS.

    Less than 400 ms are measured as one block, so that a short sound has a loudness as well.
    """
    blocks = windows(energies, 40, 10)
    if not blocks.size and energies.size:
        blocks = np.array([energies.mean()])
    levels = lufs(blocks)
    loud = blocks[levels > -70.0]
    if not loud.size:
        return SILENCE_LUFS
    gate = max(-70.0, float(lufs(float(loud.mean()))) - 10.0)
    return float(lufs(float(blocks[levels > gate].mean())))


def loudness_range(energies: Floats64) -> float:
    """Loudness range in LU (EBU Tech 3342): 10th to 95th percentile of the gated 3 s windows."""
    levels = lufs(windows(energies, 300, 10))
    loud = levels[levels > -70.0]
    if not loud.size:
        return 0.0
    gate = float(lufs(float(np.mean(10 ** ((loud + 0.691) / 10))))) - 20.0
    low, high = np.percentile(loud[loud > gate], [10, 95])
    return float(high - low)


def measure(buffer: AudioBuffer) -> Loudness:
    """All loudness figures of a buffer; a mono buffer counts as one channel."""
    energies = hops(buffer.samples, buffer.rate_hz)[:, 0]
    return Loudness(
        integrated_lufs=integrated(energies),
        range_lu=loudness_range(energies),
        true_peak_dbtp=true_peak_dbtp(buffer),
        max_momentary_lufs=_highest(energies, 40),
        max_short_term_lufs=_highest(energies, 300),
    )


def _highest(energies: Floats64, length: int) -> float:
    # A buffer shorter than the window is measured as if silence followed it.
    blocks = windows(energies, length)
    if not blocks.size:
        blocks = np.array([energies.sum() / length])
    return float(lufs(blocks.max()))


def curves(buffer: AudioBuffer) -> LoudnessCurves:
    """Momentary and short-term loudness every 100 ms, for plots; windows reach back in time."""
    energies = hops(buffer.samples, buffer.rate_hz)[:, 0]
    ends = np.arange(10, energies.size + 1, 10)
    total = np.concatenate([[0.0], np.cumsum(energies)])

    def back(length: int) -> Floats64:
        return lufs((total[ends] - total[np.maximum(ends - length, 0)]) / length)

    return LoudnessCurves(ends / HOPS_PER_S, back(40), back(300))
