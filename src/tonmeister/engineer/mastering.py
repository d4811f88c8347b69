"""The master: linear equalizer, then one gain curve shared by all stems."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from tonmeister.engineer.riding import ride_gains
from tonmeister.model.sheets import MasterPlan
from tonmeister.signal import control, filters, loudness, truepeak
from tonmeister.signal._jit import stereo
from tonmeister.signal.buffer import AudioBuffer, Samples32
from tonmeister.signal.control import CONTROL_FRAMES, Gains32
from tonmeister.signal.dynamics import compressor_gains
from tonmeister.signal.limiter import limiter_gains
from tonmeister.signal.loudness import Loudness
from tonmeister.units.level import gain_from_db

Floats64: TypeAlias = npt.NDArray[np.float64]

MARGIN_DB = 0.08
"""The limiter stays this far under the ceiling: meters differ by that much."""

_TOLERANCE_LU = 0.02
_MOST_PUSH_DB = 18.0
_FADE_S = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Mastered:
    """A finished record.

    Attributes:
        audio: stereo.
        gain: float32 (frames,), the curve all stems share: ride, glue, loudness, limiter, end.
        loudness: of `audio`.
        remarks: what could not be had, in words; empty if all went to plan.
    """

    audio: AudioBuffer
    gain: Gains32
    loudness: Loudness
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Bench:
    """The equalized premaster with all that the search for the gain needs, measured once."""

    samples: Samples32
    rate_hz: int
    glue: Gains32
    peaks: Gains32
    energies: Floats64


def master(premaster: AudioBuffer, plan: MasterPlan) -> Mastered:
    """Master a mix to a loudness and a true-peak ceiling.

    The loudness lands within 0.05 LU of the plan's and the true peak below its ceiling, unless the
    music is silent or cannot be made that loud (then `remarks` says so).
    """
    bench = _set_up(premaster, plan)
    quiet = loudness.integrated(bench.energies)
    if quiet <= loudness.SILENCE_LUFS:
        return _silence(bench)
    target = plan.loudness_lufs
    ceiling_db = plan.true_peak_dbtp - MARGIN_DB
    push_db = target - quiet
    most_db = push_db + _MOST_PUSH_DB
    correction = 0.0
    for _ in range(4):
        push_db = _search(bench, target + correction, ceiling_db, push_db, most_db)
        finished = _finish(bench, _curve(bench, push_db, ceiling_db))
        missed = target - finished.loudness.integrated_lufs
        over = finished.loudness.true_peak_dbtp - (plan.true_peak_dbtp - MARGIN_DB / 2)
        if over <= 0 and (abs(missed) <= 0.05 or push_db >= most_db - 0.01):
            break
        correction += missed
        ceiling_db -= max(0.0, over)
    return _with_remarks(finished, plan)


def equalized(samples: Samples32, plan: MasterPlan, rate_hz: int) -> tuple[Samples32, Gains32]:
    """Two channels through the master's equalizer, and the peaks that drive its compressor."""
    return filters.filter_stereo(samples, filters.design(plan.eq, rate_hz))


def _set_up(premaster: AudioBuffer, plan: MasterPlan) -> _Bench:
    rate = premaster.rate_hz
    samples, levels = equalized(stereo(premaster.samples), plan, rate)
    if plan.compressor:
        glue = compressor_gains(levels, plan.compressor, rate)
    else:
        glue = np.ones_like(levels)
    with ThreadPoolExecutor(1) as pool:
        peaks = pool.submit(truepeak.true_peaks, samples)
        energies = loudness.hops(samples, rate)[:, 0]
    glue = glue * _at_controls(ride_gains(energies, plan.ride_db), glue.size, rate)
    return _Bench(
        samples, rate, glue, peaks.result() * glue, energies * _per_hop(glue, energies, rate)
    )


def _at_controls(per_hop: Floats64, count: int, rate_hz: int) -> Gains32:
    """Gains of hops, at the control points of a curve."""
    if not per_hop.size:
        return np.ones(count, np.float32)
    hop = rate_hz / loudness.HOPS_PER_S / CONTROL_FRAMES
    places = (np.arange(per_hop.size) + 0.5) * hop
    return np.interp(np.arange(count), places, per_hop).astype(np.float32)


def _per_hop(gains: Gains32, energies: Floats64, rate_hz: int) -> Floats64:
    """Mean squared gain of each 10 ms hop, from the nearest control points."""
    if not energies.size:
        return energies
    hop = round(rate_hz / loudness.HOPS_PER_S) / CONTROL_FRAMES
    edges = np.clip(np.round(np.arange(energies.size + 1) * hop), 0, gains.size).astype(np.int64)
    total = np.concatenate([[0.0], np.cumsum(np.square(gains, dtype=np.float64))])
    return np.asarray(
        (total[edges[1:]] - total[edges[:-1]]) / np.maximum(edges[1:] - edges[:-1], 1)
    )


def _curve(bench: _Bench, push_db: float, ceiling_db: float) -> Gains32:
    """Control-rate gains for a static gain: glue, gain, limiter."""
    push = np.float32(gain_from_db(push_db))
    limited = limiter_gains(bench.peaks * push, gain_from_db(ceiling_db), bench.rate_hz)
    return np.asarray(bench.glue * push * limited, np.float32)


def _foretell(bench: _Bench, push_db: float, ceiling_db: float) -> float:
    """Loudness after limiting, from the energies per hop: exact enough to search with."""
    push = np.float32(gain_from_db(push_db))
    gains = push * limiter_gains(bench.peaks * push, gain_from_db(ceiling_db), bench.rate_hz)
    return loudness.integrated(bench.energies * _per_hop(gains, bench.energies, bench.rate_hz))


def _search(
    bench: _Bench, target: float, ceiling_db: float, push_db: float, most_db: float
) -> float:
    """The static gain in dB that brings the limited loudness to the target, at most `most_db`.

    Loudness grows with the gain, though by less the more is limited: each step is the error divided
    by the slope seen last (secant method).
    """
    slope = 1.0
    reached = _foretell(bench, push_db, ceiling_db)
    for _ in range(12):
        error = target - reached
        following = min(most_db, push_db + max(-6.0, min(6.0, error / slope)))
        if abs(error) <= _TOLERANCE_LU or following == push_db:
            break
        then = _foretell(bench, following, ceiling_db)
        slope = max(0.15, min(1.0, (then - reached) / (following - push_db)))
        push_db, reached = following, then
    return push_db


def _finish(bench: _Bench, curve: Gains32) -> Mastered:
    """Apply a curve and measure what came out."""
    gain = control.expand(curve, bench.samples.shape[1])
    _fade_end(bench.samples, gain, round(_FADE_S * bench.rate_hz))
    audio = AudioBuffer(bench.samples * gain, bench.rate_hz)
    return Mastered(audio, gain, loudness.measure(audio))


def _fade_end(samples: Samples32, gain: Gains32, frames: int) -> None:
    # Music that is cut off at the very end would click.
    if samples.shape[1] > 4 * frames and np.abs(samples[:, -frames:]).max() > 1e-4:
        gain[-frames:] *= np.cos(np.linspace(0, np.pi / 2, frames, dtype=np.float32)) ** 2


def _silence(bench: _Bench) -> Mastered:
    gain = np.ones(bench.samples.shape[1], np.float32)
    audio = AudioBuffer(bench.samples, bench.rate_hz)
    remark = "the mix is silent: there is nothing to master"
    return Mastered(audio, gain, loudness.measure(audio), (remark,))


def _with_remarks(finished: Mastered, plan: MasterPlan) -> Mastered:
    reached = finished.loudness.integrated_lufs
    if abs(reached - plan.loudness_lufs) <= 0.1:
        return finished
    remark = (
        f"{plan.loudness_lufs:g} LUFS cannot be had under {plan.true_peak_dbtp:g} dBTP: its peaks "
        f"stand too far above the rest; it came to {reached:.1f} LUFS"
    )
    return replace(finished, remarks=(remark,))
