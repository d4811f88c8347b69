"""Brief to master against fluidsynth alone rendering the same MIDI dry, in the same run.

    record_time.py [ROUNDS] [STYLE ...]

Three-minute songs of ten parts, one per style. Ours is the whole command line, `new` and `produce`,
from the sentence to the 24-bit master on disk; theirs is the `fluidsynth` program rendering the
MIDI that ours delivered, without effects, as float. Both are new processes, in turn; medians count.
The kernels are compiled beforehand, as `make record` does it.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from statistics import median

import mido

from common import TEN_PART_BRIEFS, TONMEISTER, Verdict, tonmeister, workshop
from tonmeister.instruments import FontSource, find_source

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3
STYLES = sys.argv[2:] or list(TEN_PART_BRIEFS)


def timed(command: list[str]) -> tuple[float, float]:
    """Wall seconds and peak resident memory (MiB) of a command, its output thrown away."""
    start = time.perf_counter()
    pid = os.posix_spawnp(
        command[0],
        command,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)],
    )
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"failed: {' '.join(command)}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def main() -> None:
    """Measure and compare."""
    source = find_source()
    if not isinstance(source, FontSource) or not shutil.which("fluidsynth"):
        raise SystemExit("this benchmark needs a sound font and the fluidsynth program")
    verdict = Verdict()
    with workshop() as folder:
        tonmeister("new", folder / "warm", "--brief", "a short waltz in G, 10 seconds")
        tonmeister("produce", folder / "warm")
        for style in STYLES:
            compare(style, folder, source.path, verdict)
    verdict.finish()


def compare(style: str, folder: Path, font: Path, verdict: Verdict) -> None:
    """One style's song, several times, ours and theirs in turn."""
    ours, theirs, memory = [], [], []
    notes = 0
    for turn in range(ROUNDS):
        song, midi = folder / f"{style}{turn}", folder / f"{style}.mid"
        new, _ = timed([*TONMEISTER, "new", str(song), "--brief", TEN_PART_BRIEFS[style]])
        produce, peak = timed([*TONMEISTER, "produce", str(song)])
        ours.append(new + produce)
        memory.append(peak)
        if turn == 0:
            tonmeister("deliver", song, folder / f"{style}-out")
            made = next(p for p in (folder / f"{style}-out").glob("*.mid") if "Score" not in p.name)
            midi.write_bytes(made.read_bytes())
            notes = sum(m.type == "note_on" and m.velocity > 0 for m in mido.MidiFile(midi))
        theirs.append(timed(fluidsynth(font, midi, folder / "dry.wav"))[0])
        shutil.rmtree(song)
    ratio = median(ours) / median(theirs)
    times = f"{median(ours):.1f} s against {median(theirs):.1f} s, {notes} notes"
    verdict.hold(
        f"{style}: time against fluidsynth alone <= 1.0", ratio <= 1, f"{ratio:.2f} ({times})"
    )
    verdict.hold(f"{style}: memory < 1536 MiB", max(memory) < 1536, f"{max(memory):.0f} MiB")


def fluidsynth(font: Path, midi: Path, wav: Path) -> list[str]:
    """The command that renders a MIDI file dry, as float, at 48 kHz."""
    program = shutil.which("fluidsynth") or "fluidsynth"
    return [program, "-niq", "-R", "0", "-C", "0", "-r", "48000", "-O", "float", "-T", "wav",
            "-F", str(wav), str(font), str(midi)]  # fmt: skip


if __name__ == "__main__":
    main()
