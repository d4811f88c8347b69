"""Reading: a MusicXML file as a lead sheet.

What a lead sheet does not hold is left out: other voices and parts, dynamics, slurs,
articulations, layout. Further: cue notes and unpitched notes are no tune; tempo changes within a
measure hold from the next measure on; a bass note equal to the root is no slash chord; ties within
a measure become one note; the sound of segno and coda labels ("segno2") is not told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from lxml import etree

from tonmeister.errors import FormatError
from tonmeister.formats.musicxml import choice, files, lengths, roadmap, titles
from tonmeister.formats.musicxml.chords import measure_chords
from tonmeister.formats.musicxml.keymode import guess_modes
from tonmeister.formats.musicxml.raw import RawBar, RawMark, RawPart
from tonmeister.formats.musicxml.scan import scan_part
from tonmeister.formats.musicxml.tune import TuneBuilder
from tonmeister.model.score import KeySignature, LeadSheet, Measure, Roadmap, TimeSignature
from tonmeister.units.time import Beats


def read_sheet(path: Path) -> LeadSheet:
    """See `tonmeister.formats.musicxml.read`."""
    return sheet_from(files.load(path), str(path), Path(path).stem.replace("_", " "))


def sheet_from(root: etree._Element, where: str, name: str) -> LeadSheet:
    """The lead sheet of a part-wise score.

    Args:
        root: the ``<score-partwise>`` element.
        where: the file's name, for errors.
        name: the title if the score has none.
    """
    parts = [
        scan_part(part, f"{where}, part {part.get('id', index)}")
        for index, part in enumerate(root.iterfind("part"), start=1)
    ]
    parts = [part for part in parts if part.bars]
    if not any(note.pitch for part in parts for bar in part.bars for note in bar.notes):
        raise FormatError(
            "the sheet holds no notes",
            where=where,
            expected="a part with a tune",
            hint="A lead sheet needs a tune; enter at least one note.",
        )
    measures, tempo = _Assembly.of(parts).measures()
    return LeadSheet(
        titles.title(root, name),
        guess_modes(measures, [bar.key_has_mode for bar in parts[choice.tune_part(parts)].bars]),
        titles.creator(root, "composer"),
        titles.creator(root, "lyricist", "poet"),
        tempo,
    )


@dataclass(frozen=True)
class _Assembly:
    """Everything about the measures, in columns of the same length."""

    part: RawPart
    chords: list[RawBar]
    times: list[TimeSignature]
    lengths: list[Beats]
    roadmaps: list[Roadmap]
    marks: list[list[RawMark]]
    doubles: list[bool]

    @classmethod
    def of(cls, parts: Sequence[RawPart]) -> _Assembly:
        tune = choice.tune_part(parts)
        part = parts[tune]
        count = len(part.bars)
        held = lengths.contents(parts, count)
        times = lengths.metres(part, parts, held)
        lines = roadmap.bar_lines([each.bars for each in parts], tune)
        marks = _all_marks(parts, tune)
        chords = parts[choice.chord_part(parts, tune)].bars[:count]
        return cls(
            part,
            chords + [RawBar("") for _ in range(count - len(chords))],
            times,
            lengths.lengths(part.bars, times, held),
            roadmap.roadmaps(lines, marks),
            marks,
            [*(roadmap.double_bar(measure) for measure in lines[:-1]), False],
        )

    def measures(self) -> tuple[tuple[Measure, ...], Fraction | None]:
        """The measures, and the tempo at the start."""
        voice = choice.tune_voice(self.part)
        builder = TuneBuilder()
        start, changes = _tempo_changes(self.marks)
        key = next((bar.key for bar in self.part.bars if bar.key is not None), _NO_KEY)
        found: list[Measure] = []
        for index, bar in enumerate(self.part.bars):
            key = bar.key or key
            time, length, marks = self.times[index], self.lengths[index], self.marks[index]
            raw = choice.voice_in_bar(bar, voice) if voice else []
            found.append(
                Measure(
                    bar.number,
                    time,
                    key,
                    length,
                    builder.bar(raw, length, jumped_into=self._jumped_into(index)),
                    measure_chords(self.chords[index], marks, length, time),
                    section=_section(marks),
                    tempo=changes[index],
                    roadmap=self.roadmaps[index],
                    double_bar=self.doubles[index],
                )
            )
        return tuple(found), start

    def _jumped_into(self, index: int) -> bool:
        here = self.roadmaps[index]
        if index == 0 or here.coda:
            return here.coda
        return bool(here.endings) and here.endings != self.roadmaps[index - 1].endings


_NO_KEY = KeySignature.from_fifths(0)


def _all_marks(parts: Sequence[RawPart], tune: int) -> list[list[RawMark]]:
    """The marks of every measure of all parts, the tune's first, each but once.

    Words that are chords count only in the tune's part.
    """
    count = len(parts[tune].bars)
    found: list[list[RawMark]] = [list(bar.marks) for bar in parts[tune].bars]
    for index, part in enumerate(parts):
        if index == tune:
            continue
        for marks, bar in zip(found, part.bars[:count], strict=False):
            known = {mark.kind for mark in marks}
            marks += [mark for mark in bar.marks if mark.kind not in known and mark.kind != "chord"]
    return found


def _tempo_changes(
    marks: Sequence[Sequence[RawMark]],
) -> tuple[Fraction | None, list[Fraction | None]]:
    """The tempo at the start, and per measure the new one where it changes.

    One that the first measure states late is still the tempo of the start; any other that stands
    within a measure holds from the next one on.
    """
    start: Fraction | None = None
    tempo: Fraction | None = None
    late: Fraction | None = None
    changes: list[Fraction | None] = []
    for index, measure in enumerate(marks):
        here, after = _tempi(measure)
        here = here or late
        late = after
        if index == 0:
            start = tempo = here or after
        changed = here if index and here != tempo else None
        tempo = changed or tempo
        changes.append(changed)
    return start, changes


def _tempi(marks: Sequence[RawMark]) -> tuple[Fraction | None, Fraction | None]:
    """The tempo at a measure's start, and the last one within it (None: as before)."""
    told = [mark for mark in marks if mark.kind == "tempo"]
    first = [mark for mark in told if mark.onset == 0]
    sure = [mark for mark in first if mark.certain] or first
    later = [mark for mark in told if mark.onset > 0]
    return (sure[-1].tempo if sure else None), (later[-1].tempo if later else None)


def _section(marks: Sequence[RawMark]) -> str | None:
    names = sorted(
        (mark for mark in marks if mark.kind == "section"), key=lambda mark: not mark.certain
    )
    return names[0].text if names else None
