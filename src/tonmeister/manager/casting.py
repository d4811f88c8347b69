"""Casting: who plays each part, on what, and with which feel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from tonmeister.errors import StyleError
from tonmeister.manager.rules import CastRules, players, read_cast_rules
from tonmeister.manager.singers import VOCAL_PARTS, voice_of
from tonmeister.model.instrument import Instrument
from tonmeister.model.player import Player
from tonmeister.model.reason import Proposal, Reason
from tonmeister.model.sheets import PlayerPlan, PlayersSheet, SongSheet

BY = "manager"


@dataclass(frozen=True, slots=True)
class _Choice:
    """An instrument for a part, why, and what else would do."""

    instrument: Instrument
    why: str
    considered: tuple[str, ...] = ()


def cast(
    sheet: SongSheet, style_name: str, instruments: Mapping[str, Instrument]
) -> Proposal[PlayersSheet]:
    """A player, an instrument and a feel for each part of the band.

    Args:
        instruments: the catalogue.

    Returns:
        Plans in the band's order; reasons under "players.<part>".

    Raises:
        StyleError: the style or a voice is unknown, or no instrument is like a part's name.
    """
    rules = read_cast_rules(style_name)
    people = players()
    plans: PlayersSheet = {}
    reasons: dict[str, Reason] = {}
    for part in sheet.band:
        choice = _instrument(part, sheet, rules, instruments)
        player, why = _player(part, choice.instrument, style_name, rules, people)
        feel = rules.feels.get(part) or rules.feels.get(choice.instrument.family, "")
        plans[part] = PlayerPlan(player=player.name, instrument=choice.instrument.name, feel=feel)
        sentence = f"{choice.why}; {why}" + (f" The feel is {feel}." if feel else "")
        reasons[f"players.{part}"] = Reason(BY, sentence, choice.considered)
    return Proposal(plans, reasons)


def _instrument(
    part: str, sheet: SongSheet, rules: CastRules, instruments: Mapping[str, Instrument]
) -> _Choice:
    if part in VOCAL_PARTS and sheet.singer:
        voice_of(sheet.singer)
        name = f"{sheet.singer} guide"
        why = f"the singer is a {sheet.singer}: a guide voice sings until the take is recorded"
    else:
        base = part.rstrip("0123456789").rstrip("- ") or part
        spoken = part.replace("-", " ")
        own = next((n for n in (spoken, base.replace("-", " ")) if n in instruments), "")
        name = rules.cast.get(part) or own or rules.cast.get(base, "")
        why = f"{part} in the {sheet.style} style is usually played on the {name}"
        if name == own:
            why = f"the band has the {name} by name"
    if name in instruments:
        chosen = instruments[name]
        return _Choice(chosen, why, _siblings(chosen, instruments))
    return _nearest(part, name or part, instruments)


def _siblings(chosen: Instrument, instruments: Mapping[str, Instrument]) -> tuple[str, ...]:
    same = [i.name for i in instruments.values() if i.family == chosen.family]
    return tuple(name for name in same if name != chosen.name)[:3]


def _nearest(part: str, wanted: str, instruments: Mapping[str, Instrument]) -> _Choice:
    words = wanted.replace("-", " ").lower()
    near = get_close_matches(words, instruments, n=3, cutoff=0.6)
    near += [
        name
        for name, entry in instruments.items()
        if name not in near
        and (set(words.split()) & set(name.split()) or entry.family.rstrip("s") in words)
    ]
    if not near:
        raise StyleError(
            f"there is no instrument for a part named {part!r}",
            where="song.band",
            expected="parts such as bass, drums, piano, guitar, strings, or an instrument's name",
            hint="The catalogue's instruments: " + ", ".join(list(instruments)[:12]) + " ...",
        )
    why = f"the catalogue knows no {words!r}; the nearest is the {near[0]}"
    return _Choice(instruments[near[0]], why, tuple(near[1:4]))


def _player(
    part: str,
    instrument: Instrument,
    style_name: str,
    rules: CastRules,
    people: Sequence[Player],
) -> tuple[Player, str]:
    """The style's choice, else who is at home in the family and style, else in the family."""
    wanted = rules.players.get(part) or rules.players.get(instrument.family)
    by_name = {player.name: player for player in people}
    if wanted:
        if wanted not in by_name:
            near = get_close_matches(wanted, by_name, n=3) or sorted(by_name)
            raise StyleError(
                f"there is no player {wanted!r}",
                where=f"styles/{style_name}/performance.toml, players",
                expected="one of " + ", ".join(near),
            )
        if instrument.family in by_name[wanted].families:
            return by_name[wanted], by_name[wanted].about

    def fit(player: Player) -> tuple[bool, bool, bool, str]:
        return (
            instrument.family not in player.families,
            style_name not in player.styles,
            instrument.family not in player.families[:1],
            player.name,
        )

    if not people:
        raise StyleError("there are no players", where="data/players")
    best = min(people, key=fit)
    return best, best.about
