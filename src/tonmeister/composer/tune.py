"""The tune: composed per kind of section over the composer's own harmony, fitted to the decided
one.

A tune is found once for each kind of section (all verses share theirs) over the harmony that the
composer would propose. Where the decided chords differ, only those bars are looked at again: so a
chord that is changed by hand changes the tune there, if it must, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tonmeister.composer.fitting import changed_bars, cut, fit
from tonmeister.composer.frame import BarFrame, Frame, lay_out
from tonmeister.composer.harmony import propose_harmony, section_goal
from tonmeister.composer.melody import compose_section
from tonmeister.composer.ornament import vary
from tonmeister.composer.placing import Task, Tone
from tonmeister.composer.stage import Stage, set_stage
from tonmeister.composer.style import CompositionStyle
from tonmeister.composer.tempo import quarters_per_minute
from tonmeister.composer.tune_text import tune_texts
from tonmeister.model.chance import chance
from tonmeister.model.reason import Proposal, Reason
from tonmeister.model.score import ChordSymbol, Measure
from tonmeister.model.sheets import Bars, FormSheet, HarmonySheet, SectionId, SongSheet, TuneSheet
from tonmeister.theory.chordscale import is_tonic
from tonmeister.theory.notation import format_notes
from tonmeister.units.pitch import MidiKey

DEFAULT_COMPASS = (60, 76)
"""C4 .. E5, where a mezzo or a flute is at ease."""

_RESTS_WITH_SINGER = ("intro", "solo", "interlude")
_QUOTED = {"intro": "chorus"}


@dataclass(frozen=True)
class _Desk:
    """What the tune is made from, and what has been made so far."""

    song: SongSheet
    form: FormSheet
    style: CompositionStyle
    frames: Frame
    own: dict[SectionId, Stage]
    decided: dict[SectionId, Stage]
    compass: tuple[MidiKey, MidiKey]
    models: dict[str, tuple[SectionId, tuple[Tone, ...]]] = field(default_factory=dict)

    def task(self, name: SectionId) -> Task:
        """The task for a section."""
        kinds = [plan.kind for plan in self.form.values()]
        index = list(self.form).index(name)
        goal = section_goal(kinds[index], kinds[index + 1] if index + 1 < len(kinds) else "")
        low, high = self.compass
        speed = float(quarters_per_minute(self.song)) / 60
        return Task(
            kinds[index],
            self.song.seed,
            self.style.tune,
            low,
            high,
            speed,
            goal in {"full", "turnaround"},
        )


def propose_tune(
    song: SongSheet,
    form: FormSheet,
    harmony: HarmonySheet,
    style: CompositionStyle,
    *,
    written: Sequence[Measure] | None = None,
    compass: tuple[MidiKey, MidiKey] | None = None,
) -> Proposal[TuneSheet]:
    """A text of notes for every bar (see `theory.notation`).

    Args:
        harmony: the decided chords.
        compass: lowest and highest MIDI key of the lead; `DEFAULT_COMPASS` if not given.

    Raises:
        BriefError: the song's key or metre cannot be read.
        DecisionError: a bar's chords cannot be read.
    """
    frames = lay_out(song, form, written)
    proposed = propose_harmony(song, form, style, written=written).sheet
    desk = _Desk(
        song, form, style, frames,
        _stages(frames, proposed), _stages(frames, harmony), _window(style, compass),
    )  # fmt: skip
    sheet: TuneSheet = {}
    reasons: dict[str, Reason] = {}
    for name in form:
        sheet[name], why = _section(desk, name, written is not None)
        reasons[f"tune.{name}"] = Reason("composer", why)
    return Proposal(sheet, reasons)


def _stages(frames: Frame, harmony: HarmonySheet) -> dict[SectionId, Stage]:
    stages: dict[SectionId, Stage] = {}
    before: ChordSymbol | None = None
    for name, bars in frames.items():
        stages[name] = set_stage(bars, harmony.get(name, ()), before, f"harmony.{name}")
        before = stages[name].spans[-1].symbol
    return stages


def _window(
    style: CompositionStyle, compass: tuple[MidiKey, MidiKey] | None
) -> tuple[MidiKey, MidiKey]:
    """The part of the lead's compass that the tune uses: about a tenth, towards the top."""
    low, high = compass or DEFAULT_COMPASS
    low, high = min(low, high), max(low, high)
    spare = high - low - style.tune.range
    if spare <= 0:
        return low, high
    start = low + round(0.6 * spare)
    return start, start + style.tune.range


def _section(desk: _Desk, name: SectionId, around_a_sheet: bool) -> tuple[Bars, str]:
    plan, bars = desk.form[name], desk.frames[name]
    if all(bar.written is not None for bar in bars):
        return tuple(_written(bar) for bar in bars), "the tune as written"
    if around_a_sheet or _rests(desk, plan.kind):
        texts = ["" if bar.written is None else _written(bar) for bar in bars]
        return tuple(texts), "the lead rests and leaves the place to the band"
    if plan.kind == "ending":
        return tune_texts(_ending(desk, name), desk.decided[name]), (
            "a last turn of phrase, then a long tonic"
        )
    if plan.kind in _QUOTED:
        return _intro(desk, name)
    tones = _verse(desk, name)
    first = desk.models[plan.kind][0] == name
    why = "the first turn sets the motifs" if first else "the same tune comes back"
    return tune_texts(
        tones, desk.decided[name]
    ), f"{why}; {_CHARACTER.get(plan.kind, 'in phrases')}"


_CHARACTER = {
    "verse": "low and near to speech, with room to breathe every four bars",
    "prechorus": "rises towards the chorus",
    "chorus": "the hook: higher and longer notes, its peak at about two thirds",
    "bridge": "new motifs in another place of the compass",
    "solo": "quicker notes over the same chords",
}


def _rests(desk: _Desk, kind: str) -> bool:
    return kind in desk.style.tune.rests_in or bool(desk.song.singer and kind in _RESTS_WITH_SINGER)


def _written(bar: BarFrame) -> str:
    return format_notes(bar.written.notes, bar.length) if bar.written is not None else ""


def _model(desk: _Desk, kind: str) -> tuple[SectionId, tuple[Tone, ...]]:
    """The tune of a kind of section, over the composer's own harmony of the first of them."""
    if kind not in desk.models:
        name = next(name for name, plan in desk.form.items() if plan.kind == kind)
        desk.models[kind] = (name, compose_section(desk.own[name], desk.task(name)))
    return desk.models[kind]


def _verse(desk: _Desk, name: SectionId) -> tuple[Tone, ...]:
    """The tune of a section that shares its kind's."""
    task = desk.task(name)
    own, decided = desk.own[name], desk.decided[name]
    changed = changed_bars(own, decided)
    if 2 * len(changed) > len(decided.bars):
        _model(desk, task.kind)
        return compose_section(decided, task)
    first, tones = _model(desk, task.kind)
    model = desk.own[first]
    if first != name:
        if model.starts != own.starts:
            tones = compose_section(own, task)
        else:
            tones = fit(tones, own, task, changed_bars(model, own))
            tones = vary(tones, own, task, name)
    return fit(tones, decided, task, changed)


def _intro(desk: _Desk, name: SectionId) -> tuple[Bars, str]:
    stage = desk.decided[name]
    source = _QUOTED[desk.form[name].kind]
    quoting = chance(desk.song.seed, "tune", name, "hook").random() < desk.style.tune.hook_in_intro
    if not quoting or all(plan.kind != source for plan in desk.form.values()):
        return ("",) * len(stage.bars), "the band sets the scene alone"
    model, tones = _model(desk, source)
    bars = min(4 if len(stage.bars) >= 8 else 2, len(desk.own[model].bars), len(stage.bars))
    end = min(desk.own[model].starts[bars], stage.starts[bars])
    hook = cut(tones, Fraction(0), end)
    task = desk.task(name)
    return tune_texts(fit(hook, stage, task, range(len(stage.bars))), stage), (
        "the lead quotes the hook that the chorus will bring"
    )


def _ending(desk: _Desk, name: SectionId) -> tuple[Tone, ...]:
    """The last bars: a phrase until the tonic chord comes, then its root (or third), held."""
    stage, task = desk.decided[name], desk.task(name)
    rest = _last_tonic(stage)
    tones: tuple[Tone, ...] = ()
    if rest:
        spans = tuple(span for span in stage.spans if span.start < stage.starts[rest])
        start = Stage(stage.bars[:rest], stage.starts[: rest + 1], spans)
        tones = compose_section(start, task)
    at = stage.starts[rest]
    symbol, key = stage.spans[-1].symbol, stage.spans[-1].key
    home = (symbol.root if symbol else key.tonic).pitch_class
    near = tones[-1].key if tones else (task.low + task.high) // 2
    choices = [k for k in range(task.low, task.high + 1) if k % 12 == home] or [near]
    last = min(choices, key=lambda k: (abs(k - near), k))
    length = min(stage.length - at, 2 * stage.bars[rest].length)
    return (*tones, Tone(at, length, last))


def _last_tonic(stage: Stage) -> int:
    """The bar from which on the tonic stays to the end; the last bar if there is none."""
    first = len(stage.bars) - 1
    for index in range(len(stage.bars) - 1, -1, -1):
        spans = stage.spans_under(stage.starts[index], stage.starts[index + 1])
        if not all(is_tonic(span.symbol, span.key) for span in spans):
            break
        first = index
    return first
