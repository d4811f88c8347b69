"""Stems that are the record: at unity gain they sum to the master."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from tonmeister.engineer.mastering import equalized
from tonmeister.engineer.mixing import in_order, run_strip, strip_of, wet_share
from tonmeister.engineer.tracks import Track, check_names
from tonmeister.errors import InputError
from tonmeister.model.sheets import MasterPlan, MixSheet, RoomPlan, StripPlan
from tonmeister.signal.buffer import AudioBuffer
from tonmeister.signal.control import Gains32


def stems(
    tracks: Sequence[Track],
    sheet: MixSheet,
    room: RoomPlan,
    plan: MasterPlan,
    gain: Gains32,
    *,
    workers: int = 1,
) -> Iterator[tuple[str, AudioBuffer]]:
    """The stems, one after the other: strip, own share of the room, master equalizer, shared gain.

    Args:
        tracks, sheet, room: as given to `mix`.
        plan: as given to `master`; only its equalizer is used.
        gain: `Mastered.gain`, float32 (frames,).
        workers: threads; the result does not depend on it.

    Yields:
        name and stereo stem, in the order of `tracks`; a muted track's stem is silent.

    Raises:
        InputError: as `mix`, or the gain curve is not as long as the tracks.
    """
    check_names(tracks)
    jobs = [_job(track, strip_of(track, sheet), room, plan, gain) for track in tracks]
    for track, stem in zip(tracks, in_order(jobs, workers), strict=True):
        yield track.name, stem


def _job(
    track: Track, strip: StripPlan, room: RoomPlan, plan: MasterPlan, gain: Gains32
) -> Callable[[], AudioBuffer]:
    return lambda: _stem(track, strip, room, plan, gain)


def _stem(
    track: Track, strip: StripPlan, room: RoomPlan, plan: MasterPlan, gain: Gains32
) -> AudioBuffer:
    stem = run_strip(track, strip)
    if stem.frames != gain.size:
        raise InputError(
            f"its track has {stem.frames} frames", where=track.name, expected=f"{gain.size}"
        )
    if strip.mute:
        return AudioBuffer(np.zeros_like(stem.samples), stem.rate_hz)
    samples = stem.samples
    wet = wet_share(samples, strip, room, stem.rate_hz)
    if wet is not None:
        samples += wet
    out, _ = equalized(samples, plan, stem.rate_hz)
    out *= gain
    return AudioBuffer(out, stem.rate_hz)
