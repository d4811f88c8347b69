"""Playing a performance on a sound font."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np

from tonmeister.errors import InstrumentError
from tonmeister.instruments.catalogue import DRUM_BANK, Sound
from tonmeister.instruments.fluid import GAIN, FontSynth
from tonmeister.instruments.schedule import (
    BEND_CENTRE,
    BLOCK_FRAMES,
    Event,
    Kind,
    bend_value,
    schedule,
)
from tonmeister.instruments.sources import FontSource, font_flaw
from tonmeister.model.performance import Performance
from tonmeister.model.sheets import EqBand
from tonmeister.signal.buffer import AudioBuffer, Samples32
from tonmeister.signal.filters import equalize
from tonmeister.units.level import gain_from_db

_DRUM_CHANNEL = 9
_LOWEST_HZ = 22.0
_VOLUME, _PAN, _MIDDLE = 7, 10, 64


def play(
    performance: Performance, sound: Sound, source: FontSource, *, rate_hz: int, frames: int
) -> Samples32:
    """The performance as played by a sound font: dry, shape (2, frames).

    Raises:
        InstrumentError: the library or the font cannot be used, or a note is impossible.
    """
    flaw = font_flaw(source.path)
    if flaw:
        raise InstrumentError(
            f"the sound font cannot be used: {flaw}",
            where=str(source.path),
            hint="Install it anew, or name another one in $TONMEISTER_SOUNDFONT.",
        )
    samples: Samples32 = np.zeros((2, frames), np.float32)
    gain = GAIN * gain_from_db(sound.font_gain_db) / math.sqrt(len(sound.programs))
    with FontSynth(source.path, rate_hz=rate_hz, gain=gain) as synth:
        channels = _set_up(synth, sound, source)
        events = _tuned(schedule(performance, rate_hz), sound.font_tune_cents)
        _run(synth, channels, events, samples)
    return _without_offset(samples, rate_hz) if sound.font_offset else samples


def _set_up(synth: FontSynth, sound: Sound, source: FontSource) -> tuple[int, ...]:
    channels = []
    for number, (bank, program) in enumerate(sound.programs):
        channel = _DRUM_CHANNEL if bank == DRUM_BANK else number
        if not (synth.select(channel, bank, program) or synth.select(channel, bank, 0)):
            raise InstrumentError(
                f"the sound font has neither program {program} nor program 0 in bank {bank}",
                where=str(source.path),
                hint="Name a General MIDI sound font in $TONMEISTER_SOUNDFONT.",
            )
        synth.control(channel, _VOLUME, 127)
        synth.control(channel, _PAN, _MIDDLE)
        channels.append(channel)
    return tuple(channels)


def _without_offset(samples: Samples32, rate_hz: int) -> Samples32:
    """The samples without what lies below hearing: some synthesizer sounds are half offset."""
    band = EqBand(kind="low-cut", frequency_hz=_LOWEST_HZ)
    return equalize(AudioBuffer(samples, rate_hz), (band,)).samples


def _tuned(events: list[Event], cents: float) -> list[Event]:
    """The events with the sound's tuning in the bend wheel."""
    if not cents:
        return events
    offset = bend_value(cents) - BEND_CENTRE
    return [Event(0, Kind.BEND, BEND_CENTRE + offset, 0)] + [
        event._replace(first=min(2 * BEND_CENTRE - 1, max(0, event.first + offset)))
        if event.kind == Kind.BEND
        else event
        for event in events
    ]


def _run(
    synth: FontSynth, channels: Sequence[int], events: Sequence[Event], samples: Samples32
) -> None:
    send: dict[int, Callable[[int, int, int], None]] = {
        Kind.OFF: synth.off,
        Kind.CONTROL: synth.control,
        Kind.BEND: synth.bend,
        Kind.ON: synth.on,
    }
    frames = samples.shape[1]
    position = 0
    for block, group in groupby(events, key=lambda event: event.block):
        start = block * BLOCK_FRAMES
        if start >= frames:
            break
        synth.write(samples, position, start)
        position = start
        for _, kind, first, second in group:
            for channel in channels:
                send[kind](channel, first, second)
    synth.write(samples, position, frames)
