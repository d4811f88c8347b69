"""Words under the notes."""

from __future__ import annotations

import re

from lxml import etree

from tonmeister.model.score import Syllable

ELISION = "‿"
"""Joins two syllables that are sung on one note."""

_EDGES = "-‐‑–— \t\r\n\u00a0"
_NUMBERING = re.compile(r"^(\()?\d{1,2}\s*[.)]\s*(?P<word>\S.*?)(?(1)\)|)$")
_OPENS = {"begin", "middle"}
_CLOSES = {"middle", "end"}


def syllables(note: etree._Element) -> tuple[Syllable, ...]:
    """The syllables of a note, by rising verse."""
    found: dict[int, Syllable] = {}
    for place, lyric in enumerate(note.iterfind("lyric"), start=1):
        syllable = _syllable(lyric, place)
        if syllable is not None:
            found.setdefault(syllable.verse, syllable)
    return tuple(found[verse] for verse in sorted(found))


def _syllable(lyric: etree._Element, place: int) -> Syllable | None:
    texts = [_clean(element.text) for element in lyric.iterfind("text")]
    if not any(texts):
        return None
    raw = [element.text or "" for element in lyric.iterfind("text")]
    kinds = [(element.text or "").strip() for element in lyric.iterfind("syllabic")] or ["single"]
    starts = kinds[0] in _CLOSES
    continues = kinds[-1] in _OPENS or raw[-1].rstrip().endswith("-")
    return Syllable(
        _NUMBERING.sub(r"\g<word>", ELISION.join(text for text in texts if text)),
        {(0, 0): "single", (0, 1): "begin", (1, 1): "middle", (1, 0): "end"}[starts, continues],
        _verse(lyric.get("number"), place),
        lyric.find("extend") is not None,
    )


def _clean(text: str | None) -> str:
    """Without hyphens and blanks at the edges, which notation programs leave behind."""
    return (text or "").strip(_EDGES)


def _verse(text: str | None, place: int) -> int:
    """The line of words: ``2``, ``verse2``, ``part1verse2``; else by its place on the note."""
    digits = re.findall(r"\d+", text or "")
    return int(digits[-1]) if digits and 1 <= int(digits[-1]) <= 999 else place
