"""Average spectra in octave bands."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import fft

from tonmeister.signal.buffer import AudioBuffer

Floats64: TypeAlias = npt.NDArray[np.float64]

OCTAVES_HZ = (31.5, 63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16000.0)
"""Middles of the ten octave bands (ISO 266)."""

FLOOR_DB = -150.0


def octave_bands(buffer: AudioBuffer, *, size: int = 8192, at_most: int = 400) -> tuple[float, ...]:
    """Mean power of ten octave bands in dB relative to a full-scale square wave's power.

    The power of both channels is averaged over up to `at_most` Hann windows of `size` frames,
    spread evenly over the buffer. Bands above half the rate, and silence, give -150.

    Returns:
        ten levels, for 31.5 Hz .. 16 kHz.
    """
    frames = buffer.samples
    if buffer.frames < size:
        frames = np.pad(frames, ((0, 0), (0, size - buffer.frames)))
    count = min(at_most, max(1, frames.shape[1] // size))
    starts = np.linspace(0, frames.shape[1] - size, count).astype(np.int64)
    window = np.hanning(size).astype(np.float32)
    power = np.zeros(size // 2 + 1)
    for first in range(0, count, 32):
        for channel in frames:
            pieces = np.stack([channel[s : s + size] for s in starts[first : first + 32]])
            spectrum = fft.rfft(pieces * window, axis=1)
            power += np.sum(spectrum.real**2 + spectrum.imag**2, axis=0, dtype=np.float64)
    # Twice for the negative frequencies; the window's own power and the counts are divided out.
    power *= 2 / (size * float(np.sum(window.astype(np.float64) ** 2)) * count * buffer.channels)
    return tuple(_bands(power, buffer.rate_hz / size))


def _bands(power: Floats64, bin_hz: float) -> list[float]:
    # Bins that lie across a band's edge are shared out, or the lowest octaves would be wrong.
    total = np.concatenate([[0.0], np.cumsum(power)])
    edges = np.arange(total.size) - 0.5
    levels = []
    for middle in OCTAVES_HZ:
        low, high = middle / 2**0.5 / bin_hz, middle * 2**0.5 / bin_hz
        energy = float(np.interp(high, edges, total) - np.interp(low, edges, total))
        levels.append(max(FLOOR_DB, 10 * float(np.log10(max(energy, 1e-16)))))
    return levels
