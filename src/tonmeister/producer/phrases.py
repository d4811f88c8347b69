"""Readers of the lexicon's phrases, and of what is said around them: "without", "only", "lead"."""

from __future__ import annotations

from tonmeister.producer.lexicon import Entry
from tonmeister.producer.styles import StyleWord
from tonmeister.producer.text import Finding, Hit, Text


def negation(text: Text, start: int) -> Hit | None:
    """``without drums or percussion``, ``no strings``, ``no singer``; ``not sad`` stays unused."""
    lead = text.lead(start, text.lexicon.negation_phrases)
    if not lead:
        return None
    findings: list[Finding] = []
    end = start + lead
    while True:
        step = _taken_away(text, end)
        if step is None:
            break
        end += step.size
        findings += step.findings
        if not _goes_on(text, end):
            break
        end += text.at(end) in {"or", "nor", "and"}
    if findings:
        return Hit(end - start, tuple(findings))
    more = 1 if text.at(start + lead) in {"too", "very", "so"} else 0
    mood = phrase(text, start + lead + more)
    return Hit(lead + more + mood.size, ()) if mood else None


def _taken_away(text: Text, start: int) -> Hit | None:
    article = 1 if text.at(start) in {"a", "an", "the", "any"} else 0
    hit = phrase(text, start + article)
    if not hit:
        return None
    first = hit.findings[0]
    if first.path == "singer":
        return Hit(article + hit.size, (Finding("singer", "none"),))
    if first.path == "band":
        return Hit(article + hit.size, (Finding("without", first.value),))
    return None


def _goes_on(text: Text, index: int) -> bool:
    """Whether a list of things taken away goes on here.

    By "or", "nor", "and"; by a comma only if the list closes with "or" or "nor" ("no drums, strings
    or brass", but "no drums, piano and bass").
    """
    if text.at(index) in {"or", "nor", "and"}:
        return "," not in text.between(index) and _taken_away(text, index + 1) is not None
    if index >= len(text.words) or "," not in text.between(index):
        return False
    step = _taken_away(text, index)
    while step:
        index += step.size
        if text.at(index) in {"or", "nor"}:
            return True
        step = _taken_away(text, index)
    return False


def only(text: Text, start: int) -> Hit | None:
    """``solo piano``, ``just piano and voice``: these and nobody else."""
    if text.at(start) not in {"only", "just", "solo"}:
        return None
    article = 1 if text.at(start + 1) in {"a", "an", "the"} else 0
    hit = phrase(text, start + 1 + article)
    if not hit or hit.findings[0].path not in {"band", "ensemble"}:
        return None
    return Hit(1 + article + hit.size, (*hit.findings, Finding("only", True)))


def lead(text: Text, start: int) -> Hit | None:
    """``lead trumpet``, ``a flute melody``: who plays the tune."""
    first = 1 if text.at(start) == "lead" else 0
    hit = phrase(text, start + first)
    if not hit or hit.findings[0].path != "band":
        return None
    last = 1 if text.at(start + hit.size) in {"lead", "melody", "leads"} and not first else 0
    if not first and not last:
        return None
    return Hit(first + hit.size + last, (*hit.findings, Finding("lead", hit.findings[0].value)))


def phrase(text: Text, start: int) -> Hit | None:
    """The longest phrase of the lexicon and of the styles at a place."""
    for size in range(min(text.longest, len(text.low) - start), 0, -1):
        entries = text.phrases.get(text.low[start : start + size])
        if entries:
            return Hit(size, tuple(_finding(entry) for entry in entries))
    return None


def _finding(entry: Entry | StyleWord) -> Finding:
    if isinstance(entry, StyleWord):
        return Finding("style word", entry)
    return Finding(entry.path, entry.value, entry.why)
