"""Samples ready for an integer format: checked, dithered, rounded."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from tonmeister.errors import FormatError
from tonmeister.signal.buffer import AudioBuffer
from tonmeister.signal.quantize import quantize
from tonmeister.units.level import db_from_gain

BITS = (16, 24)


def integers(buffer: AudioBuffer, bits: int, *, dither: bool) -> npt.NDArray[np.int32]:
    """The buffer as interleaved integers, int32 (frames, channels).

    Raises:
        FormatError: a sample lies above full scale (clipping is never silent) or is no number.
    """
    check_finite(buffer)
    peak = float(np.abs(buffer.samples).max(initial=0.0))
    if peak > 1.0:
        raise FormatError(
            f"{bits}-bit samples would clip: the peak is {db_from_gain(peak):+.2f} dBFS",
            expected="at most 0 dBFS",
            hint="Lower the level, or write 32-bit float.",
        )
    return quantize(buffer, bits, dither=dither)


def check_finite(buffer: AudioBuffer) -> None:
    """Raise FormatError if a sample is infinite or undefined."""
    if not math.isfinite(float(np.sum(buffer.samples))):
        raise FormatError("the sound holds infinite or undefined samples")


def check_bits(bits: int, allowed: tuple[int, ...]) -> None:
    """Raise FormatError for a sample size that the format does not have."""
    if bits not in allowed:
        raise FormatError(
            f"there are no {bits}-bit files of this kind",
            expected=" or ".join(map(str, allowed)),
        )
