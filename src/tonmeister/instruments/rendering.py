"""Rendering: a performance becomes sound."""

from __future__ import annotations

import numpy as np

from tonmeister.errors import InstrumentError
from tonmeister.instruments.catalogue import sound_of
from tonmeister.instruments.sources import FontSource, Source
from tonmeister.model.performance import Performance
from tonmeister.signal.buffer import AudioBuffer, Samples32

_FADE_SECONDS = 0.01


def render(performance: Performance, *, source: Source, rate_hz: int, frames: int) -> AudioBuffer:
    """The dry sound of one part: stereo, exactly `frames` long; same input, same bytes.

    Note positions are right within a block of 64 frames. What still sounds at the end is faded over
    the last 10 ms. Parts may be rendered in parallel threads.

    Args:
        performance: notes, controllers (1, 11, 64 among them) and bends of one part.
        source: from `find_source`.
        rate_hz: frames per second, 8000..96000.
        frames: length of the result, 0 or more.

    Raises:
        StyleError: the performance's instrument is not in the catalogue.
        InstrumentError: the source failed, or the performance holds impossible notes.
    """
    if frames < 0 or rate_hz <= 0:
        raise InstrumentError(
            f"cannot render {frames} frames at {rate_hz} Hz", where=f"part {performance.part}"
        )
    sound = sound_of(performance.instrument)
    if isinstance(source, FontSource):
        from tonmeister.instruments import font_player

        samples = font_player.play(performance, sound, source, rate_hz=rate_hz, frames=frames)
    else:
        from tonmeister.instruments import built_in

        samples = built_in.play(performance, sound, rate_hz=rate_hz, frames=frames)
    _fade_out(samples, rate_hz)
    return AudioBuffer(samples, rate_hz)


def _fade_out(samples: Samples32, rate_hz: int) -> None:
    """Let the very end go to zero, so that a sound cut off there does not click."""
    count = min(samples.shape[1], round(_FADE_SECONDS * rate_hz))
    if count:
        ramp = 0.5 + 0.5 * np.cos(np.pi * np.arange(1, count + 1) / count)
        samples[:, -count:] *= ramp.astype(np.float32)
