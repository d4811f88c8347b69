"""Exact lengths of notes: what the note head says corrects what whole ticks had to round."""

from __future__ import annotations

from fractions import Fraction

from lxml import etree

from tonmeister.units.time import Beats

QUARTERS: dict[str, Fraction] = {
    "maxima": Fraction(32), "long": Fraction(16), "breve": Fraction(8), "whole": Fraction(4),
    "half": Fraction(2), "quarter": Fraction(1), "eighth": Fraction(1, 2), "16th": Fraction(1, 4),
    "32nd": Fraction(1, 8), "64th": Fraction(1, 16), "128th": Fraction(1, 32),
    "256th": Fraction(1, 64), "512th": Fraction(1, 128), "1024th": Fraction(1, 256),
}  # fmt: skip
"""Note types of MusicXML in quarter notes."""


def number(text: str | None) -> Fraction | None:
    """The exact value of a decimal text, or None where there is none or it is no number."""
    try:
        return Fraction(text.strip()) if text else None
    except (ValueError, ZeroDivisionError):
        return None


def written(element: etree._Element) -> Beats | None:
    """The length that a note's type, dots and tuplet ratio say, or None without a type."""
    kind = QUARTERS.get((element.findtext("type") or "").strip())
    if kind is None:
        return None
    dots = len(element.findall("dot"))
    length = kind * (2 - Fraction(1, 2**dots))
    ratio = element.find("time-modification")
    if ratio is not None:
        actual, normal = (
            number(ratio.findtext("actual-notes")),
            number(ratio.findtext("normal-notes")),
        )
        if actual and normal:
            length = length * normal / actual
    return length


def exact(element: etree._Element, divisions: Fraction) -> Beats | None:
    """The length of a note, rest, backup or forward.

    Counted in ticks; where the note head says something that whole ticks cannot (a seventh of a
    quarter) and both agree within a tick, the note head is right. None if neither says anything.
    """
    ticks = number(element.findtext("duration"))
    if ticks is None:
        return written(element)
    length = ticks / divisions
    if (
        length.denominator & (length.denominator - 1) == 0
        and element.find("time-modification") is None
    ):
        return length
    head = written(element)
    if head is not None and head != length and abs(head - length) < 1 / divisions:
        return head
    return length
