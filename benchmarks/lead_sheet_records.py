"""Ten lead sheets of different metres all the way to a master, checked by ffmpeg."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from common import DATA, Verdict, ffmpeg_loudness, workshop
from tonmeister import Production

COUNT = 10


def choose(folder: Path) -> list[Path]:
    """Sheets of as many metres as there are."""
    by_metre: dict[str, list[Path]] = {}
    with (folder / "manifest.csv").open() as table:
        for row in csv.DictReader(table):
            by_metre.setdefault(row["meter"], []).append(folder / row["file"])
    chosen: list[Path] = []
    while len(chosen) < COUNT:
        for sheets in by_metre.values():
            if sheets and len(chosen) < COUNT:
                chosen.append(sheets.pop(len(sheets) // 2))
    return chosen


def main() -> None:
    """Produce them all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "openewld"
    verdict = Verdict()
    with workshop() as place:
        for index, sheet in enumerate(choose(folder)):
            production = Production.create(place / f"s{index}", lead_sheet=sheet)
            produced = production.produce()
            vision = production.sheet()[0].song
            assert produced.record
            assert vision
            loudness, peak = ffmpeg_loudness(produced.record)
            good = abs(loudness + 14) <= 0.1 and peak <= -1.0
            verdict.hold(
                f"{sheet.name} ({vision.metre}, {vision.style}, {vision.tempo:g} bpm)",
                good,
                f"{produced.length_s:.0f} s, {loudness:.1f} LUFS, {peak:.1f} dBTP, "
                f"made in {produced.seconds:.1f} s",
            )
    verdict.finish()


if __name__ == "__main__":
    main()
