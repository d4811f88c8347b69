"""The mix: strips, buses, the room. Bit-identical for any number of workers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from tonmeister.engineer.tracks import Track, check_names, check_same_shape
from tonmeister.errors import InputError
from tonmeister.model.sheets import MixSheet, RoomPlan, StripPlan
from tonmeister.signal import control, filters
from tonmeister.signal._jit import stereo
from tonmeister.signal.buffer import AudioBuffer, Samples32
from tonmeister.signal.dynamics import compressor_gains
from tonmeister.signal.panning import pan_matrix
from tonmeister.signal.reverb import reverberate
from tonmeister.units.level import gain_from_db

ResultT = TypeVar("ResultT")

NO_SEND_DB = -100.0


def mix(
    tracks: Sequence[Track], sheet: MixSheet, room: RoomPlan, *, workers: int = 2
) -> AudioBuffer:
    """Mix dry tracks to a premaster, stereo, unclipped.

    Strip: input gain, equalizer, compressor, fader, place; the send is post-fader. The strips'
    outputs are added in the order of `tracks`, whoever finishes first.

    Args:
        tracks: loaded one by one; at most `workers` + 1 are in memory at a time.
        sheet: a strip for each of them.
        room: the room all sends go to.
        workers: threads.

    Raises:
        InputError: no tracks, a track without a strip, or tracks of different length or rate.
    """
    check_names(tracks)
    plans = [strip_of(track, sheet) for track in tracks]
    first: AudioBuffer | None = None
    bus = send = np.zeros((2, 0), np.float32)
    jobs = [_job(track, plan) for track, plan in zip(tracks, plans, strict=True)]
    for track, plan, out in zip(tracks, plans, in_order(jobs, workers), strict=True):
        if first is None:
            first = out
            bus, send = np.zeros((2, 2, out.frames), np.float32)
        check_same_shape(first, track.name, out)
        if plan.mute:
            continue
        control.add(bus, out.samples, 1.0)
        if plan.reverb_db > NO_SEND_DB:
            control.add(send, out.samples, gain_from_db(plan.reverb_db))
    if first is None:
        raise InputError("there is nothing to mix")
    if room.return_db > NO_SEND_DB and send.any():
        wet = reverberate(send, room, first.rate_hz)
        control.add(bus, wet, gain_from_db(room.return_db))
    return AudioBuffer(bus, first.rate_hz)


def strip_of(track: Track, sheet: MixSheet) -> StripPlan:
    """The track's strip; InputError if the sheet has none."""
    if track.name not in sheet:
        raise InputError(
            "the mix sheet has no strip for this track",
            where=track.name,
            expected="one of " + ", ".join(sheet),
        )
    return sheet[track.name]


def _job(track: Track, plan: StripPlan) -> Callable[[], AudioBuffer]:
    return lambda: run_strip(track, plan)


def run_strip(track: Track, plan: StripPlan) -> AudioBuffer:
    """A track through its strip, stereo, without the room; the loaded sound is left as it is.

    Raises:
        InputError: the track holds something that is no number.
    """
    dry = track.load()
    samples = stereo(dry.samples)
    if not np.isfinite(np.sum(samples)):
        raise InputError("the track holds infinite or undefined samples", where=track.name)
    sections = filters.design(plan.eq, dry.rate_hz)
    out, peaks = filters.filter_stereo(samples, sections, gain=gain_from_db(plan.gain_db))
    if plan.compressor:
        gains = compressor_gains(peaks, plan.compressor, dry.rate_hz)
    else:
        gains = np.ones_like(peaks)
    level = gain_from_db(plan.level_db) if plan.level_db > NO_SEND_DB else 0.0
    control.shape_stereo(out, gains, pan_matrix(plan.pan, width=plan.width, gain=level))
    return AudioBuffer(out, dry.rate_hz)


def wet_share(dry: Samples32, plan: StripPlan, room: RoomPlan, rate_hz: int) -> Samples32 | None:
    """What one strip's send brings back from the room, or None if it sends nothing."""
    if plan.reverb_db <= NO_SEND_DB or room.return_db <= NO_SEND_DB:
        return None
    wet = reverberate(dry, room, rate_hz)
    wet *= np.float32(gain_from_db(plan.reverb_db) * gain_from_db(room.return_db))
    return wet


def in_order(jobs: Sequence[Callable[[], ResultT]], workers: int) -> Iterator[ResultT]:
    """Results in the order of the jobs, at most `workers` jobs ahead of the consumer."""
    if workers <= 1:
        for job in jobs:
            yield job()
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[ResultT]] = deque()
        rest = iter(jobs)
        for job in rest:
            waiting.append(pool.submit(job))
            if len(waiting) == workers:
                break
        while waiting:
            done = waiting.popleft().result()
            following = next(rest, None)
            if following is not None:
                waiting.append(pool.submit(following))
            yield done
            del done
