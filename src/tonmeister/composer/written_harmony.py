"""What the composer takes from a lead sheet's chords: its home key, and an intro."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tonmeister.composer.frame import BarFrame
from tonmeister.composer.phrases import chords_text, mode_name
from tonmeister.composer.style import HarmonyStyle
from tonmeister.model.score import ChordEvent, ChordSymbol, KeySignature, Measure, Mode
from tonmeister.model.sheets import Bars
from tonmeister.theory.chords import is_minor
from tonmeister.theory.chordscale import is_tonic
from tonmeister.theory.notation import format_chords
from tonmeister.units.time import Beats


def home_key(written: Sequence[Measure]) -> KeySignature:
    """The key in which the written music ends: its last signature, or the relative minor (major) if
    its last chords say so (many sheets do not tell the mode)."""
    key = written[-1].key
    relative = KeySignature.from_fifths(
        key.fifths, Mode.MINOR if key.mode is Mode.MAJOR else Mode.MAJOR
    )
    chords = [chord.symbol for measure in written for chord in measure.chords if chord.symbol]
    outer = chords[-1:] + chords[:1]
    if outer and not any(is_tonic(symbol, key) for symbol in outer):
        return (
            relative if any(is_tonic(symbol, relative) for symbol in outer) else _signed(key, outer)
        )
    return relative if outer and is_tonic(outer[0], relative) and _twice(outer, relative) else key


def _twice(outer: Sequence[ChordSymbol], key: KeySignature) -> bool:
    return all(is_tonic(symbol, key) for symbol in outer)


def _signed(key: KeySignature, outer: Sequence[ChordSymbol]) -> KeySignature:
    """The signature's tonic, minor if the chord on it is."""
    on_tonic = [s for s in outer if s.root.pitch_class == key.tonic.pitch_class]
    if on_tonic and is_minor(on_tonic[0]) and key.mode is Mode.MAJOR:
        return KeySignature(key.tonic, Mode.MINOR)
    return key


def intro_texts(
    written: Sequence[Measure], bars: Sequence[BarFrame], style: HarmonyStyle
) -> Bars | None:
    """The chords of the last full bars, the last one turned to the dominant where the tune begins
    on the tonic; None if the last phrase is in another metre or key than the beginning, or has no
    chords.
    """
    start = bars[0]
    whole = [place for place, m in enumerate(written) if m.length == m.time.bar]
    last = whole[-len(bars) :]
    models = [written[place] for place in last]
    fits = all(m.time == start.time and m.key == start.key for m in models)
    if len(last) < len(bars) or not fits or not any(m.chords for m in models):
        return None
    chords = [_chords(written, place, bar.length) for place, bar in zip(last, bars, strict=True)]
    if not all(chords):
        return None
    texts = [
        format_chords(events, bar.time, bar.length)
        for events, bar in zip(chords, bars, strict=True)
    ]
    key = home_key(written)
    first = next((c.symbol for m in written for c in m.chords if c.symbol), None)
    if is_tonic(first, key):
        texts[-1] = chords_text(
            tuple(getattr(style.lead_in, mode_name(key)).split()), key, bars[-1]
        )
    return tuple(texts)


def _chords(written: Sequence[Measure], place: int, length: Beats) -> list[ChordEvent]:
    """A measure's chords within `length`, the one that still sounds from before included."""
    measure = written[place]
    chords = [chord for chord in measure.chords if chord.onset < length]
    if not chords or chords[0].onset > 0:
        before = _sounding(written, place)
        if before is None:
            return []
        chords.insert(0, ChordEvent(Fraction(0), before))
    return chords


def _sounding(written: Sequence[Measure], place: int) -> ChordSymbol | None:
    for measure in reversed(written[:place]):
        if measure.chords:
            return measure.chords[-1].symbol
    return None
