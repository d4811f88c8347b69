"""Title and names, from the places where programs put them."""

from __future__ import annotations

import re

from lxml import etree

_UNTITLED = re.compile(
    r"untitled( score)?|title|unbenannt|senza titolo|sans titre|sin título|composer|komponist",
    re.IGNORECASE,
)


def title(root: etree._Element, otherwise: str) -> str:
    """The piece's name: the movement's if there is one (the work may be a cycle), else the work's.

    Args:
        otherwise: what it is called if the file does not say (the file's name).
    """
    candidates = [root.findtext("movement-title"), root.findtext("work/work-title")]
    candidates += _credits(root, "title")
    for text in candidates:
        words = _clean(text)
        if words and not _UNTITLED.fullmatch(words):
            return words
    return otherwise


def creator(root: etree._Element, *kinds: str) -> str:
    """Who is named as one of these kinds ("lyricist", "poet"); several are joined with commas."""
    names = [
        _clean(element.text)
        for element in root.iterfind("identification/creator")
        if (element.get("type") or "").strip().lower() in kinds
    ]
    for kind in kinds:
        names = names or [_clean(text) for text in _credits(root, kind)]
    return ", ".join(
        dict.fromkeys(name for name in names if name and not _UNTITLED.fullmatch(name))
    )


def _credits(root: etree._Element, kind: str) -> list[str]:
    """The texts of page credits of a kind."""
    return [
        " ".join(words.text or "" for words in credit.iterfind("credit-words"))
        for credit in root.iterfind("credit")
        if (credit.findtext("credit-type") or "").strip() == kind
    ]


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())
