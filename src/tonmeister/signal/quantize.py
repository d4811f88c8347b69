"""From float samples to integers, with repeatable triangular dither.

The dither is the sum of two uniform numbers of half a step each side (TPDF), taken from the
SplitMix64 hash (Steele, Lea and Flood 2014) of the sample's number: the same on every run.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from tonmeister.signal._jit import kernel, stereo
from tonmeister.signal.buffer import AudioBuffer, Samples32

Ints32 = npt.NDArray[np.int32]


@kernel
def _hash(number: np.uint64) -> np.uint64:
    z = number * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@kernel
def _quantize(x: Samples32, channels: int, steps: int, dither: float, out: Ints32) -> None:
    for i in range(out.shape[0]):
        for channel in range(channels):
            value = float(x[channel, i]) * steps
            if dither > 0.0:
                bits = _hash(np.uint64(2 * i + channel + 1))
                high = np.int64(bits >> np.uint64(32))
                low = np.int64(bits & np.uint64(0xFFFFFFFF))
                value += dither * float(high - low) / 4294967296.0
            value = math.floor(value + 0.5)
            out[i, channel] = int(min(max(value, -float(steps)), steps - 1.0))


def quantize(buffer: AudioBuffer, bits: int, *, dither: bool) -> Ints32:
    """Integers of `bits` bits, interleaved: int32, shape (frames, channels).

    Full scale 1.0 is 2**(bits - 1) steps; what lies above the highest step is held there, so the
    caller makes sure beforehand that nothing exceeds 1.0.
    """
    out = np.empty((buffer.frames, buffer.channels), np.int32)
    both = stereo(buffer.samples)
    _quantize(both, buffer.channels, 1 << (bits - 1), 1.0 if dither else 0.0, out)
    return out
