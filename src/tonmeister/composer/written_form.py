"""The form around a lead sheet: intro, the written music once or several times, ending."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from tonmeister.composer.energy import dynamics, energies, section_ids
from tonmeister.composer.frame import BarFrame
from tonmeister.composer.style import CompositionStyle
from tonmeister.composer.tempo import seconds, sheet_tempo
from tonmeister.model.reason import Proposal, Reason
from tonmeister.model.score import Measure
from tonmeister.model.sheets import FormSheet, SectionPlan, SongSheet
from tonmeister.theory.form import sections_of

_KINDS = {
    "intro", "verse", "prechorus", "chorus", "bridge", "solo", "interlude", "ending",
}  # fmt: skip
_SYNONYMS = {
    "introduction": "intro", "refrain": "chorus", "hook": "chorus", "coda": "ending",
    "outro": "ending", "strophe": "verse", "couplet": "verse", "release": "bridge",
    "channel": "bridge", "middle": "bridge", "tag": "ending", "instrumental": "solo",
}  # fmt: skip
_MOST_PLAYS = 24
_LONG_BAR_S = 2.6
"""From this length of a bar on, two bars of intro or ending do for four."""


def written_form(
    song: SongSheet, style: CompositionStyle, written: tuple[Measure, ...]
) -> Proposal[FormSheet]:
    """Intro, the whole of the written music once or several times, ending; see `propose_form`."""
    parts = [(first, count, section_kind(name)) for first, count, name in sections_of(written)]
    start = sheet_tempo(written)
    body = seconds(song, _frames(written), style, start)
    intro, ending = _framing_bars(song, style, written)
    frame = seconds(song, _plain(written[0], intro), style, None)
    frame += seconds(song, _plain(written[-1], ending), style, None)
    plays = _plays(Fraction(str(song.length)), body, frame)
    sections: list[tuple[str, int, int | None]] = [("intro", intro, None)]
    sections += [(kind, count, first) for first, count, kind in parts] * plays
    sections.append(("ending", ending, None))
    kinds = [_free(kind, first) for kind, _, first in sections]
    plans = [
        SectionPlan(
            kind=kind, bars=bars, energy=energy, dynamics=dynamics(energy), written_from=first
        )
        for kind, (_, bars, first), energy in zip(
            kinds, sections, energies(kinds, style.form), strict=True
        )
    ]
    sheet = dict(zip(section_ids(kinds), plans, strict=True))
    return Proposal(sheet, _reasons(sheet, plays, float(body * plays + frame), song.length))


def section_kind(name: str) -> str:
    """The kind of a section by its printed name: "2. Verse" is a verse, "A'" an A."""
    words: list[str] = re.findall(r"[a-z]+", name.lower().replace("pre-chorus", "prechorus"))
    for word in words:
        if word in _KINDS:
            return word
        if word in _SYNONYMS:
            return _SYNONYMS[word]
    first: str = words[0] if words else "part"
    return first.upper() if len(first) == 1 else first


def _free(kind: str, first: int | None) -> str:
    """Written sections named intro or ending stand beside ours under names of their own."""
    return {"intro": "opening", "ending": "close"}.get(kind, kind) if first is not None else kind


def _frames(measures: Sequence[Measure]) -> list[BarFrame]:
    return [BarFrame(m.time, m.key, m.length, m) for m in measures]


def _plain(model: Measure, count: int) -> list[BarFrame]:
    return [BarFrame(model.time, model.key, model.time.bar)] * count


def _framing_bars(
    song: SongSheet, style: CompositionStyle, written: Sequence[Measure]
) -> tuple[int, int]:
    """Bars of intro and ending: four, or two where bars are long or the song is short."""
    bar = seconds(song, _plain(written[0], 1), style, None)
    intro = 2 if bar > _LONG_BAR_S or len(written) < 8 else 4
    last = seconds(song, _plain(written[-1], 1), style, None)
    return intro, 2 if last > _LONG_BAR_S or len(written) < 8 else 4


def _plays(asked: Fraction, body: Fraction, frame: Fraction) -> int:
    return min(range(1, _MOST_PLAYS + 1), key=lambda n: (abs(frame + n * body - asked), n))


def _reasons(form: FormSheet, plays: int, length: float, asked: float) -> dict[str, Reason]:
    times = {1: "once", 2: "twice"}.get(plays, f"{plays} times")
    reasons = {
        "form": Reason(
            "composer",
            f"the written music whole, {times}: with intro and ending {length:.0f} s, "
            f"{asked:.0f} s was asked",
        ),
        "form.intro": Reason("composer", "its last phrase leads into the tune"),
        "form.ending": Reason("composer", "lands on the tonic"),
    }
    for name, plan in form.items():
        if plan.written_from is not None:
            reasons[f"form.{name}"] = Reason(
                "composer",
                f"measures {plan.written_from + 1} to {plan.written_from + plan.bars} as written",
            )
    return reasons
