"""Who sings and who plays, where the brief leaves it open."""

from __future__ import annotations

from collections.abc import Sequence

from tonmeister.model.reason import Reason
from tonmeister.model.score import LeadSheet
from tonmeister.producer import written
from tonmeister.producer.brief import Brief
from tonmeister.producer.fields import SINGERS
from tonmeister.producer.lexicon import Mood, lexicon
from tonmeister.producer.proposals import ASKED, PRODUCER
from tonmeister.producer.styles import StyleChoice

VOCAL = "vocal"
"""Name of the singer's part."""

TESSITURA = {
    "soprano": (62, 74), "mezzo": (58, 72), "alto": (55, 69),
    "tenor": (52, 67), "baritone": (47, 62), "bass": (43, 57),
}  # fmt: skip
"""MIDI keys where each voice is at ease in songs (the table of the studio's figures on singing)."""


def singer_proposal(brief: Brief, lead: LeadSheet | None, style: StyleChoice) -> tuple[str, Reason]:
    """The voice, or "" for an instrumental.

    Without words there is nothing to sing, so that nobody sings unless it is asked for or the lead
    sheet has words.
    """
    if brief.singer in SINGERS:
        return brief.singer, Reason("brief", ASKED)
    if brief.singer == "none":
        return "", Reason("brief", ASKED)
    if lead and (brief.singer == "any" or (written.has_words(lead) and not brief.lead)):
        voice = _fitting_voice(lead)
        why = "a singer was asked" if brief.singer else "the lead sheet has words"
        others = tuple(name for name in SINGERS if name != voice)
        return voice, Reason(PRODUCER, f"{why}; the tune lies best for a {voice}", others)
    if brief.singer == "any":
        voice = style.card.band.singer
        why = f"a singer was asked; for a {style.name} we would call a {voice}"
        return voice, Reason(PRODUCER, why, tuple(name for name in SINGERS if name != voice))
    return "", Reason(PRODUCER, "no singer was asked, so the tune is played")


def _fitting_voice(lead: LeadSheet) -> str:
    """The voice outside whose tessitura the tune lies least, weighted by how long its notes are."""
    notes = written.notes_of(lead)

    def strain(voice: str) -> float:
        low, high = TESSITURA[voice]
        return sum(
            float(note.duration) * max(low - note.pitch.midi, note.pitch.midi - high, 0) ** 2
            for note in notes
        )

    return min(SINGERS, key=strain)


def band_proposal(
    brief: Brief, style: StyleChoice, moods: Sequence[Mood], singer: str
) -> tuple[tuple[str, ...], Reason]:
    """The parts, the one with the tune first."""
    if brief.band:
        parts = [part for part in brief.band if part not in brief.without]
        why = ["asked for"]
    else:
        parts, why = _usual_band(brief, style, moods)
    lead, about_lead = _lead(brief, style, parts, singer)
    rest = [f"{part}2" if f"{part}1" == lead else part for part in parts if part != lead]
    band = tuple(dict.fromkeys([lead, *rest]))
    exactly = bool(brief.band) and not about_lead
    reason = "; ".join([*why, about_lead] if about_lead else why)
    return band, Reason("brief" if exactly else PRODUCER, reason)


def _usual_band(
    brief: Brief, style: StyleChoice, moods: Sequence[Mood]
) -> tuple[list[str], list[str]]:
    colour = style.colour
    parts = list(colour.band if colour and colour.band else style.card.band.usual)
    of_kind = bool(colour and colour.band)
    usual = style.kind if style.stands_in else style.title
    why = [f"the usual band for {usual}" if of_kind else style.card.band.why]
    for word, mood in zip(brief.mood, moods, strict=False):
        gone = [part for part in mood.leave if part in parts]
        new = [part for part in mood.add if part not in parts]
        parts = [part for part in parts if part not in gone] + new
        if gone or new:
            why.append(f"{word} {mood.why}")
    joined = [part for part in brief.also if part not in parts]
    parts += joined
    if brief.also:
        why.append(f"{' and '.join(brief.also)} asked for")
    left_out = [part for part in brief.without if part in parts]
    parts = [part for part in parts if part not in brief.without]
    if brief.without:
        why.append(f"without {' and '.join(left_out or brief.without)}, as asked")
    return parts or ["piano"], why


def _lead(brief: Brief, style: StyleChoice, parts: Sequence[str], singer: str) -> tuple[str, str]:
    """The part with the tune, and a word about it if the producer chose it."""
    if singer:
        return VOCAL, ""
    if brief.lead:
        return brief.lead, ""
    known = lexicon().parts
    asked = [part for part in (*brief.band, *brief.also) if part in parts]
    melodic = [part for part in asked if part in known and known[part].melodic]
    melodic.sort(key=lambda part: known[part].carries)  # who can play chords is wanted for them
    if melodic and (not brief.band or not known[melodic[0]].carries):
        return melodic[0], f"the {melodic[0]} has the tune"
    if brief.band:
        return _lead_of_asked(style, parts)
    wish = style.card.band.lead
    if wish in brief.without:
        wish = _carriers(parts)[-1] if _carriers(parts) else parts[0]
    return wish, f"nobody sings, so the {wish} has the tune"


def _lead_of_asked(style: StyleChoice, parts: Sequence[str]) -> tuple[str, str]:
    """Who has the tune in a band that was asked for as it is, without a singer or a tune player."""
    carriers = _carriers(parts)
    if len(carriers) > 1:
        return carriers[-1], f"the {carriers[-1]} has the tune, the {carriers[0]} the chords"
    if carriers:
        return (
            f"{carriers[0]}1",
            f"the {carriers[0]} has the tune ({carriers[0]}1) and accompanies it",
        )
    if "strings" in parts:
        return "violin", "the first violin has the tune"
    wish = style.card.band.lead
    return wish, f"nobody sings and the others have their own work, so a {wish} joins for the tune"


def _carriers(parts: Sequence[str]) -> list[str]:
    known = lexicon().parts
    return [part for part in parts if part in known and known[part].carries]
