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
_DOUBLED = 24
"""Partials above are single even when a note has two strings: their beats are not heard."""


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
    decays = partials.decays
    place = np.full(len(frequencies), preset.spread * (note.key - 64) / 40)
    if preset.detune_cents:
        first = slice(0, _DOUBLED)
        share = 10 ** (preset.after_db / 20)
        frequencies = np.append(frequencies, frequencies[first] * 2 ** (preset.detune_cents / 1200))
        amplitudes = np.append(amplitudes, amplitudes[first] * share)
        decays = np.append(decays, decays[first] * preset.after_ratio)
        place = np.append(place - 0.25 * preset.spread, place[first] + 0.25 * preset.spread)
    return _columns(note, line, preset, np.array([frequencies, amplitudes, decays, place]))


def _columns(note: PlayedNote, line: Line, preset: Struck, partials: Floats) -> Floats:
    """Frequencies in Hz, amplitudes, decays in dB/s and places become the kernel's rows."""
    frequencies, amplitudes, decays, place = partials
    dice = chance(0, "struck", note.key)
    chances = np.array([dice.random() for _ in range(2 * len(frequencies))]).reshape(2, -1)
    pan = np.clip(place + preset.spread * (0.6 * chances[0] - 0.3), -1, 1)
    per_frame = 1 / _NEPER_DB / line.rate_hz
    rows = [
        2 * math.pi * frequencies / line.rate_hz,
        amplitudes * np.cos((pan + 1) * math.pi / 4),
        amplitudes * np.sin((pan + 1) * math.pi / 4),
        decays * per_frame,
        (decays + preset.damp_db_per_s) * per_frame,
        2 * math.pi * chances[1],
    ]
    return np.column_stack(rows)


def _stretched(ratios: Floats, preset: Struck, key: int) -> Floats:
    """Partials of a stiff string; B doubles about every 8 semitones, the fundamental stays."""
    stiffness = preset.stretch * max(0.5, 2 ** ((key - 60) / 8))
    stretched: Floats = ratios * np.sqrt((1 + stiffness * ratios**2) / (1 + stiffness))
    return stretched
