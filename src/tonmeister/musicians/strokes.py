"""From written notes to strokes: when, how long, how loud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from tonmeister.model.chance import chance
from tonmeister.model.instrument import Instrument
from tonmeister.model.score import Part, PartNote, PartRole, Section
from tonmeister.musicians.grid import Grid, Place
from tonmeister.musicians.loudness import Touch
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
    touch: Touch
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
    index = 0
    for onset, group in groupby(notes, key=lambda note: note.onset):
        together = list(group)
        at = onset - section.start
        random = chance(hands.seed, "touch", hands.part.name, section.id, str(at))
        shared = gauss(random)
        for note in together:
            phrase = phrase_of[index] if line else None
            pair = (shared, gauss(random))
            strokes.append(_stroke(hands, note, phrase, pair, gauss(random)))
            index += 1
    for span in spans:
        strokes[span.first].lead = True
        strokes[span.last].last = True
    return strokes


def _stroke(
    hands: Hands,
    note: PartNote,
    phrase: Phrase | None,
    slips: tuple[float, float],
    touch: float,
) -> Stroke:
    place = hands.grid.place(note.onset)
    drum = DRUM_OF.get(note.key, "hat") if hands.drums else ""
    dev = hands.time.common(place, drum, solo=hands.solo) + hands.time.stray(drum, *slips)
    late = hands.time.seconds(dev)
    start = hands.grid.seconds(note.onset) + late
    end = hands.grid.seconds(note.onset + note.duration) + late
    velocity = hands.touch.plain(note, place, share=0.5 if hands.sings else 1.0)
    if hands.manner.human:
        arch = phrase.arch(float(note.onset)) - 0.4 if phrase and hands.solo else 0.0
        velocity = hands.touch.human(velocity, place, drum, arch=arch)
        spread = hands.touch.spread(drum) * min(1.0, velocity / 60)
        velocity += touch * spread
        if drum in {"hat", "ride"} and place.sixteenth % 2:
            velocity *= 1 - (1 - _LEFT_HAND) * hands.manner.human
    return Stroke(note, place, start, end, velocity)
