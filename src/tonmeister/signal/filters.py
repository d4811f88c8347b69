"""Equalizers: second-order sections after R. Bristow-Johnson's "Audio EQ Cookbook" (W3C Note 2021).

A section is five numbers ``b0 b1 b2 a1 a2`` with a0 = 1. Strictly linear and time-invariant.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from tonmeister.model.sheets import EqBand
from tonmeister.signal._jit import kernel, stereo
from tonmeister.signal.buffer import AudioBuffer, Samples32
from tonmeister.signal.control import CONTROL_FRAMES, Gains32, control_points

Floats64: TypeAlias = npt.NDArray[np.float64]
_Triple: TypeAlias = tuple[float, float, float]

_BLOCK = 256
_ASLEEP = 1e-13
"""Below -260 dB a filter's memory counts as empty (and denormals are never reached)."""


def design(bands: Sequence[EqBand], rate_hz: int) -> Floats64:
    """Sections of an equalizer, float64, shape (len(bands), 5).

    Frequencies at or above half the rate are taken as 0.49 of it.
    """
    sections = np.empty((len(bands), 5))
    for row, band in zip(sections, bands, strict=True):
        row[:] = _section(band, rate_hz)
    return sections


def _section(band: EqBand, rate_hz: int) -> tuple[float, ...]:
    angle = 2 * math.pi * min(band.frequency_hz, 0.49 * rate_hz) / rate_hz
    cosine = math.cos(angle)
    alpha = math.sin(angle) / (2 * band.q)
    amplitude = 10 ** (band.gain_db / 40)
    b: _Triple
    a: _Triple
    if band.kind == "peak":
        b = (1 + alpha * amplitude, -2 * cosine, 1 - alpha * amplitude)
        a = (1 + alpha / amplitude, -2 * cosine, 1 - alpha / amplitude)
    elif band.kind in {"low-cut", "high-cut"}:
        sign = 1 if band.kind == "low-cut" else -1
        edge = (1 + sign * cosine) / 2
        b = (edge, -sign * 2 * edge, edge)
        a = (1 + alpha, -2 * cosine, 1 - alpha)
    else:
        b, a = _shelf(amplitude, cosine, alpha, 1 if band.kind == "low-shelf" else -1)
    return tuple(value / a[0] for value in (*b, *a[1:]))


def _shelf(amplitude: float, cosine: float, alpha: float, sign: int) -> tuple[_Triple, _Triple]:
    # Low shelf (sign +1) and high shelf (-1) differ only in the signs of the cosine's terms.
    above, below = amplitude + 1, sign * (amplitude - 1)
    slope = 2 * math.sqrt(amplitude) * alpha
    b = (
        amplitude * (above - below * cosine + slope),
        2 * amplitude * (below - above * cosine),
        amplitude * (above - below * cosine - slope),
    )
    a = (
        above + below * cosine + slope,
        -2 * (below + above * cosine),
        above + below * cosine - slope,
    )
    return b, a


def magnitude_db(sections: Floats64, frequencies_hz: Floats64, rate_hz: int) -> Floats64:
    """Gain of the cascade at some frequencies, in dB, same shape as `frequencies_hz`."""
    z = np.exp(-2j * np.pi * np.asarray(frequencies_hz, np.float64) / rate_hz)
    response = np.ones_like(z)
    for b0, b1, b2, a1, a2 in sections:
        response *= (b0 + b1 * z + b2 * z * z) / (1 + a1 * z + a2 * z * z)
    return np.asarray(20 * np.log10(np.maximum(np.abs(response), 1e-10)))


@kernel
def _load(x: Samples32, start: int, gain: float, left: Floats64, right: Floats64) -> float:
    loudest = 0.0
    for i in range(min(_BLOCK, x.shape[1] - start)):
        left[i] = x[0, start + i] * gain
        right[i] = x[1, start + i] * gain
        loudest = max(loudest, abs(left[i]), abs(right[i]))
    return loudest


@kernel
def _pass(left: Floats64, right: Floats64, size: int, section: Floats64, memory: Floats64) -> None:
    # Direct form I: one multiply-add on the recursion's critical path, both channels side by side.
    b0, b1, b2, a1, a2 = section[0], section[1], section[2], section[3], section[4]
    lx1, lx2, ly1, ly2 = memory[0], memory[1], memory[2], memory[3]
    rx1, rx2, ry1, ry2 = memory[4], memory[5], memory[6], memory[7]
    for i in range(size):
        lx = left[i]
        rx = right[i]
        ly = (b0 * lx + b1 * lx1 + b2 * lx2 - a2 * ly2) - a1 * ly1
        ry = (b0 * rx + b1 * rx1 + b2 * rx2 - a2 * ry2) - a1 * ry1
        lx2, lx1, ly2, ly1 = lx1, lx, ly1, ly
        rx2, rx1, ry2, ry1 = rx1, rx, ry1, ry
        left[i] = ly
        right[i] = ry
    memory[0], memory[1], memory[2], memory[3] = lx1, lx2, ly1, ly2
    memory[4], memory[5], memory[6], memory[7] = rx1, rx2, ry1, ry2


@kernel
def _store(left: Floats64, right: Floats64, out: Samples32, levels: Gains32, start: int) -> None:
    size = min(_BLOCK, out.shape[1] - start)
    for i in range(size):
        out[0, start + i] = left[i]
        out[1, start + i] = right[i]
    for first in range(0, size, CONTROL_FRAMES):
        peak = 0.0
        for i in range(first, min(size, first + CONTROL_FRAMES)):
            peak = max(peak, abs(left[i]), abs(right[i]))
        levels[(start + first) // CONTROL_FRAMES] = peak


@kernel
def _run(x: Samples32, sections: Floats64, gain: float, out: Samples32, levels: Gains32) -> None:
    count = sections.shape[0]
    memory = np.zeros((count, 8))
    left = np.zeros(_BLOCK)
    right = np.zeros(_BLOCK)
    awake = False
    for start in range(0, x.shape[1], _BLOCK):
        loudest = _load(x, start, gain, left, right)
        if loudest < _ASLEEP and not awake:
            left[:] = 0.0
            right[:] = 0.0
            _store(left, right, out, levels, start)
            continue
        for k in range(count):
            _pass(left, right, min(_BLOCK, x.shape[1] - start), sections[k], memory[k])
        _store(left, right, out, levels, start)
        awake = np.max(np.abs(memory)) > _ASLEEP if count > 0 else False
        if not awake:
            memory[:] = 0.0


def filter_stereo(
    samples: Samples32, sections: Floats64, *, gain: float = 1.0
) -> tuple[Samples32, Gains32]:
    """A gain and a cascade of sections over two channels.

    Args:
        samples: float32 (2, frames); left as it is.
        sections: float64 (n, 5) as from `design`; n may be 0.
        gain: linear, before the filters.

    Returns:
        The filtered samples, float32 (2, frames), and their peak per control block (the larger of
        both channels), float32 (control_points(frames),).
    """
    out = np.empty(samples.shape, np.float32)
    levels = np.zeros(control_points(samples.shape[1]), np.float32)
    _run(stereo(samples), np.ascontiguousarray(sections), float(gain), out, levels)
    return out, levels


def equalize(buffer: AudioBuffer, bands: Sequence[EqBand]) -> AudioBuffer:
    """The buffer through an equalizer."""
    out, _ = filter_stereo(stereo(buffer.samples), design(bands, buffer.rate_hz))
    return AudioBuffer(out[: buffer.channels], buffer.rate_hz)
