"""The engineer's proposals for the room and the master."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import Field, ValidationError

from tonmeister import data
from tonmeister.engineer.style import MixStyle
from tonmeister.errors import StyleError
from tonmeister.model.reason import Proposal, Reason
from tonmeister.model.sheets import EqBand, MasterPlan, RoomPlan, Sheet, SongSheet

_BY = "engineer"

_REGIONS = (
    ("low-shelf", 110.0, 0.6, (1, 2), "lows"),
    ("peak", 350.0, 0.7, (3, 4), "low mids"),
    ("peak", 2800.0, 0.7, (6, 7), "presence"),
    ("high-shelf", 8500.0, 0.6, (8, 9), "highs"),
)
"""Kind, frequency, Q, octave bands judged, and the name of the master's four broad bands."""


class Target(Sheet):
    """A loudness target: ``data/targets/<name>.toml``."""

    name: str
    loudness_lufs: float = Field(ge=-40, le=-5)
    true_peak_dbtp: float = Field(ge=-12, le=0)
    what: str = ""


def read_target(name: str) -> Target:
    """A named target.

    Raises:
        StyleError: there is none of that name, or its file is wrong.
    """
    table = data.read("targets", name)
    try:
        return Target.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        raise StyleError(
            f"{'.'.join(map(str, first['loc']))}: {first['msg'].lower()}",
            where=f"targets/{name}.toml",
        ) from error


def propose_room(song: SongSheet, style: MixStyle) -> Proposal[RoomPlan]:
    """The style's room, its decay fitted to the tempo: quicker songs get a shorter one."""
    factor = min(1.3, max(0.7, (style.room_tempo / song.tempo) ** 0.5))
    decay = round(style.room.decay_s * factor, 2)
    room = style.room.model_copy(update={"decay_s": decay})
    reasons = {
        "room": Reason(_BY, f"{style.room_why}: a {room.name}"),
        "room.decay_s": Reason(
            _BY,
            f"{decay:g} s at {song.tempo:g} beats a minute: it has died away by about "
            f"{decay * song.tempo / 60:.1f} beats later",
        ),
    }
    return Proposal(room, reasons)


def propose_master(
    song: SongSheet,
    style: MixStyle,
    *,
    target: str = "streaming",
    bands_db: Sequence[float] | None = None,
) -> Proposal[MasterPlan]:
    """The master: a broad, gentle equalizer, a little glue, then the target's loudness and ceiling.

    Args:
        song: the vision.
        style: the mixing style.
        target: a name of data/targets.
        bands_db: the mix's ten octave bands, expected (`expected_bands_db`) or measured; without
            them the equalizer stays flat.
    """
    wanted = read_target(target)
    eq, why = _lean(bands_db, style) if bands_db is not None else ((), "flat: nothing measured yet")
    plan = MasterPlan(
        target=wanted.name,
        loudness_lufs=wanted.loudness_lufs,
        true_peak_dbtp=wanted.true_peak_dbtp,
        ride_db=style.master.ride_db,
        eq=eq,
        compressor=style.master.compressor,
    )
    reasons = {
        "master": Reason(_BY, f"{song.title or 'the record'} goes to {wanted.what or wanted.name}"),
        "master.eq": Reason(_BY, why),
        "master.compressor": Reason(
            _BY, "a decibel or two on the loudest bars ties the band together"
        ),
        "master.ride_db": Reason(
            _BY, "a quiet beginning is still heard in a kitchen, and stays the quieter one"
        ),
        "master.loudness_lufs": Reason(_BY, f"what {wanted.what or wanted.name} plays at"),
        "master.true_peak_dbtp": Reason(_BY, "leaves the room that lossy coding needs"),
    }
    return Proposal(plan, reasons)


def _lean(bands_db: Sequence[float], style: MixStyle) -> tuple[tuple[EqBand, ...], str]:
    rules = style.master
    # Compared as shapes: both about their own mean from 63 Hz to 8 kHz.
    mine, goal = np.array(bands_db), np.array(rules.spectrum_db)
    difference = (goal - goal[1:9].mean()) - (mine - mine[1:9].mean())
    bands: list[EqBand] = []
    said: list[str] = []
    for kind, frequency, q, octaves, name in _REGIONS:
        wish = float(np.mean(difference[list(octaves)])) * rules.lean
        gain = round(max(-rules.most_db, min(rules.most_db, wish)), 1)
        if abs(gain) >= 0.3:
            bands.append(EqBand(kind=kind, frequency_hz=frequency, gain_db=gain, q=q))
            said.append(f"{gain:+g} dB {name}")
    why = "toward the spectrum of finished records: " + ", ".join(said)
    return tuple(
        bands
    ), why if said else "the balance of lows and highs is that of finished records"
