"""Place and width in the stereo picture, as one 2 x 2 matrix per strip.

Law: mid and side are split; the mid goes by the equal-power sine law (-3 dB in the middle relative
to one side), scaled so that the middle leaves a stereo track as it is; the side is scaled by the
width and by how far from the edge the track stands, so that a track at the edge is mono there. A
mono source has the same power at every place.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from tonmeister.signal._jit import stereo
from tonmeister.signal.buffer import AudioBuffer


def pan_matrix(pan: float, *, width: float = 1.0, gain: float = 1.0) -> npt.NDArray[np.float64]:
    """Gains from (left, right) in to (left, right) out, float64 (2, 2).

    Args:
        pan: -1 left .. 1 right.
        width: 0 mono, 1 as recorded, up to 2.
        gain: linear, over all.
    """
    angle = (1 + pan) * math.pi / 4
    side = width * (1 - abs(pan)) / 2
    left = math.sqrt(0.5) * math.cos(angle)
    right = math.sqrt(0.5) * math.sin(angle)
    return gain * np.array([[left + side, left - side], [right - side, right + side]])


def place(buffer: AudioBuffer, pan: float, *, width: float = 1.0) -> AudioBuffer:
    """The buffer at a place, stereo."""
    matrix = pan_matrix(pan, width=width).astype(np.float32)
    return AudioBuffer(np.ascontiguousarray(matrix @ stereo(buffer.samples)), buffer.rate_hz)
