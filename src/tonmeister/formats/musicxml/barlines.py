"""Bar lines of a written sheet: repeats, endings, double bars."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from tonmeister.formats.musicxml.elements import add
from tonmeister.model.score import Measure


def left_barline(parent: etree._Element, measures: Sequence[Measure], index: int) -> None:
    """The bar line before a measure, if it is more than a line."""
    here = measures[index].roadmap
    begins = bool(here.endings) and not _goes_on(measures, index - 1)
    if not (here.repeat_start or begins):
        return
    line = add(parent, "barline", location="left")
    add(line, "bar-style", "heavy-light" if here.repeat_start else "regular")
    if begins:
        _ending(line, here.endings, "start")
    if here.repeat_start:
        add(line, "repeat", direction="forward")


def right_barline(parent: etree._Element, measures: Sequence[Measure], index: int) -> None:
    """The bar line after a measure, if it is more than a line; the last one is final."""
    here = measures[index].roadmap
    stops = bool(here.endings) and not _goes_on(measures, index)
    last = index == len(measures) - 1
    style = "light-heavy" if here.repeat_end or last else ""
    style = style or ("light-light" if measures[index].double_bar else "")
    if not (style or stops):
        return
    line = add(parent, "barline", location="right")
    add(line, "bar-style", style or "regular")
    if stops:
        _ending(line, here.endings, "stop" if here.ending_stop else "discontinue")
    if here.repeat_end:
        repeat = add(line, "repeat", direction="backward")
        if here.repeat_end != 2:
            repeat.set("times", str(here.repeat_end))


def _ending(line: etree._Element, numbers: tuple[int, ...], kind: str) -> None:
    text = ", ".join(map(str, numbers))
    add(line, "ending", number=text, type=kind)


def _goes_on(measures: Sequence[Measure], index: int) -> bool:
    """Whether the ending at a measure goes on in the next one."""
    if not 0 <= index < len(measures) - 1:
        return False
    here, following = measures[index].roadmap, measures[index + 1].roadmap
    return (
        bool(here.endings)
        and here.endings == following.endings
        and not here.ending_stop
        and not here.repeat_end
    )
