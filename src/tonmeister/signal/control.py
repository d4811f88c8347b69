"""Gain curves: gains at a control rate, ramped linearly over the frames between.

A compressor or limiter decides once per `CONTROL_FRAMES` frames (0.33 ms at 48 kHz) from the peak
of these frames; the gain then moves in a straight line over them, so it arrives with the peak
itself and never steps.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tonmeister.signal._jit import kernel, plain
from tonmeister.signal.buffer import Samples32

CONTROL_FRAMES = 16
"""Frames per control point."""

Gains32 = npt.NDArray[np.float32]
"""float32, shape (control_points(frames),): linear gain at the end of each control block."""


def control_points(frames: int) -> int:
    """Number of control blocks that cover `frames`."""
    return -(-frames // CONTROL_FRAMES)


@kernel
def _expand(gains: Gains32, out: Gains32) -> None:
    before = gains[0] if gains.shape[0] else np.float32(1.0)
    for point in range(gains.shape[0]):
        first = point * CONTROL_FRAMES
        step = (gains[point] - before) / np.float32(CONTROL_FRAMES)
        for i in range(min(CONTROL_FRAMES, out.shape[0] - first)):
            out[first + i] = before + step * np.float32(i + 1)
        before = gains[point]


def expand(gains: Gains32, frames: int) -> Gains32:
    """The gain of every frame, float32, shape (frames,)."""
    out = np.empty(frames, np.float32)
    _expand(gains, out)
    return out


@kernel
def _shape_stereo(x: Samples32, gains: Gains32, matrix: npt.NDArray[np.float64]) -> None:
    ll, lr, rl, rr = matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[1, 1]
    frames = x.shape[1]
    before = float(gains[0]) if gains.shape[0] else 1.0
    for point in range(gains.shape[0]):
        first = point * CONTROL_FRAMES
        step = (gains[point] - before) / CONTROL_FRAMES
        for i in range(min(CONTROL_FRAMES, frames - first)):
            gain = before + step * (i + 1)
            left = x[0, first + i] * gain
            right = x[1, first + i] * gain
            x[0, first + i] = ll * left + lr * right
            x[1, first + i] = rl * left + rr * right
        before = float(gains[point])


def shape_stereo(samples: Samples32, gains: Gains32, matrix: npt.NDArray[np.float64]) -> None:
    """Apply a gain curve and then a 2 x 2 matrix (level, pan, width), in place.

    Args:
        samples: float32 (2, frames), C order.
        gains: a curve of `control_points(frames)` gains.
        matrix: float64 (2, 2), rows are the outputs left and right.
    """
    _shape_stereo(samples, gains, matrix)


@kernel
def _add(bus: Samples32, x: Samples32, gain: float) -> None:
    for channel in range(2):
        for i in range(x.shape[1]):
            bus[channel, i] += np.float32(gain) * x[channel, i]


def add(bus: Samples32, samples: Samples32, gain: float) -> None:
    """``bus += gain * samples`` without a temporary; both float32 (2, frames)."""
    _add(bus, plain(samples), gain)
