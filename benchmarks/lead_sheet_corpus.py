"""Lead sheets of a corpus: reads every one, plays out its repeats, counts.

    python benchmarks/lead_sheet_corpus.py ../shared/data/openewld

`lead_sheets` is there for other benchmarks.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tonmeister.errors import TonmeisterError
from tonmeister.formats import musicxml
from tonmeister.model.score import LeadSheet
from tonmeister.theory.form import sections_of, unfold

CORPUS = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "openewld"
ENDINGS = frozenset({".mxl", ".musicxml", ".xml"})


def files(folder: Path = CORPUS) -> tuple[Path, ...]:
    """The corpus's files, sorted by name; none if the folder is not there."""
    return tuple(sorted(path for path in folder.glob("*") if path.suffix in ENDINGS))


def lead_sheets(folder: Path = CORPUS) -> Iterator[tuple[Path, LeadSheet | TonmeisterError]]:
    """Every file with its sheet, or with the error that reading it gave."""
    for path in files(folder):
        try:
            yield path, musicxml.read(path)
        except TonmeisterError as error:
            yield path, error


def main(folder: Path) -> int:
    """Prints the figures; the number of sheets that could not be read."""
    count = refused = written = played = notes = sections = 0
    slowest, start = 0.0, time.perf_counter()
    before = start
    for path, sheet in lead_sheets(folder):
        count += 1
        if isinstance(sheet, TonmeisterError):
            refused += 1
            print(f"refused: {sheet}")
            continue
        measures = unfold(sheet)
        written += len(sheet.measures)
        played += len(measures)
        notes += sum(len(measure.notes) for measure in measures)
        sections += len(sections_of(measures))
        now = time.perf_counter()
        slowest, before = max(slowest, now - before), now
        if "-v" in sys.argv:
            print(f"{len(sheet.measures):4} {len(measures):4} {path.name}")
    seconds = time.perf_counter() - start
    print(f"{count} sheets, {refused} refused, in {seconds:.1f} s")
    print(f"{written} measures written, {played} played, {notes} notes, {sections} sections")
    average = 1000 * seconds / max(1, count)
    print(f"{average:.1f} ms a sheet on average, {1000 * slowest:.0f} ms at most")
    return refused


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "-v"]
    raise SystemExit(main(Path(arguments[0])) if arguments else main(CORPUS))
