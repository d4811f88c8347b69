"""Reading audio files through libsndfile."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from tonmeister.errors import FormatError
from tonmeister.signal.buffer import AudioBuffer


def read(path: Path) -> AudioBuffer:
    """Read a mono or stereo WAV, FLAC, MP3, Ogg or AIFF file at its own rate.

    Raises:
        FormatError: there is no such file, it is no audio file, it is damaged, or it has more
            than two channels.
    """
    if not path.is_file():
        raise FormatError("there is no such file", where=str(path))
    try:
        samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise FormatError(
            "this is no audio file, or it is damaged",
            where=str(path),
            expected="WAV, FLAC, MP3, Ogg or AIFF",
            hint="Play it in another program to see whether it is whole.",
        ) from error
    if samples.shape[1] > 2:
        raise FormatError(
            f"it has {samples.shape[1]} channels", where=str(path), expected="one or two"
        )
    return AudioBuffer(np.ascontiguousarray(samples.T), int(rate_hz))
