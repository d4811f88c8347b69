"""Rendering speed: ten parts of a three-minute song on two threads against the fluidsynth program.

Usage: ``python benchmarks/render_speed.py [--runs 3] [--built-in]``. Both play the same notes with
the same sound font, dry, at 48 kHz in float, in the same run; the program renders the whole MIDI
file at once. Prints seconds, the ratio, and whether threads changed a byte.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mido

from tonmeister.instruments import (
    BuiltInSource,
    FontSource,
    Source,
    find_source,
    midi_program,
    render,
)
from tonmeister.model.chance import chance
from tonmeister.model.performance import ControlChange, Performance, PerformedNote

RATE_HZ = 48000
SECONDS = 180.0
BARS = 88
BEAT = 0.5
BAND = {
    "drums": "standard kit",
    "bass": "electric bass",
    "guitar": "electric guitar",
    "rhythm guitar": "steel guitar",
    "piano": "grand piano",
    "strings": "string section",
    "brass": "brass section",
    "pad": "warm pad",
    "lead": "tenor sax",
    "choir": "choir",
}
CHORDS = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))
TICKS = 960


def notes(part: str) -> Iterator[tuple[float, float, int]]:
    """Beat, beats and key of every note of a part."""
    for bar in range(BARS):
        chord, section = CHORDS[bar % 4], bar // 8
        for beat, length, key in bar_of(part, chord, section, bar % 8 == 7):
            yield bar * 4 + beat, length, key


def bar_of(
    part: str, chord: tuple[int, ...], section: int, fill: bool
) -> Iterator[tuple[float, float, int]]:
    """One bar of a part."""
    root = chord[0] - (12 if chord[0] > 5 else 0)
    if part == "drums":
        yield from ((s / 2, 0.2, 46 if s == 7 else 42) for s in range(8))
        yield from ((s / 2 + 0.25, 0.1, 42) for s in range(0, 8, 2) if section % 2)
        yield from ((beat, 0.3, 36) for beat in (0, 1.5, 2, 3.5))
        yield from ((beat, 0.3, 38) for beat in (1, 1.75, 2.75, 3))
        if fill:
            yield from (
                (2 + i / 4, 0.2, key) for i, key in enumerate((48, 48, 47, 45, 45, 43, 43, 41))
            )
    elif part == "bass":
        yield from ((s / 2, 0.45, 36 + root + (12 if s == 3 else 0)) for s in range(8))
    elif part == "guitar":
        yield from ((s / 2, 0.4, 48 + k) for s in range(8) for k in (*chord, chord[0] + 12))
    elif part == "rhythm guitar":
        yield from ((float(s), 0.95, 43 + k) for s in range(4) for k in (*chord, chord[0] + 12))
    elif part == "piano":
        for s in range(4):
            yield from ((float(s), 0.9, 60 + k) for k in chord)
            yield float(s), 0.9, 36 + root
            yield s + 0.5, 0.4, 60 + chord[s % 3]
    elif part == "strings" and section % 3:
        yield from ((0, 3.95, 55 + k) for k in (chord[0] - 12, *chord, chord[1] + 12))
    elif part == "brass" and section % 2:
        yield from ((beat, 0.4, 55 + k) for beat in (0, 0.75, 1.5, 3) for k in chord)
    elif part == "pad":
        yield from ((0, 3.98, 48 + k) for k in (*chord, chord[2] + 7))
    elif part == "lead" and section % 4:
        yield from ((s * 0.66, 0.6, 60 + chord[s % 3]) for s in range(6))
    elif part == "choir" and section % 2:
        yield from ((beat, 1.9, 60 + k) for beat in (0, 2) for k in chord)


def performance(part: str) -> Performance:
    """A part with humanized times and velocities, a pedal for the piano, swells for the strings."""
    dice = chance(7, part)
    played = [
        PerformedNote(
            round(max(0.0, beat * BEAT + dice.gauss(0, 0.006)), 6),
            length * BEAT,
            key,
            min(127, max(1, round(dice.gauss(82, 8)))),
        )
        for beat, length, key in notes(part)
    ]
    controls = []
    if part == "piano":
        for bar in range(BARS):
            controls += [ControlChange(bar * 2, 64, 127), ControlChange(bar * 2 + 1.95, 64, 0)]
    if part == "strings":
        controls = [ControlChange(s / 8, 11, 70 + 3 * (s % 16)) for s in range(BARS * 16)]
    ordered = tuple(sorted(played, key=lambda note: (note.start, note.key)))
    return Performance(part, BAND[part], ordered, tuple(controls), length=SECONDS)


def write_midi(band: list[Performance], path: Path) -> None:
    """The same events as a MIDI file, at 120 quarters per minute."""
    file = mido.MidiFile(ticks_per_beat=TICKS)
    free = (channel for channel in range(16) if channel != 9)
    for part in band:
        program = midi_program(part.instrument)
        channel = 9 if program.drums else next(free)
        events: list[tuple[float, int, mido.Message]] = [
            (0.0, 0, mido.Message("program_change", channel=channel, program=program.program))
        ]
        for note in part.notes:
            on = mido.Message("note_on", channel=channel, note=note.key, velocity=note.velocity)
            off = mido.Message("note_off", channel=channel, note=note.key)
            events += [(note.start, 2, on), (note.start + note.length, 1, off)]
        for move in part.controls:
            message = mido.Message(
                "control_change", channel=channel, control=move.controller, value=move.value
            )
            events.append((move.time, 1, message))
        file.tracks.append(_track(sorted(events, key=lambda event: event[:2])))
    file.save(path)


def _track(events: list[tuple[float, int, mido.Message]]) -> mido.MidiTrack:
    track, last = mido.MidiTrack(), 0
    for seconds, _, message in events:
        tick = round(seconds * 2 * TICKS)
        track.append(message.copy(time=tick - last))
        last = tick
    track.append(
        mido.MetaMessage("end_of_track", time=max(0, round((SECONDS - 1) * 2 * TICKS) - last))
    )
    return track


def render_all(band: list[Performance], source: Source, workers: int) -> None:
    """All parts, thrown away."""
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda part: len(rendered(part, source)), band))


def digests(band: list[Performance], source: Source, workers: int) -> list[str]:
    """All parts; a digest of each."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda part: hashlib.sha256(rendered(part, source)).hexdigest(), band))


def rendered(part: Performance, source: Source) -> memoryview:
    """The samples of a part."""
    frames = int(SECONDS * RATE_HZ)
    return memoryview(render(part, source=source, rate_hz=RATE_HZ, frames=frames).samples)


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of one call, child processes included."""
    wall, before = time.perf_counter(), os.times()
    work()
    after = os.times()
    return time.perf_counter() - wall, sum(after[:4]) - sum(before[:4])


def main() -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--built-in", action="store_true")
    chosen = options.parse_args()
    source: Source = BuiltInSource() if chosen.built_in else find_source()
    band = [performance(part) for part in BAND]
    count = sum(len(part.notes) for part in band)
    print(f"{count} notes, {len(band)} parts, {SECONDS:.0f} s, {source.name}")
    program, font = shutil.which("fluidsynth"), find_source()
    if program is None or not isinstance(font, FontSource):
        print("the fluidsynth program or a sound font is missing")
        return 1
    same = digests(band, source, 1) == digests(band, source, 2)
    print(f"serial and two threads give the same bytes: {same}")
    ours, theirs = _compare(band, source, font, program, chosen.runs)
    print(f"fluidsynth program  {theirs[0]:6.2f} s wall  {theirs[1]:6.2f} s processor")
    print(f"render, 2 threads   {ours[0]:6.2f} s wall  {ours[1]:6.2f} s processor")
    print(f"ratio of wall times {ours[0] / theirs[0]:6.2f}")
    print(f"half the ratio of processor times (two free cores) {ours[1] / theirs[1] / 2:6.2f}")
    return 0 if same else 1


Times = tuple[float, float]


def _compare(
    band: list[Performance], source: Source, font: FontSource, program: str, runs: int
) -> tuple[Times, Times]:
    """Median wall and processor seconds of ours and theirs, measured by turns."""
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        midi, wave = Path(folder) / "song.mid", Path(folder) / "song.wav"
        write_midi(band, midi)
        options = ["-ni", "-R", "0", "-C", "0", "-T", "wav", "-O", "float", "-r", str(RATE_HZ)]
        command = [program, *options, "-F", str(wave), str(font.path), str(midi)]
        for _ in range(runs):
            theirs.append(spent(lambda: subprocess.run(command, check=True, capture_output=True)))
            ours.append(spent(lambda: render_all(band, source, 2)))
    return _median(ours), _median(theirs)


def _median(runs: list[Times]) -> Times:
    return statistics.median(run[0] for run in runs), statistics.median(run[1] for run in runs)


if __name__ == "__main__":
    sys.exit(main())
