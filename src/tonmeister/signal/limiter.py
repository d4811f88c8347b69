"""True-peak limiter: looks ahead, holds, releases; never lets the ceiling through.

The gain each control block needs (from its true peak) is widened backwards by the look-ahead and
forwards by a hold, released exponentially, and smoothed by two running means whose joint length is
the look-ahead: the smoothed gain can then never lie above the gain needed.
"""

from __future__ import annotations

import math

import numpy as np

from tonmeister.signal._jit import kernel, stereo
from tonmeister.signal.buffer import AudioBuffer
from tonmeister.signal.control import CONTROL_FRAMES, Gains32, expand
from tonmeister.signal.truepeak import true_peaks

LOOKAHEAD_MS = 4.0
HOLD_MS = 10.0
RELEASE_MS = 80.0


@kernel
def _lowest(needed: Gains32, before: int, after: int, out: Gains32) -> None:
    # Sliding minimum over [i - before, i + after] with a monotonic queue.
    count = needed.shape[0]
    queue = np.empty(count, np.int64)
    head = 0
    tail = 0
    for j in range(count + after):
        if j < count:
            while tail > head and needed[queue[tail - 1]] >= needed[j]:
                tail -= 1
            queue[tail] = j
            tail += 1
        i = j - after
        if i >= 0:
            while queue[head] < i - before:
                head += 1
            out[i] = needed[queue[head]]


@kernel
def _release(gains: Gains32, keep: float) -> None:
    held = 1.0
    for i in range(gains.shape[0]):
        held = min(float(gains[i]), 1.0 - keep * (1.0 - held))
        if held > 1.0 - 1e-7:
            held = 1.0
        gains[i] = held


@kernel
def _mean(gains: Gains32, length: int, out: Gains32) -> None:
    # Each mean is summed afresh: a running sum's rounding could lift the gain above the ceiling.
    for i in range(gains.shape[0]):
        total = 0.0
        for j in range(length):
            total += gains[max(0, i - j)]
        out[i] = total / length


def limiter_gains(peaks: Gains32, ceiling: float, rate_hz: int) -> Gains32:
    """The gain curve that keeps true peaks at or below a ceiling.

    Args:
        peaks: true peak per control block as from `true_peaks`, float32 (points,).
        ceiling: linear, above 0.
        rate_hz: frames per second of the audio.

    Returns:
        float32 (points,), linear, at most 1.
    """
    if not peaks.size or float(peaks.max()) <= ceiling:
        return np.ones(peaks.shape, np.float32)
    per_ms = rate_hz / (1000 * CONTROL_FRAMES)
    short = max(1, round(LOOKAHEAD_MS * per_ms / 2))
    needed = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9)).astype(np.float32)
    # A ramp starts at the end of the block before, so that one must fit this block as well.
    gains = np.empty_like(needed)
    _lowest(needed, max(1, round(HOLD_MS * per_ms)), 2 * short - 1, gains)
    _release(gains, math.exp(-1 / (RELEASE_MS * per_ms)))
    for _ in range(2):
        out = np.empty_like(gains)
        _mean(gains, short, out)
        gains = out
    return gains


def limit(buffer: AudioBuffer, ceiling_dbtp: float) -> AudioBuffer:
    """The buffer, limited. The length is kept: the look-ahead is not heard as a delay."""
    both = stereo(buffer.samples)
    curve = limiter_gains(true_peaks(both), 10 ** (ceiling_dbtp / 20), buffer.rate_hz)
    gains = expand(curve, buffer.frames)
    return AudioBuffer(buffer.samples * gains, buffer.rate_hz)
