"""What the engineer measures on a dry track before touching a fader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from tonmeister.signal import loudness
from tonmeister.signal.buffer import AudioBuffer
from tonmeister.signal.spectrum import octave_bands
from tonmeister.units.level import db_from_gain

Floats64: TypeAlias = npt.NDArray[np.float64]

SILENT_LUFS = -70.0
"""At or below this a track counts as silent."""


@dataclass(frozen=True, slots=True)
class TrackMeasure:
    """A dry track in figures. dB are relative to full scale; "active" is where it sounds.

    Attributes:
        loudness_lufs: gated (BS.1770).
        peak_db: sample peak.
        rms_db: of the active parts.
        crest_db: typical peak against RMS of 200 ms, active parts (3 dB: a sine; 12: drums).
        typical_peak_db: mean of the 100 ms peaks, each weighed by its power: where most of what is
            heard happens.
        loud_peak_db: 95th percentile of the 100 ms peaks, active parts.
        bands_db: power in ten octave bands, 31.5 Hz .. 16 kHz.
        active_share: share of the record's time in which it sounds, 0 .. 1.
        width: power of left - right against left + right; 0 mono, 1 unrelated sides.
    """

    loudness_lufs: float
    peak_db: float
    rms_db: float
    crest_db: float
    typical_peak_db: float
    loud_peak_db: float
    bands_db: tuple[float, ...]
    active_share: float
    width: float

    @property
    def silent(self) -> bool:
        """Whether there is nothing to hear."""
        return self.loudness_lufs <= SILENT_LUFS


def measure_track(buffer: AudioBuffer) -> TrackMeasure:
    """Measure a track, about 0.1 CPU seconds for three minutes. Figures are rounded to 0.001."""
    hops = loudness.hops(buffer.samples, buffer.rate_hz)
    power, peak = _tenths(hops)
    active = (power > power.max(initial=0.0) * 1e-4) & (power > 1e-8)
    sounding = bool(active.any())
    loud = float(np.percentile(peak[active], 95)) if sounding else 0.0
    typical = float(np.average(peak[active], weights=power[active])) if sounding else 0.0
    rms = float(np.sqrt(power[active].mean())) if sounding else 0.0
    return TrackMeasure(
        loudness_lufs=round(loudness.integrated(hops[:, 0]), 3),
        peak_db=_db(float(hops[:, 2].max(initial=0.0))),
        rms_db=_db(rms),
        crest_db=round(_crest_db(power, peak, active), 3),
        typical_peak_db=_db(typical),
        loud_peak_db=_db(loud),
        bands_db=tuple(round(level, 2) for level in octave_bands(buffer)),
        active_share=round(float(active.mean()) if active.size else 0.0, 4),
        width=round(_width(buffer), 4),
    )


def _db(gain: float) -> float:
    return round(db_from_gain(gain), 3)


def _tenths(hops: Floats64) -> tuple[Floats64, Floats64]:
    """Mean square and peak per 100 ms."""
    count = hops.shape[0] // 10
    if not count:
        return hops[:, 1].mean(keepdims=True), hops[:, 2].max(keepdims=True, initial=0.0)
    cut = hops[: count * 10]
    return cut[:, 1].reshape(-1, 10).mean(axis=1), cut[:, 2].reshape(-1, 10).max(axis=1)


def _crest_db(power: Floats64, peak: Floats64, active: npt.NDArray[np.bool_]) -> float:
    """Median of peak against RMS over 200 ms (two neighbouring tenths), in dB."""
    both = active[1:] & active[:-1]
    if not both.any():
        return 0.0
    squares = (power[1:] + power[:-1])[both] / 2
    peaks = np.maximum(peak[1:], peak[:-1])[both]
    return float(np.median(10 * np.log10(peaks**2 / squares)))


def _width(buffer: AudioBuffer) -> float:
    if buffer.channels == 1 or not buffer.frames:
        return 0.0
    # Every seventh frame is plenty for an average.
    left, right = buffer.samples[:, ::7]
    together = float(np.mean(np.square(left + right, dtype=np.float64)))
    apart = float(np.mean(np.square(left - right, dtype=np.float64)))
    return min(apart / together, 10.0) if together > 1e-12 else 0.0
