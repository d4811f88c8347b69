"""Compile all kernels once, so that nobody waits in the middle of the work."""

from __future__ import annotations

import numpy as np

from tonmeister.model.sheets import CompressorPlan, EqBand, RoomPlan
from tonmeister.signal import (
    control,
    dynamics,
    filters,
    limiter,
    loudness,
    panning,
    quantize,
    reverb,
)
from tonmeister.signal.buffer import AudioBuffer


def warm_up() -> None:
    """Compile every kernel of this room; a fraction of a second when they are cached already."""
    noise = np.sin(np.arange(4096, dtype=np.float32))
    buffer = AudioBuffer(np.stack([noise, noise]), 48000)
    buffer = filters.equalize(buffer, (EqBand(kind="peak", frequency_hz=1000, gain_db=6),))
    plan = CompressorPlan(threshold_db=-20, ratio=2, attack_ms=10, release_ms=100)
    buffer = dynamics.compress(buffer, plan)
    buffer = panning.place(buffer, 0.1)
    buffer = reverb.add_room(buffer, RoomPlan(decay_s=0.1))
    control.add(buffer.samples, buffer.samples, 0.5)
    buffer = limiter.limit(buffer, -20.0)
    loudness.measure(buffer)
    quantize.quantize(buffer, 24, dither=True)
