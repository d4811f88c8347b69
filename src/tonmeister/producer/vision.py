"""The vision: the brief filled up to a whole song sheet, every value with a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tonmeister.model.reason import Decision, Proposal, Reason
from tonmeister.model.score import LeadSheet, TimeSignature
from tonmeister.model.sheets import SongSheet
from tonmeister.producer import line_up, written
from tonmeister.producer.brief import Brief
from tonmeister.producer.decide import target_entries
from tonmeister.producer.journal import effective
from tonmeister.producer.lexicon import Mood, lexicon
from tonmeister.producer.proposals import ASKED, PRODUCER, WRITTEN, key_proposal, tempo_proposal
from tonmeister.producer.styles import StyleChoice, cards, find_style


@dataclass
class _Sheet:
    """Values and their reasons, as they are found."""

    values: dict[str, object] = field(default_factory=dict)
    reasons: dict[str, Reason] = field(default_factory=dict)

    def put(self, name: str, value: object, reason: Reason) -> None:
        self.values[name] = value
        self.reasons[f"song.{name}"] = reason


def envision(
    brief: Brief, *, lead_sheet: LeadSheet | None = None, decisions: Sequence[Decision] = ()
) -> Proposal[SongSheet]:
    """The song in figures: what the brief asks, exactly; the rest by lead sheet, style and mood.

    The tempo is in felt pulses a minute of the metre. The seed is the brief's; else it is a number
    made from the title, so that the same title always gives the same song and another title another
    one; else 1.

    Args:
        brief: what is asked for.
        lead_sheet: what is written.
        decisions: the journal as read. A decided style, metre or singer is taken as asked for, so
            that tempo, key and band are proposed to suit; the cascade lays all decisions over it.

    Returns:
        The sheet, with a reason for every field under "song.<field>"; `by` is "brief" for what was
        asked, "lead sheet" for what is written there, else "producer".

    Raises:
        BriefError: there is no such style (the nearest are given), or the brief contradicts the
            lead sheet, which stays as written.
    """
    sheet = _Sheet()
    brief = _decided(brief, decisions, lead_sheet)
    if lead_sheet:
        written.check(brief, lead_sheet)
    style = _style(sheet, brief, lead_sheet)
    moods = [lexicon().moods[word] for word in brief.mood if word in lexicon().moods]
    _names(sheet, brief, lead_sheet, style)
    seed = _seed(sheet, brief)
    metre = _metre(sheet, brief, lead_sheet, style)
    key, why = key_proposal(brief, lead_sheet, style, moods, seed)
    sheet.put("key", key, why)
    tempo, why = tempo_proposal(brief, lead_sheet, style, moods, metre)
    sheet.put("tempo", tempo, why)
    _length(sheet, brief, lead_sheet, style, Fraction(str(tempo)) * metre.pulse)
    _people(sheet, brief, lead_sheet, style, moods)
    return Proposal(SongSheet.model_validate(sheet.values), sheet.reasons)


def _decided(brief: Brief, decisions: Sequence[Decision], lead: LeadSheet | None) -> Brief:
    """The brief with what was decided of the things that others hang on."""
    said = {decision.path: decision.value for decision in effective(decisions)}
    update: dict[str, object] = {}
    if "song.style" in said:
        same = brief.style is not None and find_style(brief.style).name == said["song.style"]
        update |= {"style": brief.style if same else said["song.style"]}
        update |= {} if same else {"colour": None}
    if "song.singer" in said:
        update["singer"] = said["song.singer"] or "none"
    if "song.metre" in said and lead is None:
        update["metre"] = said["song.metre"]
    return brief.model_copy(update=update)


def _style(sheet: _Sheet, brief: Brief, lead: LeadSheet | None) -> StyleChoice:
    asked = brief.style or brief.colour
    if asked is None:
        choice, why = _style_by_metre(brief, lead)
        sheet.put("style", choice.name, why)
        return choice
    choice = find_style(asked, brief.colour, metre=brief.metre or written.metre_of(lead))
    others = tuple(name for name in cards() if name != choice.name)
    if choice.stands_in:
        colour = choice.colour
        why = Reason(
            PRODUCER,
            f"there is no '{asked}' style yet; '{choice.name}' is the nearest"
            + (f": {colour.why}" if colour else ""),
            others,
        )
    else:
        kind = f", the {choice.kind} kind" if choice.colour else ""
        why = Reason("brief", f"{ASKED}{kind}")
    sheet.put("style", choice.name, why)
    return choice


def _style_by_metre(brief: Brief, lead: LeadSheet | None) -> tuple[StyleChoice, Reason]:
    """The style whose list of metres names this one first; in four, by how fast the tune moves."""
    metre = brief.metre or written.metre_of(lead) or "4/4"
    ranks = {
        name: card.metres.index(metre) if metre in card.metres else len(card.metres) + 9
        for name, card in cards().items()
    }
    best = [name for name in ranks if ranks[name] == min(ranks.values())]
    name, how = best[0], f"{metre} is a metre of the {best[0]}"
    if min(ranks.values()) > 9:
        name = "ballad" if "ballad" in cards() else best[0]
        how = f"no style is at home in {metre}; a {name} takes to any metre"
    elif len(best) > 1:
        name, how = _style_by_pace(best, brief, lead)
    others = tuple(other for other in cards() if other != name)
    return StyleChoice(name, cards()[name]), Reason(PRODUCER, f"no style was asked; {how}", others)


def _style_by_pace(names: Sequence[str], brief: Brief, lead: LeadSheet | None) -> tuple[str, str]:
    tempo = brief.tempo or written.felt_tempo(lead)
    slowest = min(names, key=lambda name: cards()[name].tempo.low)
    if tempo:
        near = min(names, key=lambda name: _distance(tempo, name))
        return near, f"{tempo:g} bpm is the pace of a {near}"
    density = written.notes_per_bar(lead)
    if lead and density < written.BUSY_NOTES_PER_BAR:
        fastest = max(names, key=lambda name: cards()[name].tempo.low)
        return fastest, f"the tune has {density:.1f} notes a bar, few enough for a {fastest}"
    if lead:
        return slowest, f"the tune has {density:.1f} notes a bar and wants the time of a {slowest}"
    moods = [lexicon().moods[word] for word in brief.mood if word in lexicon().moods]
    if any((mood.pace or 0) > 0.5 or mood.push > 0.15 for mood in moods):
        fastest = max(names, key=lambda name: cards()[name].tempo.low)
        return fastest, f"{', '.join(brief.mood)} points to a {fastest}"
    return slowest, f"a {slowest} suits most singers and songs"


def _distance(tempo: float, name: str) -> float:
    reach = cards()[name].tempo
    return max(reach.low - tempo, tempo - reach.high, 0.0)


def _names(sheet: _Sheet, brief: Brief, lead: LeadSheet | None, style: StyleChoice) -> None:
    if brief.title:
        sheet.put("title", brief.title, Reason("brief", ASKED))
    elif lead and lead.title:
        sheet.put("title", lead.title, Reason("lead sheet", WRITTEN))
    else:
        sheet.put("title", f"Untitled {style.title}", Reason(PRODUCER, "no title was given"))
    if brief.artist:
        sheet.put("artist", brief.artist, Reason("brief", ASKED))
    else:
        sheet.put("artist", "", Reason(PRODUCER, "nobody was named"))


def _seed(sheet: _Sheet, brief: Brief) -> int:
    if brief.seed is not None:
        sheet.put("seed", brief.seed, Reason("brief", ASKED))
        return brief.seed
    title = str(sheet.values["title"])
    if title.startswith("Untitled "):
        sheet.put(
            "seed",
            1,
            Reason(
                PRODUCER, "no seed and no title were given: 1; another number gives another song"
            ),
        )
        return 1
    digest = hashlib.blake2b(title.casefold().encode(), digest_size=4).digest()
    seed = 1 + int.from_bytes(digest, "big") % 9999
    why = (
        "made from the title: the same title gives the same song; another number gives another song"
    )
    sheet.put("seed", seed, Reason(PRODUCER, why))
    return seed


def _metre(
    sheet: _Sheet, brief: Brief, lead: LeadSheet | None, style: StyleChoice
) -> TimeSignature:
    if brief.metre:
        sheet.put("metre", brief.metre, Reason("brief", ASKED))
    elif lead:
        sheet.put("metre", written.metre_of(lead), Reason("lead sheet", WRITTEN))
    else:
        usual = style.card.metres[0]
        others = tuple(style.card.metres[1:])
        sheet.put(
            "metre",
            usual,
            Reason(PRODUCER, f"no metre was asked; {style.card.plural} are in {usual}", others),
        )
    return TimeSignature.parse(str(sheet.values["metre"]))


def _length(
    sheet: _Sheet,
    brief: Brief,
    lead: LeadSheet | None,
    style: StyleChoice,
    quarters_a_minute: Fraction,
) -> None:
    if brief.length is not None:
        sheet.put("length", brief.length, Reason("brief", ASKED))
    elif lead:
        sheet.put("length", *written.length_proposal(lead, quarters_a_minute))
    else:
        length = style.card.length
        sheet.put("length", length.usual, Reason(PRODUCER, f"no length was asked; {length.why}"))


def _people(
    sheet: _Sheet, brief: Brief, lead: LeadSheet | None, style: StyleChoice, moods: Sequence[Mood]
) -> None:
    singer, why = line_up.singer_proposal(brief, lead, style)
    sheet.put("singer", singer, why)
    band, why = line_up.band_proposal(brief, style, moods, singer)
    sheet.put("band", band, why)


def brief_decisions(brief: Brief) -> tuple[Decision, ...]:
    """What the brief asks for beyond the song sheet, as decisions of revision 0.

    They go before the journal's in `cascade`: the instruments that were named ("upright bass"),
    and the loudness target with its figures.
    """
    named = sorted(brief.instruments.items())
    entries = [(f"players.{part}.instrument", instrument) for part, instrument in named]
    entries += target_entries(brief.loudness) if brief.loudness else ()
    return tuple(Decision(0, path, value, by="brief", why=ASKED) for path, value in entries)
