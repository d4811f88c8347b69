"""Compressor and limiter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonmeister.model.sheets import CompressorPlan
from tonmeister.signal import control, dynamics, limiter, truepeak
from tonmeister.signal.buffer import AudioBuffer

RATE = 48000


def plan(**changes):
    values = {"threshold_db": -20, "ratio": 4, "attack_ms": 10, "release_ms": 100, "knee_db": 0}
    return CompressorPlan(**{**values, **changes})


def steady(level_db: float, seconds: float = 1.0, hz: float = 1000.0) -> np.ndarray:
    wave = np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)
    return (10 ** (level_db / 20) * wave).astype(np.float32)


@pytest.mark.parametrize("level_db", [-40, -21, -20, -12, -6, 0])
@pytest.mark.parametrize("knee_db", [0, 10])
def test_static_curve(level_db, knee_db):
    settings_ = plan(knee_db=knee_db)
    out = dynamics.compress(AudioBuffer(np.stack([steady(level_db)] * 2), RATE), settings_)
    reached = 20 * np.log10(np.abs(out.samples[:, -RATE // 4 :]).max())
    # Closed form, Giannoulis et al. 2012, eq. 4.
    over = level_db + 20
    if over <= -knee_db / 2:
        expected = level_db
    elif over < knee_db / 2:
        expected = level_db + (1 / 4 - 1) * (over + knee_db / 2) ** 2 / (2 * knee_db)
    else:
        expected = -20 + over / 4
    assert reached == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(("attack_ms", "release_ms"), [(5, 100), (20, 300), (80, 900)])
def test_time_constants(attack_ms, release_ms):
    """After one time constant 63 % of the step in dB are done."""
    up = np.full(RATE, 1.0, np.float32)
    down = np.full(2 * RATE, 0.001, np.float32)
    levels = dynamics.peak_levels(np.concatenate([up, down])[None])
    gains = dynamics.compressor_gains(
        levels, plan(attack_ms=attack_ms, release_ms=release_ms), RATE
    )
    reduction = -20 * np.log10(gains)
    per_ms = RATE / 1000 / control.CONTROL_FRAMES
    assert reduction[round(attack_ms * per_ms)] == pytest.approx(15 * 0.632, rel=0.07)
    start = RATE // control.CONTROL_FRAMES
    # The decoupled detector lets go after attack and release in turn.
    left = reduction[start + round((release_ms + attack_ms) * per_ms)] / reduction[start - 1]
    assert left == pytest.approx(np.exp(-1), abs=0.05)


def test_stereo_is_linked_and_sidechain_drives():
    loud, soft = steady(-3), steady(-30)
    linked = dynamics.compress(AudioBuffer(np.stack([loud, soft]), RATE), plan()).samples
    assert np.allclose(linked[0] * soft, linked[1] * loud, atol=1e-7)
    assert np.abs(linked[0, RATE // 2 :]).max() < 0.5 * np.abs(loud).max()
    ducked = dynamics.compress(
        AudioBuffer(np.stack([soft, soft]), RATE),
        plan(),
        sidechain=AudioBuffer(np.stack([loud, loud]), RATE),
    ).samples
    assert np.abs(ducked[:, -RATE // 4 :]).max() < 0.6 * np.abs(soft).max()
    with pytest.raises(ValueError, match="side chain"):
        dynamics.compress(
            AudioBuffer.silence(10, RATE), plan(), sidechain=AudioBuffer.silence(9, RATE)
        )


@settings(max_examples=40, deadline=None)
@given(
    st.floats(-60, 0),
    st.floats(1, 20),
    st.floats(0, 30),
    st.lists(st.floats(0, 2, width=32), min_size=1, max_size=50),
)
def test_gain_never_exceeds_makeup_and_is_finite(threshold, ratio, knee, levels):
    settings_ = plan(threshold_db=threshold, ratio=ratio, knee_db=knee, makeup_db=3)
    gains = dynamics.compressor_gains(np.array(levels, np.float32), settings_, RATE)
    assert np.isfinite(gains).all()
    assert (gains > 0).all()
    assert gains.max() <= 10 ** (3 / 20) * 1.0001


def hard_signals() -> dict[str, np.ndarray]:
    time = np.arange(RATE)
    rng = np.random.default_rng(3)
    impulses = np.zeros(RATE)
    impulses[::4801] = 4.0
    quarter = 1.5 * np.sin(np.pi / 2 * time + np.pi / 4) * np.hanning(RATE)
    return {
        "impulses": impulses,
        "quarter of the rate": quarter,
        "square": 2.0 * np.sign(np.sin(2 * np.pi * 110 * time / RATE)),
        "noise": rng.standard_normal(RATE),
        "bursts": rng.standard_normal(RATE) * (np.sin(2 * np.pi * 3 * time / RATE) > 0.5) * 3,
        "first frame": np.r_[5.0, np.zeros(RATE - 1)],
        "last frame": np.r_[np.zeros(RATE - 1), 5.0],
    }


@pytest.mark.parametrize("name", hard_signals())
def test_limiter_holds_its_ceiling(name):
    wave = hard_signals()[name].astype(np.float32)
    out = limiter.limit(AudioBuffer(np.stack([wave, 0.5 * wave]), RATE), -1.0)
    assert np.abs(out.samples).max() <= 10 ** (-1 / 20) * (1 + 1e-6)
    assert truepeak.true_peak_dbtp(out) <= -1.0 + 0.05


def test_limiter_leaves_soft_sound_alone():
    wave = steady(-3)
    buffer = AudioBuffer(np.stack([wave, wave]), RATE)
    assert np.array_equal(limiter.limit(buffer, -1.0).samples, buffer.samples)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 8, width=32), min_size=1, max_size=400))
def test_limiter_gain_is_never_above_what_is_needed(peaks):
    found = np.array(peaks, np.float32)
    gains = limiter.limiter_gains(found, 0.5, RATE)
    assert (gains <= 1).all()
    frames = control.expand(gains, found.size * control.CONTROL_FRAMES)
    worst = frames.reshape(-1, control.CONTROL_FRAMES).max(axis=1) * found
    assert worst.max() <= 0.5 * (1 + 1e-5)


def test_limiter_recovers():
    peaks = np.full(3000, 0.1, np.float32)
    peaks[500] = 1.0
    gains = limiter.limiter_gains(peaks, 0.5, RATE)
    assert gains[499] <= 0.5 + 1e-6
    assert gains[400] == 1.0
    assert gains[-1] == pytest.approx(1.0, abs=1e-3)
