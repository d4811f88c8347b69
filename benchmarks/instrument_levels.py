"""Match the instruments in loudness and pitch: measure each one, store the correction.

Usage: ``python benchmarks/instrument_levels.py [--check]``. Plays `instruments.audition` of every
instrument at velocity 80 through the sound font and through the built-in synthesizers, measures
integrated loudness (BS.1770-4), and writes the gains that bring all to `TARGET_LUFS` into
``src/tonmeister/data/instrument_levels.toml``. The pitch of a sound font's held sounds is measured
too, as the centroid of the power around the first partials; only a mean error of more than
`TOLERANCE_CENTS` is corrected. So is an offset, if the power below hearing exceeds `OFFSET_DB`.
With ``--check`` it only prints the spread.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

import tonmeister.data
from tonmeister.instruments import (
    BuiltInSource,
    FontSource,
    Source,
    audition,
    catalogue,
    find_source,
    lookup,
    render,
)
from tonmeister.instruments.catalogue import sound_of
from tonmeister.model.performance import Performance, PerformedNote
from tonmeister.signal.loudness import measure

TARGET_LUFS = -24.0
RATE_HZ = 48000
TOLERANCE_CENTS = 5.0
KEY_STEP = 3
LOWEST_HZ = 15.0
OFFSET_DB = -25.0


def loudness(name: str, source: Source) -> float:
    """Integrated loudness of the instrument's phrase, as it is rendered now."""
    phrase = audition(name)
    buffer = render(phrase, source=source, rate_hz=RATE_HZ, frames=int(phrase.length * RATE_HZ))
    return measure(buffer).integrated_lufs


def offset(name: str, source: Source) -> float:
    """Share of the power below hearing in a phrase, in dB."""
    phrase = audition(name)
    frames = int(phrase.length * RATE_HZ)
    samples = render(phrase, source=source, rate_hz=RATE_HZ, frames=frames).samples
    power = (np.abs(np.fft.rfft(samples, axis=1)) ** 2).sum(axis=0)
    low = int(LOWEST_HZ * frames / RATE_HZ)
    return float(10 * np.log10(power[:low].sum() / power.sum()))


def pitch_error(name: str, source: Source) -> float:
    """Mean error in cents over the sweet range; 0 for sounds without a held pitch."""
    instrument = lookup(name)
    if not instrument.sustains or instrument.family == "voice":
        return 0.0
    keys = range(instrument.sweet_low, instrument.sweet_high + 1, KEY_STEP)
    return float(np.mean([key_error(name, key, source) for key in keys]))


def key_error(name: str, key: int, source: Source) -> float:
    """Error in cents of one key: centroids of the partials up to the sixth, louder ones first."""
    played = Performance("pitch", name, (PerformedNote(0.0, 1.2, key, 80),))
    sound = render(played, source=source, rate_hz=RATE_HZ, frames=RATE_HZ).samples.mean(axis=0)
    sound = sound[RATE_HZ // 6 :] * np.hanning(RATE_HZ - RATE_HZ // 6)
    count = 1 << 18
    power = np.abs(np.fft.rfft(sound, count)) ** 2
    errors, weights = [], []
    for partial in range(1, 7):
        nominal = partial * 440 * 2 ** ((key - 69) / 12)
        if nominal > 6000:
            break
        low, high = (int(nominal * 2 ** (c / 1200) * count / RATE_HZ) for c in (-60, 60))
        band = power[low:high]
        centroid = (np.arange(low, high) * band).sum() / band.sum() * RATE_HZ / count
        errors.append(1200 * np.log2(centroid / nominal))
        weights.append(np.sqrt(band.sum()))
    return float(np.average(errors, weights=weights))


def main() -> int:
    """Measure all; print or write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    check = options.parse_args().check
    font = find_source()
    if not isinstance(font, FontSource):
        print(f"no sound font: {font.reason}")
        return 1
    sources: tuple[Source, Source] = (font, BuiltInSource())
    lines = [
        f"# Gains that bring each instrument's phrase to {TARGET_LUFS} LUFS at velocity 80:",
        f"# font_gain_db measured with {font.name}, preset_gain_db with the built-in synthesizers.",
        "# Measured by benchmarks/instrument_levels.py; do not edit by hand.",
    ]
    measured = []
    for name in catalogue():
        now = [loudness(name, source) for source in sources]
        measured.append(now)
        sound = sound_of(name)
        gains = (sound.font_gain_db, sound.preset_gain_db)
        lines += [f'\n["{name}"]']
        for field, gain, level in zip(("font_gain_db", "preset_gain_db"), gains, now, strict=True):
            lines.append(f"{field} = {gain + TARGET_LUFS - level:.1f}")
        tune = sound.font_tune_cents - pitch_error(name, font)
        if abs(tune) > TOLERANCE_CENTS:
            lines.append(f"font_tune_cents = {tune:.0f}")
        if sound.font_offset or offset(name, font) > OFFSET_DB:
            lines.append("font_offset = true")
    for title, column in zip(("sound font", "built-in"), zip(*measured, strict=True), strict=True):
        print(f"{title}: {min(column):.2f} .. {max(column):.2f} LUFS")
    if not check:
        path = Path(tonmeister.data.__file__).parent / "instrument_levels.toml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"written to {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
