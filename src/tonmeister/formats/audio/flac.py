"""FLAC through libsndfile, with our own tags."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping

import soundfile

from tonmeister.errors import FormatError
from tonmeister.formats.audio.samples import check_bits, integers
from tonmeister.formats.audio.tags import vorbis_comment
from tonmeister.signal.buffer import AudioBuffer

_COMMENT, _PADDING = 4, 1


def write_flac(
    buffer: AudioBuffer,
    tags: Mapping[str, str] | None = None,
    *,
    bits: int = 24,
    dither: bool = True,
) -> bytes:
    """A FLAC file (RFC 9639) with the very samples that `write_wav` writes.

    Args:
        buffer: mono or stereo.
        tags: title, artist, album, date, genre, composer, isrc, track, comment.
        bits: 16 or 24.
        dither: as in `write_wav`.

    Raises:
        FormatError: as `write_wav`; an unknown tag.
    """
    check_bits(bits, (16, 24))
    # libsndfile takes the upper bits of 32.
    values = integers(buffer, bits, dither=dither) << (32 - bits)
    file = io.BytesIO()
    soundfile.write(
        file, values, buffer.rate_hz, format="FLAC", subtype=f"PCM_{bits}", compression_level=0.5
    )
    return retagged(file.getvalue(), vorbis_comment(tags or {}))


def retagged(flac: bytes, comment: bytes) -> bytes:
    """A FLAC file with its comment block replaced and its padding dropped.

    Raises:
        FormatError: it does not start as a FLAC file does.
    """
    if flac[:4] != b"fLaC":
        raise FormatError("this is no FLAC file")
    blocks: list[tuple[int, bytes]] = []
    at, last = 4, False
    while not last:
        last, kind = bool(flac[at] & 0x80), flac[at] & 0x7F
        size = int.from_bytes(flac[at + 1 : at + 4], "big")
        if kind not in {_COMMENT, _PADDING}:
            blocks.append((kind, flac[at + 4 : at + 4 + size]))
        at += 4 + size
    # The stream's own information comes first, as the format demands.
    blocks.insert(1, (_COMMENT, comment))
    return b"fLaC" + b"".join(_joined(blocks)) + flac[at:]


def _joined(blocks: list[tuple[int, bytes]]) -> Iterator[bytes]:
    for number, (kind, block) in enumerate(blocks, 1):
        last = 0x80 if number == len(blocks) else 0
        yield bytes([kind | last]) + len(block).to_bytes(3, "big") + block
