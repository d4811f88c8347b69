"""What the engineer gets from the band: dry tracks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tonmeister.errors import InputError
from tonmeister.model.score import PartRole
from tonmeister.signal.buffer import AudioBuffer


@dataclass(frozen=True, slots=True)
class TrackInfo:
    """Who plays on a track: the part's name, what it is for, its instrument's family."""

    name: str
    role: PartRole
    family: str


@dataclass(frozen=True, slots=True)
class Track:
    """A dry track.

    Attributes:
        load: gives the sound when it is needed, so that not all tracks are in memory at once. All
            tracks of a record have the same rate and the same number of frames.
    """

    name: str
    role: PartRole
    family: str
    load: Callable[[], AudioBuffer]

    @property
    def info(self) -> TrackInfo:
        """The track without its sound."""
        return TrackInfo(self.name, self.role, self.family)


def check_same_shape(first: AudioBuffer, name: str, other: AudioBuffer) -> None:
    """Raise InputError if a track's length or rate differs from the first one's."""
    if (first.frames, first.rate_hz) != (other.frames, other.rate_hz):
        raise InputError(
            f"its track has {other.frames} frames at {other.rate_hz} Hz",
            where=name,
            expected=f"{first.frames} frames at {first.rate_hz} Hz, as the first track has",
        )


def check_names(tracks: Sequence[Track]) -> None:
    """Raise InputError if there is no track or two of one name."""
    names = [track.name for track in tracks]
    if not names:
        raise InputError("there is nothing to mix", expected="at least one track")
    if len(set(names)) < len(names):
        raise InputError("two tracks have the same name", where=", ".join(sorted(names)))
