"""Resampling (libsoxr, very high quality)."""

from __future__ import annotations

import numpy as np
import soxr

from tonmeister.signal.buffer import AudioBuffer


def resample(buffer: AudioBuffer, rate_hz: int) -> AudioBuffer:
    """The buffer at another rate; unchanged if it has it already."""
    if buffer.rate_hz == rate_hz:
        return buffer
    out = soxr.resample(buffer.samples.T, buffer.rate_hz, rate_hz, quality="VHQ")
    return AudioBuffer(np.ascontiguousarray(out.T, np.float32), rate_hz)
