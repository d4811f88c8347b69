"""MP3 through the ffmpeg program if there is one, else through libsndfile; with our own tags."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import soundfile

from tonmeister.errors import FormatError, ToolError
from tonmeister.formats.audio.samples import check_finite
from tonmeister.formats.audio.tags import id3
from tonmeister.formats.audio.wav import write_wav
from tonmeister.signal.buffer import AudioBuffer

RATES_HZ = (32000, 44100, 48000)
KBPS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_LIMIT_S = 600


def write_mp3(
    buffer: AudioBuffer, tags: Mapping[str, str] | None = None, *, kbps: int = 320
) -> bytes:
    """An MP3 file (MPEG-1 layer III, constant bit rate) with an ID3v2.4 tag.

    Both encoders give the same bytes for the same input; which one is used depends on whether
    ffmpeg with LAME is installed.

    Args:
        buffer: mono or stereo, 32, 44.1 or 48 kHz.
        tags: title, artist, album, date, genre, composer, isrc, track, comment.
        kbps: one of `KBPS`.

    Raises:
        FormatError: another rate or bit rate, an unknown tag, samples that are no numbers.
        ToolError: the encoder failed.
    """
    if buffer.rate_hz not in RATES_HZ:
        raise FormatError(
            f"MP3 has no rate of {buffer.rate_hz} Hz",
            expected=", ".join(map(str, RATES_HZ)),
            hint="Resample it first.",
        )
    if kbps not in KBPS:
        raise FormatError(f"MP3 has no {kbps} kbit/s", expected=", ".join(map(str, KBPS)))
    check_finite(buffer)
    head = id3(tags or {})
    program = shutil.which("ffmpeg")
    return head + (_by_ffmpeg(program, buffer, kbps) if program else _by_libsndfile(buffer, kbps))


def _by_ffmpeg(program: str, buffer: AudioBuffer, kbps: int) -> bytes:
    # A real file, not a pipe: the frame count goes into the first frame after the rest is written.
    with tempfile.TemporaryDirectory(prefix="tonmeister-") as folder:
        source, target = Path(folder, "in.wav"), Path(folder, "out.mp3")
        source.write_bytes(write_wav(buffer, bits=32))
        command = [program, "-nostdin", "-v", "error", "-bitexact", "-i", str(source)]
        command += ["-map_metadata", "-1", "-c:a", "libmp3lame", "-b:a", f"{kbps}k"]
        command += ["-flags", "+bitexact", "-fflags", "+bitexact", "-write_xing", "1"]
        command += ["-id3v2_version", "0", "-f", "mp3", str(target)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_LIMIT_S)
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode(errors="replace").strip().splitlines()
            raise ToolError(
                f"ffmpeg could not encode MP3: {said[-1] if said else 'it gave no reason'}",
                hint="`ffmpeg -encoders` must list libmp3lame.",
            ) from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ToolError(f"ffmpeg could not be run: {error}") from error
        return target.read_bytes()


def _by_libsndfile(buffer: AudioBuffer, kbps: int) -> bytes:
    file = io.BytesIO()
    # Its compression level runs from 320 kbit/s (0) to 32 kbit/s (1).
    level = (320 - kbps) / (320 - 32)
    try:
        soundfile.write(
            file,
            buffer.samples.T,
            buffer.rate_hz,
            format="MP3",
            subtype="MPEG_LAYER_III",
            compression_level=level,
            bitrate_mode="CONSTANT",
        )
    except (soundfile.LibsndfileError, RuntimeError, ValueError) as error:
        raise ToolError(
            f"MP3 could not be encoded: {error}", hint="Install ffmpeg, or deliver FLAC."
        ) from error
    return file.getvalue()
