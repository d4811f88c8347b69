"""From a section's tones to the text of its bars: spelled, split at the bar lines."""

from __future__ import annotations

from collections.abc import Sequence

from tonmeister.composer.placing import Tone, make_place
from tonmeister.composer.stage import Stage
from tonmeister.model.score import Note
from tonmeister.model.sheets import Bars
from tonmeister.theory.chordscale import spell
from tonmeister.theory.notation import format_notes


def tune_texts(tones: Sequence[Tone], stage: Stage) -> Bars:
    """A text per bar; notes over a bar line are tied, names follow the chord and the key."""
    notes: list[list[Note]] = [[] for _ in stage.bars]
    for tone in tones:
        span = make_place(stage, tone.onset, tone.duration, tone.key, breath=False).spans[0][0]
        pitch = spell(tone.key, span.symbol, span.key)
        bar = stage.bar_at(tone.onset)
        at = tone.onset
        while at < tone.end and bar < len(stage.bars):
            end = min(tone.end, stage.starts[bar + 1])
            note = Note(at - stage.starts[bar], end - at, pitch, tied=at > tone.onset)
            notes[bar].append(note)
            at, bar = end, bar + 1
    return tuple(
        format_notes(inside, bar.length) for inside, bar in zip(notes, stage.bars, strict=True)
    )
