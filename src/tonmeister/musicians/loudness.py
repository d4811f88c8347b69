"""Loud and soft: section dynamics, crescendos, phrases, metric accents, touch."""

from __future__ import annotations

from math import exp

from tonmeister.model.score import Articulation, PartNote, Song
from tonmeister.model.sheets import PerformanceSheet
from tonmeister.musicians.grid import Place
from tonmeister.musicians.manner import Manner
from tonmeister.musicians.style import Groove, PerformingStyle

VELOCITIES = {
    "ppp": 38, "pp": 46, "p": 54, "mp": 62, "mf": 72, "f": 82, "ff": 92, "fff": 102,
}  # fmt: skip
"""Velocity of a plain note (weight 0.6). A sound font's loudness goes with 40 lg(velocity), so a
step is about 2 dB and pp..ff 12 dB: players reach 10-20 dB (Patterson 1974), records keep less."""

PLAIN_WEIGHT = 0.6
_WEIGHT_POWER = 0.75
_ARTICULATION = {
    Articulation.ACCENT: 1.14, Articulation.MARCATO: 1.18, Articulation.STACCATO: 0.96,
    Articulation.MUTED: 0.85, Articulation.TENUTO: 1.03,
}  # fmt: skip
_KNEE = 96.0
_ARCH = 7.0
_METRE = 0.16
_LEADER = 0.7
"""How far towards a louder section the crescendo before it goes; the arrival does the rest."""


class Dynamics:
    """The plain velocity along the song: section dynamics, joined by crescendos.

    Args:
        human: 0 leaves steps between sections.
    """

    def __init__(
        self, song: Song, sheet: PerformanceSheet, style: PerformingStyle, *, human: float
    ) -> None:
        self._levels = [
            float(VELOCITIES[sheet[s.id].dynamics if s.id in sheet else s.dynamics])
            for s in song.sections
        ]
        self._ends = [float(s.end) for s in song.sections]
        self._lengths = [float(s.length) for s in song.sections]
        self._beats = style.crescendo_beats
        self._human = min(1.0, human)

    def at(self, section: int, position: float) -> float:
        """Velocity of a plain note at a position (quarter notes) of a section."""
        level = self._levels[section]
        if section + 1 >= len(self._levels) or not self._human:
            return level
        change = self._levels[section + 1] - level
        reach = min(self._beats if change > 0 else self._beats / 2, self._lengths[section] / 2)
        left = self._ends[section] - position
        if left >= reach or reach <= 0:
            return level
        share = _LEADER if change > 0 else _LEADER / 2
        rise: float = (1 - max(0.0, left) / reach) ** 1.5
        return level + change * share * self._human * rise


def curve(value: float) -> int:
    """A velocity 1..127; above `_KNEE` it bends towards 127, so that peaks keep a difference."""
    if value > _KNEE:
        room = 127 - _KNEE
        value = _KNEE + room * (1 - exp(-(value - _KNEE) / (1.3 * room)))
    return min(127, max(1, round(value)))


class Shading:
    """Velocities of one part's notes."""

    def __init__(
        self, dynamics: Dynamics, style: PerformingStyle, groove: Groove, manner: Manner
    ) -> None:
        self._dynamics = dynamics
        self._depth = style.accent_depth
        self._groove = groove
        self._manner = manner

    def plain(self, note: PartNote, place: Place, *, share: float = 1.0) -> float:
        """Velocity by weight, articulation and section alone.

        Args:
            share: how much of the dynamics the velocity carries; the rest is expression's (CC 11).
        """
        level = self._dynamics.at(place.section, place.position)
        if share < 1:
            middle = VELOCITIES["mf"]
            level = middle * (level / middle) ** share
        velocity: float = level * (max(note.weight, 0.01) / PLAIN_WEIGHT) ** _WEIGHT_POWER
        velocity *= _ARTICULATION.get(note.articulation, 1.0)
        if note.articulation is Articulation.GHOST:
            velocity = min(velocity, level * self._manner.player.ghost)
        return velocity

    def human(self, velocity: float, place: Place, drum: str, *, arch: float) -> float:
        """The velocity as this player shades it; chance is added by the caller."""
        player, human = self._manner.player, self._manner.human
        table = self._groove.drums.get(drum)
        if table is None:
            factor = 1 + _METRE * player.accent * (place.strength - 0.45) * self._depth
        else:
            factor = 1 + (table.places_velocity[place.sixteenth] - 1) * self._depth
            factor = 1 + (factor - 1) * player.accent
        return velocity * (1 + (factor - 1) * human) + _ARCH * arch * player.arch * human

    def spread(self, drum: str) -> float:
        """Standard deviation of the touch, MIDI velocity."""
        player, human = self._manner.player, self._manner.human
        table = self._groove.drums.get(drum)
        if table is None:
            return player.velocity_spread * human
        # the recorded spread holds what is meant (accents, dynamics) as well as what is not
        return (0.5 * player.velocity_spread + 0.2 * table.velocity_spread) * human
