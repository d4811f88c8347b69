"""Who plays what in which section: the arranger's proposal, with reasons."""

from __future__ import annotations

from collections.abc import Mapping

from tonmeister.arranger.bars import final_chord
from tonmeister.arranger.grid import distance, regrouped
from tonmeister.arranger.moods import read_moods
from tonmeister.arranger.style import TUNE, WAIT, ArrangingStyle, Pattern, fits, possible_fills
from tonmeister.arranger.turns import Choice, Turns
from tonmeister.model.chance import chance
from tonmeister.model.instrument import Instrument
from tonmeister.model.reason import Proposal, Reason
from tonmeister.model.score import Section, Song
from tonmeister.model.sheets import ArrangementSheet, PartName, SongSheet, TexturePlan

_ANCHORS = ("piano", "guitar", "organ", "synth", "mallets", "strings", "bass")
"""Families that can carry a section alone, the likeliest first."""
_BASS_FILLS = 0.45
_FILL_BARS = 4
"""Shorter sections get no fill."""


def propose_arrangement(
    sheet: SongSheet,
    song: Song,
    style: ArrangingStyle,
    instruments: Mapping[PartName, Instrument],
) -> Proposal[ArrangementSheet]:
    """The texture of every part in every section, along the song's energy.

    Args:
        sheet: gives the band, its lead first, and the seed.
        instruments: the instrument of every part of the band.

    Returns:
        ``{section id: {part: TexturePlan}}`` with a reason for every section and part.
    """
    band = [name for name in sheet.band if name in instruments]
    table = _Table(sheet.seed, song, style, {name: instruments[name] for name in band})
    plans: ArrangementSheet = {}
    reasons: dict[str, Reason] = {}
    sections = [table.section(index) for index in range(len(song.sections))]
    table.turns().take(sections)
    for index, (section, chosen) in enumerate(zip(song.sections, sections, strict=True)):
        plans[section.id] = {name: chosen[name][0] for name in band}
        playing = [name for name, plan in plans[section.id].items() if plan.on]
        words = f"{table.moods[index].words}: {_listed(playing)} play"
        reasons[f"arrangement.{section.id}"] = Reason("arranger", words)
        for name in band:
            reasons[f"arrangement.{section.id}.{name}"] = Reason("arranger", chosen[name][1])
    return Proposal(plans, reasons)


class _Table:
    """The arranger's table: the song, the band, and who takes which job."""

    def __init__(
        self,
        seed: int,
        song: Song,
        style: ArrangingStyle,
        band: Mapping[PartName, Instrument],
    ) -> None:
        self._seed = seed
        self._song = song
        self._style = style
        self._band = band
        names = list(band)
        self._lead, self._players = (names[0] if names else ""), names[1:]
        self._anchor = self._choose_anchor()
        self._has_bass = any(band[name].family == "bass" for name in self._players)
        self.moods = read_moods(song, ending=style.form.ending)

    def section(self, index: int) -> dict[PartName, Choice]:
        """All plans of one section with their reasons; the anchor chooses its job first."""
        taken: set[str] = set()
        intensity = self.moods[index].intensity
        chosen: dict[PartName, Choice] = {}
        if self._lead:
            chosen[self._lead] = TexturePlan(pattern=TUNE, intensity=intensity), "has the tune"
        for name in sorted(self._players, key=lambda name: name != self._anchor):
            chosen[name] = self._plan(name, index, taken)
        return chosen

    def turns(self) -> Turns:
        """How players without work in the whole song come to play."""
        inner = range(len(self._song.sections))
        order = sorted(inner, key=lambda index: (-self.moods[index].level, index))

        def wish(name: PartName, index: int) -> str | None:
            section, mood = self._song.sections[index], self.moods[index]
            return self._pattern(name, section, mood.intensity, set())

        patterns = self._style.patterns
        return Turns(self._players, self._anchor, order, wish, lambda name: patterns[name].job)

    def _choose_anchor(self) -> PartName | None:
        """The part that plays everywhere: the first keyboard or guitar, else what there is."""
        for family in _ANCHORS:
            for name in self._players:
                instrument = self._band[name]
                if instrument.family == family and (instrument.polyphony > 2 or family == "bass"):
                    return name
        return self._players[0] if self._players else None

    def _plan(self, name: PartName, index: int, taken: set[str]) -> Choice:
        mood = self.moods[index]
        section = self._song.sections[index]
        fill, fill_why = self._fill(name, index)
        if not self._plays(name, index):
            if self._band[name].family == "drums" and fill and self._plays(name, index + 1):
                plan = TexturePlan(pattern=WAIT, intensity=mood.intensity, fill=fill)
                return plan, f"waits, then {fill_why}"
            if index == len(self._song.sections) - 1 and index > 0:
                return TexturePlan(pattern=WAIT, intensity=2), "joins in the last chord"
            return _silent(), f"is silent: {mood.words}"
        chosen = self._pattern(name, section, mood.intensity, taken)
        if chosen is None:
            return _silent(), "is silent: the others do its work already"
        pattern = self._style.patterns[chosen]
        taken.add(pattern.job)
        why = f"{pattern.say}; {mood.words}{self._adapted(pattern, section)}"
        why += f"; at the end {fill_why}" if fill else ""
        return TexturePlan(pattern=chosen, intensity=mood.intensity, fill=fill), why

    def _opens(self, name: PartName) -> bool:
        """Whether a part plays in the intro: the anchor, then those that enter first."""
        others = [n for n in self._players if self._band[n].family != "drums"]
        ranked = sorted(others, key=lambda n: (n != self._anchor, self._threshold(n)))
        return name in ranked[: self._style.form.intro_parts]

    def _threshold(self, name: PartName) -> float:
        """The level from which a part plays; in a small band everybody is needed earlier."""
        levels = {str(family): level for family, level in self._style.enters.items()}
        ease = min(1.0, max(0.0, (len(self._players) - 2) / 5))
        return levels.get(self._band[name].family, 0.5) * (0.45 + 0.55 * ease)

    def _plays(self, name: PartName, index: int) -> bool:
        """Whether a part is wanted in a section."""
        if index >= len(self._song.sections):
            return False
        if self._song.sections[index].kind == "intro":
            return self._opens(name)
        mood = self.moods[index]
        return name == self._anchor or mood.full or mood.level >= self._threshold(name)

    def _pattern(
        self, name: PartName, section: Section, intensity: int, taken: set[str]
    ) -> str | None:
        """The first of the style's patterns that fits and whose job nobody has yet.

        Without a bass the anchor takes a pattern that has a bass of its own.
        """
        fitting = {n: p for n, p in self._style.patterns.items() if fits(p, self._band[name])}
        quiet = 4 if name == self._anchor else intensity  # nobody overplays a quiet section
        offered = [
            n
            for n, p in fitting.items()
            if p.levels and p.job not in taken and min(p.levels) <= quiet
        ]
        needs_bass = not self._has_bass and name == self._anchor

        sections = self._band[name].polyphony > 2

        def cost(number: int) -> tuple[bool, bool, bool, int, int]:
            pattern = fitting[offered[number]]
            far = min(abs(level - intensity) for level in pattern.levels)
            elsewhere = bool(pattern.sections) and section.kind not in pattern.sections
            here = section.kind in pattern.sections and far == 0
            lacks_bass = needs_bass and not any("bass" in bar.grid for bar in pattern.bars)
            alone = pattern.single and sections  # a section does not play a soloist's line first
            return lacks_bass, elsewhere, alone, -1 if here else far, number

        if not offered:
            return None
        return offered[min(range(len(offered)), key=cost)]

    def _adapted(self, pattern: Pattern, section: Section) -> str:
        """Says so if the pattern has to be regrouped for the section's metre."""
        time = self._song.measures[section.first_bar].time
        nearest = min((bar.metre for bar in pattern.bars), key=lambda metre: distance(metre, time))
        if distance(nearest, time) == 0:
            return ""
        if nearest.compound != time.compound:
            return f"; its {nearest} is bent to {time}"
        order = " ".join(str(i + 1) for i in regrouped(nearest, time))
        return f"; its {nearest} is regrouped for {time} (counts {order})"

    def _fill(self, name: PartName, index: int) -> tuple[str, str]:
        """A fill that leads on, as big as what comes next; besides drums and bass one at a time."""
        sections = self._song.sections
        section, last = sections[index], index == len(sections) - 1
        size = self.moods[index if last else index + 1].intensity
        instrument = self._band[name]
        offered = [
            fill
            for fill in possible_fills(self._style, instrument)
            if size in self._style.fills[fill].size
        ]
        rng = chance(self._seed, "arrangement", section.id, name, "fill")
        if not offered or not self._fills_here(name, index, rng.random()):
            return "", ""
        chosen = rng.choice(offered)
        goal = "into the last chord" if last else f"into the {sections[index + 1].kind}"
        return chosen, f"{self._style.fills[chosen].say} {goal}"

    def _fills_here(self, name: PartName, index: int, luck: float) -> bool:
        sections = self._song.sections
        section = sections[index]
        if index == len(sections) - 1:
            room = final_chord(self._song) - section.start
            return self._band[name].family == "drums" and room >= section.length / 3
        if section.bars < _FILL_BARS and section.kind != "intro":
            return False
        family = self._band[name].family
        if family == "drums":
            return self._plays(name, index + 1)
        if family == "bass":
            return luck < _BASS_FILLS
        return name == self._filler(section) and self._tune_rests(section)

    def _filler(self, section: Section) -> PartName | None:
        others = [n for n in self._players if self._band[n].family not in {"drums", "bass"}]
        rng = chance(self._seed, "arrangement", section.id, "filler")
        return rng.choice(others) if others else None

    def _tune_rests(self, section: Section) -> bool:
        """Whether the tune leaves the section's last count free."""
        notes = self._song.tune
        edge = section.end - 1
        return not any(edge < n.onset < section.end for n in notes if n.onset >= section.start)


def _silent() -> TexturePlan:
    return TexturePlan(on=False, pattern=WAIT)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + "".join(names[-1:])
