"""The empty bars of a form: metre, key, length, and the written measure that is played, if any."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tonmeister.errors import BriefError
from tonmeister.model.score import KeySignature, Measure, TimeSignature
from tonmeister.model.sheets import FormSheet, SectionId, SectionPlan, SongSheet
from tonmeister.units.time import Beats


@dataclass(frozen=True, slots=True)
class BarFrame:
    """A bar without chords and notes; `length` in quarters, `written` if the user wrote it."""

    time: TimeSignature
    key: KeySignature
    length: Beats
    written: Measure | None = None


Frame = dict[SectionId, tuple[BarFrame, ...]]


def song_key(song: SongSheet) -> KeySignature:
    """The song's key; BriefError if its text is none."""
    try:
        return KeySignature.parse(song.key)
    except ValueError as error:
        raise BriefError(
            f"{song.key!r} is not a key",
            where="song.key",
            expected="for example D minor or Bb major",
        ) from error


def song_time(song: SongSheet) -> TimeSignature:
    """The song's metre; BriefError if its text is none."""
    try:
        return TimeSignature.parse(song.metre)
    except ValueError as error:
        raise BriefError(
            f"{song.metre!r} is not a metre", where="song.metre", expected="for example 4/4 or 6/8"
        ) from error


def lay_out(song: SongSheet, form: FormSheet, written: Sequence[Measure] | None) -> Frame:
    """The bars of every section.

    Composed bars take metre and key from the written music around them, else from the song; a
    composed bar before a pick-up is shortened by it, so that the band's beat goes through.
    """
    frames: Frame = {}
    plans = list(form.items())
    for index, (name, plan) in enumerate(plans):
        model = _neighbour(plans, index, written)
        bars = []
        for number in range(plan.bars):
            measure = written_measure(plan, number, written)
            if measure is not None:
                bars.append(BarFrame(measure.time, measure.key, measure.length, measure))
            elif model is not None:
                bars.append(BarFrame(model.time, model.key, model.time.bar))
            else:
                time = song_time(song)
                bars.append(BarFrame(time, song_key(song), time.bar))
        frames[name] = tuple(bars)
    _make_room_for_pickups(form, frames)
    return frames


def written_measure(
    plan: SectionPlan, number: int, written: Sequence[Measure] | None
) -> Measure | None:
    """The written measure that bar `number` (0-based) of a section plays, or None."""
    if written is None or plan.written_from is None:
        return None
    place = plan.written_from + number
    return written[place] if place < len(written) else None


def _neighbour(
    plans: Sequence[tuple[SectionId, SectionPlan]], index: int, written: Sequence[Measure] | None
) -> Measure | None:
    """The written measure whose metre and key a composed section takes over."""
    if not written:
        return None
    for _, plan in reversed(plans[: index + 1]):
        if plan.written_from is not None and plan.written_from < len(written):
            return written[min(plan.written_from + plan.bars, len(written)) - 1]
    return written[0]


def _make_room_for_pickups(form: FormSheet, frames: Frame) -> None:
    """A bar before a pick-up gives it its beats, if it is composed or ends in a rest as long.

    Between two turns of a lead sheet only: within it every measure keeps its length.
    """
    for this, following in itertools.pairwise(form):
        last, pickup = frames[this][-1], _pickup(frames[following][0])
        starts_anew = form[following].written_from == 0
        if pickup and starts_anew and pickup <= _free(last) and pickup < last.length:
            frames[this] = (*frames[this][:-1], replace(last, length=last.length - pickup))


def _pickup(bar: BarFrame) -> Beats:
    """The length of the pick-up that this bar is, 0 if it is a whole bar."""
    if bar.written is None or bar.length >= bar.time.bar:
        return Fraction(0)
    return bar.length


def _free(bar: BarFrame) -> Beats:
    """How much of a bar's end can be taken away without touching what is written in it."""
    if bar.length != bar.time.bar:
        return Fraction(0)
    if bar.written is None:
        return bar.length
    sounding = [note.end for note in bar.written.notes]
    chords = [chord.onset + Fraction(1, 16) for chord in bar.written.chords]
    return bar.length - max((*sounding, *chords, Fraction(0)))
