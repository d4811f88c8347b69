"""Equalizers and places against closed forms and scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal as sps

from tonmeister.model.sheets import EqBand
from tonmeister.signal import filters, panning, resampling, spectrum
from tonmeister.signal.buffer import AudioBuffer

RATE = 48000
KINDS = ("peak", "low-shelf", "high-shelf", "low-cut", "high-cut")
NOISE = (np.random.default_rng(5).standard_normal((2, 20000)) * 0.1).astype(np.float32)


def band_strategy():
    return st.builds(
        EqBand,
        kind=st.sampled_from(KINDS),
        frequency_hz=st.floats(20, 20000),
        gain_db=st.floats(-18, 18),
        q=st.floats(0.3, 8),
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(band_strategy(), min_size=0, max_size=5))
def test_filter_equals_scipy(bands):
    sections = filters.design(bands, RATE)
    out, levels = filters.filter_stereo(NOISE, sections, gain=0.5)
    expected = NOISE * 0.5
    if bands:
        sos = np.insert(sections, 3, 1.0, axis=1)
        expected = sps.sosfilt(sos, expected.astype(np.float64))
    scale = max(1.0, np.abs(expected).max())
    assert np.abs(out - expected).max() < 1e-6 * scale
    assert levels.size == 1250
    assert levels.max() == pytest.approx(np.abs(out).max(), rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(band_strategy())
def test_magnitude_equals_freqz(band):
    sections = filters.design([band], RATE)
    at = np.geomspace(20, 20000, 50)
    _, response = sps.freqz(sections[0, :3], [1, *sections[0, 3:]], worN=at, fs=RATE)
    expected = 20 * np.log10(np.abs(response))
    heard = expected > -150
    assert np.abs(filters.magnitude_db(sections, at, RATE) - expected)[heard].max() < 1e-5


@pytest.mark.parametrize(
    ("band", "at_hz", "expected_db"),
    [
        (EqBand(kind="peak", frequency_hz=1000, gain_db=6, q=2), 1000, 6),
        (EqBand(kind="low-shelf", frequency_hz=200, gain_db=-4), 20, -4),
        (EqBand(kind="low-shelf", frequency_hz=200, gain_db=-4), 10000, 0),
        (EqBand(kind="high-shelf", frequency_hz=5000, gain_db=3), 20000, 3),
        (EqBand(kind="high-shelf", frequency_hz=5000, gain_db=3), 100, 0),
        (EqBand(kind="low-cut", frequency_hz=100), 100, -3),
        (EqBand(kind="low-cut", frequency_hz=100), 25, -24),
        (EqBand(kind="high-cut", frequency_hz=5000), 5000, -3),
    ],
)
def test_bands_do_what_they_say(band, at_hz, expected_db):
    found = filters.magnitude_db(filters.design([band], RATE), np.array([at_hz]), RATE)
    assert found[0] == pytest.approx(expected_db, abs=0.2)


def test_silence_after_sound_is_exact_silence_and_wakes_up_again():
    sections = filters.design([EqBand(kind="low-cut", frequency_hz=40)], RATE)
    gap = np.zeros((2, 20 * RATE), np.float32)
    out, _ = filters.filter_stereo(np.concatenate([NOISE, gap, NOISE], axis=1), sections)
    assert not out[:, -NOISE.shape[1] - RATE : -NOISE.shape[1]].any()
    assert np.array_equal(out[:, : NOISE.shape[1]], out[:, -NOISE.shape[1] :])


def test_mono_equals_either_side_of_stereo():
    bands = [EqBand(kind="peak", frequency_hz=500, gain_db=5)]
    both = filters.equalize(AudioBuffer(NOISE, RATE), bands)
    left = filters.equalize(AudioBuffer(NOISE[:1], RATE), bands)
    assert left.channels == 1
    assert np.array_equal(left.samples[0], both.samples[0])


@given(st.floats(-1, 1))
def test_mono_source_keeps_its_power_wherever_it_stands(pan):
    gains = panning.pan_matrix(pan) @ np.ones(2)
    assert np.sum(gains**2) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("pan", "left", "right"),
    [(-1, 2**0.5, 0), (0, 1, 1), (1, 0, 2**0.5)],
)
def test_pan_law(pan, left, right):
    assert panning.pan_matrix(pan) @ np.ones(2) == pytest.approx([left, right])


def test_width_and_middle():
    assert panning.pan_matrix(0.0) == pytest.approx(np.eye(2))
    assert panning.pan_matrix(0.0, width=0.0) == pytest.approx(np.full((2, 2), 0.5))
    placed = panning.place(AudioBuffer(NOISE, RATE), 1.0)
    assert np.abs(placed.samples[0]).max() < 1e-6


def test_resampling_keeps_a_tone():
    wave = np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE).astype(np.float32)
    there = resampling.resample(AudioBuffer(wave[None] * 0.5, RATE), 44100)
    assert there.rate_hz == 44100
    assert there.frames == 44100
    expected = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(44100) / 44100)
    assert np.abs(there.samples[0] - expected)[1000:-1000].max() < 1e-4
    same = AudioBuffer(NOISE, RATE)
    assert resampling.resample(same, RATE) is same


def test_octave_bands_hold_all_the_power():
    noise = (np.random.default_rng(6).standard_normal((2, 20 * RATE)) * 0.1).astype(np.float32)
    levels = np.array(spectrum.octave_bands(AudioBuffer(noise, RATE)))
    assert np.diff(levels[2:9]) == pytest.approx(3.01, abs=0.3)
    assert np.sum(10 ** (levels / 10)) == pytest.approx(0.01 * 22.6 / 24, rel=0.02)
    sine = np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE).astype(np.float32)
    tone = spectrum.octave_bands(AudioBuffer(sine[None], RATE))
    assert tone[5] == pytest.approx(-3.01, abs=0.02)
    assert max(tone[:4]) < -60
    assert spectrum.octave_bands(AudioBuffer.silence(10, RATE)) == (spectrum.FLOOR_DB,) * 10
