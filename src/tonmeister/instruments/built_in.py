"""Playing a performance on the built-in synthesizers."""

from __future__ import annotations

import numpy as np

from tonmeister.instruments import drums, held, struck
from tonmeister.instruments.catalogue import Sound, lookup
from tonmeister.instruments.kernels import BLOCK
from tonmeister.instruments.line import Line, line_of
from tonmeister.instruments.presets import Held, Kit, Struck, preset
from tonmeister.model.performance import Performance
from tonmeister.signal.buffer import Samples32
from tonmeister.units.level import gain_from_db

LEVEL = 0.05
"""Amplitude of a preset's loudest partial at velocity 80, before the gain match."""

_SMOOTH_BLOCKS = 4


def play(performance: Performance, sound: Sound, *, rate_hz: int, frames: int) -> Samples32:
    """The performance as played by the built-in synthesizer: dry, shape (2, frames).

    Raises:
        InstrumentError: a note is impossible.
        StyleError: the preset is missing or wrong.
    """
    blocks = -(-frames // BLOCK)
    out: Samples32 = np.zeros((2, blocks * BLOCK), np.float32)
    voice = preset(sound.preset)
    slurs = isinstance(voice, Held) and lookup(performance.instrument).polyphony == 1
    line = line_of(performance, rate_hz=rate_hz, blocks=max(1, blocks), slurs=slurs)
    if isinstance(voice, Kit):
        _play_kit(out, line, voice)
    elif isinstance(voice, Held):
        for note in line.notes:
            held.play_note(out, note, line, voice)
    else:
        _play_struck(out, line, voice)
    _apply_gain(out, line, LEVEL * gain_from_db(sound.preset_gain_db))
    return np.ascontiguousarray(out[:, :frames])


def _play_struck(out: Samples32, line: Line, voice: Struck) -> None:
    for note in line.notes:
        struck.play_note(out, note, line, voice)


def _play_kit(out: Samples32, line: Line, kit: Kit) -> None:
    end = out.shape[1]
    silencer: dict[int, int] = {}
    for note in reversed(line.notes):
        drum = kit.drums.get(note.key)
        if drum is None:
            continue
        off = end
        if drum.choke:
            off = silencer.get(drum.choke, end)
            silencer[drum.choke] = note.start
        drums.play_hit(out, note._replace(off=off), line, drum)


def _apply_gain(out: Samples32, line: Line, level: float) -> None:
    """Volume and expression, smoothed over a few milliseconds, and the gain match."""
    if out.shape[1] == 0:
        return
    if np.all(line.gain == 1.0):
        out *= np.float32(level)
        return
    smooth = np.convolve(
        np.pad(line.gain, (_SMOOTH_BLOCKS - 1, 0), mode="edge"),
        np.full(_SMOOTH_BLOCKS, 1 / _SMOOTH_BLOCKS),
        mode="valid",
    )
    ends = np.append(smooth[1:], smooth[-1])
    ramp = np.linspace(0, 1, BLOCK, endpoint=False)
    gain = smooth[:, None] + (ends - smooth)[:, None] * ramp
    out *= (level * gain.reshape(-1)).astype(np.float32)
