"""Struck and plucked sounds: pianos, guitars, basses, harps, mallets, bells."""

from __future__ import annotations

import math

import numpy as np

from tonmeister.instruments.kernels import Floats, hiss, ring
from tonmeister.instruments.line import Line, PlayedNote, hiss_shape, velocity_gain
from tonmeister.instruments.presets import Struck
from tonmeister.instruments.spectra import at_key, frequency_of
from tonmeister.model.chance import chance
from tonmeister.signal.buffer import Samples32

_NEPER_DB = 20 / math.log(10)
_LONGEST_TAIL_SECONDS = 4.0


def play_note(out: Samples32, note: PlayedNote, line: Line, preset: Struck) -> None:
    """Add one note to `out`."""
    stop = note.off + int(_LONGEST_TAIL_SECONDS * line.rate_hz)
    span = np.array([note.start, note.off, stop], np.int64)
    rate, depth = preset.tremolo
    shape = np.array(
        [
            max(8.0, preset.attack_ms / 1000 * line.rate_hz),
            0.0,
            0.0,
            2 * math.pi * rate / line.rate_hz,
            abs(depth),
            math.copysign(1.0, depth),
        ]
    )
    ring(out, span, _rows(note, line, preset), line.bend, shape)
    if preset.knock:
        level, low, high, decay = preset.knock
        gain = velocity_gain(note.velocity) * 10 ** (level / 20)
        noise = hiss_shape(gain, (low, high), (0.3, decay, decay), line.rate_hz)
        hiss(out, np.array([note.start, stop, stop], np.int64), note.seed, noise)


def _rows(note: PlayedNote, line: Line, preset: Struck) -> Floats:
    """The partials of a note, as `kernels.ring` wants them."""
    partials = at_key(preset.spectrum, note.key, line.rate_hz)
    frequencies = frequency_of(note.key) * _stretched(partials.ratios, preset, note.key)
    tilt = preset.bright_db * (note.velocity - 80) / 47 * np.log2(np.maximum(1, partials.ratios))
    amplitudes = velocity_gain(note.velocity) * 10 ** ((partials.levels_db + tilt) / 20)
    dice = chance(0, "struck", note.key)
    side = preset.spread * (note.key - 64) / 40
    strings = [(1.0, 0.0, 1.0)]
    if preset.detune_cents or preset.after_db > -100:
        after = 10 ** (preset.after_db / 20)
        strings.append((after, preset.detune_cents, preset.after_ratio))
    blocks = []
    for number, (share, cents, slower) in enumerate(strings):
        pan = side + preset.spread * (0.5 * number - 0.25) * (len(strings) - 1)
        scatter = np.array([dice.uniform(-0.3, 0.3) for _ in frequencies])
        pan = np.clip(pan + preset.spread * scatter, -1, 1)
        decay = partials.decays * slower
        angle = (pan + 1) * math.pi / 4
        blocks.append(
            np.column_stack(
                [
                    2 * math.pi * frequencies * 2 ** (cents / 1200) / line.rate_hz,
                    amplitudes * share * np.cos(angle),
                    amplitudes * share * np.sin(angle),
                    decay / _NEPER_DB / line.rate_hz,
                    (decay + preset.damp_db_per_s) / _NEPER_DB / line.rate_hz,
                    [dice.uniform(0, 2 * math.pi) for _ in frequencies],
                ]
            )
        )
    return np.ascontiguousarray(np.concatenate(blocks))


def _stretched(ratios: Floats, preset: Struck, key: int) -> Floats:
    """Partials of a stiff string; B doubles about every 8 semitones, the fundamental stays."""
    stiffness = preset.stretch * max(0.5, 2 ** ((key - 60) / 8))
    stretched: Floats = ratios * np.sqrt((1 + stiffness * ratios**2) / (1 + stiffness))
    return stretched
