"""Measure the spectra of a sound font's instruments for the built-in synthesizers.

Usage: ``python benchmarks/analyse_font.py``. Plays each pitched instrument at velocity 80, a note
per octave, and writes ``src/tonmeister/data/presets/spectra.toml``: the level of each partial in
decibels (0: the loudest of all notes) and, for sounds that die away, its decay in decibels per
second. Band powers around each partial are used, so vibrato, ensembles and stretched partials are
measured as well as pure tones.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

import tonmeister.data
from tonmeister.instruments import FontSource, catalogue, find_source, render
from tonmeister.instruments.catalogue import sound_of
from tonmeister.instruments.presets import PARTIALS
from tonmeister.model.instrument import Instrument
from tonmeister.model.performance import Performance, PerformedNote

RATE_HZ = 48000
SECONDS = 3.0
WINDOW = 0.1
DECAY_TIMES = (0.0, 0.1, 0.25, 0.5, 1.0, 2.0)
HELD_FROM, HELD_TO = 0.6, 2.6
FLOOR_DB = -70
Array = npt.NDArray[np.float64]


def note(name: str, key: int, source: FontSource) -> Array:
    """Both channels' samples of a held note, shape (2, frames)."""
    played = Performance("note", name, (PerformedNote(0.0, SECONDS, key, 80),))
    frames = int(SECONDS * RATE_HZ)
    return render(played, source=source, rate_hz=RATE_HZ, frames=frames).samples.astype(np.float64)


def band_levels(samples: Array, key: int) -> Array:
    """Level in dB of each partial in `PARTIALS` (between grid points: the mean of the partials)."""
    frequency = 440 * 2 ** ((key - 69) / 12)
    window = np.hanning(samples.shape[1])
    power = (np.abs(np.fft.rfft(samples * window, 1 << 18)) ** 2).sum(axis=0)
    bin_of = (1 << 18) / RATE_HZ * frequency
    total = np.concatenate([[0.0], np.cumsum(power)]) / np.sum(window**2) / samples.shape[1]
    levels = []
    for before, this, after in zip((0, *PARTIALS), PARTIALS, (*PARTIALS[1:], 128), strict=False):
        low, high = this - (this - before) / 2, this + (after - this) / 2
        edges = np.minimum(np.round(np.array([low, high]) * bin_of), len(total) - 1).astype(int)
        energy = (total[edges[1]] - total[edges[0]]) / (high - low)
        audible = this * frequency < 0.45 * RATE_HZ and energy > 0
        levels.append(10 * np.log10(energy) if audible else -200.0)
    return np.array(levels)


def decays(samples: Array, key: int) -> tuple[Array, Array]:
    """Level at the start and decay in dB/s of each partial, by a straight line through windows."""
    width = int(WINDOW * RATE_HZ)
    starts = [int(time * RATE_HZ) for time in DECAY_TIMES]
    levels = np.array([band_levels(samples[:, at : at + width], key) for at in starts])
    times = np.array(DECAY_TIMES)
    first, slopes = levels[0], np.empty(levels.shape[1])
    for index, track in enumerate(levels.T):
        heard = (track > track.max() - 40) & (track > levels.max() - 75)
        count = max(2, int(np.argmin(heard)) if not heard.all() else len(track))
        slopes[index] = -np.polyfit(times[:count], track[:count], 1)[0]
    slopes = np.clip(slopes, 1.0, 250.0)
    for index in np.flatnonzero(first < levels.max() + FLOOR_DB + 5):
        slopes[index] = max(slopes[index], slopes[max(0, index - 1)], slopes[:index].max(initial=1))
    return first, slopes


def keys_of(instrument: Instrument) -> list[int]:
    """A key per octave over the instrument's range."""
    count = max(2, round((instrument.high - instrument.low) / 12) + 1)
    return [int(key) for key in np.linspace(instrument.low, instrument.high - 2, count).round()]


def spectrum(instrument: Instrument, source: FontSource) -> dict[str, object]:
    """Keys, levels and, if the instrument does not sustain, decays."""
    keys = keys_of(instrument)
    notes = [note(instrument.name, key, source) for key in keys]
    if instrument.sustains:
        held = slice(int(HELD_FROM * RATE_HZ), int(HELD_TO * RATE_HZ))
        levels, slopes = (
            np.array(
                [
                    band_levels(samples[:, held], key)
                    for samples, key in zip(notes, keys, strict=True)
                ]
            ),
            None,
        )
    else:
        both = [decays(samples, key) for samples, key in zip(notes, keys, strict=True)]
        levels, slopes = np.array([each[0] for each in both]), np.array([each[1] for each in both])
    levels = np.maximum(np.round(levels - levels.max()), FLOOR_DB).astype(int)
    result: dict[str, object] = {"keys": keys, "levels_db": levels.tolist()}
    if slopes is not None:
        result["decays_db_per_s"] = np.round(slopes).astype(int).tolist()
    return result


def main() -> int:
    """Measure and write."""
    source = find_source()
    if not isinstance(source, FontSource):
        print(f"no sound font: {source.reason}")
        return 1
    lines = [
        f"# Measured from {source.name} by benchmarks/analyse_font.py; do not edit by hand.",
        "# FluidR3: Frank Wen, MIT licence. Partials: see presets.PARTIALS.",
    ]
    done = set()
    for name, instrument in catalogue().items():
        preset = sound_of(name).preset
        if sound_of(name).drums or preset in done:
            continue
        done.add(preset)
        lines.append(f"\n[{preset}]")
        for field, value in spectrum(instrument, source).items():
            rows = str(value).replace("], [", "],\n  [")
            lines.append(f"{field} = {rows}")
    path = Path(tonmeister.data.__file__).parent / "presets" / "spectra.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(done)} spectra written to {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
