"""Understanding a sentence: a brief, what was understood, and the words that were not used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tonmeister.producer.brief import Brief, make_brief
from tonmeister.producer.lexicon import lexicon
from tonmeister.producer.readers import READERS
from tonmeister.producer.styles import StyleWord
from tonmeister.producer.text import Finding, Text

_MANY = {"band", "ensemble", "instrument", "without", "mood"}
"""Fields that take more than one value; of the others the last wins."""


@dataclass(frozen=True, slots=True)
class Understood:
    """Some words and what they mean.

    Attributes:
        words: as the user wrote them.
        path: field of the brief.
        value: its value.
        note: what else there is to say, for example that later words overruled these.
    """

    words: str
    path: str
    value: Any
    note: str = ""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a sentence came to.

    Attributes:
        brief: all that was understood.
        understood: phrase by phrase, in the sentence's order.
        unused: words nothing was done with; words without meaning ("a", "with") are left out.
    """

    brief: Brief
    understood: tuple[Understood, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    words: str
    finding: Finding


def understand(sentence: str) -> Understanding:
    """Read a brief's sentence by the lexicon; the same sentence always means the same.

    Raises:
        BriefError: something impossible is plainly asked for ("0 bpm", "in G sharp major").
    """
    text = Text.of(sentence)
    found, unused = _scan(text)
    found, strangers = _styled(found)
    understood = _noted(
        [Understood(f.words, f.finding.path, f.finding.value, f.finding.note) for f in found]
    )
    values = _values(understood)
    brief = make_brief({**values, "sentence": sentence} if sentence.strip() else values)
    shown = tuple(entry for entry in understood if entry.path != "only")
    return Understanding(brief, shown, _in_order(sentence, [*unused, *strangers]))


def _scan(text: Text) -> tuple[list[_Found], list[str]]:
    found: list[_Found] = []
    unused: list[str] = []
    index, fillers = 0, text.lexicon.filler_words
    while index < len(text.words):
        hits = [hit for read in READERS if (hit := read(text, index))]
        best = max(hits, key=lambda hit: hit.size, default=None)
        size = best.size if best else 1
        if best and best.findings:
            found += [_Found(text.written(index, size), finding) for finding in best.findings]
        elif best or text.low[index] not in fillers:
            unused.append(text.written(index, size))
        index += size
    return found, unused


def _styled(found: Sequence[_Found]) -> tuple[list[_Found], list[str]]:
    """Style words settled: the style named last, and the kinds of it; other words stay unused."""
    said = [(f, f.finding.value) for f in found if isinstance(f.finding.value, StyleWord)]
    names = [word.style for _, word in said if not word.colour]
    style = names[-1] if names else ""
    settled: list[_Found] = []
    strangers: list[str] = []
    for entry in found:
        word = entry.finding.value
        if not isinstance(word, StyleWord):
            settled.append(entry)
            continue
        finding = _style_finding(entry.words, word, style)
        if finding:
            settled.append(replace(entry, finding=finding))
        elif not any(e.words == entry.words and _style_finding(e.words, w, style) for e, w in said):
            strangers.append(entry.words)
    return _without_repeats(settled), strangers


def _style_finding(words: str, word: StyleWord, style: str) -> Finding | None:
    if not word.colour:
        return Finding("style", word.style)
    if style:
        return Finding("colour", word.colour) if word.style == style else None
    return None if word.beside else Finding("style", words.lower())


def _without_repeats(found: Sequence[_Found]) -> list[_Found]:
    return list(dict.fromkeys(found))


def _noted(entries: Sequence[Understood]) -> list[Understood]:
    """Entries of single fields that a later one overrules say so; "singer" gives way to a voice."""
    noted: list[Understood] = []
    for index, entry in enumerate(entries):
        rivals = [
            other
            for other in entries[index + 1 :]
            if other.path == entry.path and other.value != entry.value and entry.path not in _MANY
        ]
        weak = entry.path == "singer" and entry.value == "any"
        if rivals and not weak and rivals[-1].value != "any":
            noted.append(replace(entry, note=f'overruled: "{rivals[-1].words}" comes later'))
        elif not (weak and any(o.path == "singer" and o.value != "any" for o in entries)):
            noted.append(entry)
    return noted


def _values(understood: Sequence[Understood]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for entry in understood:
        if entry.path in {"without", "mood"}:
            values[entry.path] = [*values.get(entry.path, ()), entry.value]
        elif entry.path not in {"band", "ensemble", "instrument", "only"}:
            values[entry.path] = entry.value
    values.update(_instruments(understood))
    values.update(_band(understood, values))
    for name in ("without", "mood", "band", "also"):
        if name in values:
            values[name] = list(dict.fromkeys(values[name]))
    return values


def _instruments(understood: Sequence[Understood]) -> dict[str, Any]:
    """Parts whose instrument was named, by the words both have in common."""
    parts = {entry.words: entry.value for entry in understood if entry.path == "band"}
    named = {
        parts[entry.words]: entry.value
        for entry in understood
        if entry.path == "instrument" and entry.words in parts
    }
    return {"instruments": named} if named else {}


def _band(understood: Sequence[Understood], values: dict[str, Any]) -> dict[str, Any]:
    """Whether the parts named are the whole band, or join the style's usual one.

    They are the whole band if a line-up was named or "only" said, or if there are at least two and
    one of them can carry the chords.
    """
    known = lexicon()
    named = [entry.value for entry in understood if entry.path == "band"]
    line_ups = [entry.value for entry in understood if entry.path == "ensemble"]
    only = any(entry.path == "only" for entry in understood)
    parts = [part for name in line_ups for part in known.ensembles[name]] + named
    if not parts:
        return {}
    carried = any(known.parts[part].carries for part in parts if part in known.parts)
    whole = bool(line_ups) or only or (len(set(named)) >= 2 and carried)
    singing: dict[str, Any] = {}
    if "vocal" in parts:
        parts = [part for part in parts if part != "vocal"]
        singing = {} if values.get("singer", "none") != "none" else {"singer": "any"}
    return {("band" if whole else "also"): parts, **singing}


def _in_order(sentence: str, unused: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(unused, key=sentence.find))
