"""Two clean runs give the same bytes; a decision on one part leaves the others byte-identical."""

from __future__ import annotations

from pathlib import Path

from common import TEN_PARTS, Verdict, digests, tonmeister, workshop
from tonmeister import Production, arranger
from tonmeister.instruments import lookup
from tonmeister.production import pipeline


def dry_tracks(song: Path) -> dict[str, str]:
    """Content digest of each part's dry track."""
    work = Production.open(song).work()
    pipeline.run(work, until="render")
    return work.dry


def main() -> None:
    """Produce twice, compare; decide, compare."""
    verdict = Verdict()
    with workshop() as folder:
        songs = [folder / "one", folder / "two"]
        for song in songs:
            tonmeister("new", song, "--brief", TEN_PARTS)
            tonmeister("produce", song)
            tonmeister("deliver", song, folder / f"{song.name}-out")
        for name, places in {
            "delivered files": [folder / "one-out", folder / "two-out"],
            "artefacts in the store": [s / ".tonmeister" / "store" / "objects" for s in songs],
        }.items():
            one, two = (digests(place) for place in places)
            same = one == two and bool(one)
            verdict.hold(f"same bytes, {name}", same, f"{len(one)} files")
        before = dry_tracks(songs[0])
        pattern = other_pattern(songs[0])
        tonmeister("decide", songs[0], f"arrangement.verse2.bass.pattern={pattern}")
        tonmeister("produce", songs[0])
        after = dry_tracks(songs[0])
        changed = sorted(part for part in before if before[part] != after.get(part))
        verdict.hold(
            f"verse2.bass.pattern={pattern} changes the bass only",
            changed == ["bass"] and len(before) == len(after) >= 10,
            f"changed: {', '.join(changed)} of {len(before)} parts",
        )
    verdict.finish()


def other_pattern(song: Path) -> str:
    """A bass pattern that verse 2 does not have yet."""
    sheet, _ = Production.open(song).sheet()
    assert sheet.song
    assert sheet.players
    assert sheet.arrangement
    style = arranger.read_style(sheet.song.style)
    present = sheet.arrangement["verse2"]["bass"].pattern
    instrument = lookup(sheet.players["bass"].instrument)
    return next(p for p in arranger.possible_patterns(style, instrument) if p != present)


if __name__ == "__main__":
    main()
