"""True peak after ITU-R BS.1770-5, annex 2, with eightfold oversampling.

Four-times oversampling may under-read by 0.69 dB at the band's edge, eight-times by 0.17 dB.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from tonmeister.signal._jit import kernel, plain
from tonmeister.signal.buffer import AudioBuffer, Samples32
from tonmeister.signal.control import CONTROL_FRAMES, Gains32, control_points
from tonmeister.units.level import db_from_gain

_FACTOR = 8
_TAPS = 24
_BLOCK = 256


@cache
def _phases() -> Samples32:
    """The seven in-between phases of a Kaiser-windowed sinc, float32 (7, 24), unity at DC."""
    rows = []
    for phase in range(1, _FACTOR):
        at = np.arange(_TAPS) - (_TAPS // 2 - 1) - phase / _FACTOR
        edge = np.clip(1 - (at / (_TAPS / 2)) ** 2, 0, None)
        row = np.sinc(at) * np.i0(7.0 * np.sqrt(edge))
        rows.append(row / row.sum())
    return np.ascontiguousarray(rows, np.float32)


@kernel
def _window(x: Gains32, start: int, out: Gains32) -> None:
    first = start - _TAPS // 2 + 1
    for i in range(_BLOCK + _TAPS):
        j = first + i
        out[i] = x[j] if 0 <= j < x.shape[0] else np.float32(0.0)


@kernel
def _phase(x: Gains32, taps: Gains32, total: Gains32) -> None:
    # Eight taps at a time over the whole block: the inner loop runs along time and vectorizes.
    total[:] = np.float32(0.0)
    for k in range(0, _TAPS, 8):
        t0, t1, t2, t3 = taps[k], taps[k + 1], taps[k + 2], taps[k + 3]
        t4, t5, t6, t7 = taps[k + 4], taps[k + 5], taps[k + 6], taps[k + 7]
        for i in range(_BLOCK):
            j = i + k
            total[i] += (
                (t0 * x[j] + t1 * x[j + 1])
                + (t2 * x[j + 2] + t3 * x[j + 3])
                + (t4 * x[j + 4] + t5 * x[j + 5])
                + (t6 * x[j + 6] + t7 * x[j + 7])
            )


@kernel
def _envelope(x: Gains32, phases: Samples32, out: Gains32) -> None:
    window = np.zeros(_BLOCK + _TAPS, np.float32)
    total = np.zeros(_BLOCK, np.float32)
    highest = np.zeros(_BLOCK, np.float32)
    for start in range(0, x.shape[0], _BLOCK):
        _window(x, start, window)
        for i in range(_BLOCK):
            highest[i] = abs(window[i + _TAPS // 2 - 1])
        for p in range(phases.shape[0]):
            _phase(window, phases[p], total)
            for i in range(_BLOCK):
                highest[i] = max(highest[i], abs(total[i]))
        for first in range(0, min(_BLOCK, x.shape[0] - start), CONTROL_FRAMES):
            point = (start + first) // CONTROL_FRAMES
            peak = out[point]
            for i in range(first, first + CONTROL_FRAMES):
                peak = max(peak, highest[i])
            out[point] = peak


def true_peaks(samples: Samples32) -> Gains32:
    """True peak per control block, of the louder channel: float32 (control_points(frames),)."""
    out = np.zeros(control_points(samples.shape[1]), np.float32)
    for channel in plain(samples):
        _envelope(channel, _phases(), out)
    return out


def true_peak_dbtp(buffer: AudioBuffer) -> float:
    """True peak in dBTP, at least -200."""
    peaks = true_peaks(buffer.samples)
    peak = float(peaks.max()) if peaks.size else 0.0
    return db_from_gain(peak) if math.isfinite(peak) else math.inf
