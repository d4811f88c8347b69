"""The master ride lifts quiet passages, keeps their order, and leaves the rest alone."""

from __future__ import annotations

import numpy as np
import pytest

from tonmeister.engineer.riding import ride_gains
from tonmeister.signal import loudness

HOP = loudness.HOPS_PER_S


def passages(*levels_lufs: float, seconds: float = 20.0) -> np.ndarray:
    """Energies of steady passages, one after the other."""
    return np.concatenate(
        [np.full(round(seconds * HOP), 10 ** ((level + 0.691) / 10)) for level in levels_lufs]
    )


def lift_at(gains: np.ndarray, second: float) -> float:
    return float(20 * np.log10(gains[round(second * HOP)]))


def test_a_quiet_intro_is_lifted_and_stays_the_quieter_one() -> None:
    gains = ride_gains(passages(-26, -14, -14), most_db=6)
    assert 3 < lift_at(gains, 8) <= 6
    assert -26 + lift_at(gains, 8) < -14
    assert lift_at(gains, 50) == pytest.approx(0, abs=0.01)


def test_even_music_is_left_alone() -> None:
    assert np.allclose(ride_gains(passages(-16, -14, -15), most_db=6), 1.0, atol=1e-3)


def test_never_more_than_asked() -> None:
    gains = ride_gains(passages(-34, -14, -12), most_db=2.5)
    assert 20 * np.log10(gains.max()) <= 2.5 + 1e-9
    assert gains.min() >= 1.0 - 1e-12
    assert np.all(ride_gains(passages(-34, -14), most_db=0) == 1)


def test_a_pause_and_the_end_are_no_passages() -> None:
    gains = ride_gains(passages(-14, -90, -14, -90, seconds=8), most_db=6)
    assert np.allclose(gains, 1.0, atol=1e-3)


def test_it_moves_slowly() -> None:
    gains_db = 20 * np.log10(ride_gains(passages(-28, -14, -28, -14), most_db=6))
    assert np.abs(np.diff(gains_db)).max() * HOP <= 2.0  # dB a second


def test_silence_and_nothing_do_no_harm() -> None:
    assert np.all(ride_gains(np.zeros(500), 6) == 1)
    assert ride_gains(np.zeros(0), 6).size == 0
