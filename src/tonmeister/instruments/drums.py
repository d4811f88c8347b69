"""Drum kits: shells and skins as ringing modes, cymbals as many partials, wires as noise."""

from __future__ import annotations

import math

import numpy as np

from tonmeister.instruments.kernels import Floats, Frames, hiss, ring
from tonmeister.instruments.line import Line, PlayedNote, hiss_shape, velocity_gain
from tonmeister.instruments.presets import Drum
from tonmeister.model.chance import chance
from tonmeister.signal.buffer import Samples32

_LONGEST_SECONDS = 6.0
_CHOKE_MS = 40.0
_VARIANTS = 4
"""A repeated stroke is never twice the same; this many differ."""


def play_hit(out: Samples32, note: PlayedNote, line: Line, drum: Drum) -> None:
    """Add one stroke to `out`; `note.off` is where another drum of its group silences it."""
    for number, late_ms in enumerate(drum.hits):
        start = note.start + round(late_ms / 1000 * line.rate_hz / 64) * 64
        stop = min(start + int(_LONGEST_SECONDS * line.rate_hz), note.off + line.rate_hz // 4)
        if start < note.off:
            span = np.array([start, note.off, stop], np.int64)
            _strike(out, span, note, line, drum=drum, seed=note.seed + number)


def _strike(
    out: Samples32, span: Frames, note: PlayedNote, line: Line, *, drum: Drum, seed: int
) -> None:
    gain = velocity_gain(note.velocity) * 10 ** (drum.level_db / 20)
    softness_db = drum.bright_db * (note.velocity - 80) / 80
    dice = chance(seed % _VARIANTS, "stroke", note.key)
    rows = [_mode(drum.pitch_hz * ratio, level, decay) for ratio, level, decay in drum.modes]
    if drum.metal:
        rows += _metal(drum.metal, softness_db, note.key)
    if rows:
        octaves, fall_ms = drum.sweep
        shape = np.array([24.0, 2.0**octaves - 1, 1000.0 / fall_ms / line.rate_hz, 0.0, 0.0, 1.0])
        wobble = 1 + 0.004 * dice.uniform(-1, 1)
        ring(out, span, _placed(rows, drum, gain, line.rate_hz / wobble), line.flat, shape)
    for level, low, high, attack, decay in drum.noise:
        force = gain * 10 ** ((level + softness_db + dice.uniform(-0.7, 0.7)) / 20)
        times = (attack, decay, min(decay, _CHOKE_MS))
        noise = hiss_shape(force, (low, high), times, line.rate_hz, pan=drum.pan)
        hiss(out, span, seed, noise)


def _mode(frequency_hz: float, level_db: float, decay_ms: float) -> list[float]:
    """Hz, amplitude, seconds to fall by 60 dB."""
    return [frequency_hz, 10 ** (level_db / 20), decay_ms / 1000]


def _metal(metal: tuple[float, ...], softness_db: float, key: int) -> list[list[float]]:
    """A cymbal's dense partials: spread over the octaves at random; the high ones die first."""
    count, low, high, level, decay_ms = metal
    dice = chance(0, "metal", key)
    octaves = math.log2(high / low)
    rows = []
    for index in range(int(count)):
        height = (index + dice.random()) / count
        loudness = level + softness_db * height + dice.uniform(-8, 2) - 10 * math.log10(count)
        decay = decay_ms / 1000 * dice.uniform(0.6, 1.2) * (1.25 - 0.75 * height)
        rows.append(_mode(low * 2 ** (octaves * height), loudness, 1000 * decay))
    return rows


def _placed(rows: list[list[float]], drum: Drum, gain: float, rate: float) -> Floats:
    """The partials as `kernels.ring` wants them."""
    dice = chance(0, "places", len(rows))
    frequency, level, decay = np.array(rows).T
    width = 0.5 if drum.metal else 0.05
    pan = np.clip(drum.pan + width * np.array([dice.uniform(-1, 1) for _ in rows]), -1, 1)
    phase = [dice.uniform(0, 2 * math.pi) if index else 0.3 for index in range(len(rows))]
    fall = math.log(1000) / decay / rate
    return np.column_stack(
        [
            2 * math.pi * frequency / rate,
            gain * level * np.cos((pan + 1) * math.pi / 4),
            gain * level * np.sin((pan + 1) * math.pi / 4),
            fall,
            fall + math.log(1000) / (_CHOKE_MS / 1000) / rate,
            phase,
        ]
    )
