"""Single lines: guide tones that move by step under the tune, answers in its gaps; and the tune."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from tonmeister.arranger.bars import Bar
from tonmeister.arranger.player import PLAIN, SOFT, Player, articulation, note_end, shaped
from tonmeister.arranger.tones import Tone
from tonmeister.arranger.walking import bass_scale
from tonmeister.model.score import Articulation, Note, PartNote
from tonmeister.theory.chords import pitch_classes
from tonmeister.theory.voicing import clashes, guide_tones
from tonmeister.units.pitch import MidiKey
from tonmeister.units.time import Beats

_GRACE = Fraction(1, 8)
_IN_GAP, _IN_TUNE = 0.75, 0.1
_LONGEST_BREATH = 8


def play_line(player: Player) -> list[PartNote]:
    """The section's line. With two or more voices it sounds in octaves."""
    tones = list(_tones(player))
    keys = _keys(tones, player)
    notes = [_note(tone, key, player) for tone, key in zip(tones, keys, strict=True)]
    notes = _joined(notes)
    if player.music.final:
        notes += _last_note(player, keys[-1] if keys else None)
    if player.pattern is not None and player.pattern.voices > 1 and player.instrument.polyphony > 1:
        low = player.instrument.low
        notes += [_octave_below(note) for note in notes if note.key - 12 >= low]
    return notes


def play_tune(notes: tuple[Note, ...], start: Beats, end: Beats) -> list[PartNote]:
    """The tune's notes that begin in [start, end), exactly as written.

    Grace notes have no time of their own: they come an eighth of a beat before their note.
    """
    found: list[PartNote] = []
    for index, note in enumerate(notes):
        if not start <= note.onset < end:
            continue
        if note.duration > 0:
            found.append(_sung(note.onset, note.duration, note))
            continue
        ahead = 1
        while index + ahead < len(notes) and notes[index + ahead].duration == 0:
            ahead += 1
        onset = max(note.onset - ahead * _GRACE, Fraction(0))
        found.append(_sung(onset, _GRACE, note))
    return found


def _sung(onset: Beats, duration: Beats, note: Note) -> PartNote:
    return PartNote(onset, duration, note.pitch.midi, PLAIN, mark="tune")


def _tones(player: Player) -> Iterator[Tone]:
    if player.pattern is not None:
        for bar in player.groove_bars():
            rng = player.chance(bar)
            chosen = player.bar_pattern(bar, rng)
            for hit in player.hits(bar, chosen, "line"):
                gap = bar.in_gap(hit.onset)
                if hit.sign == "?" and rng.random() > (_IN_GAP if gap else _IN_TUNE):
                    continue
                if not player.may_answer(bar, hit.onset):
                    continue
                yield from _cut(bar, hit.onset, hit.end, hit.sign)
    for hit in player.fill_hits("line"):
        yield from _cut(player.bar_at(hit.onset), hit.onset, hit.end, hit.sign, mark="fill")


def _cut(bar: Bar, onset: Beats, end: Beats, sign: str, mark: str = "") -> Iterator[Tone]:
    """A tone cut at chord changes: it moves on to a tone of the new chord."""
    for span in bar.spans:
        first, last = max(onset, span.onset), min(end, span.end)
        if first < last and span.symbol is not None and (first == onset or sign in "gcG"):
            yield Tone(first, last, sign, bar, span, span.symbol, mark)


def _keys(tones: list[Tone], player: Player) -> list[MidiKey]:
    """Guide and chord tones first, each near the one before; then the steps that lead there."""
    low, high = player.register
    keys: list[MidiKey | None] = []
    last = (low + high) // 2
    for tone in tones:
        if tone.sign == "s":
            keys.append(None)
            continue
        last = _near(tone, last, (low, high))
        keys.append(last)
    return _with_steps(tones, keys, (low, high))


def _near(tone: Tone, last: MidiKey, register: tuple[MidiKey, MidiKey]) -> MidiKey:
    low, high = register
    tones = guide_tones(tone.symbol) if tone.sign in "gG" else pitch_classes(tone.symbol)
    middle = (low + high) / 2

    def cost(key: MidiKey) -> tuple[float, MidiKey]:
        way = abs(key - last) + 0.2 * abs(key - middle)
        way += 1.5 if key == last and tone.sign == "c" else 0.0
        way += 20.0 if clashes(key, tone.span.tune) else 0.0
        return way + (3.0 if key in tone.span.tune else 0.0), key

    every = [k for k in range(low, high + 1) if k % 12 in pitch_classes(tone.symbol)]
    keys = [k for k in every if k % 12 in tones and not clashes(k, tone.span.tune)]
    return min(keys or every or [last], key=cost)


def _with_steps(
    tones: list[Tone], keys: list[MidiKey | None], register: tuple[MidiKey, MidiKey]
) -> list[MidiKey]:
    """Fills each run of steps so that it arrives by step at the tone after it."""
    found: list[MidiKey] = []
    index = 0
    while index < len(keys):
        key = keys[index]
        if key is not None:
            found.append(key)
            index += 1
            continue
        run = 1
        while index + run < len(keys) and keys[index + run] is None:
            run += 1
        before = found[-1] if found else (register[0] + register[1]) // 2
        target = keys[index + run] if index + run < len(keys) else None
        goal = target if target is not None else before
        found += _run_into(goal, before, run, tones[index])
        index += run
    return [min(max(key, register[0]), register[1]) for key in found]


def _run_into(goal: MidiKey, before: MidiKey, count: int, tone: Tone) -> list[MidiKey]:
    passing = bass_scale(tone.symbol, tone.bar.key)
    side = -1 if before <= goal else 1
    steps: list[MidiKey] = []
    key = goal
    while len(steps) < count:
        key += side
        if key % 12 in passing:
            steps.insert(0, key)
    return steps


def _note(tone: Tone, key: MidiKey, player: Player) -> PartNote:
    kind = articulation(player.pattern.articulation) if player.pattern else Articulation.LEGATO
    base = SOFT + 0.08 if tone.sign == "s" else PLAIN
    weight = shaped(base, tone.bar, tone.onset)
    return PartNote(tone.onset, tone.end - tone.onset, key, weight, kind, mark=tone.mark)


def _joined(notes: list[PartNote]) -> list[PartNote]:
    """A held guide tone that stays in the next chord is held over, up to two bars."""
    kept: list[PartNote] = []
    for note in notes:
        last = kept[-1] if kept else None
        if last and _goes_on(last, note):
            kept[-1] = replace(last, duration=last.duration + note.duration)
            continue
        kept.append(note)
    return kept


def _goes_on(last: PartNote, note: PartNote) -> bool:
    meets = last.key == note.key and note_end(last) == note.onset
    held = min(last.duration, note.duration) >= 1
    return meets and held and last.duration + note.duration <= _LONGEST_BREATH


def _last_note(player: Player, last: MidiKey | None) -> list[PartNote]:
    at, end = player.music.groove_end, player.music.bars[-1].end
    bar = player.bar_at(at)
    span = bar.span_at(at)
    if span.symbol is None or end <= at:
        return []
    low, high = player.register
    if player.pattern is None:
        low, high = player.instrument.sweet_low, player.instrument.sweet_high
    start = last if last is not None else (low + high) // 2
    tone = Tone(at, end, "c", bar, span, span.symbol)
    key = _near(tone, start, (low, high))
    return [PartNote(at, end - at, key, shaped(PLAIN, bar, at), Articulation.TENUTO)]


def _octave_below(note: PartNote) -> PartNote:
    return replace(note, key=note.key - 12)
