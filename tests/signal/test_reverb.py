"""The room."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal as sps

from tonmeister.model.sheets import RoomPlan
from tonmeister.signal import reverb
from tonmeister.signal.buffer import AudioBuffer

RATE = 48000


def impulse_response(room: RoomPlan, seconds: float) -> np.ndarray:
    impulse = np.zeros((2, round(seconds * RATE)), np.float32)
    impulse[:, 0] = 1.0
    return reverb.reverberate(impulse, room, RATE)


def decay_s(response: np.ndarray, low_hz: float, high_hz: float) -> float:
    """T30 (ISO 3382): slope of the backward-integrated energy from -5 to -35 dB, times two."""
    sos = sps.butter(4, [low_hz, high_hz], "bandpass", fs=RATE, output="sos")
    energy = np.cumsum(sps.sosfilt(sos, response).astype(np.float64)[::-1] ** 2)[::-1]
    level = 10 * np.log10(energy / energy[0])
    start, end = np.argmax(level < -5), np.argmax(level < -35)
    slope = np.polyfit(np.arange(start, end) / RATE, level[start:end], 1)[0]
    return -60 / slope


@pytest.mark.parametrize("asked", [0.5, 0.9, 1.8, 3.0])
@pytest.mark.parametrize("damping", [0.0, 0.5])
def test_decay_time_is_what_was_asked(asked, damping):
    room = RoomPlan(decay_s=asked, damping=damping, predelay_ms=0)
    response = impulse_response(room, asked * 1.5 + 0.2)
    for channel in response:
        assert decay_s(channel, 354, 707) == pytest.approx(asked, rel=0.1)
        assert decay_s(channel, 707, 1414) == pytest.approx(asked, rel=0.1)


def test_damping_shortens_the_highs():
    bright = impulse_response(RoomPlan(decay_s=1.5, damping=0.0), 2.2)[0]
    dull = impulse_response(RoomPlan(decay_s=1.5, damping=0.8), 2.2)[0]
    assert decay_s(bright, 5600, 9000) == pytest.approx(1.5, rel=0.12)
    assert decay_s(dull, 5600, 9000) < 0.75


def test_linear_and_time_invariant():
    """The reverb of a sum is the sum of the reverbs, and a later sound gets a later reverb."""
    rng = np.random.default_rng(2)
    a, b = (rng.standard_normal((2, 2, RATE)) * 0.1).astype(np.float32)
    room = RoomPlan(decay_s=1.0)
    wet_a, wet_b = (reverb.reverberate(x, room, RATE) for x in (a, b))
    together = reverb.reverberate(a + b, room, RATE)
    error = np.abs(together.astype(np.float64) - wet_a - wet_b).max()
    assert 20 * np.log10(error / np.abs(together).max()) < -120
    late = np.concatenate([np.zeros((2, 1000), np.float32), a], axis=1)
    shifted = reverb.reverberate(late, room, RATE)[:, 1000:]
    assert np.abs(shifted - wet_a[:, : shifted.shape[1]]).max() < 1e-6 * np.abs(wet_a).max()


def test_predelay_moves_the_response():
    early = impulse_response(RoomPlan(decay_s=0.6, predelay_ms=0), 0.8)
    late = impulse_response(RoomPlan(decay_s=0.6, predelay_ms=25), 0.8)
    assert np.allclose(late[:, 1200:], early[:, :-1200], atol=1e-5)
    assert not late[:, :1200].any()
    assert np.argmax(np.abs(early[0]) > 1e-4) < 0.02 * RATE


@pytest.mark.parametrize("asked", [0.4, 1.2, 2.5])
def test_power_comes_back_and_the_sides_differ(asked):
    rng = np.random.default_rng(4)
    noise = np.repeat(rng.standard_normal((1, 6 * RATE)) * 0.1, 2, axis=0).astype(np.float32)
    sos = sps.butter(2, [400, 4000], "bandpass", fs=RATE, output="sos")
    sent = sps.sosfilt(sos, noise).astype(np.float32)
    wet = reverb.reverberate(sent, RoomPlan(decay_s=asked, damping=0.2), RATE)[:, 3 * RATE :]
    assert 20 * np.log10(wet.std() / sent.std()) == pytest.approx(0, abs=1.5)
    assert wet[0].std() / wet[1].std() == pytest.approx(1, abs=0.15)
    assert abs(np.corrcoef(wet)[0, 1]) < 0.25


def test_dense_and_without_ringing():
    """After 80 ms the response is near-Gaussian (no grain), and no frequency rings on."""
    response = impulse_response(RoomPlan(decay_s=1.8, damping=0.3, predelay_ms=0), 1.8)[0]
    piece = response[int(0.08 * RATE) : int(0.2 * RATE)].astype(np.float64)
    kurtosis = np.mean(piece**4) / np.mean(piece**2) ** 2
    assert kurtosis < 4.0
    late = np.abs(np.fft.rfft(response[int(0.5 * RATE) : int(1.5 * RATE)]))[200:4000]
    assert late.max() / np.sqrt(np.mean(late**2)) < 6


def test_silence_stays_silence_and_sound_dies_out():
    assert not reverb.add_room(AudioBuffer.silence(5000, RATE), RoomPlan()).samples.any()
    response = impulse_response(RoomPlan(decay_s=0.3), 6.0)
    assert not response[:, -RATE // 2 :].any()


def test_the_same_bytes_every_time():
    room = RoomPlan(decay_s=0.7)
    assert np.array_equal(impulse_response(room, 0.5), impulse_response(room, 0.5))
