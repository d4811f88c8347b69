"""Chords for a tune that has none: the likeliest path of diatonic chords, two to the bar at most.

A hidden Markov model: chords are states, the tune's notes are what they emit, functional
progression and metre weigh the steps between them (Viterbi 1967; for lead sheets e.g. Simon,
Morris and Basu 2008).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tonmeister.model.score import ChordEvent, KeySignature, Measure, Mode
from tonmeister.theory.chords import pitch_classes
from tonmeister.theory.harmony import roman_chord
from tonmeister.theory.metre import groups, weight
from tonmeister.units.time import Beats

_MAJOR = ("I", "IV", "V7", "V", "vi", "ii", "iii")
_MINOR = ("i", "iv", "V7", "VI", "III", "VII", "V")
_AFTER: dict[str, dict[str, float]] = {
    "I": {"IV": 1.2, "V7": 1.0, "V": 1.0, "vi": 0.8, "ii": 0.8, "iii": 0.2},
    "IV": {"I": 1.2, "V7": 1.1, "V": 1.1, "ii": 0.4, "vi": -0.4, "iii": -1.0},
    "V7": {"I": 1.6, "vi": 0.3, "IV": -1.2, "ii": -1.5, "iii": -1.5, "V": -0.5},
    "V": {"I": 1.3, "vi": 0.4, "V7": 0.8, "IV": -0.6, "ii": -1.0, "iii": -1.0},
    "vi": {"ii": 1.0, "IV": 1.0, "V": 0.4, "V7": 0.3, "I": 0.0, "iii": 0.2},
    "ii": {"V7": 1.5, "V": 1.2, "I": -0.4, "IV": -0.4, "vi": -0.6, "iii": -1.2},
    "iii": {"vi": 1.0, "IV": 0.8, "ii": 0.0, "I": -0.8, "V7": -0.6, "V": -0.6},
    "i": {"iv": 1.1, "V7": 1.2, "V": 0.8, "VI": 0.8, "VII": 0.5, "III": 0.5},
    "iv": {"V7": 1.3, "V": 1.0, "i": 1.0, "VII": 0.3, "VI": -0.4, "III": -0.4},
    "VI": {"iv": 0.8, "V7": 0.7, "V": 0.5, "VII": 0.6, "III": 0.4, "i": 0.0},
    "III": {"VI": 0.7, "iv": 0.6, "VII": 0.5, "V7": 0.3, "i": 0.3, "V": 0.0},
    "VII": {"III": 1.1, "i": 0.7, "VI": 0.2, "V7": -0.2, "iv": -0.6, "V": -0.8},
}
"""Liking for each step; after the usual tables of root progressions (Piston, Harmony, ch. 3)."""

_STAY, _STAY_OVER_BAR = 3.0, 1.0
"""Liking for no change; with this, roots agree best with those of 51 human lead sheets (.446; an
HMM trained on such sheets .45)."""
_MISFIT, _ON_THE_BEAT = -1.6, 0.9


@dataclass(frozen=True, slots=True)
class _Slot:
    measure: int
    onset: Beats
    length: Beats
    downbeat: bool


def harmonize(written: tuple[Measure, ...]) -> tuple[Measure, ...]:
    """The measures with diatonic chords, one a half of a bar at most, closing on the tonic."""
    if not any(measure.notes for measure in written):
        return written
    key = _mode_of(written)
    slots = _slots(written)
    if not slots:
        return written
    names = _MINOR if key.mode is Mode.MINOR else _MAJOR
    path = _viterbi(written, slots, names, key)
    chords: dict[int, list[ChordEvent]] = {}
    before = ""
    for slot, name in zip(slots, path, strict=True):
        if name != before or slot.downbeat:
            symbol = roman_chord(name, _key_at(written[slot.measure], key))
            chords.setdefault(slot.measure, []).append(ChordEvent(slot.onset, symbol))
        before = name
    return tuple(
        replace(measure, chords=tuple(chords.get(index, ())))
        for index, measure in enumerate(written)
    )


def _mode_of(written: Sequence[Measure]) -> KeySignature:
    """Major or minor by where the tune ends (most sheets do not tell)."""
    key = written[-1].key
    last = next((m.notes[-1] for m in reversed(written) if m.notes), None)
    minor = KeySignature.from_fifths(key.fifths, Mode.MINOR)
    if key.mode is Mode.MINOR or (last and last.pitch.midi % 12 == minor.tonic.pitch_class):
        return minor
    return KeySignature.from_fifths(key.fifths)


def _key_at(measure: Measure, home: KeySignature) -> KeySignature:
    return KeySignature.from_fifths(measure.key.fifths, home.mode)


def _slots(written: Sequence[Measure]) -> list[_Slot]:
    """Halves of bars where the metre has them; a pick-up at the start stays without a chord."""
    slots: list[_Slot] = []
    for index, measure in enumerate(written):
        if index == 0 and measure.length < measure.time.bar:
            continue
        marks = [mark for mark in groups(measure.time) if mark < measure.length]
        ends = [*marks[1:], measure.length]
        for mark, end in zip(marks, ends, strict=True):
            slots.append(_Slot(index, mark, end - mark, mark == 0))
    return slots


def _emission(measure: Measure, slot: _Slot, tones: Sequence[int]) -> float:
    """How well the notes of a slot agree with a chord, by duration and place."""
    total = 0.0
    for note in measure.notes:
        start, end = max(note.onset, slot.onset), min(note.end, slot.onset + slot.length)
        if end <= start:
            continue
        pitch = note.pitch.midi % 12
        emphasis = float(end - start) + _ON_THE_BEAT * weight(measure.time, note.onset) * 0.5
        if pitch == tones[0]:
            total += emphasis * 1.1
        elif pitch in tones[:3]:
            total += emphasis
        elif pitch in tones:
            total += emphasis * 0.4
        else:
            total += emphasis * (_MISFIT if end - start >= 1 else _MISFIT / 2)
    return total


def _viterbi(
    written: Sequence[Measure], slots: Sequence[_Slot], names: Sequence[str], key: KeySignature
) -> list[str]:
    tonic = names[0]
    liking = [{tonic: (1.5, "")} | dict.fromkeys(names[1:], (0.0, ""))]
    for index, slot in enumerate(slots):
        row: dict[str, tuple[float, str]] = {}
        measure = written[slot.measure]
        here = _key_at(measure, key)
        for name in names:
            fit = _emission(measure, slot, pitch_classes(roman_chord(name, here)))
            if index + 1 == len(slots):
                fit += 4.0 if name == tonic else 0.0
            steps = [
                (value + _step(old, name, slot), old) for old, (value, _) in liking[-1].items()
            ]
            best = max(steps, key=lambda step: step[0])
            row[name] = (best[0] + fit, best[1])
        liking.append(row)
    return _backtrack(liking)


def _backtrack(liking: Sequence[dict[str, tuple[float, str]]]) -> list[str]:
    name = max(liking[-1], key=lambda chord: liking[-1][chord][0])
    path: list[str] = []
    for row in reversed(liking[1:]):
        path.append(name)
        name = row[name][1]
    return path[::-1]


def _step(old: str, new: str, slot: _Slot) -> float:
    if old == new:
        return _STAY_OVER_BAR if slot.downbeat else _STAY
    liking = _AFTER.get(old, {}).get(new, -1.0)
    return liking if slot.downbeat else liking - 0.8
