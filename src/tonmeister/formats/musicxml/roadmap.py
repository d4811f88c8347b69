"""Repeats, endings and jumps: from bar lines and marks to one `Roadmap` per measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tonmeister.formats.musicxml.marks import ending_numbers
from tonmeister.formats.musicxml.raw import RawBar, RawBarline, RawMark
from tonmeister.model.score import Roadmap

_DOUBLE = {"light-light", "light-heavy", "heavy-heavy", "heavy"}
_JUMPS = ("dacapo", "dalsegno")


def roadmaps(
    lines: Sequence[Sequence[RawBarline]], marks: Sequence[Sequence[RawMark]]
) -> list[Roadmap]:
    """One roadmap per measure.

    Args:
        lines: the bar lines of every measure (of the tune's part, or of the first with repeats).
        marks: the marks of every measure, of all parts.
    """
    return _with_marks(_with_endings([_repeats(measure) for measure in lines], lines), marks)


def double_bar(bar: Sequence[RawBarline]) -> bool:
    """Whether a double or final bar line without a repeat closes the measure."""
    return any(line.right and not line.repeat and line.style in _DOUBLE for line in bar)


def _repeats(lines: Sequence[RawBarline]) -> Roadmap:
    start = any(line.repeat == "forward" for line in lines)
    end = max((line.times for line in lines if line.repeat == "backward"), default=0)
    return Roadmap(repeat_start=start, repeat_end=end)


def _with_endings(maps: list[Roadmap], lines: Sequence[Sequence[RawBarline]]) -> list[Roadmap]:
    """Endings go from their start to their stop; one that never stops ends at the repeat."""
    inside: tuple[int, ...] = ()
    result: list[Roadmap] = []
    for roadmap, measure in zip(maps, lines, strict=True):
        for line in measure:
            if line.ending_type == "start":
                inside = ending_numbers(line.ending) or inside
        stops = {line.ending_type for line in measure} & {"stop", "discontinue"}
        result.append(
            replace(roadmap, endings=inside, ending_stop=bool(inside) and "stop" in stops)
        )
        if stops or roadmap.repeat_end:
            inside = ()
    return result


def _with_marks(maps: list[Roadmap], marks: Sequence[Sequence[RawMark]]) -> list[Roadmap]:
    seen: dict[str, list[int]] = {}
    sure: dict[str, list[int]] = {}
    for index, measure in enumerate(marks):
        for mark in measure:
            (sure if mark.certain else seen).setdefault(mark.kind, []).append(index)
    places = {kind: sorted({*seen.get(kind, ()), *sure.get(kind, ())}) for kind in (*seen, *sure)}
    to_coda, coda = _codas(seen.get("coda", []), sure.get("coda", []), places.get("tocoda", []))
    if not any(places.get(kind) for kind in _JUMPS):
        to_coda = set(places.get("tocoda", ()))  # a bare sign leads nowhere
    result = []
    for index, roadmap in enumerate(maps):
        jump = next((kind for kind in _JUMPS if index in places.get(kind, ())), "")
        result.append(
            replace(
                roadmap,
                repeat_end=_times(roadmap.repeat_end, marks[index]),
                segno=index in places.get("segno", ()),
                coda=index in coda,
                to_coda=index in to_coda,
                fine=index in places.get("fine", ()),
                jump=jump,
            )
        )
    return result


def _times(written: int, marks: Sequence[RawMark]) -> int:
    """How often a repeat is played that may have words like "3x"."""
    told = [mark.times for mark in marks if mark.kind == "times"]
    return told[-1] if written and told else written


def _codas(
    signs: Sequence[int], codas: Sequence[int], to_codas: Sequence[int]
) -> tuple[set[int], set[int]]:
    """Where "to coda" and where the coda stand.

    The sign alone says either: if nothing else tells, the last sign is the coda and those before
    it lead there.
    """
    to_coda = set(to_codas)
    free = sorted(set(signs) - to_coda)
    if codas:
        return to_coda | {index for index in free if index < max(codas)} - set(codas), set(codas)
    if not free:
        return to_coda, set()
    return to_coda | set(free[:-1]), {free[-1]}


def bar_lines(parts: Sequence[Sequence[RawBar]], tune: int) -> list[list[RawBarline]]:
    """The bar lines that count: the tune's, unless only another part has repeats."""
    for bars in (parts[tune], *parts):
        if any(line.repeat or line.ending for bar in bars for line in bar.barlines):
            break
    else:
        bars = parts[tune]
    lines = [list(bar.barlines) for bar in bars[: len(parts[tune])]]
    return lines + [[] for _ in range(len(parts[tune]) - len(lines))]
