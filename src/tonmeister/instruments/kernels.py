"""The inner loops of the built-in synthesizers, compiled at first use and then cached.

All add into `out`, float32 of shape (2, frames) with a multiple of 64 frames, and release the
interpreter lock. Pitch bend comes per block of 64 frames. No fast-math: same input, same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

from tonmeister.signal.buffer import Samples32

BLOCK = 64
TABLE = 2048
"""Samples of one cycle of a wave table; one more is its first again, for interpolation."""

_INAUDIBLE = 6e-5
Floats: TypeAlias = npt.NDArray[np.float64]
Frames: TypeAlias = npt.NDArray[np.int64]
KernelT = TypeVar("KernelT", bound=Callable[..., Any])


def kernel(function: KernelT) -> KernelT:
    """Compile at first use, keep the machine code on disk, release the interpreter lock."""
    compiled: Any = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    return cast("KernelT", compiled)


@kernel
def ring(out: Samples32, span: Frames, rows: Floats, bend: Floats, shape: Floats) -> None:
    """A bank of partials that die away.

    Each partial turns by a table of powers, so that the samples of a block do not depend on each
    other: several times as fast as turning from sample to sample.

    Args:
        out: added to.
        span: first frame, frame of the damper, frame where it must be over.
        rows: per partial: radians per frame, left and right amplitude, natural decay per frame,
            damped decay per frame (both as exponents), start phase in radians.
        bend: frequency ratio per block of `out`.
        shape: attack frames, pitch sweep (ratio above 1 at the start), its decay per frame,
            tremolo radians per frame, tremolo depth, tremolo sign of the right channel.
    """
    count = rows.shape[0]
    real, imag = np.cos(rows[:, 5]), np.sin(rows[:, 5])
    turns = np.empty((count, 2, BLOCK + 1))
    live = np.arange(count)
    left, right = np.empty(BLOCK), np.empty(BLOCK)
    last_ratio, was_damped = -1.0, False
    position, stop = span[0], min(span[2], out.shape[1])
    while position < stop and count > 0:
        damped = position >= span[1]
        ratio = bend[position // BLOCK]
        if shape[1] != 0.0:
            ratio *= 1.0 + shape[1] * math.exp(-shape[2] * (position - span[0]))
        if ratio != last_ratio or damped != was_damped:
            for index in range(count):
                row = live[index]
                size = math.exp(-(rows[row, 4] if damped else rows[row, 3]))
                _powers(turns[row], size, rows[row, 0] * ratio)
            last_ratio, was_damped = ratio, damped
        left[:] = 0.0
        right[:] = 0.0
        index = 0
        while index < count:
            row = live[index]
            x, y = real[row], imag[row]
            left_x, left_y = rows[row, 1] * x, rows[row, 1] * y
            right_x, right_y = rows[row, 2] * x, rows[row, 2] * y
            for step in range(BLOCK):
                left[step] += left_y * turns[row, 0, step] + left_x * turns[row, 1, step]
                right[step] += right_y * turns[row, 0, step] + right_x * turns[row, 1, step]
            c, s = turns[row, 0, BLOCK], turns[row, 1, BLOCK]
            real[row], imag[row] = x * c - y * s, x * s + y * c
            if (x * x + y * y) * max(rows[row, 1] ** 2, rows[row, 2] ** 2) < _INAUDIBLE**2:
                count -= 1
                live[index] = live[count]
            else:
                index += 1
        _add_block(out, position, position - span[0], left, right, shape)
        position += BLOCK


@kernel
def _powers(turns: Floats, size: float, angle: float) -> None:
    """The powers 0 to BLOCK of the complex number of this size and angle: real and imaginary."""
    c, s = size * math.cos(angle), size * math.sin(angle)
    x, y = 1.0, 0.0
    for index in range(BLOCK + 1):
        turns[0, index], turns[1, index] = x, y
        x, y = x * c - y * s, x * s + y * c


@kernel
def _add_block(
    out: Samples32, position: int, age: int, left: Floats, right: Floats, shape: Floats
) -> None:
    """Add one block, with the attack's ramp and the tremolo."""
    for index in range(min(BLOCK, out.shape[1] - position)):
        gain = 1.0
        if age + index < shape[0]:
            gain = 0.5 - 0.5 * math.cos(math.pi * (age + index) / shape[0])
        wave = 0.0
        if shape[4] != 0.0:
            wave = shape[4] * math.sin(shape[3] * (position + index))
        out[0, position + index] += np.float32(left[index] * gain * (1.0 + wave))
        out[1, position + index] += np.float32(right[index] * gain * (1.0 + wave * shape[5]))


@kernel
def hiss(out: Samples32, span: Frames, seed: int, shape: Floats) -> None:
    """Band-limited noise: breath, bow, hammers, wires, cymbals.

    Args:
        out: added to.
        span: first frame, frame where it is let go, frame where it must be over.
        seed: any number.
        shape: left gain, right gain, share of the side signal, high-pass and low-pass coefficients
            per frame (0..1), attack per frame, decay and release as exponents per frame.
    """
    state = np.uint64(seed) * np.uint64(2862933555777941757) + np.uint64(3037000493)
    filters = np.zeros((2, 4))
    level, rise = 1.0, 0.0
    fade, fade_off = math.exp(-shape[6]), math.exp(-shape[7])
    for position in range(span[0], min(span[2], out.shape[1])):
        rise += shape[5] * (1.0 - rise)
        level *= fade if position < span[1] else fade_off
        if level < _INAUDIBLE:
            break
        state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        middle = np.float64(state >> np.uint64(40)) * (2.0 / (1 << 24)) - 1.0
        state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        side = np.float64(state >> np.uint64(40)) * (2.0 / (1 << 24)) - 1.0
        for channel in range(2):
            value = middle + shape[2] * (side if channel == 0 else -side)
            for stage in range(2):
                filters[channel, stage] += shape[3] * (value - filters[channel, stage])
                value -= filters[channel, stage]
            for stage in range(2, 4):
                filters[channel, stage] += shape[4] * (value - filters[channel, stage])
                value = filters[channel, stage]
            out[channel, position] += np.float32(value * level * rise * shape[channel])


@kernel
def hold(
    out: Samples32,
    span: Frames,
    tables: Samples32,
    voices: Floats,
    curves: Floats,
    shape: Floats,
) -> None:
    """A steady tone of one or more oscillators that read wave tables.

    Args:
        out: added to.
        span: first frame, frame where the key is let go, frame where it must be over.
        tables: a soft and a loud cycle, shape (2, TABLE + 1).
        voices: per oscillator: table steps per frame, left and right amplitude, start phase in
            steps, vibrato phase in radians, drift phase in radians.
        curves: per block of `out`: frequency ratio, loudness 0..1 for the brightness, extra
            vibrato in cents; shape (3, blocks).
        shape: see `tonmeister.instruments.held`: the order of `Held.shape`.
    """
    count = voices.shape[0]
    phase = voices[:, 3].copy()
    position, stop = span[0], min(span[2], out.shape[1])
    released = 1.0
    left_before, right_before = 0.0, 0.0
    while position < stop:
        age = float(position + BLOCK - span[0])
        block = position // BLOCK
        if position >= span[1]:
            released *= math.exp(-BLOCK * shape[1])
        level = released * _onset(age, shape)
        wave = shape[9] * math.sin(shape[8] * position)
        left_after, right_after = level * (1.0 + wave), level * (1.0 + wave * shape[10])
        if released < 1e-4:
            left_after = right_after = 0.0
        mix = min(1.0, max(0.0, shape[11] * curves[1, block] * (0.4 + 0.6 * min(1.0, level))))
        cents = _cents(age, shape, curves[2, block])
        for voice in range(count):
            waver = cents[1] * math.sin(shape[4] * age + voices[voice, 4])
            waver += shape[12] * math.sin(shape[4] * 0.13 * age + voices[voice, 5])
            step = voices[voice, 0] * curves[0, block] * 2.0 ** ((cents[0] + waver) / 1200.0)
            where = phase[voice]
            for index in range(BLOCK):
                low = int(where)
                part = where - low
                soft = tables[0, low] + part * (tables[0, low + 1] - tables[0, low])
                loud = tables[1, low] + part * (tables[1, low + 1] - tables[1, low])
                value = soft + mix * (loud - soft)
                share = index / BLOCK
                gain_left = left_before + share * (left_after - left_before)
                gain_right = right_before + share * (right_after - right_before)
                out[0, position + index] += np.float32(value * gain_left * voices[voice, 1])
                out[1, position + index] += np.float32(value * gain_right * voices[voice, 2])
                where += step
                if where >= TABLE:
                    where -= TABLE
            phase[voice] = where
        left_before, right_before = left_after, right_after
        if released < 1e-4:
            break
        position += BLOCK


@kernel
def _onset(age: float, shape: Floats) -> float:
    """Level of a held note before its release: a raised-cosine attack, an accent, a fall."""
    level = 1.0
    if age < shape[0]:
        level = 0.5 - 0.5 * math.cos(math.pi * age / shape[0])
    settled: float = level * (1.0 + shape[3] * math.exp(-age * shape[13]))
    return settled * math.exp(-age * shape[2])


@kernel
def _cents(age: float, shape: Floats, extra: float) -> tuple[float, float]:
    """How far the pitch is off for the scoop, and the depth of the vibrato."""
    depth = shape[5] * min(1.0, max(0.0, (age - shape[6]) / (shape[6] + 1.0)))
    return shape[7] * math.exp(-age * shape[14]), depth + extra
