"""Brief to master against fluidsynth alone rendering the same MIDI dry, in the same run.

Both are run as new processes, in turn, several times; the ratio of the medians is what counts.
The kernels are compiled beforehand, as `make record` does it.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import time
from pathlib import Path
from statistics import median

from common import TEN_PARTS, TONMEISTER, Verdict, tonmeister, workshop
from tonmeister.instruments import FontSource, find_source

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3


def timed(command: list[str]) -> tuple[float, float]:
    """Wall seconds and peak resident memory (MiB) of a command."""
    start = time.perf_counter()
    pid = os.spawnvp(os.P_NOWAIT, command[0], command)
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
        warm = folder / "warm"
        tonmeister("new", warm, "--brief", "a short waltz in G, 10 seconds")
        tonmeister("produce", warm)
        ours, theirs, memory = [], [], []
        for turn in range(ROUNDS):
            song = folder / f"song{turn}"
            tonmeister("new", song, "--brief", TEN_PARTS)
            seconds, peak = timed([*TONMEISTER, "produce", str(song)])
            ours.append(seconds)
            memory.append(peak)
            midi = folder / "song.mid"
            if turn == 0:
                tonmeister("deliver", song, folder / "out")
                midi.write_bytes(
                    next(
                        p for p in (folder / "out").glob("*.mid") if "Score" not in p.name
                    ).read_bytes()
                )
            theirs.append(timed(fluidsynth(source.path, midi, folder / "dry.wav"))[0])
            shutil.rmtree(song)
        print(f"brief to master: {ours} s; fluidsynth dry: {theirs} s")
        ratio = median(ours) / median(theirs)
        verdict.hold("time against fluidsynth alone <= 1.0", ratio <= 1.0, f"{ratio:.2f}")
        verdict.hold("memory < 1536 MiB", max(memory) < 1536, f"{max(memory):.0f} MiB")
    print(f"children in all: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime:.0f} CPU s")
    verdict.finish()


def fluidsynth(font: Path, midi: Path, wav: Path) -> list[str]:
    """The command that renders a MIDI file dry, as float, at 48 kHz."""
    program = shutil.which("fluidsynth") or "fluidsynth"
    return [program, "-niq", "-R", "0", "-C", "0", "-r", "48000", "-O", "float", "-T", "wav",
            "-F", str(wav), str(font), str(midi)]  # fmt: skip


if __name__ == "__main__":
    main()
