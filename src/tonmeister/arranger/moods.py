"""How full every section is: the song's energy curve, read the way an arranger reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tonmeister.model.score import Section, Song

_SPARSE = 0.42
"""Level that the first sung section does not exceed."""
_REST = 0.55
"""Level of an ending that comes to rest."""
_EDGES = (0.44, 0.62, 0.82)
"""Levels from which intensity is 2, 3 and 4."""
_STEP = 0.05
"""Energies nearer than this are alike."""


@dataclass(frozen=True, slots=True)
class Mood:
    """A section's place in the song.

    Attributes:
        level: 0 sparse .. 1 everybody.
        words: what the section is for, said to a musician.
        full: whether everybody plays here whatever the level.
    """

    level: float
    words: str
    full: bool = False

    @property
    def intensity(self) -> int:
        """1 .. 4."""
        return 1 + sum(self.level >= edge for edge in _EDGES)


def read_moods(song: Song, *, ending: str) -> tuple[Mood, ...]:
    """The mood of every section, in playing order.

    Levels blend a section's own energy with its place between the song's lowest and highest; the
    first sung section stays sparse, the last of the highest ones gets everybody.

    Args:
        ending: "rest": the ending comes down; "full": it keeps what was there before.
    """
    sections = song.sections
    body = [i for i, s in enumerate(sections) if s.kind not in {"intro", "ending"}]
    moods = [Mood(_level(sections, i), _words(sections, i)) for i in range(len(sections))]
    if len(body) > 1:
        first = body[0]
        moods[first] = replace(moods[first], level=min(moods[first].level, _SPARSE))
        peak = max(body, key=lambda i: (sections[i].energy, i))
        kind = sections[peak].kind
        words = f"the last {kind} is the peak, everybody plays"
        moods[peak] = Mood(1.0, words, full=True)
    for index, section in enumerate(sections):
        if section.kind == "ending" and index:
            moods[index] = _ending(moods[index - 1], ending)
    return tuple(moods)


def _ending(before: Mood, ending: str) -> Mood:
    if ending == "full":
        return Mood(min(before.level, 0.9), "the ending keeps the band together to the last chord")
    return Mood(_REST, "the ending comes to rest")


def _level(sections: tuple[Section, ...], index: int) -> float:
    energies = [section.energy for section in sections]
    low, high = min(energies), max(energies)
    if high - low > _STEP:
        relative = (sections[index].energy - low) / (high - low)
    else:  # no curve given: grow through the song
        relative = (index + 1) / len(sections)
    return 0.4 * sections[index].energy + 0.6 * (0.15 + 0.85 * relative)


def _words(sections: tuple[Section, ...], index: int) -> str:
    section = sections[index]
    if section.kind == "intro":
        return "a clear opening, not everybody"
    before = sections[index - 1] if index else None
    if before is None or before.kind == "intro":
        return f"the first {section.kind} leaves room for the tune"
    difference = section.energy - before.energy
    if difference < -_STEP:
        return f"the {section.kind} steps back, so that the return can lift"
    if difference > _STEP:
        return f"the {section.kind} is fuller than what came before"
    return f"the {section.kind} keeps going"
