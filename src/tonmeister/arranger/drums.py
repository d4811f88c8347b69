"""Drums and percussion: grids of two hands and two feet, fills, crashes, a real last beat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from tonmeister.arranger.bars import Bar
from tonmeister.arranger.kit import DRUMS, playable
from tonmeister.arranger.player import ACCENT, GHOST, PLAIN, SOFT, Player, shaped
from tonmeister.model.score import Articulation, PartNote
from tonmeister.units.pitch import MidiKey
from tonmeister.units.time import Beats

_WEIGHTS = {"x": PLAIN, "X": ACCENT, "g": GHOST, "o": SOFT, "?": SOFT}
_SHARE = {1: 0.2, 2: 0.3, 3: 0.35, 4: 0.45}
"""How often a ``?`` is played, by intensity."""
_TAP = Fraction(1, 4)

_Beat = dict[Beats, dict[MidiKey, PartNote]]


def play_drums(player: Player) -> list[PartNote]:
    """The section's drum notes; `PartNote.mark` says "fill" and "crash"."""
    moments: _Beat = defaultdict(dict)
    if player.pattern is not None:
        for bar in player.groove_bars():
            _bar(player, bar, moments)
    _fill(player, moments)
    if player.pattern is not None:
        _arrive(player, moments)
    if player.music.final:
        _last_beat(player, moments)
    return [note for at in sorted(moments) for note in _by_hands(moments[at])]


def _bar(player: Player, bar: Bar, moments: _Beat) -> None:
    rng = player.chance(bar)
    chosen = player.bar_pattern(bar, rng)
    for name in chosen.grid:
        key = _key(name, player)
        stirred = name == "swirl" and not _brushes(player)
        for hit in player.hits(bar, chosen, name):
            if hit.sign == "?" and rng.random() > _SHARE[player.intensity]:
                continue
            tap = _tap(hit.onset, key, "g" if stirred else hit.sign, bar)
            there = moments[hit.onset].get(key)
            if there is None or there.weight < tap.weight:
                moments[hit.onset][key] = tap


def _fill(player: Player, moments: _Beat) -> None:
    if player.fill is None:
        return
    for name in player.fill.grid:
        key = _key(name, player)
        for hit in player.fill_hits(name):
            bar = player.bar_at(hit.onset)
            moments[hit.onset][key] = _tap(hit.onset, key, hit.sign, bar, mark="fill")


def _arrive(player: Player, moments: _Beat) -> None:
    """A crash with the kick on the first beat, where the section is meant to arrive."""
    at = player.music.section.start
    bar = player.music.bars[0]
    full_kit = player.instrument.family == "drums"
    pickup = bar.skip > 0
    if pickup and len(player.music.bars) > 1:
        bar = player.music.bars[1]
        at = bar.start
    wanted = player.intensity >= player.style.form.crash_from and not player.music.first
    if full_kit and wanted and at < player.music.groove_end:
        moments[at][49] = _tap(at, 49, "X", bar, mark="crash")
        moments[at].setdefault(36, _tap(at, 36, "x", bar))


def _last_beat(player: Player, moments: _Beat) -> None:
    """Everybody holds the last chord: one stroke that rings, and no groove after it."""
    at = player.music.groove_end
    bar = player.bar_at(at)
    soft = player.intensity <= 1
    if player.instrument.family == "drums":
        cymbal = 51 if soft else 49
        length = max(player.music.bars[-1].end - at, _TAP)
        note = _tap(at, cymbal, "g" if soft else "X", bar, mark="crash")
        moments[at] = {
            cymbal: PartNote(at, length, cymbal, note.weight, note.articulation, mark="crash"),
            36: _tap(at, 36, "o" if soft else "x", bar, mark="crash"),
        }
    elif player.pattern is not None:
        rows = player.pattern.bars[0].grid
        key = _key(next(iter(rows)), player)
        moments[at] = {key: _tap(at, key, "x", bar)}


def _key(name: str, player: Player) -> MidiKey:
    """The key of a drum: without brushes the swirl is a snare, and a brush kit has no rim."""
    if (name == "swirl" and not _brushes(player)) or (name == "rim" and _brushes(player)):
        return DRUMS["snare"]
    return DRUMS[name]


def _brushes(player: Player) -> bool:
    return "brush" in player.instrument.name


def _tap(onset: Beats, key: MidiKey, sign: str, bar: Bar, mark: str = "") -> PartNote:
    articulation = {"g": Articulation.GHOST, "X": Articulation.ACCENT}.get(
        sign, Articulation.NORMAL
    )
    base = _WEIGHTS.get(sign, PLAIN)
    return PartNote(onset, _TAP, key, shaped(base, bar, onset), articulation, mark=mark)


def _by_hands(together: dict[MidiKey, PartNote]) -> Iterable[PartNote]:
    return [together[key] for key in playable(list(together))]
