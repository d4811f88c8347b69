"""Audio files, read back by other readers."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import warnings

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.io import wavfile

from tonmeister.errors import FormatError
from tonmeister.formats import audio
from tonmeister.formats.audio import mp3
from tonmeister.signal.buffer import AudioBuffer

RATE = 48000
TAGS = {
    "title": "Grüße – 夜",
    "artist": "A, B & C",
    "album": "Night",
    "date": "2024-05-06",
    "genre": "ballad",
    "composer": "D. E.",
    "isrc": "DEA122400001",
    "comment": "one = two; three",
}


def sound(channels: int = 2, frames: int = 4800, level: float = 0.5) -> AudioBuffer:
    rng = np.random.default_rng(channels)
    wave = level * (2 * rng.random((channels, frames)) - 1)
    return AudioBuffer(wave.astype(np.float32), RATE)


def probe(data: bytes, tmp_path, name: str) -> dict:
    program = shutil.which("ffprobe")
    if not program:
        pytest.skip("ffprobe is not installed")
    (tmp_path / name).write_bytes(data)
    command = [program, "-v", "error", "-show_format", "-show_streams", "-of", "json"]
    done = subprocess.run([*command, tmp_path / name], capture_output=True, check=True, text=True)
    assert done.stderr == ""
    found = json.loads(done.stdout)
    return {"stream": found["streams"][0], **found["format"]}


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(("bits", "step"), [(16, 2**-15), (24, 2**-23), (32, 0.0)])
def test_wav_read_back_by_two_readers(channels, bits, step):
    buffer = sound(channels, frames=4801)
    data = audio.write_wav(buffer, bits=bits)
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float64", always_2d=True)
    assert rate == RATE
    assert samples.shape == (4801, channels)
    # Triangular dither adds at most one step, rounding half of one.
    assert np.abs(samples.T - buffer.samples).max() <= 1.5 * step
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rate, raw = wavfile.read(io.BytesIO(data))
    scale = {16: 2**15, 24: 2**31, 32: 1}[bits]
    assert rate == RATE
    assert np.array_equal(raw.reshape(4801, channels) / scale, samples)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(-(2**23), 2**23 - 1), min_size=1, max_size=60))
def test_24_bits_survive_exactly(values):
    buffer = AudioBuffer(np.array([values], np.float32) / 2**23, RATE)
    data = audio.write_wav(buffer, bits=24, dither=False)
    back, _ = soundfile.read(io.BytesIO(data), dtype="int32")
    assert (back >> 8).tolist() == values


def test_dither_is_triangular_unbiased_and_repeatable():
    buffer = AudioBuffer(np.full((2, 200000), 0.3 / 2**15, np.float32), RATE)
    data = audio.write_wav(buffer, bits=16)
    assert data == audio.write_wav(buffer, bits=16)
    steps, _ = soundfile.read(io.BytesIO(data), dtype="int16")
    assert steps.mean() == pytest.approx(0.3, abs=0.01)
    # Rounding plus TPDF dither: variance 1/4 of a step squared, whatever the signal.
    assert steps.var() == pytest.approx(0.25, abs=0.01)
    assert abs(np.corrcoef(steps.T)[0, 1]) < 0.01
    assert abs(np.corrcoef(steps[1:, 0], steps[:-1, 0])[0, 1]) < 0.01


def test_full_scale_is_kept_and_clipping_is_refused():
    edge = AudioBuffer(np.array([[1.0, -1.0]], np.float32), RATE)
    back, _ = soundfile.read(io.BytesIO(audio.write_wav(edge, bits=16)), dtype="int16")
    assert back[0] >= 32766
    assert back[1] <= -32767
    over = AudioBuffer(np.array([[0.0, 1.2]], np.float32), RATE)
    for write in (audio.write_wav, audio.write_flac):
        with pytest.raises(FormatError, match=r"would clip.*\+1.58 dBFS"):
            write(over)
    back, _ = soundfile.read(io.BytesIO(audio.write_wav(over, bits=32)), dtype="float32")
    assert back[1] == np.float32(1.2)
    for bad in (np.nan, np.inf):
        broken = AudioBuffer(np.array([[0.0, bad]], np.float32), RATE)
        for write in (audio.write_wav, audio.write_flac, audio.write_mp3):
            with pytest.raises(FormatError, match="undefined"):
                write(broken)


def test_empty_and_odd_sizes():
    assert len(audio.write_wav(AudioBuffer.silence(0, RATE))) == 44
    odd = audio.write_wav(AudioBuffer.silence(1, RATE, 1), bits=24)
    assert len(odd) == 48
    assert int.from_bytes(odd[4:8], "little") == len(odd) - 8


def test_flac_holds_the_same_samples_as_wav_and_its_tags(tmp_path):
    buffer = sound()
    data = audio.write_flac(buffer, TAGS)
    assert data == audio.write_flac(buffer, TAGS)
    wav, _ = soundfile.read(io.BytesIO(audio.write_wav(buffer)), dtype="int32")
    flac, _ = soundfile.read(io.BytesIO(data), dtype="int32")
    assert np.array_equal(wav, flac)
    found = probe(data, tmp_path, "a.flac")
    assert found["stream"]["bits_per_raw_sample"] == "24"
    assert {k.lower(): v for k, v in found["tags"].items()} == TAGS


@pytest.mark.parametrize("encoder", ["ffmpeg", "libsndfile"])
def test_mp3_and_its_tags(tmp_path, monkeypatch, encoder):
    if encoder == "ffmpeg" and not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg is not installed")
    time = np.arange(RATE) / RATE
    wave = 0.5 * np.sin(2 * np.pi * 440 * time).astype(np.float32)
    buffer = AudioBuffer(np.stack([wave, wave]), RATE)
    if encoder == "libsndfile":
        monkeypatch.setattr(mp3.shutil, "which", lambda _: None)
    data = audio.write_mp3(buffer, TAGS, kbps=192)
    assert data == audio.write_mp3(buffer, TAGS, kbps=192)
    monkeypatch.undo()
    back, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    assert rate == RATE
    assert abs(len(back) - RATE) < 3000
    assert np.abs(back).max() == pytest.approx(0.5, abs=0.02)
    found = probe(data, tmp_path, "a.mp3")
    assert found["stream"]["codec_name"] == "mp3"
    assert int(found["stream"]["bit_rate"]) == 192000
    tags = {k.lower(): v for k, v in found["tags"].items()}
    assert tags.pop("tsrc") == TAGS["isrc"]
    assert tags == {k: v for k, v in TAGS.items() if k != "isrc"}


@pytest.mark.parametrize("kbps", [128, 320])
def test_bit_rate_of_libsndfile(kbps, tmp_path):
    data = mp3._by_libsndfile(sound(frames=RATE), kbps)
    assert int(probe(data, tmp_path, "a.mp3")["stream"]["bit_rate"]) == kbps * 1000


def test_what_a_format_cannot_hold_is_refused():
    with pytest.raises(FormatError, match="20-bit"):
        audio.write_wav(sound(), bits=20)
    with pytest.raises(FormatError, match="32-bit"):
        audio.write_flac(sound(), bits=32)
    with pytest.raises(FormatError, match="tag called 'mood'"):
        audio.write_flac(sound(), {"mood": "sad"})
    with pytest.raises(FormatError, match="22050"):
        audio.write_mp3(AudioBuffer.silence(100, 22050))
    with pytest.raises(FormatError, match="100 kbit"):
        audio.write_mp3(sound(), kbps=100)


@pytest.mark.parametrize("kind", ["wav", "flac"])
def test_reading_what_was_written(tmp_path, kind):
    buffer = sound(1)
    path = tmp_path / f"a.{kind}"
    path.write_bytes({"wav": audio.write_wav, "flac": audio.write_flac}[kind](buffer))
    back = audio.read(path)
    assert (back.channels, back.frames, back.rate_hz) == (1, 4800, RATE)
    assert np.abs(back.samples - buffer.samples).max() < 2**-22


def test_reading_junk_says_so(tmp_path):
    with pytest.raises(FormatError, match="no such file"):
        audio.read(tmp_path / "missing.wav")
    for content in (b"", b"hello", b"RIFF\x10\0\0\0WAVE", audio.write_wav(sound())[:30]):
        path = tmp_path / "junk.wav"
        path.write_bytes(content)
        with pytest.raises(FormatError):
            audio.read(path)
    many = tmp_path / "many.wav"
    soundfile.write(many, np.zeros((10, 6)), RATE)
    with pytest.raises(FormatError, match="6 channels"):
        audio.read(many)
