"""Match the instruments in loudness: measure each one's standard phrase, store the correction.

Usage: ``python benchmarks/instrument_levels.py [--check]``. Plays `instruments.audition` of every
instrument at velocity 80 through the sound font and through the built-in synthesizers, measures
integrated loudness (BS.1770-4), and writes the gains that bring all to `TARGET_LUFS` into
``src/tonmeister/data/instrument_levels.toml``. With ``--check`` it only prints the spread.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import tonmeister.data
from tonmeister.instruments import (
    BuiltInSource,
    FontSource,
    Source,
    audition,
    catalogue,
    find_source,
    render,
)
from tonmeister.instruments.catalogue import sound_of
from tonmeister.signal.loudness import measure

TARGET_LUFS = -24.0
RATE_HZ = 48000


def loudness(name: str, source: Source) -> float:
    """Integrated loudness of the instrument's phrase, as it is rendered now."""
    phrase = audition(name)
    buffer = render(phrase, source=source, rate_hz=RATE_HZ, frames=int(phrase.length * RATE_HZ))
    return measure(buffer).integrated_lufs


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
        f"# Gains that bring every instrument's standard phrase to {TARGET_LUFS} LUFS at velocity 80:",
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
    for title, column in zip(("sound font", "built-in"), zip(*measured, strict=True), strict=True):
        print(f"{title}: {min(column):.2f} .. {max(column):.2f} LUFS")
    if not check:
        path = Path(tonmeister.data.__file__).parent / "instrument_levels.toml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"written to {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
