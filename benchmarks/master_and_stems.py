"""Masters by an outside meter (ffmpeg), and stems that sum to the master, in all styles."""

from __future__ import annotations

import shutil

import numpy as np
import soundfile

from common import Verdict, ffmpeg_loudness, tonmeister, workshop

BRIEFS = {
    "ballad": "a soul ballad in D minor, 72 bpm, 2 minutes, piano, bass, drums, strings, baritone",
    "swing": "a bright swing in F, 160 bpm, 90 seconds, piano, bass, drums, trumpet, guitar",
    "waltz": "a gentle waltz in G, 110 bpm, 90 seconds, piano, bass, strings, accordion, flute",
}


def main() -> None:
    """Produce, deliver, measure."""
    if not shutil.which("ffmpeg"):
        raise SystemExit("this benchmark needs ffmpeg")
    verdict = Verdict()
    with workshop() as folder:
        for style, brief in BRIEFS.items():
            song, out = folder / style, folder / f"{style}-out"
            tonmeister("new", song, "--brief", brief)
            tonmeister("deliver", song, out)
            wav = next(out.glob("*_Master_48k24.wav"))
            loudness, peak = ffmpeg_loudness(wav)
            verdict.hold(
                f"{style}: within 0.1 LU of -14", abs(loudness + 14) <= 0.1, f"{loudness:.1f} LUFS"
            )
            verdict.hold(f"{style}: at most -1.0 dBTP", peak <= -1.0, f"{peak:.1f} dBTP")
            master, _ = soundfile.read(wav, dtype="float64")
            stems = sorted((out / "stems").glob("*.wav"))
            total = sum(soundfile.read(stem, dtype="float64")[0] for stem in stems)
            residue = 20 * np.log10(np.abs(total - master).max() + 1e-12)
            verdict.hold(
                f"{style}: {len(stems)} stems minus master <= -100 dBFS",
                residue <= -100,
                f"{residue:.1f} dBFS peak",
            )
    verdict.finish()


if __name__ == "__main__":
    main()
