"""Major or minor, where a file gives only sharps and flats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tonmeister.model.score import KeySignature, Measure, Mode
from tonmeister.theory.chords import is_minor


def guess_modes(measures: tuple[Measure, ...], told: Sequence[bool]) -> tuple[Measure, ...]:
    """The same measures; keys without a mode are minor where the music closes on the minor tonic.

    Each passage between two key signatures is judged by its last chord, or by its last note if it
    has no chords.

    Args:
        told: per measure, whether its key signature has a mode (True where none changes).
    """
    starts = [
        index
        for index, measure in enumerate(measures)
        if index == 0 or not told[index] or measure.key != measures[index - 1].key
    ]
    result = list(measures)
    for start, end in zip(starts, [*starts[1:], len(measures)], strict=True):
        if told[start]:
            continue
        key = KeySignature.from_fifths(measures[start].key.fifths, Mode.MINOR)
        if _closes_in(key, measures[start:end]):
            result[start:end] = [replace(measure, key=key) for measure in measures[start:end]]
    return tuple(result)


def _closes_in(key: KeySignature, measures: Sequence[Measure]) -> bool:
    symbols = [chord.symbol for measure in measures for chord in measure.chords if chord.symbol]
    if symbols:
        last = symbols[-1]
        return last.root.pitch_class == key.tonic.pitch_class and is_minor(last)
    notes = [note for measure in measures for note in measure.notes]
    return bool(notes) and notes[-1].pitch.name.pitch_class == key.tonic.pitch_class
