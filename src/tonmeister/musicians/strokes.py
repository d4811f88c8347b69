"""From written notes to strokes: when, how long, how loud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random

from tonmeister.model.chance import chance
from tonmeister.model.instrument import Instrument
from tonmeister.model.score import Part, PartNote, PartRole, Section
from tonmeister.musicians.grid import Grid, Place
from tonmeister.musicians.loudness import Dynamics, Shading
from tonmeister.musicians.manner import Manner
from tonmeister.musicians.phrases import Phrase, phrases
from tonmeister.musicians.time_feel import DRUM_OF, TimeFeel, gauss
from tonmeister.units.time import Seconds

_LEFT_HAND = 0.94
"""The weaker hand's share, on the odd sixteenths of hi-hat and ride."""


@dataclass(slots=True)
class Stroke:
    """A note being played; times in seconds, filled in step by step."""

    note: PartNote
    place: Place
    start: Seconds
    end: Seconds
    velocity: float
    lead: bool = False
    """The first note of a phrase."""
    last: bool = False
    """The last note of a phrase."""


@dataclass(frozen=True, slots=True)
class Hands:
    """All that a part's strokes depend on."""

    part: Part
    instrument: Instrument
    grid: Grid
    time: TimeFeel
    shading: Shading
    dynamics: Dynamics
    manner: Manner
    seed: int

    @property
    def solo(self) -> bool:
        """Whether it carries the tune or answers it."""
        return self.part.role in {PartRole.LEAD, PartRole.COUNTER, PartRole.BACKING}

    @property
    def drums(self) -> bool:
        """Whether keys are percussion instruments."""
        return self.instrument.family in {"drums", "percussion"}

    @property
    def sings(self) -> bool:
        """Whether loudness moves while a note sounds (bow, breath, bellows)."""
        return self.instrument.sustains and not self.drums


def section_strokes(hands: Hands, section: Section, notes: Sequence[PartNote]) -> list[Stroke]:
    """The strokes of a section's notes, in written order; lengths are still the written ones.

    What is played depends on nothing outside the section's notes and plan.
    """
    line = hands.sings or hands.solo
    spans = phrases(notes) if line else []
    phrase_of = [span for span in spans for _ in range(span.first, span.last + 1)]
    strokes: list[Stroke] = []
    for onset, group in groupby(notes, key=lambda note: note.onset):
        phrase = phrase_of[len(strokes)] if line else None
        at = str(onset - section.start)
        random = chance(hands.seed, "touch", hands.part.name, section.id, at)
        strokes += _together(hands, list(group), phrase, random)
    for span in spans:
        strokes[span.first].lead = True
        for stroke in strokes[span.first : span.last + 1]:
            stroke.last = stroke.place is strokes[span.last].place
    return strokes


def _together(
    hands: Hands, notes: Sequence[PartNote], phrase: Phrase | None, random: Random
) -> Iterator[Stroke]:
    """The strokes of notes with one onset: they share their place, its lag and half their slip."""
    grid = hands.grid
    place, on_grid = grid.place(notes[0].onset), grid.seconds(notes[0].onset)
    arch = phrase.arch(place.position) - 0.4 if phrase and hands.solo else 0.0
    shared = gauss(random)
    common: dict[str, float] = {}
    for note in notes:
        drum = DRUM_OF.get(note.key, "hat") if hands.drums else ""
        if drum not in common:
            common[drum] = hands.time.common(place, drum, solo=hands.solo)
        slip = hands.time.stray(drum, shared, gauss(random))
        late = hands.time.seconds(common[drum] + slip, place)
        end = grid.seconds(note.onset + note.duration) + late
        velocity = _velocity(hands, note, place, drum, arch=arch, luck=gauss(random))
        yield Stroke(note, place, on_grid + late, end, velocity)


def _velocity(
    hands: Hands, note: PartNote, place: Place, drum: str, *, arch: float, luck: float
) -> float:
    velocity = hands.shading.plain(note, place, share=0.5 if hands.sings else 1.0)
    if not hands.manner.human:
        return velocity
    velocity = hands.shading.human(velocity, place, drum, arch=arch)
    velocity += luck * hands.shading.spread(drum) * min(1.0, velocity / 60)
    if drum in {"hat", "ride"} and place.sixteenth % 2:
        velocity *= 1 - (1 - _LEFT_HAND) * hands.manner.human
    return velocity
