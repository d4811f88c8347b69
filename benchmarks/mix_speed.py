"""Seconds for mixing and mastering ten synthetic tracks of three minutes at 48 kHz.

    python benchmarks/mix_speed.py [--seconds 180] [--workers 2]

Prints CPU and wall seconds per stage, the master's figures, the stems' null and the peak memory.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from tonmeister import engineer, signal
from tonmeister.model.score import PartRole
from tonmeister.model.sheets import SongSheet
from tonmeister.signal.buffer import AudioBuffer

RATE_HZ = 48000
BAND = (
    ("vocal", PartRole.LEAD, "voice", 330.0, 1.6),
    ("bass", PartRole.BASS, "bass", 65.0, 0.8),
    ("drums", PartRole.DRUMS, "drums", 0.0, 0.4),
    ("piano", PartRole.CHORDS, "piano", 220.0, 1.6),
    ("guitar", PartRole.CHORDS, "guitar", 196.0, 0.8),
    ("strings", PartRole.PAD, "strings", 294.0, 3.2),
    ("organ", PartRole.PAD, "organ", 262.0, 3.2),
    ("brass", PartRole.COUNTER, "brass", 233.0, 1.6),
    ("choir", PartRole.BACKING, "choir", 392.0, 3.2),
    ("percussion", PartRole.EFFECT, "percussion", 0.0, 0.4),
)
ResultT = TypeVar("ResultT")


def synthesize(name: str, frequency: float, period: float, seconds: float) -> AudioBuffer:
    """Notes (or noise bursts at 0 Hz) that die away, a pause every eighth note."""
    seed = sum(map(ord, name))
    rng = np.random.default_rng(seed)
    note = int(period * RATE_HZ)
    time_s = np.arange(note) / RATE_HZ
    envelope = np.exp(-3 * time_s / period) * np.minimum(1, time_s / 0.005)
    out = np.zeros((2, int(seconds * RATE_HZ)), np.float32)
    for k, start in enumerate(range(0, out.shape[1] - note, note)):
        if k % 8 == 7:
            continue
        if frequency:
            pitch = frequency * 2 ** (rng.integers(0, 12) / 12)
            tones = [np.sin(2 * np.pi * pitch * h * time_s) / h for h in range(1, 9)]
            sound = np.sum(tones, axis=0)
        else:
            sound = rng.standard_normal(note)
        loud = envelope * sound * rng.uniform(0.1, 0.3)
        out[0, start : start + note] = loud
        out[1, start : start + note] = loud * 0.9
    return AudioBuffer(out, RATE_HZ)


def timed(what: str, work: Callable[[], ResultT]) -> ResultT:
    """Run, print wall and CPU seconds, return the result."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{what:22s} {wall:6.2f} s wall {cpu:6.2f} s CPU")
    return result


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    timed("compile or load", signal.warm_up)
    with tempfile.TemporaryDirectory() as folder:
        record(Path(folder), options.seconds, options.workers)


def stored(folder: Path, name: str, sound: AudioBuffer) -> Callable[[], AudioBuffer]:
    """Keep a track in a file, as a production does; gives what loads it."""
    np.save(folder / f"{name}.npy", sound.samples)
    return lambda: AudioBuffer(np.load(folder / f"{name}.npy", mmap_mode="r"), RATE_HZ)


def record(folder: Path, seconds: float, workers: int) -> None:
    """Make the record, with a line for every stage."""
    tracks = [
        engineer.Track(
            name, role, family, stored(folder, name, synthesize(name, hz, period, seconds))
        )
        for name, role, family, hz, period in BAND
    ]
    style = engineer.read_style("ballad")
    song = SongSheet(
        title="Speed", style="ballad", key="D minor", tempo=72, metre="4/4",
        length=seconds, band=tuple(name for name, *_ in BAND),
    )  # fmt: skip
    measures = timed("measure", lambda: {t.name: engineer.measure_track(t.load()) for t in tracks})
    sheet = timed(
        "propose", lambda: engineer.propose_mix([t.info for t in tracks], measures, style).sheet
    )
    room = engineer.propose_room(song, style).sheet
    bands = engineer.expected_bands_db(sheet, measures)
    plan = engineer.propose_master(song, style, bands_db=bands).sheet
    premaster = timed("mix", lambda: engineer.mix(tracks, sheet, room, workers=workers))
    mastered = timed("master", lambda: engineer.master(premaster, plan))
    loud = mastered.loudness
    print(f"{loud.integrated_lufs:.3f} LUFS, {loud.true_peak_dbtp:.3f} dBTP", *mastered.remarks)
    rest = mastered.audio.samples.copy()

    def subtract() -> None:
        for _, stem in engineer.stems(tracks, sheet, room, plan, mastered.gain, workers=workers):
            np.subtract(rest, stem.samples, out=rest)

    timed("stems", subtract)
    print(f"stems null at {20 * np.log10(np.abs(rest).max() + 1e-30):.1f} dBFS (peak)")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
