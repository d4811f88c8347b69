"""Octave-band arithmetic: what an equalizer does to a measured spectrum."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from tonmeister.engineer.measures import TrackMeasure
from tonmeister.engineer.style import read_style
from tonmeister.model.sheets import EqBand, MixSheet, StripPlan
from tonmeister.signal import spectrum
from tonmeister.signal.buffer import AudioBuffer
from tonmeister.signal.filters import design, magnitude_db
from tonmeister.signal.loudness import k_weighting

Floats64: TypeAlias = npt.NDArray[np.float64]

_RATE_HZ = 48000
MIDDLES_HZ = np.array(spectrum.OCTAVES_HZ)


@cache
def k_weights_db() -> Floats64:
    """The loudness weighting at the ten band middles, in dB."""
    return magnitude_db(k_weighting(_RATE_HZ), MIDDLES_HZ, _RATE_HZ)


def eq_db(bands: Sequence[EqBand]) -> Floats64:
    """An equalizer's gain per octave: mean over five points of each band, in dB, shape (10,)."""
    points = MIDDLES_HZ[:, None] * 2 ** np.linspace(-0.4, 0.4, 5)[None, :]
    return np.asarray(magnitude_db(design(bands, _RATE_HZ), points, _RATE_HZ).mean(axis=1))


def loudness_change_db(bands_db: Sequence[float], bands: Sequence[EqBand]) -> float:
    """How much louder (LU) an equalizer makes a sound of this spectrum."""
    weighted = 10 ** ((np.array(bands_db) + k_weights_db()) / 10)
    after = weighted * 10 ** (eq_db(bands) / 10)
    return float(10 * np.log10(after.sum() / weighted.sum()))


def strip_bands_db(measure: TrackMeasure, strip: StripPlan) -> Floats64:
    """A track's spectrum as its strip sends it to the mix, shape (10,)."""
    # The compressor's make-up is taken to undo its mean reduction.
    return np.array(measure.bands_db) + strip.gain_db + strip.level_db + eq_db(strip.eq)


def expected_bands_db(sheet: MixSheet, measures: dict[str, TrackMeasure]) -> tuple[float, ...]:
    """The spectrum the mix will have, from the tracks' spectra and their strips.

    Returns:
        ten octave bands 31.5 Hz .. 16 kHz in dB, as `signal.spectrum.octave_bands` gives them.
    """
    power = np.full(10, 1e-15)
    for name, strip in sheet.items():
        if name in measures and not strip.mute:
            power += 10 ** (strip_bands_db(measures[name], strip) / 10)
    return tuple(round(float(level), 2) for level in 10 * np.log10(power))


def octave_bands(buffer: AudioBuffer) -> tuple[tuple[float, float], ...]:
    """The sound's octave bands as pairs (Hz, dB relative to 1 kHz), for pictures."""
    return _relative(spectrum.octave_bands(buffer))


def target_bands(style_name: str) -> tuple[tuple[float, float], ...]:
    """The spectrum a style's records lean to, as pairs (Hz, dB relative to 1 kHz).

    Raises:
        StyleError: as `read_style`.
    """
    return _relative(read_style(style_name).master.spectrum_db)


def _relative(levels_db: Sequence[float]) -> tuple[tuple[float, float], ...]:
    reference = levels_db[spectrum.OCTAVES_HZ.index(1000.0)]
    return tuple(
        (hz, round(level - reference, 2))
        for hz, level in zip(spectrum.OCTAVES_HZ, levels_db, strict=True)
    )
