"""Reverb: a feedback delay network of 16 lines behind two diffusion stages; linear, time-invariant.

Network after J.-M. Jot and A. Chaigne, "Digital delay networks for designing artificial
reverberators", AES 90, 1991 (every line loses 60 dB in the decay time, per frequency), mixed by a
Hadamard matrix; diffusion by delays and Hadamard mixing without feedback. Nothing is modulated, so
the reverb of a sum is the sum of the reverbs, and stems can carry their own share.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from tonmeister.model.chance import chance
from tonmeister.model.sheets import EqBand, RoomPlan
from tonmeister.signal._jit import kernel, stereo
from tonmeister.signal.buffer import AudioBuffer, Samples32
from tonmeister.signal.filters import design, filter_stereo
from tonmeister.units.level import gain_from_db

Floats64: TypeAlias = npt.NDArray[np.float64]
Ints64: TypeAlias = npt.NDArray[np.int64]
Line32: TypeAlias = npt.NDArray[np.float32]

LINES = 16
_BLOCK = 128
_ASLEEP = 1e-13

SEND_BANDS = (
    EqBand(kind="low-cut", frequency_hz=150, q=0.71),
    EqBand(kind="high-cut", frequency_hz=11000, q=0.6),
)
"""Filters before the network: no room sounds good on lows and hiss."""


class Network(NamedTuple):
    """The numbers of one room: delays in frames, shelves per line, signs of inputs and outputs."""

    diffusion: Ints64
    """(2, LINES): delays of the two diffusion stages."""
    flips: Floats64
    """(2, LINES): signs after each stage's delays."""
    delays: Ints64
    """(LINES,), each above the block length."""
    shelves: Floats64
    """(LINES, 3): b0, b1, a1 of the loss per round trip."""
    outputs: Floats64
    """(LINES,): signs at the output; even lines left, odd lines right."""
    predelay: int
    gain: float
    """Makes the mean power gain per octave 1, both inputs fed alike."""


@lru_cache(maxsize=32)
def network(decay_s: float, damping: float, predelay_ms: float, rate_hz: int) -> Network:
    """The network of a room.

    Args:
        decay_s: seconds to fall by 60 dB at and below about 1 kHz.
        damping: 0 bright (highs decay as long) .. 1 dull (highs decay in 15 % of the time).
        predelay_ms: before the first sound of the room.
        rate_hz: frames per second.
    """
    size = min(1.3, max(0.35, (decay_s / 2.0) ** 0.5))
    spread = np.geomspace(0.027, 0.083, LINES) * size * rate_hz
    delays = np.array([_prime_from(max(_BLOCK + 1, round(float(d)))) for d in spread], np.int64)
    raw = Network(
        _diffusion(size, rate_hz),
        _signs("diffusion", 2 * LINES).reshape(2, LINES),
        delays,
        _shelves(delays, decay_s, damping, rate_hz),
        _signs("outputs", LINES),
        0,
        1.0,
    )
    impulse = np.zeros((2, round(rate_hz * (decay_s * 1.1 + 0.3))), np.float32)
    impulse[:, 0] = 1.0
    out = np.zeros_like(impulse)
    _reverberate(impulse, raw, out)
    predelay = round(predelay_ms * rate_hz / 1000)
    return raw._replace(gain=1 / math.sqrt(_pink_power(out, rate_hz)), predelay=predelay)


def _pink_power(response: Samples32, rate_hz: int) -> float:
    """Mean power gain per octave, 125 Hz to 8 kHz, of an impulse response; mean of both sides."""
    power = np.mean(np.abs(np.fft.rfft(response.astype(np.float64), axis=1)) ** 2, axis=0)
    hz = np.arange(power.size) * rate_hz / response.shape[1]
    heard = (hz >= 125) & (hz <= min(8000, 0.45 * rate_hz))
    return float(np.average(power[heard], weights=1 / hz[heard]))


def _shelves(delays: Ints64, decay_s: float, damping: float, rate_hz: int) -> Floats64:
    # First-order shelf per line: loss for the decay time at DC, for the shorter one above 5 kHz.
    corner = math.tan(math.pi * min(5000.0, 0.4 * rate_hz) / rate_hz)
    low = 10.0 ** (-3 * delays / (decay_s * rate_hz))
    high = 10.0 ** (-3 * delays / (decay_s * (1 - 0.85 * damping) * rate_hz))
    b0 = (high + low * corner) / (1 + corner)
    b1 = (low * corner - high) / (1 + corner)
    a1 = np.full(len(delays), (corner - 1) / (1 + corner))
    return np.ascontiguousarray(np.stack([b0, b1, a1], axis=1))


def _diffusion(size: float, rate_hz: int) -> Ints64:
    # One delay at a random place within each of 16 equal slots, in shuffled order.
    stages = np.zeros((2, LINES), np.int64)
    for stage, seconds in enumerate((0.011, 0.029)):
        draw = chance(1, "reverb", "diffusion", stage)
        slots = [(line + draw.random()) / LINES for line in range(LINES)]
        draw.shuffle(slots)
        stages[stage] = [round(slot * seconds * size * rate_hz) for slot in slots]
    stages -= stages.min(axis=1, keepdims=True)
    return stages


def _signs(name: str, count: int) -> Floats64:
    draw = chance(1, "reverb", name)
    signs = [1.0, -1.0] * (count // 2)
    draw.shuffle(signs)
    return np.array(signs)


def _prime_from(number: int) -> int:
    while any(number % divisor == 0 for divisor in range(2, math.isqrt(number) + 1)):
        number += 1
    return number


@kernel
def _hadamard(lines: Samples32) -> None:
    # Fast Walsh-Hadamard transform across the 16 lines, orthonormal.
    step = 1
    while step < LINES:
        for pair in range(LINES // 2):
            k = 2 * (pair - pair % step) + pair % step
            upper = lines[k]
            lower = lines[k + step]
            for i in range(_BLOCK):
                a = upper[i]
                b = lower[i]
                upper[i] = a + b
                lower[i] = a - b
        step *= 2
    for k in range(LINES):
        for i in range(_BLOCK):
            lines[k, i] *= np.float32(0.25)


@kernel
def _read(ring: Line32, start: int, sign: float, out: Line32) -> None:
    # A block from a ring buffer, in at most two straight runs; slices spare the index checks.
    first = min(_BLOCK, ring.shape[0] - start)
    tail = ring[start : start + first]
    for i in range(first):
        out[i] = tail[i] * np.float32(sign)
    rest = out[first:_BLOCK]
    for i in range(_BLOCK - first):
        rest[i] = ring[i] * np.float32(sign)


@kernel
def _write(ring: Line32, start: int, block: Line32) -> None:
    first = min(_BLOCK, ring.shape[0] - start)
    tail = ring[start : start + first]
    for i in range(first):
        tail[i] = block[i]
    rest = block[first:_BLOCK]
    for i in range(_BLOCK - first):
        ring[i] = rest[i]


@kernel
def _lose(lines: Samples32, shelves: Floats64, memory: Floats64) -> None:
    # Direct form I, four lines at once: this hides the latency of the recursion.
    for k in range(0, LINES, 4):
        p0, p1, p2, p3 = shelves[k, 0], shelves[k + 1, 0], shelves[k + 2, 0], shelves[k + 3, 0]
        q0, q1, q2, q3 = shelves[k, 1], shelves[k + 1, 1], shelves[k + 2, 1], shelves[k + 3, 1]
        r = shelves[k, 2]
        u0, u1, u2, u3 = memory[0, k], memory[0, k + 1], memory[0, k + 2], memory[0, k + 3]
        y0, y1, y2, y3 = memory[1, k], memory[1, k + 1], memory[1, k + 2], memory[1, k + 3]
        l0, l1, l2, l3 = lines[k], lines[k + 1], lines[k + 2], lines[k + 3]
        for i in range(_BLOCK):
            x0, x1, x2, x3 = float(l0[i]), float(l1[i]), float(l2[i]), float(l3[i])
            y0 = (p0 * x0 + q0 * u0) - r * y0
            y1 = (p1 * x1 + q1 * u1) - r * y1
            y2 = (p2 * x2 + q2 * u2) - r * y2
            y3 = (p3 * x3 + q3 * u3) - r * y3
            u0, u1, u2, u3 = x0, x1, x2, x3
            l0[i], l1[i], l2[i], l3[i] = y0, y1, y2, y3
        memory[0, k], memory[0, k + 1], memory[0, k + 2], memory[0, k + 3] = u0, u1, u2, u3
        memory[1, k], memory[1, k + 1], memory[1, k + 2], memory[1, k + 3] = y0, y1, y2, y3


@kernel
def _feed(x: Samples32, start: int, fresh: Samples32) -> float:
    loudest = 0.0
    for channel in range(2):
        for i in range(_BLOCK):
            j = start + i
            fresh[channel, i] = x[channel, j] if 0 <= j < x.shape[1] else np.float32(0.0)
            loudest = max(loudest, abs(fresh[channel, i]))
    return loudest


@kernel
def _diffuse(lines: Samples32, rings: Samples32, at: int, stage: int, net: Network) -> None:
    # Stage 0 has a ring per input channel, stage 1 a ring per line.
    length = rings.shape[1]
    sources = rings.shape[0]
    for k in range(sources):
        _write(rings[k], at % length, lines[k])
    for k in range(LINES):
        start = (at + length - net.diffusion[stage, k]) % length
        _read(rings[k % sources], start, net.flips[stage, k], lines[k])
    _hadamard(lines)


@kernel
def _take(lines: Samples32, net: Network, out: Samples32, start: int) -> float:
    loudest = 0.0
    size = min(_BLOCK, out.shape[1] - start)
    for channel in range(2):
        side = out[channel, start : start + size]
        for k in range(channel, LINES, 2):
            gain = np.float32(net.outputs[k] * net.gain)
            line = lines[k]
            for i in range(size):
                side[i] += gain * line[i]
        for i in range(size):
            loudest = max(loudest, abs(side[i]))
    return loudest


@kernel
def _turn(ring: Samples32, lines: Samples32, at: int, net: Network, memory: Floats64) -> None:
    # Once round the network: what comes out of the lines, less its loss, mixed.
    length = ring.shape[1]
    for k in range(LINES):
        _read(ring[k], (at + length - net.delays[k]) % length, 1.0, lines[k])
    _lose(lines, net.shelves, memory)
    _hadamard(lines)


@kernel
def _reverberate(x: Samples32, net: Network, out: Samples32) -> None:
    longest = int(np.max(net.delays)) + _BLOCK
    spread = int(np.max(net.diffusion)) + _BLOCK
    ring = np.zeros((LINES, longest), np.float32)
    first = np.zeros((2, spread), np.float32)
    second = np.zeros((LINES, spread), np.float32)
    fresh = np.zeros((LINES, _BLOCK), np.float32)
    lines = np.zeros((LINES, _BLOCK), np.float32)
    memory = np.zeros((2, LINES))
    silent_for = longest + 2 * spread
    for start in range(0, x.shape[1], _BLOCK):
        loudest = _feed(x, start - net.predelay, fresh)
        if loudest < _ASLEEP and silent_for >= longest + 2 * spread:
            continue
        _diffuse(fresh, first, start, 0, net)
        _diffuse(fresh, second, start, 1, net)
        _turn(ring, lines, start, net, memory)
        for k in range(LINES):
            for i in range(_BLOCK):
                lines[k, i] += fresh[k, i]
            _write(ring[k], start % longest, lines[k])
        loudest = max(loudest, _take(lines, net, out, start))
        silent_for = 0 if loudest > _ASLEEP else silent_for + _BLOCK
        if silent_for >= longest + 2 * spread:
            # All memories hold next to nothing now: emptied, they stay free of denormals.
            ring[:] = np.float32(0.0)
            first[:] = np.float32(0.0)
            second[:] = np.float32(0.0)
            memory[:] = 0.0


def reverberate(samples: Samples32, room: RoomPlan, rate_hz: int) -> Samples32:
    """What the room gives back (wet only, without the return's level), same length.

    A send at 0 dB comes back with the power it went in with (for noise, before `SEND_BANDS`).

    Args:
        samples: float32 (2, frames), the sum of the sends.
        room: its decay, damping and predelay are used.
        rate_hz: frames per second.
    """
    net = network(room.decay_s, room.damping, room.predelay_ms, rate_hz)
    sent, _ = filter_stereo(samples, design(SEND_BANDS, rate_hz))
    out = np.zeros_like(sent)
    _reverberate(sent, net, out)
    return out


def add_room(buffer: AudioBuffer, room: RoomPlan) -> AudioBuffer:
    """The wet sound of a buffer sent at 0 dB, at the room's return level."""
    wet = reverberate(stereo(buffer.samples), room, buffer.rate_hz)
    wet *= np.float32(gain_from_db(room.return_db))
    return AudioBuffer(wet, buffer.rate_hz)
