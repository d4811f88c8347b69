"""Early and late: the band's common time, the places of the bar, the player's own wander."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from random import Random

from tonmeister.model.chance import chance
from tonmeister.musicians.grid import Grid, Place
from tonmeister.musicians.manner import Manner
from tonmeister.musicians.style import PLACES, DrumTable, Groove, PerformingStyle

KEYS = {
    "kick": (35, 36),
    "snare": (37, 38, 39, 40),
    "hat": (42, 46),
    "pedal": (44,),
    "ride": (49, 51, 52, 53, 55, 57, 59),
    "tom": (41, 43, 45, 47, 48, 50),
}
DRUM_OF = {key: drum for drum, keys in KEYS.items() for key in keys}
"""General MIDI percussion keys by the groove tables' drums; the rest is taken for a hat."""

LIMIT_MS = 45.0
"""Nobody in time strays farther; the tables count strokes within 55 ms."""

_BAND_PLACES = 0.5
"""How far the other players follow the drums' early and late places."""

_SOLO_OFFBEAT = 0.35
"""Share of a lag that remains on swung off-beats: soloists lag on the beat and meet the drums on
the off-beat (Friberg and Sundstroem, Music Perception 19/3, 2002)."""

_SHARED = 0.6
"""Share of a stroke's stray that all its notes have in common; with 0.8 alone it sums to one."""


@lru_cache(maxsize=512)
def wander(seed: int, path: tuple[str, ...], beats: int, correlation: float) -> tuple[float, ...]:
    """A first-order autoregressive wander, one value per quarter note, standard deviation 1."""
    random = chance(seed, *path)
    fresh = (1 - correlation**2) ** 0.5
    value = random.gauss(0, 1)
    values = [value]
    for _ in range(beats):
        value = correlation * value + fresh * random.gauss(0, 1)
        values.append(value)
    return tuple(values)


def gauss(random: Random) -> float:
    """A normal deviate cut off at 2.2 sigma: players notice and mend larger slips."""
    value = random.gauss(0, 1)
    return min(2.2, max(-2.2, value))


class TimeFeel:
    """Deviations of one part, in milliseconds at 120 quarters a minute; late is positive.

    In faster pieces they are smaller, with the root of the beat's length: the recorded drummers'
    spread on the beat falls from 24 ms at 93 to 12 ms at 290.

    All parts share the band's wander (drawn by section, without looking at any notes), so bass and
    kick stay together; the player's own is added to it.
    """

    def __init__(
        self,
        grid: Grid,
        style: PerformingStyle,
        groove: Groove,
        manner: Manner,
        *,
        seed: int,
        part: str,
    ) -> None:
        self._grid = grid
        self._style = style
        self._groove = groove
        self._manner = manner
        self._seed = seed
        self._part = part
        self._band = band_table(groove)
        self._lines: dict[int, tuple[float, ...]] = {}
        self._scales: dict[int, float] = {}

    def common(self, place: Place, drum: str, *, solo: bool) -> float:
        """What is the same for all notes of a stroke: tendency, place, wander."""
        manner = self._manner
        lag = manner.offset_ms
        if solo and place.offbeat and lag > 0 and self._grid.swing_at(place.section) > 0.55:
            lag *= _SOLO_OFFBEAT
        return lag + self._place_ms(place, drum, solo=solo) + self._wander_ms(place)

    def _place_ms(self, place: Place, drum: str, *, solo: bool) -> float:
        table = self._groove.drums.get(drum, self._band)
        follow = 1.0 if drum else _BAND_PLACES
        lilt = self._style.lilt_ms
        bar = lilt[place.pulse % len(lilt)] * (0.4 if solo else 1.0) if lilt else 0.0
        return table.places_ms[place.sixteenth] * self._style.place_depth * follow + bar

    def _wander_ms(self, place: Place) -> float:
        line = self._lines.get(place.section)
        if line is None:
            line = self._lines[place.section] = self._section_wander(place.section)
        index = min(len(line) - 2, max(0, int(place.beat)))
        part = min(1.0, max(0.0, place.beat - index))
        return line[index] * (1 - part) + line[index + 1] * part

    def _section_wander(self, index: int) -> tuple[float, ...]:
        section = self._grid.song.sections[index]
        beats = int(section.length) + 2
        drift = self._groove.drift
        band = wander(self._seed, ("groove", section.id), beats, drift.correlation)
        own = wander(self._seed, ("drift", self._part, section.id), beats, drift.correlation)
        player = self._manner.player
        size = drift.spread_ms * self._style.looseness
        return tuple(
            size * (player.lock * b + player.drift * o) for b, o in zip(band, own, strict=True)
        )

    def stray(self, drum: str, shared: float, own: float) -> float:
        """A note's own slip, from two normal deviates: its stroke's and its own."""
        table = self._groove.drums.get(drum, self._band)
        mixed = _SHARED * shared + 0.8 * own if drum else shared
        return table.spread_ms * self._manner.spread * mixed

    def seconds(self, milliseconds: float, place: Place) -> float:
        """A deviation, humanized, scaled to the tempo and kept within `LIMIT_MS`, in seconds."""
        scale = self._scales.get(place.section)
        if scale is None:
            start = float(self._grid.song.sections[place.section].start)
            beat = self._grid.clock.beat_seconds(start)
            scale = self._scales[place.section] = min(1.1, max(0.6, (beat / 0.5) ** 0.5))
        scaled = milliseconds * self._manner.human * scale
        return min(LIMIT_MS, max(-LIMIT_MS, scaled)) / 1000


def band_table(groove: Groove) -> DrumTable:
    """What the rest of the band follows: the mean of kick and hi-hat (or ride)."""
    drums = groove.drums
    chosen = [drums[name] for name in ("kick", "hat", "ride") if name in drums][:2]
    return DrumTable(
        places_ms=_means([table.places_ms for table in chosen]),
        spread_ms=sum(table.spread_ms for table in chosen) / len(chosen),
        places_velocity=(1.0,) * PLACES,
        velocity=80,
        velocity_spread=10,
    )


def _means(rows: Sequence[Sequence[float]]) -> tuple[float, ...]:
    return tuple(sum(column) / len(rows) for column in zip(*rows, strict=True))
