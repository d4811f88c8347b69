"""The audio buffer: samples with their rate, the one place where a shape is decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Samples32: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class AudioBuffer:
    """Sound in memory.

    Attributes:
        samples: float32, shape (channels, frames), C order; full scale is -1..1.
        rate_hz: frames per second; never assumed.
    """

    samples: Samples32
    rate_hz: int

    def __post_init__(self) -> None:
        shape_ok = self.samples.ndim == 2 and self.samples.shape[0] in {1, 2}
        if not shape_ok or self.samples.dtype != np.float32 or self.rate_hz <= 0:
            raise ValueError(
                f"audio is float32 of shape (1 or 2, frames) with a rate, "
                f"not {self.samples.dtype} {self.samples.shape} at {self.rate_hz} Hz"
            )

    @property
    def channels(self) -> int:
        """1 or 2."""
        return int(self.samples.shape[0])

    @property
    def frames(self) -> int:
        """Samples per channel."""
        return int(self.samples.shape[1])

    @property
    def seconds(self) -> float:
        """Length."""
        return self.frames / self.rate_hz

    @classmethod
    def silence(cls, frames: int, rate_hz: int, channels: int = 2) -> AudioBuffer:
        """Zeros."""
        return cls(np.zeros((channels, frames), np.float32), rate_hz)
