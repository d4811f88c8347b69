"""Files written whole or not at all, and the operating system's errors in our words.

A file is written under a temporary name in the same file system and then renamed. While it is being
written its temporary file is locked; a temporary file that nobody locks was left by a killed
process and is removed by whoever comes next.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tonmeister.errors import BuildError, ProductionError, TonmeisterError

Buffer: TypeAlias = bytes | bytearray | memoryview

Payload: TypeAlias = Buffer | Iterable[Buffer] | Path
"""What is stored: a buffer (any item type, ``memoryview(samples)`` for an array), buffers one after
the other, or a finished file."""

SLICE = 1 << 20
"""Bytes written (and hashed while they are in the cache) at a time."""

_TEMPORARY = ".tmp"
_SETTLING_S = 5.0  # a file this young may not have been locked yet by its writer


def write_atomic(path: Path, payload: Payload, *, durable: bool = True) -> None:
    """Writes a file whole or not at all, even if the process is killed.

    Missing folders are made. An existing file keeps its permissions, and stays as it is if anything
    goes wrong. A symbolic link is followed.

    Args:
        path: the file to write or replace.
        payload: its bytes; a `Path` is copied.
        durable: whether the bytes must have reached the disk before this returns (a power cut).

    Raises:
        BuildError: the disk is full.
        ProductionError: the folder cannot be written.
    """
    place = Path(os.path.realpath(path))
    with os_errors(place, needed=size_of(payload)):
        place.parent.mkdir(parents=True, exist_ok=True)
        remove_stale(place.parent, f".{place.name}.")
        with temporary(place.parent, prefix=f".{place.name}.") as draft:
            if place.exists():
                os.fchmod(draft.descriptor, place.stat().st_mode & 0o777)
            for piece in slices(payload):
                write_all(draft.descriptor, piece)
            if durable:
                os.fsync(draft.descriptor)
            draft.path.replace(place)
        if durable:
            _sync_folder(place.parent)


@dataclass(frozen=True, slots=True)
class Draft:
    """A temporary file that is being written."""

    descriptor: int
    path: Path


@contextmanager
def temporary(folder: Path, *, prefix: str = "", mode: int = 0o666) -> Iterator[Draft]:
    """A locked temporary file; what has not been renamed at the end is removed.

    Args:
        mode: permissions, less the process's umask.
    """
    path = folder / f"{prefix}{secrets.token_hex(8)}{_TEMPORARY}"
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, mode)
    try:
        with suppress(OSError):  # file systems without locks: age alone tells what is stale
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield Draft(descriptor, path)
    finally:
        os.close(descriptor)
        path.unlink(missing_ok=True)


def remove_stale(folder: Path, prefix: str = "") -> int:
    """Removes temporary files whose writers are gone; gives the bytes freed."""
    if not folder.is_dir():
        return 0
    freed = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(prefix) and entry.name.endswith(_TEMPORARY):
                with suppress(OSError):
                    freed += _remove_if_stale(entry)
    return freed


def _remove_if_stale(entry: os.DirEntry[str]) -> int:
    status = entry.stat(follow_symlinks=False)
    if time.time() - status.st_mtime < _SETTLING_S or _locked(entry.path):
        return 0
    os.unlink(entry.path)
    return status.st_size


def _locked(path: str) -> bool:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def size_of(payload: Payload) -> int | None:
    """Bytes of a payload, None where only writing will tell."""
    if isinstance(payload, Path):
        return payload.stat().st_size if payload.exists() else None
    if isinstance(payload, memoryview):
        return payload.nbytes
    return len(payload) if isinstance(payload, bytes | bytearray) else None


def slices(payload: Payload) -> Iterator[memoryview]:
    """The payload's bytes in pieces of at most `SLICE`, without a copy (a file is read)."""
    if isinstance(payload, Path):
        with payload.open("rb", buffering=0) as stream:
            buffer = memoryview(bytearray(SLICE))
            while count := stream.readinto(buffer):
                yield buffer[:count]
    elif isinstance(payload, bytes | bytearray | memoryview):
        view = _flat(memoryview(payload))
        for start in range(0, len(view), SLICE):
            yield view[start : start + SLICE]
    else:
        for part in payload:
            yield from slices(part)


def _flat(view: memoryview) -> memoryview:
    """The bytes of a view in C order; only a view with gaps is copied."""
    if not view.nbytes:
        return memoryview(b"")  # an empty array cannot be cast
    return view.cast("B") if view.c_contiguous else memoryview(view.tobytes())


def write_all(descriptor: int, data: memoryview) -> None:
    """Writes every byte, however many calls the system needs."""
    while data:
        data = data[os.write(descriptor, data) :]


def _sync_folder(folder: Path) -> None:
    """Makes a renaming last."""
    with suppress(OSError):  # some file systems cannot
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


# --- errors --------------------------------------------------------------------------------------


@contextmanager
def os_errors(path: Path, *, needed: int | None = None) -> Iterator[None]:
    """Translates the operating system's errors: a full disk, a folder that cannot be written.

    Args:
        path: what was being written or read.
        needed: bytes to be written, if known.
    """
    try:
        yield
    except OSError as error:
        raise _translated(error, path, needed) from error


def _translated(error: OSError, path: Path, needed: int | None) -> TonmeisterError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return BuildError(
            "the disk is full",
            where=str(path),
            expected=_room_text(path, needed),
            hint="Free some space and run the same command again; what is finished is kept.",
        )
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return ProductionError(
            "the folder cannot be written",
            where=str(path.parent),
            expected="a folder you may write to",
            hint="Change its permissions, or choose another folder.",
        )
    return BuildError(f"reading or writing failed: {error.strerror or error}", where=str(path))


def _room_text(path: Path, needed: int | None) -> str:
    try:
        folder = next(parent for parent in path.parents if parent.exists())
        free = f"{shutil.disk_usage(folder).free / 1e6:,.1f} MB are free"
    except (OSError, StopIteration):
        free = "little is free"
    return f"room for {needed / 1e6:,.1f} MB more ({free})" if needed else f"more room ({free})"
