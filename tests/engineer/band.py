"""A small synthetic band for the engineer's tests."""

from __future__ import annotations

import numpy as np

from tonmeister.engineer import Track
from tonmeister.model.score import PartRole
from tonmeister.model.sheets import SongSheet
from tonmeister.signal.buffer import AudioBuffer

RATE = 48000
PLAYERS = {
    "vocal": (PartRole.LEAD, "voice", 330.0, 0.8),
    "bass": (PartRole.BASS, "bass", 65.0, 0.4),
    "drums": (PartRole.DRUMS, "drums", 0.0, 0.2),
    "piano": (PartRole.CHORDS, "piano", 262.0, 0.8),
    "guitar": (PartRole.CHORDS, "guitar", 247.0, 0.4),
    "strings": (PartRole.PAD, "strings", 294.0, 1.6),
}


def sound(name: str, *, seconds: float = 8.0, level: float = 0.2) -> AudioBuffer:
    """Notes of eight harmonics that die away, or noise bursts; slightly different sides."""
    _, _, hz, period = PLAYERS[name]
    rng = np.random.default_rng(len(name))
    note = round(period * RATE)
    time = np.arange(note) / RATE
    shape = np.exp(-3 * time / period) * np.minimum(1, time / 0.005)
    out = np.zeros((2, round(seconds * RATE)), np.float32)
    for start in range(0, out.shape[1] - note, note):
        pitch = hz * 2 ** (rng.integers(0, 8) / 12)
        tones = [np.sin(2 * np.pi * pitch * h * time) / h**1.5 for h in range(1, 9)]
        wave = np.sum(tones, axis=0) if hz else rng.standard_normal(note)
        loud = level * rng.uniform(0.5, 1.0) * shape * wave
        out[:, start : start + note] = np.stack([loud, 0.8 * loud])
    return AudioBuffer(out, RATE)


def track(name: str, buffer: AudioBuffer) -> Track:
    """A player's track that gives this sound."""
    role, family, _, _ = PLAYERS[name]
    return Track(name, role, family, lambda: buffer)


def song(**changes: object) -> SongSheet:
    """A song sheet."""
    values: dict[str, object] = {
        "title": "Test",
        "style": "ballad",
        "key": "C major",
        "tempo": 70,
        "metre": "4/4",
        "length": 8,
        "band": tuple(PLAYERS),
    }
    return SongSheet.model_validate({**values, **changes})
