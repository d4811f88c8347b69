"""The built-in synthesizers' sounds: data read from ``data/presets/*.toml``.

A preset names its engine: "struck" (partials that ring and die away), "held" (a steady tone while
the key is down) or "kit" (drums, a sound per key). Spectra measured from a sound font stand in
``spectra.toml`` under the preset's name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

from tonmeister.data import names, read
from tonmeister.errors import StyleError

REVISION = 1
"""Counts changes of the synthesizers' code that alter their sound; part of the build keys."""

PARTIALS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 20, 24, 32, 48, 64, 96)
"""The partials whose levels a spectrum states; those between are interpolated."""

Rows: TypeAlias = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Levels of partials at some keys.

    Attributes:
        keys: rising MIDI keys.
        levels_db: a row per key, a level per partial; 0 is the loudest of all.
        decays_db_per_s: likewise how fast each dies away; empty for held sounds.
        ratios: frequencies of the partials relative to the key's, if they are not `PARTIALS`.
    """

    keys: tuple[int, ...]
    levels_db: Rows
    decays_db_per_s: Rows = ()
    ratios: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Struck:
    """Struck and plucked sounds: a bank of partials that die away.

    Attributes:
        spectrum: levels and decays of the partials.
        stretch: inharmonicity B of a string at C4: f(n) = n f sqrt(1 + B n^2) (Fletcher 1962).
        detune_cents: distance of the two strings of a note; 0: one string.
        after_db: level of the slow second stage of the decay (Weinreich 1977); -100: none.
        after_ratio: its decay relative to the first stage's.
        damp_db_per_s: how fast the note dies after the key is let go.
        bright_db: dB per octave that velocity 127 is brighter than velocity 80.
        attack_ms: onset of the tone.
        knock: level in dB, lowest and highest Hz, decay in ms of the hammer's or finger's noise.
        spread: stereo width, 0..1.
        tremolo: rate in Hz, depth 0..1, left against right if negative.
    """

    spectrum: Spectrum
    stretch: float = 0.0
    detune_cents: float = 0.0
    after_db: float = -100.0
    after_ratio: float = 0.3
    damp_db_per_s: float = 150.0
    bright_db: float = 3.0
    attack_ms: float = 1.0
    knock: tuple[float, ...] = ()
    spread: float = 0.2
    tremolo: tuple[float, ...] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Held:
    """Bowed, blown, sung and synthesized sounds: oscillators with a measured spectrum.

    Attributes:
        spectrum: levels of the partials at medium loudness.
        attack_ms, release_ms: onset and end of a note.
        fall_db_per_s: how fast a held note loses level (a distorted guitar).
        accent_db: how much louder the onset is than the held tone; it takes 150 ms to settle.
        voices: players or oscillators per note.
        detune_cents: how far they are apart.
        spread: stereo width, 0..1.
        vibrato: rate in Hz, depth in cents, delay in s.
        scoop: cents below (or above) the pitch where a note starts, and ms until it is there.
        bright_db: dB per octave that the loudest tone is brighter than the softest.
        breath: level in dB, lowest and highest Hz of breath or bow noise.
        tremolo: rate in Hz, depth 0..1, left against right if negative.
    """

    spectrum: Spectrum
    attack_ms: float = 40.0
    release_ms: float = 80.0
    fall_db_per_s: float = 0.0
    accent_db: float = 0.0
    voices: int = 1
    detune_cents: float = 0.0
    spread: float = 0.1
    vibrato: tuple[float, ...] = (0.0, 0.0, 0.0)
    scoop: tuple[float, ...] = (0.0, 30.0)
    bright_db: float = 4.0
    breath: tuple[float, ...] = ()
    tremolo: tuple[float, ...] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Drum:
    """One drum or cymbal.

    Attributes:
        level_db: of the whole, for the balance within the kit.
        pitch_hz: of mode ratio 1.
        modes: rows of ratio, level in dB, decay in ms (by 60 dB).
        metal: number of partials, lowest and highest Hz, level in dB, decay in ms: a cymbal.
        noise: rows of level in dB, lowest and highest Hz, attack in ms, decay in ms (by 60 dB).
        sweep: octaves the pitch starts above, and ms until it has fallen by two thirds.
        hits: ms after the stroke at which it is repeated (flams, claps, rolls).
        choke: drums of the same number silence each other (an open and a closed hat).
        pan: -1 left (the drummer's) .. 1 right.
        bright_db: dB that noise and metal lose more than the modes at soft strokes.
    """

    level_db: float = 0.0
    pitch_hz: float = 200.0
    modes: Rows = ()
    metal: tuple[float, ...] = ()
    noise: Rows = ()
    sweep: tuple[float, ...] = (0.0, 30.0)
    hits: tuple[float, ...] = (0.0,)
    choke: int = 0
    pan: float = 0.0
    bright_db: float = 6.0


@dataclass(frozen=True, slots=True)
class Kit:
    """Drums by key."""

    drums: Mapping[int, Drum]


Preset: TypeAlias = Struck | Held | Kit
_EntryT = TypeVar("_EntryT", Spectrum, Struck, Held, Drum)


@lru_cache(maxsize=256)
def preset(name: str) -> Preset:
    """The sound of that name.

    Raises:
        StyleError: there is none, or it is not as it should be.
    """
    table = _tables().get(name)
    where = f"presets: {name}"
    if table is None:
        raise StyleError(
            f"there is no built-in sound {name!r}", expected=", ".join(sorted(_tables()))
        )
    entry = dict(table)
    engine = entry.pop("engine", None)
    if engine == "kit":
        return Kit({int(key): _typed(Drum, value, where) for key, value in _drums(name).items()})
    spectrum = {**_spectra().get(name, {}), **entry.pop("spectrum", {})}
    entry["spectrum"] = _typed(Spectrum, spectrum, where)
    if engine == "struck":
        return _typed(Struck, entry, where)
    if engine == "held":
        return _typed(Held, entry, where)
    raise StyleError(f"no such engine: {engine!r}", where=where, expected="struck, held or kit")


def preset_digest(name: str) -> str:
    """Identity of a sound and of the code that makes it, for build keys."""
    content = json.dumps([REVISION, repr(preset(name))]).encode()
    return hashlib.sha256(content).hexdigest()[:16]


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, Any]]:
    files = (read("presets", file) for file in names("presets") if file != "spectra")
    return {name: table for file in files for name, table in file.items()}


@lru_cache(maxsize=1)
def _spectra() -> dict[str, dict[str, Any]]:
    return read("presets", "spectra")


def _drums(name: str) -> dict[str, dict[str, Any]]:
    """The drums of a kit: those of the kit it is `like`, with its own changes field by field."""
    table = dict(_tables()[name])
    base = _drums(table["like"]) if "like" in table else {}
    own = {key: value for key, value in table.items() if key.isdigit()}
    return base | {key: base.get(key, {}) | drum for key, drum in own.items()}


def _typed(kind: type[_EntryT], table: Mapping[str, Any], where: str) -> _EntryT:
    known = {field.name for field in fields(kind)}
    unknown = sorted(set(table) - known)
    if unknown:
        raise StyleError(
            f"unknown field {unknown[0]!r}", where=where, expected=", ".join(sorted(known))
        )
    try:
        return kind(**{field: _frozen(value) for field, value in table.items()})
    except TypeError as error:
        raise StyleError(f"incomplete: {error}", where=where) from error


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
