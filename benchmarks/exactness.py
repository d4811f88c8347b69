"""Tempo and key exactly as asked, length within a bar, over many briefs (no sound is rendered)."""

from __future__ import annotations

import random
import sys
from fractions import Fraction

from common import Verdict, workshop
from tonmeister import Production
from tonmeister.model import codec
from tonmeister.model.score import KeySignature, Song, TimeSignature
from tonmeister.producer import Brief
from tonmeister.production import pipeline

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 60
KEYS = ("C", "D minor", "Eb", "F# minor", "Bb minor", "A", "Db", "G minor", "B", "E")
METRES = ("4/4", "3/4", "6/8", "2/4", "5/4", "7/8", "12/8")


def song_of(production: Production) -> tuple[Song, float]:
    """The composition, and the record's length in seconds."""
    work = production.work()
    pipeline.run(work, until="compose")
    song = codec.load(Song, work.bench.read(work.song))
    return song, pipeline.frames(work) / 48000


def main() -> None:
    """Ask for many things and check them all."""
    dice = random.Random(1)
    verdict = Verdict()
    tempo_off = key_off = 0
    worst = 0.0
    with workshop() as folder:
        for index in range(COUNT):
            style = dice.choice(("ballad", "swing", "waltz"))
            metre = dice.choice(METRES) if index % 2 else {"waltz": "3/4"}.get(style, "4/4")
            tempo, length = dice.randint(50, 220), dice.randint(30, 300)
            brief = Brief.model_validate(
                {"style": style, "key": dice.choice(KEYS), "tempo": tempo, "length": length,
                 "metre": metre, "seed": index}
            )  # fmt: skip
            song, seconds = song_of(Production.create(folder / f"b{index}", brief=brief))
            time = TimeSignature.parse(metre)
            quarters = Fraction(tempo) * time.pulse
            tempo_off += song.tempo.changes[0].quarters_per_minute != quarters
            key_off += song.measures[0].key != KeySignature.parse(str(brief.key))
            bar = float(time.bar * 60 / quarters)
            worst = max(worst, abs(seconds - length) / bar)
    verdict.hold("tempo exactly as asked", tempo_off == 0, f"{tempo_off} of {COUNT} off")
    verdict.hold("key exactly as asked", key_off == 0, f"{key_off} of {COUNT} off")
    verdict.hold("length within one bar", worst <= 1.0, f"at most {worst:.2f} bars off")
    verdict.finish()


if __name__ == "__main__":
    main()
