"""Compressor: feed-forward, soft knee, stereo-linked, smoothed in decibels.

After D. Giannoulis, M. Massberg and J. Reiss, "Digital Dynamic Range Compressor Design", JAES
60(6), 2012: gain computer eq. 4, smooth decoupled peak detector eq. 17, on the reduction in dB.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from tonmeister.model.sheets import CompressorPlan
from tonmeister.signal._jit import kernel, stereo
from tonmeister.signal.buffer import AudioBuffer, Samples32
from tonmeister.signal.control import CONTROL_FRAMES, Gains32, control_points, shape_stereo

_FLOOR_DB = -120.0


def reduction_db(level_db: float, plan: CompressorPlan) -> float:
    """The static curve: reduction in dB (0 or more) of a steady peak level, without make-up."""
    return float(_static(level_db, plan.threshold_db, 1 - 1 / plan.ratio, max(plan.knee_db, 1e-6)))


@kernel
def _static(level: float, threshold: float, slope: float, knee: float) -> float:
    over = level - threshold
    if over <= -knee / 2:
        return 0.0
    if over < knee / 2:
        return slope * (over + knee / 2) ** 2 / (2 * knee)
    return slope * over


@kernel
def _gains(levels: Gains32, settings: npt.NDArray[np.float64], out: Gains32) -> None:
    threshold, slope, knee = settings[0], settings[1], settings[2]
    attack, release, makeup = settings[3], settings[4], settings[5]
    held = 0.0
    smooth = 0.0
    unity = 10.0 ** (makeup / 20.0)
    for point in range(levels.shape[0]):
        level = levels[point]
        wanted = 0.0
        if level > 1e-6:
            wanted = _static(20.0 * math.log10(level), threshold, slope, knee)
        held = max(wanted, release * held)
        smooth = held + attack * (smooth - held)
        if smooth < 1e-5:
            # A hundred-thousandth of a dB is nothing: this also keeps denormals away.
            smooth = 0.0
            held = 0.0 if held < 1e-5 else held
            out[point] = unity
        else:
            out[point] = 10.0 ** ((makeup - smooth) / 20.0)


def compressor_gains(levels: Gains32, plan: CompressorPlan, rate_hz: int) -> Gains32:
    """The gain curve of a compressor.

    Args:
        levels: peak per control block, linear, float32 (points,), of the signal or a side chain.
        plan: threshold in dBFS of the peak; attack and release are times to 63 % of a step in dB.
        rate_hz: frames per second of the audio.

    Returns:
        float32 (points,), linear, make-up included.
    """
    per_ms = rate_hz / (1000 * CONTROL_FRAMES)
    settings = np.array(
        [
            plan.threshold_db,
            1 - 1 / plan.ratio,
            max(plan.knee_db, 1e-6),
            math.exp(-1 / (plan.attack_ms * per_ms)),
            math.exp(-1 / (plan.release_ms * per_ms)),
            plan.makeup_db,
        ]
    )
    out = np.empty(levels.shape, np.float32)
    _gains(levels, settings, out)
    return out


@kernel
def _levels(x: Samples32, out: Gains32) -> None:
    for point in range(out.shape[0]):
        first = point * CONTROL_FRAMES
        peak = np.float32(0.0)
        for i in range(first, min(x.shape[1], first + CONTROL_FRAMES)):
            peak = max(peak, abs(x[0, i]), abs(x[1, i]))
        out[point] = peak


def peak_levels(samples: Samples32) -> Gains32:
    """Peak per control block of both channels, float32 (control_points(frames),)."""
    both = stereo(samples)
    out = np.zeros(control_points(both.shape[1]), np.float32)
    _levels(both, out)
    return out


def compress(
    buffer: AudioBuffer, plan: CompressorPlan, *, sidechain: AudioBuffer | None = None
) -> AudioBuffer:
    """The buffer compressed, driven by itself or by a side chain of the same length and rate.

    Raises:
        ValueError: the side chain's length or rate differs.
    """
    key = sidechain or buffer
    if (key.frames, key.rate_hz) != (buffer.frames, buffer.rate_hz):
        raise ValueError("a side chain has the length and rate of what it drives")
    gains = compressor_gains(peak_levels(key.samples), plan, buffer.rate_hz)
    out = np.array(stereo(buffer.samples))
    shape_stereo(out, gains, np.eye(2))
    return AudioBuffer(out[: buffer.channels], buffer.rate_hz)
