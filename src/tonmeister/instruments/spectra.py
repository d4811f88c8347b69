"""A preset's spectrum at a key: measured levels between the measured keys and partials."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from tonmeister.instruments.kernels import TABLE, Floats
from tonmeister.instruments.presets import PARTIALS, Rows, Spectrum
from tonmeister.model.chance import chance
from tonmeister.signal.buffer import Samples32

AUDIBLE_DB = -58.0
_HIGHEST_HZ = 14000.0
_ALL = np.arange(1, PARTIALS[-1] + 1, dtype=np.float64)


class Partials(NamedTuple):
    """Ratios to the key's frequency, levels in dB, decays in dB/s; equally long."""

    ratios: Floats
    levels_db: Floats
    decays: Floats


def frequency_of(key: int) -> float:
    """Equal temperament, A4 = 440 Hz."""
    return 440.0 * math.pow(2.0, (key - 69) / 12)


@lru_cache(maxsize=1024)
def at_key(spectrum: Spectrum, key: int, rate_hz: int) -> Partials:
    """The audible partials of a key, interpolated between the measured keys and partials."""
    levels = _between(spectrum.keys, spectrum.levels_db, key)
    decays = _between(spectrum.keys, spectrum.decays_db_per_s, key)
    if spectrum.ratios:
        ratios = np.array(spectrum.ratios)
    else:
        grid = np.log(np.array(PARTIALS, dtype=np.float64))
        ratios, levels = _ALL, np.interp(np.log(_ALL), grid, levels)
        decays = np.interp(np.log(_ALL), grid, decays) if len(decays) else decays
    if not len(decays):
        decays = np.zeros(len(ratios))
    limit = min(0.45 * rate_hz, _HIGHEST_HZ) / frequency_of(key)
    heard = (levels > AUDIBLE_DB) & (ratios < limit)
    return Partials(ratios[heard], levels[heard], decays[heard])


def _between(keys: tuple[int, ...], rows: Rows, key: int) -> Floats:
    if not rows:
        return np.zeros(0)
    table = np.array(rows, dtype=np.float64)
    if len(keys) == 1:
        only: Floats = table[0]
        return only
    right = int(np.clip(np.searchsorted(keys, key), 1, len(keys) - 1))
    share = np.clip((key - keys[right - 1]) / (keys[right] - keys[right - 1]), 0.0, 1.0)
    mixed: Floats = table[right - 1] + share * (table[right] - table[right - 1])
    return mixed


@lru_cache(maxsize=512)
def wave_tables(spectrum: Spectrum, key: int, rate_hz: int, bright_db: float) -> Samples32:
    """A soft and a loud cycle of the key's tone, shape (2, TABLE + 1), band-limited for the key.

    The two differ by `bright_db` per octave above the second partial; the fundamental stays.
    """
    partials = at_key(spectrum, key, rate_hz)
    dice = chance(0, "wave table", key)
    phases = np.array([dice.uniform(0, 2 * math.pi) for _ in partials.ratios])
    octaves = np.log2(np.maximum(1.0, partials.ratios / 2))
    tables = np.empty((2, TABLE + 1), np.float32)
    for index, slope in enumerate((-0.5, 0.5)):
        amplitudes = 10 ** ((partials.levels_db + slope * bright_db * octaves) / 20)
        bins = np.zeros(TABLE // 2 + 1, np.complex128)
        bins[partials.ratios.astype(int)] = amplitudes * np.exp(1j * phases) * TABLE / 2
        tables[index, :TABLE] = np.fft.irfft(bins, TABLE)
        tables[index, TABLE] = tables[index, 0]
    tables.setflags(write=True)
    return tables
