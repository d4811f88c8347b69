"""Killed (SIGKILL) at random moments and run again: always completes, same bytes."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time

from common import TONMEISTER, Verdict, digests, tonmeister, workshop

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 20
BRIEF = "a swing in F, 150 bpm, 40 seconds, piano, bass, drums, sax"


def main() -> None:
    """One undisturbed run gives the truth; then kill, run again, compare."""
    dice = random.Random(7)
    verdict = Verdict()
    with workshop() as folder:
        truth = folder / "truth"
        tonmeister("new", truth, "--brief", BRIEF)
        start = time.perf_counter()
        tonmeister("produce", truth)
        whole = time.perf_counter() - start
        expected = digests(truth / "record")
        bad = killed = 0
        for turn in range(KILLS):
            song = folder / f"k{turn}"
            tonmeister("new", song, "--brief", BRIEF)
            run = subprocess.Popen(
                [*TONMEISTER, "produce", str(song)],
                stderr=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
            time.sleep(dice.uniform(0.1, whole))
            killed += run.poll() is None
            run.send_signal(signal.SIGKILL)
            run.wait()
            again = tonmeister("produce", song, check=False)
            bad += again.returncode != 0 or digests(song / "record") != expected
        verdict.hold(
            f"completes after SIGKILL with the same bytes ({KILLS} times)",
            bad == 0,
            f"{bad} wrong; {killed} were killed at work within {whole:.1f} s",
        )
    verdict.finish()


if __name__ == "__main__":
    main()
