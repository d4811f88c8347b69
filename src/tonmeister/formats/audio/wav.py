"""WAV: our own RIFF writer, so that a file holds the same bytes on every machine and day."""

from __future__ import annotations

import struct

import numpy as np

from tonmeister.errors import FormatError
from tonmeister.formats.audio.samples import check_bits, check_finite, integers
from tonmeister.signal.buffer import AudioBuffer

_PCM, _FLOAT = 1, 3
_LARGEST = 2**32 - 1


def write_wav(buffer: AudioBuffer, *, bits: int = 24, dither: bool = True) -> bytes:
    """A RIFF WAVE file (Microsoft, IBM 1991; multimedia registry tags 1 and 3).

    Args:
        buffer: mono or stereo.
        bits: 16 or 24 (integers), 32 (float, unclipped).
        dither: triangular dither before rounding to integers; the same numbers every time.

    Raises:
        FormatError: other bits, samples above full scale for integers, samples that are no numbers,
            or more than 4 GiB.
    """
    check_bits(bits, (16, 24, 32))
    if bits == 32:
        check_finite(buffer)
        data = np.ascontiguousarray(buffer.samples.T, "<f4").tobytes()
    else:
        data = _packed(integers(buffer, bits, dither=dither), bits)
    return _riff(_chunks(buffer, bits, len(data)), data)


def _packed(values: np.ndarray[tuple[int, int], np.dtype[np.int32]], bits: int) -> bytes:
    if bits == 16:
        return values.astype("<i2").tobytes()
    octets = values.astype("<i4").view(np.uint8).reshape(-1, 4)
    return octets[:, :3].tobytes()


def _chunks(buffer: AudioBuffer, bits: int, size: int) -> bytes:
    tag = _FLOAT if bits == 32 else _PCM
    frame = buffer.channels * bits // 8
    form = struct.pack(
        "<HHIIHH", tag, buffer.channels, buffer.rate_hz, buffer.rate_hz * frame, frame, bits
    )
    if tag == _PCM:
        return _chunk(b"fmt ", form)
    # Formats other than PCM carry an extension size and the number of frames.
    return _chunk(b"fmt ", form + b"\0\0") + _chunk(b"fact", struct.pack("<I", size // frame))


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _riff(head: bytes, data: bytes) -> bytes:
    padding = b"\0" * (len(data) % 2)
    size = 4 + len(head) + 8 + len(data) + len(padding)
    if size > _LARGEST:
        raise FormatError("the sound is too long for a WAV file", expected="less than 4 GiB")
    start = b"RIFF" + struct.pack("<I", size) + b"WAVE" + head
    return b"".join((start, b"data", struct.pack("<I", len(data)), data, padding))
