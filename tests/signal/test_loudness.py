"""The meters against the signals of EBU Tech 3341, Tech 3342 and ITU-R BS.1770."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal as sps

from tonmeister.signal import loudness, truepeak
from tonmeister.signal.buffer import AudioBuffer

RATE = 48000


def tone(pieces: list[tuple[float, float]], *, rate: int = RATE, hz: float = 1000.0) -> AudioBuffer:
    """In-phase stereo sine, pieces of (dBFS, seconds); -inf is silence."""
    level = np.concatenate([np.full(round(s * rate), 10 ** (db / 20)) for db, s in pieces])
    wave = level * np.sin(2 * np.pi * hz * np.arange(level.size) / rate)
    return AudioBuffer(np.stack([wave, wave]).astype(np.float32), rate)


INTEGRATED = {
    "1": ([(-23, 20)], -23.0),
    "2": ([(-33, 20)], -33.0),
    "3": ([(-36, 10), (-23, 60), (-36, 10)], -23.0),
    "4": ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
    "5": ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
}


@pytest.mark.parametrize("case", INTEGRATED)
def test_integrated_loudness_of_tech_3341(case):
    pieces, expected = INTEGRATED[case]
    assert loudness.measure(tone(pieces)).integrated_lufs == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("rate", [22050, 44100, 48000, 96000])
def test_steady_tone_reads_the_same_everywhere(rate):
    found = loudness.measure(tone([(-23, 5)], rate=rate))
    for value in (found.integrated_lufs, found.max_momentary_lufs, found.max_short_term_lufs):
        assert value == pytest.approx(-23.0, abs=0.1)


def test_case_9_short_term_is_constant():
    curve = loudness.curves(tone([(-20, 1.34), (-30, 1.66)] * 5)).short_term_lufs
    assert np.abs(curve[30:] + 23.0).max() < 0.1


def test_case_12_momentary_is_constant():
    curve = loudness.curves(tone([(-20, 0.18), (-30, 0.22)] * 25)).momentary_lufs
    assert np.abs(curve[10:] + 23.0).max() < 0.1


@pytest.mark.parametrize("i", range(0, 20, 3))
def test_cases_10_and_11_max_short_term(i):
    late = tone([(-np.inf, i * 0.15), (-23, 3), (-np.inf, 1)])
    assert loudness.measure(late).max_short_term_lufs == pytest.approx(-23.0, abs=0.1)
    soft = tone([(-38 + i, 3)])
    assert loudness.measure(soft).max_short_term_lufs == pytest.approx(-38 + i, abs=0.1)


@pytest.mark.parametrize("i", range(20))
def test_cases_13_and_14_max_momentary(i):
    late = tone([(-np.inf, i * 0.02), (-23, 0.4), (-np.inf, 1)])
    assert loudness.measure(late).max_momentary_lufs == pytest.approx(-23.0, abs=0.1)
    soft = tone([(-38 + i, 0.4)])
    assert loudness.measure(soft).max_momentary_lufs == pytest.approx(-38 + i, abs=0.1)


def test_997_hz_at_full_scale_in_one_channel():
    wave = np.sin(2 * np.pi * 997 * np.arange(RATE * 3) / RATE)
    left = AudioBuffer(np.stack([wave, 0 * wave]).astype(np.float32), RATE)
    mono = AudioBuffer(wave[None].astype(np.float32), RATE)
    assert loudness.measure(left).integrated_lufs == pytest.approx(-3.01, abs=0.02)
    assert loudness.measure(mono).integrated_lufs == pytest.approx(-3.01, abs=0.02)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((-20, -30), 10),
        ((-20, -15), 5),
        ((-40, -20), 20),
        ((-50, -35, -20, -35, -50), 15),
    ],
)
def test_loudness_range_of_tech_3342(levels, expected):
    found = loudness.measure(tone([(level, 20) for level in levels]))
    assert found.range_lu == pytest.approx(expected, abs=1.0)


def peak_tone(divisor: int, level: float, degrees: float) -> AudioBuffer:
    phase = 2 * np.pi * np.arange(RATE) / divisor + np.deg2rad(degrees)
    # Faded at both ends: a sine cut off sharply has higher true peaks than the sine itself.
    wave = level * np.sin(phase) * sps.windows.tukey(RATE, 0.2)
    return AudioBuffer(np.stack([wave, wave]).astype(np.float32), RATE)


@pytest.mark.parametrize(
    ("divisor", "level", "degrees", "expected"),
    [
        (4, 0.5, 0, -6.0),
        (4, 0.5, 45, -6.0),
        (6, 0.5, 60, -6.0),
        (8, 0.5, 67.5, -6.0),
        (4, 1.41, 45, 3.0),
    ],
)
def test_true_peak_cases_15_to_19(divisor, level, degrees, expected):
    found = truepeak.true_peak_dbtp(peak_tone(divisor, level, degrees))
    assert expected - 0.4 <= found <= expected + 0.2


@pytest.mark.parametrize("offset", range(4))
def test_true_peak_cases_20_to_23(offset):
    """A burst at fs/4 between sines at fs/6, made at four times the rate, then decimated."""
    high = 4 * RATE
    body = 0.5 * np.sin(2 * np.pi * np.arange(high // 10 // 24 * 24) / 24)
    burst = np.sin(2 * np.pi * np.arange(16) / 16)
    wave = np.concatenate([body, burst, body]) * 1.0
    low_pass = sps.firwin(255, 0.249, window=("kaiser", 9.0))
    wave = sps.lfilter(low_pass, 1.0, wave * sps.windows.tukey(wave.size, 0.1))[offset::4]
    buffer = AudioBuffer(np.stack([wave, wave]).astype(np.float32), RATE)
    full = 20 * np.log10(np.abs(sps.resample_poly(wave, 32, 1)).max())
    assert truepeak.true_peak_dbtp(buffer) == pytest.approx(full, abs=0.1)


def test_silence_and_next_to_nothing_have_finite_figures():
    for frames in (0, 1, 100, 48000):
        found = loudness.measure(AudioBuffer.silence(frames, RATE))
        assert found.integrated_lufs == loudness.SILENCE_LUFS
        assert found.range_lu == 0
        assert found.true_peak_dbtp == -200


def test_curves_have_a_value_every_100_ms():
    found = loudness.curves(tone([(-23, 2.05)]))
    assert found.seconds.tolist() == pytest.approx([0.1 * k for k in range(1, 21)])
    assert found.momentary_lufs.shape == found.short_term_lufs.shape == (20,)
