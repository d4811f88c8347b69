"""Start-up: `tonmeister --help`, and a produce with nothing to do."""

from __future__ import annotations

import subprocess
import time
from statistics import median

from common import TONMEISTER, Verdict, tonmeister, workshop


def seconds(*words: str) -> float:
    """Median wall time of five runs."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([*TONMEISTER, *words], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return median(times)


def main() -> None:
    """Measure both."""
    verdict = Verdict()
    helped = seconds("--help")
    verdict.hold("--help under 0.3 s", helped < 0.3, f"{helped:.2f} s")
    with workshop() as folder:
        song = folder / "song"
        tonmeister("new", song, "--brief", "a waltz in G, 30 seconds")
        tonmeister("produce", song)
        idle = seconds("produce", str(song))
        verdict.hold("nothing to do, said in under 1 s", idle < 1.0, f"{idle:.2f} s")
    verdict.finish()


if __name__ == "__main__":
    main()
