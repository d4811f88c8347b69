"""Singers: their voices, and the compass a tune should keep to."""

from __future__ import annotations

from pydantic import Field, RootModel

from tonmeister.data.checked import read_model
from tonmeister.errors import StyleError
from tonmeister.model.instrument import Instrument
from tonmeister.model.sheets import Sheet, SongSheet
from tonmeister.units.pitch import MidiKey

VOCAL_PARTS = frozenset(("vocal", "vocals", "voice", "singer"))
"""Part names that mean a singer."""


class Voice(Sheet):
    """A kind of voice, MIDI keys: see ``data/singers.toml``."""

    range: tuple[MidiKey, MidiKey]
    tessitura: tuple[MidiKey, MidiKey]
    passaggi: tuple[MidiKey, ...] = Field(default=())


class _Voices(RootModel[dict[str, Voice]]):
    """``data/singers.toml``."""


def voices() -> dict[str, Voice]:
    """The kinds of voice by name, from high to low."""
    return dict(read_model("", "singers", _Voices).root)


def voice_of(singer: str) -> Voice:
    """A kind of voice.

    Raises:
        StyleError: there is no such voice.
    """
    known = voices()
    if singer not in known:
        raise StyleError(
            f"there is no voice {singer!r}",
            where="song.singer",
            expected="one of " + ", ".join(known),
        )
    return known[singer]


def lead_compass(sheet: SongSheet, instrument: Instrument) -> tuple[MidiKey, MidiKey]:
    """The lowest and highest key for the tune.

    A singer's tessitura if the lead is sung; else where the lead instrument sounds best.

    Raises:
        StyleError: the singer's voice is unknown.
    """
    if sheet.singer and (sheet.band[:1] == () or sheet.band[0] in VOCAL_PARTS):
        return voice_of(sheet.singer).tessitura
    return instrument.sweet_low, instrument.sweet_high
