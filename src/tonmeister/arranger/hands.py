"""Where chords lie: on keys by voice leading, on a guitar by grips."""

from __future__ import annotations

from tonmeister.arranger.bars import Bar, Span
from tonmeister.arranger.fretboard import Grip, grip
from tonmeister.arranger.player import Player
from tonmeister.model.score import ChordSymbol
from tonmeister.theory.keys import scale
from tonmeister.theory.voicing import Voicing, VoicingRules, clashes, lead_into
from tonmeister.units.pitch import PitchClass

_ROOM_BELOW = 15
"""Semitones under the tune that a chord needs in order to stay below it."""


class Hand:
    """Voices one chord after the other; it starts afresh in every section."""

    def __init__(self, player: Player) -> None:
        self._player = player
        pattern = player.pattern
        self._shape = pattern.shape if pattern else "any"
        self._voices = min(pattern.voices if pattern else 4, player.instrument.polyphony)
        self._rootless = pattern.rootless if pattern else False
        self._guitar = player.instrument.family == "guitar" and player.instrument.polyphony >= 4
        self._keys: Voicing | None = None
        self._grip: Grip | None = None

    def voicing(self, span: Span, bar: Bar) -> Voicing:
        """The chord of this span, in the hand's register, led from the chord before."""
        assert span.symbol is not None
        if self._guitar:
            return self._gripped(span.symbol, span)
        colours: frozenset[PitchClass] = frozenset()
        if self._player.style.form.colours:
            colours = frozenset(scale(bar.key))
        self._keys = lead_into(self._keys, span.symbol, self._rules(span, colours))
        return self._keys

    def pushed(self, span: Span) -> Voicing:
        """The chord that comes next, for playing it early; the hand itself stays where it is."""
        if span.following is None:
            return self._keys or ()
        if self._guitar:
            ahead = grip(self._grip, span.following, self._grip_shape)
            return ahead.keys if ahead else ()
        return lead_into(self._keys, span.following, self._rules(span, frozenset()))

    @property
    def _grip_shape(self) -> str:
        return self._shape if self._shape in {"full", "shell", "top"} else "full"

    def _gripped(self, symbol: ChordSymbol, span: Span) -> Voicing:
        self._grip = grip(self._grip, symbol, self._grip_shape, avoid=span.tune)
        if self._grip is None:
            return ()
        keys = tuple(dict.fromkeys(sorted(self._grip.keys)))
        clear = tuple(key for key in keys if not clashes(key, span.tune))
        return clear if len(clear) >= 3 else keys

    def _rules(self, span: Span, colours: frozenset[PitchClass]) -> VoicingRules:
        low, high = self._player.register
        top = span.tune_low
        if top is not None and top - low < _ROOM_BELOW:
            top = None
        shape = self._shape if self._shape in {"close", "drop2", "open"} else "any"
        return VoicingRules(low, high, self._voices, top, self._rootless, shape, colours, span.tune)
