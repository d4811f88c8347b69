"""Every lead sheet of a folder produced to MIDI: no crash, bars exact, every tune note unchanged.

    lead_sheets.py [FOLDER] [--musescore]     the folder defaults to openewld of the shared data

With --musescore the bars after repeats are also held against MuseScore's own playback.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path

import mido

from common import DATA, Verdict, workshop
from tonmeister import Production
from tonmeister.model import codec
from tonmeister.model.score import LeadSheet, Measure, Note, Part
from tonmeister.production import delivery, pipeline


def timeline(measures: tuple[Measure, ...]) -> list[tuple[Fraction, Fraction, int]]:
    """Onset, duration, key of the tune in unfolded measures, ties merged, graces left out."""
    notes: list[Note] = []
    start = Fraction(0)
    for measure in measures:
        for note in measure.notes:
            onset = start + note.onset
            if note.grace:
                continue
            if (
                note.tied
                and notes
                and notes[-1].end == onset
                and notes[-1].pitch.midi == note.pitch.midi
            ):
                notes[-1] = Note(notes[-1].onset, notes[-1].duration + note.duration, note.pitch)
            else:
                notes.append(Note(onset, note.duration, note.pitch))
        start += measure.length
    return [(n.onset, n.duration, n.pitch.midi) for n in notes]


def examine(work: pipeline.Work, found: Counter[str], name: str) -> None:
    """Hold one production against its lead sheet; count what is wrong."""
    unfolded = codec.load(LeadSheet, work.bench.read(work.lead_sheet["unfolded"])).measures
    song = work.load_song()
    written = [section for section in song.sections if section.written]
    bars = sum(section.bars for section in written)
    if not written or bars % len(unfolded) or bars == 0:
        found["bars"] += 1
        print(f"  bars: {name}: {bars} played of {len(unfolded)} unfolded")
        return
    truth = timeline(unfolded)
    graces = sum(note.grace for measure in unfolded for note in measure.notes)
    plans = work.draft.sheet.form or {}
    begins = [s.start for s in song.sections if plans[s.id].written_from == 0]
    lead: Part = next(p for p in work.load_parts() if p.name == work.vision.band[0])
    for begin, end in zip(begins, [*begins[1:], written[-1].end], strict=True):
        played = [
            (n.onset - begin, n.duration, n.key)
            for n in lead.notes
            if begin <= n.onset < end and n.mark == "tune"
        ]
        missing = set(truth) - set(played)
        extra = [n for n in played if n not in set(truth)]
        if missing or len(extra) > graces or len(played) != len(truth) + len(extra):
            found["tune"] += 1
            print(f"  tune: {name}: {len(missing)} missing, {len(extra)} more ({graces} graces)")
            return


def musescore_quarters(sheet: Path, folder: Path) -> Fraction | None:
    """Length of MuseScore's playback of a sheet in quarters, up to the last note."""
    program = shutil.which("mscore3")
    if not program:
        return None
    midi = folder / "m.mid"
    midi.unlink(missing_ok=True)
    subprocess.run([program, "-o", str(midi), str(sheet)], capture_output=True, check=False,
                   env={"QT_QPA_PLATFORM": "offscreen",
                        "PATH": "/usr/bin:/bin", "HOME": str(folder)})  # fmt: skip
    if not midi.exists():
        return None
    file = mido.MidiFile(midi)
    ends = [0]
    for track in file.tracks:
        now = 0
        for message in track:
            now += message.time
            if message.type in {"note_on", "note_off"}:
                ends.append(now)
    return Fraction(max(ends), file.ticks_per_beat)


def main() -> None:
    """Go through the folder."""
    words = [w for w in sys.argv[1:] if not w.startswith("--")]
    place = Path(words[0]) if words else DATA / "openewld"
    sheets = sorted(p for p in place.iterdir() if p.suffix in {".mxl", ".musicxml", ".xml"})
    if not sheets:
        raise SystemExit(f"no lead sheets in {place}")
    found: Counter[str] = Counter()
    started = time.perf_counter()
    with workshop() as folder:
        for index, sheet in enumerate(sheets):
            try:
                production = Production.create(folder / f"s{index}", lead_sheet=sheet)
                work = production.work()
                pipeline.run(work, until="perform")
                mido.MidiFile(file=io.BytesIO(delivery.performed_midi(work)))
                mido.MidiFile(file=io.BytesIO(delivery.written_midi(work)))
                examine(work, found, sheet.name)
                if "--musescore" in sys.argv:
                    compare(work, sheet, folder, found)
            except Exception as error:  # every failure is counted and named
                found["crash"] += 1
                print(f"  crash: {sheet.name}: {type(error).__name__}: {error}")
            shutil.rmtree(folder / f"s{index}", ignore_errors=True)
    seconds = time.perf_counter() - started
    verdict = Verdict()
    verdict.hold(
        "lead sheets to MIDI, crashes", found["crash"] == 0, f"{found['crash']} of {len(sheets)}"
    )
    verdict.hold("bar counts after repeats exact", found["bars"] == 0, f"{found['bars']} off")
    verdict.hold("every tune note unchanged", found["tune"] == 0, f"{found['tune']} sheets off")
    if "--musescore" in sys.argv:
        same, other, none = (found[f"musescore {w}"] for w in ("same", "other", "none"))
        print(f"     MuseScore's playback: {same} same, {other} other, {none} not converted")
    print(f"     {seconds / len(sheets):.2f} s a sheet")
    verdict.finish()


def compare(work: pipeline.Work, sheet: Path, folder: Path, found: Counter[str]) -> None:
    """Position of the last tune note against MuseScore's playback."""
    unfolded = codec.load(LeadSheet, work.bench.read(work.lead_sheet["unfolded"])).measures
    theirs = musescore_quarters(sheet, folder)
    if theirs is None:
        found["musescore none"] += 1
        return
    notes = timeline(unfolded)
    ours = max(on + dur for on, dur, _ in notes)
    same = abs(ours - theirs) < 1
    found["musescore same" if same else "musescore other"] += 1
    if not same:
        print(f"  MuseScore: {sheet.name}: ends at {float(theirs):.2f}, ours at {float(ours):.2f}")


if __name__ == "__main__":
    main()
