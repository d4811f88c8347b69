"""Held sounds: strings, winds, brass, voices, organs, synthesizers."""

from __future__ import annotations

import math

import numpy as np

from tonmeister.instruments.kernels import TABLE, Floats, hiss, hold
from tonmeister.instruments.line import Line, PlayedNote, hiss_shape, velocity_gain
from tonmeister.instruments.presets import Held
from tonmeister.instruments.spectra import frequency_of, wave_tables
from tonmeister.model.chance import chance
from tonmeister.signal.buffer import Samples32

_NEPER_DB = 20 / math.log(10)
_LEGATO_ATTACK_MS = 18.0
_GLIDE_MS = 22.0
_DRIFT_CENTS = 2.5
_ACCENT_MS = 150.0


def play_note(out: Samples32, note: PlayedNote, line: Line, preset: Held) -> None:
    """Add one note to `out`."""
    rate = line.rate_hz
    release = preset.release_ms / 1000 * rate
    stop = note.off + int(2 * release) + 64
    span = np.array([note.start, note.off, stop], np.int64)
    tables = wave_tables(preset.spectrum, note.key, rate, preset.bright_db)
    dice = chance(note.seed, "held")
    voices = _voices(note, line, preset, [dice.random() for _ in range(3 * preset.voices)])
    hold(out, span, tables, voices, line.curves, _shape(note, line, preset))
    if preset.breath:
        level, low, high = preset.breath
        gain = velocity_gain(note.velocity) * 10 ** (level / 20)
        times = (preset.attack_ms, 0.0, preset.release_ms)
        hiss(out, span, note.seed, hiss_shape(gain, (low, high), times, rate))


def _voices(note: PlayedNote, line: Line, preset: Held, dice: list[float]) -> Floats:
    """The oscillators, as `kernels.hold` wants them."""
    count = preset.voices
    place = np.linspace(-1, 1, count) if count > 1 else np.zeros(1)
    random = np.array(dice).reshape(3, count)
    cents = preset.detune_cents * (place + 0.3 * (random[0] - 0.5) * (count > 1))
    order = np.argsort(random[1]) if count > 2 else np.arange(count)
    pan = np.clip(preset.spread * place[order], -1, 1)
    pan = pan if count > 1 else pan + preset.spread * (note.key - 64) / 60
    gain = velocity_gain(note.velocity) / math.sqrt(count)
    return np.column_stack(
        [
            TABLE * frequency_of(note.key) / line.rate_hz * 2 ** (cents / 1200),
            gain * np.cos((pan + 1) * math.pi / 4),
            gain * np.sin((pan + 1) * math.pi / 4),
            random[0] * TABLE * (count > 1),
            2 * math.pi * random[1] * (count > 1),
            2 * math.pi * random[2],
        ]
    )


def _shape(note: PlayedNote, line: Line, preset: Held) -> Floats:
    """The note's shape, in the order that `kernels.hold` reads."""
    rate = line.rate_hz
    softness = 1.4 - 0.8 * note.velocity / 127
    attack, (scoop, scoop_ms) = preset.attack_ms * softness, preset.scoop
    if note.legato_from is not None:
        attack = min(attack, _LEGATO_ATTACK_MS)
        scoop, scoop_ms = 100.0 * (note.legato_from - note.key), _GLIDE_MS / 3
    vibrato_hz, vibrato_cents, vibrato_delay = preset.vibrato
    tremolo_hz, tremolo_depth = preset.tremolo
    return np.array(
        [
            max(1.0, attack / 1000 * rate),
            3.0 / max(1.0, preset.release_ms / 1000 * rate),
            preset.fall_db_per_s / _NEPER_DB / rate,
            10 ** (preset.accent_db / 20) - 1,
            2 * math.pi * (vibrato_hz or 5.5) / rate,
            vibrato_cents,
            vibrato_delay * rate,
            scoop,
            2 * math.pi * tremolo_hz / rate,
            abs(tremolo_depth),
            math.copysign(1.0, tremolo_depth),
            0.25 + 0.75 * note.velocity / 127,
            _DRIFT_CENTS,
            3000.0 / _ACCENT_MS / rate,
            1000.0 / scoop_ms / rate,
        ]
    )
