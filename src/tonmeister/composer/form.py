"""The form: which sections, how many bars, so that the song lasts as long as was asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, floor, log

from tonmeister.composer.energy import dynamics, energies, section_ids
from tonmeister.composer.frame import BarFrame, song_key, song_time
from tonmeister.composer.style import CompositionStyle, FormTemplate
from tonmeister.composer.tempo import quarters_per_minute, seconds
from tonmeister.composer.written_form import written_form
from tonmeister.model.chance import chance
from tonmeister.model.reason import Proposal, Reason
from tonmeister.model.score import Measure
from tonmeister.model.sheets import FormSheet, SectionPlan, SongSheet

_FRAMING = ("intro", "ending")
_MOST_BARS = 512


@dataclass(frozen=True, slots=True)
class _Candidate:
    sections: tuple[tuple[str, int], ...]
    cost: float


def propose_form(
    song: SongSheet, style: CompositionStyle, *, written: Sequence[Measure] | None = None
) -> Proposal[FormSheet]:
    """The song's sections in playing order.

    From a brief: a form of the style whose bars last `song.length` seconds to within one bar. From
    a lead sheet (`written`: its measures, unfolded): an intro, the written measures as often as
    comes nearest to the asked length, and an ending.

    Raises:
        BriefError: the song's key or metre cannot be read.
    """
    song_key(song)
    if written:
        return written_form(song, style, tuple(written))
    target = _target_bars(song, style)
    best, *others = _ranked(song, style, target)
    sections = best.sections
    kinds = [kind for kind, _ in sections]
    plans = [
        SectionPlan(kind=kind, bars=bars, energy=energy, dynamics=dynamics(energy))
        for (kind, bars), energy in zip(sections, energies(kinds, style.form), strict=True)
    ]
    sheet = dict(zip(section_ids(kinds), plans, strict=True))
    considered = tuple(" ".join(kind for kind, _ in other.sections) for other in others[:2])
    return Proposal(sheet, _reasons(song, style, sheet, considered))


def _target_bars(song: SongSheet, style: CompositionStyle) -> Fraction:
    """Bars that last as long as was asked, the time of the ritardando taken off."""
    time = song_time(song)
    tempo = quarters_per_minute(song)
    asked = Fraction(str(song.length)) * tempo / 60 / time.bar
    bars = [BarFrame(time, song_key(song), time.bar)] * max(1, min(64, round(asked)))
    lost = seconds(song, bars, style, None) * tempo / 60 / time.bar - len(bars)
    return asked - lost


def _ranked(song: SongSheet, style: CompositionStyle, target: Fraction) -> list[_Candidate]:
    """The best filling of each template that can last as long as asked, the most liked first."""
    totals = sorted({max(1, floor(target)), max(1, ceil(target))})
    ranked: list[_Candidate] = []
    for index, template in enumerate(style.form.templates):
        taste = chance(song.seed, "form", index).random() * 0.6 - log(template.liking)
        fillings = [
            _Candidate(filling.sections, filling.cost + taste + 0.7 * abs(float(total - target)))
            for total in totals
            for filling in _fillings(template, style, total)
        ]
        if fillings:
            ranked.append(min(fillings, key=_cost))
    return sorted(ranked, key=_cost) or [_Candidate(_bare(max(1, round(target))), 0.0)]


def _cost(candidate: _Candidate) -> float:
    return round(candidate.cost, 9)


def _fillings(template: FormTemplate, style: CompositionStyle, total: int) -> Iterator[_Candidate]:
    """All ways to make the template `total` bars long, each with its cost in liking."""
    kinds = tuple(dict.fromkeys((*template.sections, *template.cycle)))
    tables = [template.bars.get(kind) or style.form.bars.get(kind, (8,)) for kind in kinds]
    for ranks in product(*(range(len(table)) for table in tables)):
        bars = {kind: table[rank] for kind, table, rank in zip(kinds, tables, ranks, strict=True)}
        rest = total - sum(bars[kind] for kind in template.sections)
        turn = sum(bars[kind] for kind in template.cycle)
        turns, left = divmod(rest, turn) if turn and rest >= 0 else (0, rest)
        if left:
            continue
        at = template.at
        order = (*template.sections[:at], *template.cycle * turns, *template.sections[at:])
        cost = 0.35 * sum(ranks) + 0.4 * turns
        yield _Candidate(tuple((kind, bars[kind]) for kind in order), cost)


def _bare(total: int) -> tuple[tuple[str, int], ...]:
    """For songs too short for a form: the hook and an ending."""
    if total == 1:
        return (("chorus", 1),)
    ending = 1 if total < 4 else 2
    hooks = [
        ("chorus", min(_MOST_BARS, total - ending - at))
        for at in range(0, total - ending, _MOST_BARS)
    ]
    return (*hooks, ("ending", ending))


_WHY = {
    "intro": "sets key, groove and mood before the tune comes in",
    "verse": "tells the story: lower and sparser than what follows",
    "prechorus": "lifts from the verse into the chorus",
    "chorus": "brings the hook",
    "bridge": "goes elsewhere, so that the last return is welcome",
    "solo": "the band takes over and the singer rests",
    "interlude": "a breath between two turns",
    "ending": "comes home and relaxes",
}


def _reasons(
    song: SongSheet, style: CompositionStyle, form: FormSheet, considered: tuple[str, ...]
) -> dict[str, Reason]:
    time = song_time(song)
    bars = [BarFrame(time, song_key(song), time.bar)] * sum(plan.bars for plan in form.values())
    length = float(seconds(song, bars, style, None))
    order = ", ".join(form)
    reasons = {
        "form": Reason(
            "composer",
            f"{len(bars)} bars of {time} at {song.tempo:g} last {_clock(length)}, "
            f"{_clock(song.length)} was asked; {order}",
            considered,
        )
    }
    for name, plan in form.items():
        why = _WHY.get(plan.kind, "a section of its own")
        place = f", {plan.dynamics} at {plan.energy:.0%} of the song's energy"
        reasons[f"form.{name}"] = Reason("composer", f"{plan.bars} bars: {why}{place}")
    return reasons


def _clock(length: float) -> str:
    tenths = round(length * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}" + (f".{tenths % 10}" if tenths % 10 else "")
