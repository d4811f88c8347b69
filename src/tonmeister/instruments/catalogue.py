"""The instrument catalogue: names as musicians say them, and the sound behind each name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from tonmeister.data import user_folder
from tonmeister.errors import StyleError
from tonmeister.model.instrument import Instrument
from tonmeister.units.pitch import MidiKey, Pitch

FAMILIES = frozenset(
    {
        *("drums", "percussion", "bass", "piano", "organ", "guitar", "strings"),
        *("brass", "winds", "choir", "voice", "mallets", "synth"),
    }
)
DRUM_BANK = 128
"""Where a sound font keeps its drum kits (SoundFont 2.01, 7.2)."""

_FIELDS = frozenset(
    {
        *("family", "range", "sweet", "polyphony", "sustains", "transposition"),
        *("programs", "kit", "font_gain_db", "font_tune_cents", "font_offset"),
        *("preset", "preset_gain_db"),
    }
)


class MidiProgram(NamedTuple):
    """How a General MIDI player finds an instrument: 0-based program, bank, whether a drum kit."""

    program: int
    bank: int
    drums: bool


@dataclass(frozen=True, slots=True)
class Sound:
    """What makes an instrument sound.

    Attributes:
        programs: (bank, program) pairs of a sound font that sound together.
        font_gain_db: brings the sound font's sound to the common loudness.
        font_tune_cents: brings the sound font's sound to A4 = 440 Hz.
        font_offset: whether the sound font's samples carry an offset that must be taken out.
        preset: the built-in synthesizer's sound.
        preset_gain_db: brings the built-in sound to the common loudness.
    """

    programs: tuple[tuple[int, int], ...]
    font_gain_db: float
    font_tune_cents: float
    font_offset: bool
    preset: str
    preset_gain_db: float

    @property
    def drums(self) -> bool:
        """Whether its keys are percussion instruments rather than pitches."""
        return self.programs[0][0] == DRUM_BANK


def catalogue() -> Mapping[str, Instrument]:
    """All instruments by name, in the order of the data files; the user's own come last.

    Raises:
        StyleError: the user's ``instruments.toml`` cannot be used; file and entry are named.
    """
    return _read(*_user_file()).instruments


def lookup(name: str) -> Instrument:
    """The instrument of that name.

    Raises:
        StyleError: there is none; the nearest names are given.
    """
    found = catalogue().get(name)
    if found is None:
        raise _unknown(name)
    return found


def sound_of(name: str) -> Sound:
    """What makes the instrument of that name sound; raises as `lookup` does."""
    found = _read(*_user_file()).sounds.get(name)
    if found is None:
        raise _unknown(name)
    return found


def midi_program(name: str) -> MidiProgram:
    """The General MIDI program of the instrument of that name; raises as `lookup` does."""
    sound = sound_of(name)
    bank, program = sound.programs[0]
    return MidiProgram(program, 0 if sound.drums else bank, sound.drums)


class _Catalogue(NamedTuple):
    instruments: Mapping[str, Instrument]
    sounds: Mapping[str, Sound]


def _unknown(name: str) -> StyleError:
    known = tuple(catalogue())
    near = get_close_matches(name.lower(), known, n=3, cutoff=0.5)
    near = near or [each for each in known if set(name.lower().split()) & set(each.split())][:5]
    return StyleError(
        f"there is no instrument {name!r}",
        expected="one of " + ", ".join(near or known),
        hint="The catalogue is data/instruments.toml; your own entries go into your data folder.",
    )


def _user_file() -> tuple[Path, int]:
    """The user's own catalogue and its time stamp (0: there is none), for the cache below."""
    path = user_folder() / "instruments.toml"
    return path, path.stat().st_mtime_ns if path.is_file() else 0


@lru_cache(maxsize=4)
def _read(user_path: Path, user_stamp: int) -> _Catalogue:
    ours = files("tonmeister.data")
    levels = _table(ours.joinpath("instrument_levels.toml"))
    instruments: dict[str, Instrument] = {}
    sounds: dict[str, Sound] = {}
    for file in (ours.joinpath("instruments.toml"), *([user_path] if user_stamp else [])):
        for name, entry in _table(file).items():
            where = f"{file}: {name}"
            instruments[name] = _instrument(name, _checked(entry, where), where)
            sounds[name] = _sound({**levels.get(name, {}), **entry}, where)
    return _Catalogue(MappingProxyType(instruments), MappingProxyType(sounds))


def _table(file: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StyleError(f"not a TOML file: {error}", where=str(file)) from error


def _checked(entry: object, where: str) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise StyleError(
            "this is not a table", where=where, expected='["my instrument"] and its fields'
        )
    unknown = sorted(set(entry) - _FIELDS)
    if unknown:
        raise StyleError(
            f"unknown field {unknown[0]!r}", where=where, expected=", ".join(sorted(_FIELDS))
        )
    return entry


def _instrument(name: str, entry: Mapping[str, Any], where: str) -> Instrument:
    family = entry.get("family")
    if family not in FAMILIES:
        raise StyleError(
            f"no such family: {family!r}", where=where, expected=", ".join(sorted(FAMILIES))
        )
    low, high = _range(entry, "range", where) or (0, 127)
    sweet_low, sweet_high = _range(entry, "sweet", where) or (low, high)
    if not low <= sweet_low <= sweet_high <= high:
        raise StyleError("the sweet range is not within the range", where=where)
    return Instrument(
        name=name,
        family=family,
        low=low,
        high=high,
        sweet_low=sweet_low,
        sweet_high=sweet_high,
        polyphony=_whole(entry, "polyphony", 16, where),
        sustains=entry.get("sustains") is True,
        transposition=_whole(entry, "transposition", 0, where),
    )


def _range(entry: Mapping[str, Any], field: str, where: str) -> tuple[MidiKey, MidiKey] | None:
    if field not in entry:
        return None
    try:
        low, high = (Pitch.parse(note).midi for note in entry[field])
    except (TypeError, ValueError) as error:
        raise StyleError(
            f"{field} is {entry[field]!r}",
            where=where,
            expected='two notes, for example ["C3", "G5"]',
        ) from error
    if not 0 <= low <= high <= 127:
        raise StyleError(
            f"{field} is {entry[field]!r}", where=where, expected="low note, high note"
        )
    return low, high


def _whole(entry: Mapping[str, Any], field: str, default: int, where: str) -> int:
    value = entry.get(field, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise StyleError(f"{field} is {value!r}", where=where, expected="a whole number")
    return value


def _sound(entry: Mapping[str, Any], where: str) -> Sound:
    programs: tuple[tuple[int, int], ...]
    if "kit" in entry:
        programs = ((DRUM_BANK, _whole(entry, "kit", 0, where)),)
    else:
        programs = tuple((0, program) for program in entry.get("programs", ()))
    if not programs or not all(
        type(program) is int and 0 <= program <= 127 for _, program in programs
    ):
        raise StyleError(
            "it has no sound", where=where, expected="programs = [0..127, ...] or kit = 0..127"
        )
    drums = "kit" in entry
    return Sound(
        programs=programs,
        font_gain_db=float(entry.get("font_gain_db", 0.0)),
        font_tune_cents=float(entry.get("font_tune_cents", 0.0)),
        font_offset=entry.get("font_offset") is True,
        preset=str(entry.get("preset", "standard-kit" if drums else "soft-lead")),
        preset_gain_db=float(entry.get("preset_gain_db", 0.0)),
    )
