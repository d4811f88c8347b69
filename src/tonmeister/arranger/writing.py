"""Writes the parts out: what every player has on the stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches

from tonmeister.arranger.bars import SectionBars, read_song
from tonmeister.arranger.bass import play_bass
from tonmeister.arranger.chords import pedal_spans, play_chords, play_pad
from tonmeister.arranger.drums import play_drums
from tonmeister.arranger.lines import play_line, play_tune
from tonmeister.arranger.player import Player, tidy
from tonmeister.arranger.style import (
    TUNE,
    WAIT,
    ArrangingStyle,
    Fill,
    Pattern,
    possible_fills,
    possible_patterns,
)
from tonmeister.errors import DecisionError
from tonmeister.model.instrument import Instrument
from tonmeister.model.score import Part, PartNote, PartRole, Song
from tonmeister.model.sheets import ArrangementSheet, PartName, TexturePlan
from tonmeister.units.time import Beats

_WRITERS: dict[str, Callable[[Player], list[PartNote]]] = {
    "drums": play_drums,
    "bass": play_bass,
    "chords": play_chords,
    "pad": play_pad,
    "line": play_line,
}
_ROWS = {"drums": "drums", "bass": "bass", "chords": "chord", "pad": "chord", "line": "line"}
"""The rows that each kind reads: a fill of another kind is written by its own."""
_ROLES = {
    "drums": PartRole.DRUMS, "percussion": PartRole.DRUMS, "bass": PartRole.BASS,
    "piano": PartRole.CHORDS, "guitar": PartRole.CHORDS, "organ": PartRole.PAD,
    "strings": PartRole.PAD, "synth": PartRole.PAD, "choir": PartRole.BACKING,
    "voice": PartRole.BACKING, "brass": PartRole.BACKING, "winds": PartRole.COUNTER,
    "mallets": PartRole.EFFECT,
}  # fmt: skip


def arrange(
    song: Song,
    sheet: ArrangementSheet,
    style: ArrangingStyle,
    instruments: Mapping[PartName, Instrument],
    *,
    seed: int,
) -> tuple[Part, ...]:
    """A part for every instrument, the lead first.

    Every section of every part is written from the song and its own plan alone: a decision on one
    part in one section changes nothing else.

    Args:
        sheet: the decided texture of every part in every section; a missing one is silent.
        instruments: by part name; the lead, whose pattern is "tune" (else the first), plays the
            tune as written.
        seed: the production's seed.

    Raises:
        DecisionError: a plan asks for a pattern or a fill that the part cannot play.
    """
    sections = read_song(song)
    lead = _lead_of(sheet, instruments)
    parts: list[Part] = []
    for name, instrument in instruments.items():
        plans = {id_: sheet[id_][name] for id_ in sheet if name in sheet[id_]}
        if name == lead:
            parts.insert(0, _lead(song, name, instrument, plans))
            continue
        notes, pedal = _part(song, sections, plans, _Chair(name, instrument, style, seed))
        role = role_of(name, instruments, lead)
        parts.append(Part(name, role, instrument.name, notes, pedal))
    return tuple(parts)


def _lead_of(
    sheet: ArrangementSheet, instruments: Mapping[PartName, Instrument]
) -> PartName | None:
    for plans in sheet.values():
        for name, plan in plans.items():
            if plan.pattern == TUNE and name in instruments:
                return name
    return next(iter(instruments), None)


def role_of(
    name: PartName, instruments: Mapping[PartName, Instrument], lead: PartName | None
) -> PartRole:
    """What a part is for; without keys and guitars an organ or a synthesizer has the chords."""
    if name == lead:
        return PartRole.LEAD
    instrument = instruments[name]
    role = _ROLES.get(instrument.family, PartRole.PAD)
    if role is PartRole.PAD and instrument.polyphony < 3:
        return PartRole.COUNTER
    comping = any(
        _ROLES.get(other.family) is PartRole.CHORDS
        for part, other in instruments.items()
        if part != lead
    )
    if instrument.family in {"organ", "synth"} and not comping:
        return PartRole.CHORDS
    return role


class _Chair:
    """Who sits where: part, instrument, style and seed of one player."""

    def __init__(
        self, name: PartName, instrument: Instrument, style: ArrangingStyle, seed: int
    ) -> None:
        self.name = name
        self.instrument = instrument
        self.style = style
        self.seed = seed

    def player(self, music: SectionBars, plan: TexturePlan) -> Player:
        """The player in one section, the plan's names looked up."""
        path = f"arrangement.{music.section.id}.{self.name}"
        pattern = self._pattern(plan.pattern, f"{path}.pattern")
        fill = self._fill(plan.fill, f"{path}.fill")
        return Player(self.name, self.instrument, self.style, music, plan, pattern, fill, self.seed)

    def _pattern(self, wanted: str, path: str) -> Pattern | None:
        possible = possible_patterns(self.style, self.instrument)
        name = wanted or possible[0]
        if name not in possible:
            raise DecisionError(**_unknown("pattern", name, possible, self._who()), where=path)
        return None if name == WAIT else self.style.patterns[name]

    def _fill(self, wanted: str, path: str) -> Fill | None:
        possible = possible_fills(self.style, self.instrument)
        if wanted and wanted not in possible:
            raise DecisionError(**_unknown("fill", wanted, possible, self._who()), where=path)
        return self.style.fills[wanted] if wanted else None

    def _who(self) -> str:
        return f"{self.instrument.name} in style {self.style.name}"


def _unknown(what: str, name: str, possible: tuple[str, ...], who: str) -> dict[str, str]:
    near = get_close_matches(name, possible, n=1)
    return {
        "what": f"there is no {what} {name!r} for the {who}",
        "expected": "one of " + ", ".join(possible) if possible else f"no {what}",
        "hint": f"Did you mean {near[0]!r}?" if near else "",
    }


def _lead(
    song: Song, name: PartName, instrument: Instrument, plans: Mapping[str, TexturePlan]
) -> Part:
    notes: list[PartNote] = []
    for section in song.sections:
        plan = plans.get(section.id, TexturePlan(pattern=TUNE))
        if plan.on:
            notes += play_tune(song.tune, section.start, section.end)
    notes.sort(key=lambda note: (note.onset, note.key))
    return Part(name, PartRole.LEAD, instrument.name, tuple(notes))


def _part(
    song: Song,
    sections: tuple[SectionBars, ...],
    plans: Mapping[str, TexturePlan],
    chair: _Chair,
) -> tuple[tuple[PartNote, ...], tuple[tuple[Beats, Beats], ...]]:
    """A part's notes and its pedal."""
    notes: list[PartNote] = []
    pedal: list[tuple[Beats, Beats]] = []
    for music in sections:
        plan = plans.get(music.section.id)
        if plan is None or not plan.on:
            continue
        player = chair.player(music, plan)
        notes += _written(player)
        if chair.instrument.family == "piano":
            pedal += pedal_spans(player)
    return tidy(notes, chair.instrument, song.end), tuple(pedal)


def _written(player: Player) -> list[PartNote]:
    """One section of one part: the pattern's kind writes it; who waits does as its family does."""
    resting = resting_kind(player.instrument)
    kind = player.pattern.kind if player.pattern else resting
    notes = _WRITERS[kind](player)
    if player.fill is not None and _ROWS[player.fill.kind] != _ROWS[kind]:
        music = replace(player.music, final=False)
        filling = replace(player, pattern=None, music=music)
        notes += _WRITERS[player.fill.kind](filling)
    return notes


def resting_kind(instrument: Instrument) -> str:
    """How an instrument joins in the last chord when it has no pattern."""
    if instrument.family in {"drums", "percussion"}:
        return "drums"
    if instrument.family == "bass":
        return "bass"
    return "chords" if instrument.polyphony >= 3 else "line"
