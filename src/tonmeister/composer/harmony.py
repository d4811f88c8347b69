"""The harmony: functional phrases for what is composed, the written chords where there are some."""

from __future__ import annotations

from collections.abc import Sequence

from tonmeister.composer.frame import BarFrame, lay_out
from tonmeister.composer.harmonize import harmonize
from tonmeister.composer.phrases import (
    Choice,
    NumeralBar,
    chords_text,
    passed_over,
    section_numerals,
)
from tonmeister.composer.style import CompositionStyle
from tonmeister.composer.written_harmony import home_key, intro_texts
from tonmeister.model.reason import Proposal, Reason
from tonmeister.model.score import KeySignature, Measure
from tonmeister.model.sheets import Bars, FormSheet, HarmonySheet, SongSheet
from tonmeister.theory.notation import format_chords

_CLOSED = {"chorus": "full", "ending": "full"}
_GOALS_BEFORE = {
    "verse": {"verse": "turnaround", "solo": "turnaround", "ending": "full"},
    "solo": {"ending": "full"},
    "bridge": {"ending": "full"},
}


def propose_harmony(
    song: SongSheet,
    form: FormSheet,
    style: CompositionStyle,
    *,
    written: Sequence[Measure] | None = None,
) -> Proposal[HarmonySheet]:
    """A text of chords for every bar (see `theory.notation`).

    Sections of one kind share their chords. Written measures keep theirs; a lead sheet without any
    chords is harmonized. The intro of a lead sheet plays its last phrase.

    Raises:
        BriefError: the song's key or metre cannot be read.
    """
    measures = _with_chords(tuple(written or ()))
    frames = lay_out(song, form, measures or None)
    sheet: HarmonySheet = {}
    reasons: dict[str, Reason] = {}
    kinds = [plan.kind for plan in form.values()]
    for index, (name, bars) in enumerate(frames.items()):
        after = kinds[index + 1] if index + 1 < len(kinds) else ""
        framed = intro_texts(measures, bars, style.harmony) if index == 0 and measures else None
        if all(bar.written is not None for bar in bars):
            texts, reason = (
                tuple(_written_text(bar) for bar in bars),
                _written_reason(written or ()),
            )
        elif framed and kinds[index] == "intro":
            texts, reason = framed, Reason("composer", _INTRO)
        else:
            choice = Choice(style.harmony, song.seed, kinds[index])
            key = home_key(measures) if measures else bars[0].key
            texts, reason = _composed(choice, key, bars, section_goal(kinds[index], after))
        sheet[name], reasons[f"harmony.{name}"] = texts, reason
    return Proposal(sheet, reasons)


def section_goal(kind: str, after: str) -> str:
    """How a section ends: half (open), full (closed), or turnaround, by what comes after it."""
    if kind in _CLOSED or not after:
        return "full"
    return _GOALS_BEFORE.get(kind, {}).get(after, "half")


def _with_chords(written: tuple[Measure, ...]) -> tuple[Measure, ...]:
    return written if any(measure.chords for measure in written) else harmonize(written)


def _written_text(bar: BarFrame) -> str:
    assert bar.written is not None
    return format_chords(bar.written.chords, bar.time, bar.length)


def _composed(
    choice: Choice, key: KeySignature, bars: Sequence[BarFrame], goal: str
) -> tuple[Bars, Reason]:
    numerals = section_numerals(choice, key, len(bars), goal)
    texts = tuple(
        _written_text(bar) if bar.written is not None else chords_text(numeral, key, bar)
        for numeral, bar in zip(numerals, bars, strict=True)
    )
    considered = passed_over(choice, key, len(bars), goal)
    return texts, Reason("composer", _why(choice.kind, goal, numerals), considered)


def _written_reason(written: Sequence[Measure]) -> Reason:
    if any(measure.chords for measure in written):
        return Reason("composer", "the chords as written")
    return Reason("composer", "the sheet has no chords: the tune's own harmony, with its cadences")


_INTRO = "the chords of the last phrase, turned round to lead into the tune"
_ENDS = {
    "half": "ends open, so that what follows is wanted",
    "full": "closes with a full cadence",
    "turnaround": "turns round to its own beginning",
}
_CHARACTER = {
    "chorus": "lifts out of the verse",
    "bridge": "goes elsewhere",
    "ending": "comes home",
    "intro": "sets the key",
}


def _why(kind: str, goal: str, numerals: Sequence[NumeralBar]) -> str:
    opening = " ".join(numeral for bar in numerals[:4] for numeral in bar)
    character = _CHARACTER.get(kind)
    start = f"{character} with {opening}" if character else f"opens with {opening}"
    return f"{start}; {_ENDS[goal] if kind != 'ending' else 'and rests on the tonic'}"
