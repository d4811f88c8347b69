"""Where sound comes from: a sound font found on this machine, or the built-in synthesizers."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from pathlib import Path
from typing import BinaryIO, TypeAlias

from tonmeister.data import user_folder
from tonmeister.instruments.catalogue import sound_of

VARIABLE = "TONMEISTER_SOUNDFONT"
PLAYER_REVISION = 1
"""Counts changes of `font_player` that alter its sound; part of the build keys."""

BUILT_IN = "built-in"
"""Value of the variable that asks for the built-in synthesizers."""

SYSTEM_FOLDERS = (
    Path("/usr/share/sounds/sf2"),
    Path("/usr/share/sounds/sf3"),
    Path("/usr/share/soundfonts"),
    Path("/usr/local/share/soundfonts"),
    Path("/opt/homebrew/share/soundfonts"),
)
_PREFERRED = ("fluidr3_gm.sf2", "fluidr3", "musescore_general", "generaluser", "")
_LAST = ("timgm6mb", "default-gm")
_SUFFIXES = (".sf2", ".sf3")


@dataclass(frozen=True, slots=True)
class FontSource:
    """A sound font file, played by libfluidsynth."""

    path: Path

    @property
    def name(self) -> str:
        """For people: "FluidR3_GM"."""
        return self.path.stem


@dataclass(frozen=True, slots=True)
class BuiltInSource:
    """The built-in synthesizers; `reason` says, in one line, why no sound font is used."""

    reason: str = "the built-in instruments were asked for"

    @property
    def name(self) -> str:
        """For people."""
        return "built-in synthesizers"


Source: TypeAlias = FontSource | BuiltInSource


def find_source() -> Source:
    """The best source of this machine.

    In this order: what ``$TONMEISTER_SOUNDFONT`` names ("built-in" asks for the synthesizers), the
    folder ``soundfonts`` in the user's data folder, the system's sound fonts (FluidR3, MuseScore
    General, others). Without libfluidsynth or without a font that can be read: the built-in
    synthesizers, with the reason.
    """
    wish = os.environ.get(VARIABLE, "")
    if wish == BUILT_IN:
        return BuiltInSource(f"${VARIABLE} asks for the built-in instruments")
    if fluidsynth_version() is None:
        return BuiltInSource("libfluidsynth is not installed")
    if wish:
        flaw = font_flaw(Path(wish))
        return BuiltInSource(f"${VARIABLE}: {wish}: {flaw}") if flaw else FontSource(Path(wish))
    flaws = []
    for path in candidates():
        flaw = font_flaw(path)
        if not flaw:
            return FontSource(path)
        flaws.append(f"{path}: {flaw}")
    return BuiltInSource(flaws[0] if flaws else "no sound font was found")


def candidates() -> tuple[Path, ...]:
    """The sound fonts of the user's and the system's folders, the best first."""
    own = sorted(_fonts_in(user_folder() / "soundfonts"))
    system = [path for folder in SYSTEM_FOLDERS for path in _fonts_in(folder)]
    return (*own, *sorted(system, key=_rank))


def fluidsynth_version() -> str | None:
    """The version of libfluidsynth, or None if it is not installed."""
    from tonmeister.instruments.fluid import version

    return version()


def font_flaw(path: Path) -> str:
    """What is wrong with a sound font file, or "": a RIFF file of form sfbk with all its lists.

    The chunks' headers are read, not the samples (SoundFont 2.01, section 4).
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(12)
            if head[:4] != b"RIFF" or head[8:12] != b"sfbk":
                return "this is not a sound font"
            end = int.from_bytes(head[4:8], "little") + 8
            if end > size:
                return "the file is cut short"
            lists = set(_lists(file, end))
    except OSError as error:
        return error.strerror or "cannot be read"
    return "" if lists >= {b"sdta", b"pdta"} else "it has no samples or no presets"


def _lists(file: BinaryIO, end: int) -> Iterator[bytes]:
    """The types of the LIST chunks of an open RIFF file."""
    position = 12
    while position + 12 <= end:
        file.seek(position)
        head = file.read(12)
        yield head[8:12] if head[:4] == b"LIST" else b""
        length = int.from_bytes(head[4:8], "little")
        position += 8 + length + length % 2


def source_identity(source: Source, instrument_name: str) -> str:
    """What a part's sound depends on besides its performance, for build keys.

    Names the tool and its version, the font's content, and the instrument's settings.

    Raises:
        StyleError: there is no such instrument.
    """
    sound = sound_of(instrument_name)
    if isinstance(source, FontSource):
        return (
            f"fluidsynth {fluidsynth_version()}; player {PLAYER_REVISION}; "
            f"font {font_digest(source.path)}; programs {sound.programs}; "
            f"gain {sound.font_gain_db}; tune {sound.font_tune_cents}; "
            f"offset {sound.font_offset}"
        )
    from tonmeister.instruments.presets import preset_digest

    return (
        f"built-in; numba {_version_of('numba')}; numpy {_version_of('numpy')}; "
        f"preset {preset_digest(sound.preset)}; gain {sound.preset_gain_db}"
    )


def font_digest(path: Path) -> str:
    """SHA-256 of a font's content; remembered by path, size and time stamp in the user's cache."""
    stat = path.stat()
    return _font_digest(str(path.resolve()), stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=16)
def _font_digest(path: str, size: int, stamp: int) -> str:
    memory = _cache_folder() / "font_digests.json"
    key = f"{path}:{size}:{stamp}"
    known = _recall(memory)
    if key not in known:
        with open(path, "rb") as file:
            known[key] = hashlib.file_digest(file, "sha256").hexdigest()
        _remember(memory, known)
    return known[key]


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tonmeister"


def _recall(memory: Path) -> dict[str, str]:
    try:
        found = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _remember(memory: Path, known: dict[str, str]) -> None:
    """Best effort: without a cache the next run takes a moment longer."""
    part = memory.with_suffix(f".{os.getpid()}.part")
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")
        part.replace(memory)
    except OSError:
        return


def _version_of(package: str) -> str:
    try:
        return package_version(package)
    except PackageNotFoundError:
        return "unknown"


def _fonts_in(folder: Path) -> Iterator[Path]:
    try:
        yield from (path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)
    except OSError:
        return


def _rank(path: Path) -> tuple[int, str, str]:
    """Sorts the preferred fonts first; an uncompressed font loads faster than an .sf3."""
    name = path.name.lower()
    place = next(index for index, start in enumerate(_PREFERRED) if name.startswith(start))
    last = any(name.startswith(start) for start in _LAST)
    return (len(_PREFERRED) if last else place, path.suffix.lower(), name)
