"""What a lead sheet says about the vision: its metre, key, pace, length and singer."""

from __future__ import annotations

from fractions import Fraction

from tonmeister.errors import BriefError
from tonmeister.model.reason import Reason
from tonmeister.model.score import LeadSheet, Note
from tonmeister.producer.brief import Brief

USUAL_LENGTH_S = 150.0
"""A lead sheet is played as often as comes nearest to this."""

FRAME_BARS = 6
"""Bars that intro and ending add to the written ones: four and two."""

BUSY_NOTES_PER_BAR = 4.5
"""A tune in four with more notes a bar than this wants a slow tempo."""


def metre_of(lead: LeadSheet | None) -> str | None:
    """The metre that most of its time is in."""
    if not lead or not lead.measures:
        return None
    times: dict[str, Fraction] = {}
    for measure in lead.measures:
        times[str(measure.time)] = times.get(str(measure.time), Fraction(0)) + measure.length
    return max(times, key=lambda time: times[time])


def key_of(lead: LeadSheet) -> str:
    """The key it starts in."""
    return str(lead.measures[0].key)


def felt_tempo(lead: LeadSheet | None) -> float | None:
    """The written tempo in felt pulses a minute, if one is written."""
    if not lead or not lead.tempo:
        return None
    return float(lead.tempo / lead.measures[0].time.pulse)


def notes_of(lead: LeadSheet) -> list[Note]:
    """The tune's own notes, without ornaments and tied continuations."""
    return [n for m in lead.measures for n in m.notes if not n.grace and not n.tied]


def notes_per_bar(lead: LeadSheet | None) -> float:
    """How busy the tune is, over the bars that have notes."""
    if not lead:
        return 0.0
    bars = sum(1 for measure in lead.measures if measure.notes)
    return len(notes_of(lead)) / bars if bars else 0.0


def has_words(lead: LeadSheet) -> bool:
    """Whether it is to be sung."""
    return any(note.syllables for note in notes_of(lead))


def check(brief: Brief, lead: LeadSheet) -> None:
    """A lead sheet stays as written.

    Raises:
        BriefError: the brief asks for another key or metre.
    """
    for name, asked, stands in (
        ("key", brief.key, key_of(lead)),
        ("metre", brief.metre, metre_of(lead)),
    ):
        if asked and asked != stands:
            raise BriefError(
                f"{asked} was asked, but the lead sheet is in {stands} and stays as written",
                where=name,
                hint=f"Leave the {name} out of the brief, or change the lead sheet.",
            )


def length_proposal(lead: LeadSheet, quarters_a_minute: Fraction) -> tuple[float, Reason]:
    """As many times through as come near two and a half minutes, with intro and ending."""
    from tonmeister.theory.form import unfold

    played = sum((measure.length for measure in unfold(lead)), Fraction(0))
    bar = lead.measures[0].time.bar
    once_s = float(played * 60 / quarters_a_minute)
    frame_s = float(FRAME_BARS * bar * 60 / quarters_a_minute)
    times = max(1, round((USUAL_LENGTH_S - frame_s) / once_s)) if once_s else 1
    length = round(times * once_s + frame_s, 1)
    how = (
        "once through"
        if times == 1
        else "twice through"
        if times == 2
        else f"{times} times through"
    )
    why = f"no length was asked; {how} with intro and ending is nearest to two and a half minutes"
    return length, Reason("producer", why)
