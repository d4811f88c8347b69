"""The store: contents by digest, in a folder.

    objects/ab/cdef...        contents, read-only
    traces/<key>.json         what a step gave
    receipts/<target>.json    what each target was made from, and why
    temporary/                files being written

Every file is written whole or not at all. Objects are not forced to the disk, which would take
longer than making some of them: after a restart of the machine each is hashed once before it is
trusted again, so that a power cut costs work but never gives wrong sound.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tonmeister.build.digests import Digest, digest_of
from tonmeister.build.files import (
    Payload,
    os_errors,
    remove_stale,
    size_of,
    slices,
    temporary,
    write_all,
)
from tonmeister.build.receipts import Receipts
from tonmeister.build.traces import Traces
from tonmeister.errors import BuildError


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored content.

    Attributes:
        digest: its name.
        path: a read-only file; it must not be changed or moved.
        size: in bytes.
    """

    digest: Digest
    path: Path
    size: int

    def read(self) -> bytes:
        """All bytes."""
        with os_errors(self.path):
            return self.path.read_bytes()

    def open(self) -> BinaryIO:
        """The file, open for reading."""
        with os_errors(self.path):
            return self.path.open("rb")


class Store:
    """A folder of contents; safe for many threads and processes at once.

    Nothing is written, not even the folder, before the first `put`.

    Args:
        folder: where.
        limit_bytes: what `sweep` reduces the contents to.

    Attributes:
        origins: which target gave which content, as far as this object has seen it.
    """

    def __init__(self, folder: Path, *, limit_bytes: int = 8 << 30) -> None:
        self.folder = Path(folder)
        self.limit_bytes = limit_bytes
        self.traces = Traces(self.folder / "traces", self.folder / "temporary")
        self.receipts = Receipts(self.folder / "receipts", self.folder / "temporary")
        self.origins: dict[Digest, str] = {}
        self._trusted: set[Digest] = set()

    def put(self, payload: Payload) -> Digest:
        """Stores a content and gives its digest; what is there already is not stored again.

        Args:
            payload: its bytes; a `Path` is taken over: the file is gone afterwards.

        Raises:
            BuildError: the disk is full.
            ProductionError: the store cannot be written.
        """
        return self.put_sized(payload)[0]

    def put_sized(self, payload: Payload) -> tuple[Digest, int]:
        """As `put`, and gives the size in bytes, too."""
        size = size_of(payload)
        with os_errors(self.folder / "temporary" / "content", needed=size):
            if size is None:
                return self._write(payload)
            digest = digest_of(payload)  # hashing costs less than writing in vain
            if not self.sound(digest, size):
                self._write(payload, digest)
            if isinstance(payload, Path):
                payload.unlink(missing_ok=True)
        return digest, size

    def _write(self, payload: Payload, digest: Digest | None = None) -> tuple[Digest, int]:
        """Writes a content; hashes it on the way if nobody has."""
        drafts = self.folder / "temporary"
        drafts.mkdir(parents=True, exist_ok=True)
        hasher, size = hashlib.sha256(), 0
        with temporary(drafts, mode=0o444) as draft:
            for piece in slices(payload):
                write_all(draft.descriptor, piece)
                size += len(piece)
                if digest is None:
                    hasher.update(piece)
            digest = digest or hasher.hexdigest()
            if not self.sound(digest, size):
                place = self._place(digest)
                place.parent.mkdir(parents=True, exist_ok=True)
                draft.path.replace(place)
        return digest, size

    def has(self, digest: Digest) -> bool:
        """Whether the content is there."""
        return self._place(digest).is_file()

    def blob(self, digest: Digest) -> Blob:
        """A stored content.

        Raises:
            BuildError: it is not there, or it was damaged.
        """
        place = self._place(digest)
        if not self.sound(digest):
            raise BuildError(
                f"content {digest[:12]} is missing from the store",
                where=str(self.folder),
                hint="Run the same command again: it is made again.",
            )
        return Blob(digest, place, place.stat().st_size)

    def sound(self, digest: Digest, size: int | None = None) -> bool:
        """Whether the content is there and can be trusted; it counts as used now.

        Args:
            size: what it must be, if known.
        """
        place = self._place(digest)
        try:
            status = place.stat()
        except OSError:
            return False
        if size is not None and status.st_size != size:
            return False
        if digest not in self._trusted and not _written_since_start(status.st_mtime):
            with os_errors(place):
                if digest_of(place) != digest:
                    return False
        self._trusted.add(digest)
        with suppress(OSError):  # a read-only store still serves
            os.utime(place)
        return True

    def sweep(
        self,
        keep: Collection[Digest] = (),
        *,
        live: Collection[str] | None = None,
        grace_s: float = 60,
    ) -> int:
        """Removes what was used longest ago until the contents fit the limit.

        Never removed: what `keep` names, and what the latest receipts of live targets name, even
        if that is more than the limit. Files left by killed processes are removed, too.

        Args:
            live: targets still wanted, None: all; the receipts of others are dropped.
            grace_s: contents used within so many seconds stay: another process may need them.

        Returns:
            Bytes freed.
        """
        if not self.folder.is_dir():
            return 0
        with os_errors(self.folder / "objects"):
            if live is not None:
                self.receipts.drop_all_but(live)
            freed = remove_stale(self.folder / "temporary")
            freed += self._shrink({*keep, *self.receipts.named()}, time.time() - grace_s)
            self.traces.drop_broken(self.has)
        return freed

    def _shrink(self, kept: set[Digest], before: float) -> int:
        objects = []
        for path in self.folder.glob("objects/??/*"):
            with suppress(FileNotFoundError):  # another process sweeps, too
                status = path.stat()
                digest = path.parent.name + path.name
                objects.append((status.st_mtime_ns, digest, path, status.st_size))
        excess = sum(size for *_, size in objects) - self.limit_bytes
        freed = 0
        for used, digest, path, size in sorted(objects):
            if freed >= excess:
                break
            if digest not in kept and used / 1e9 <= before:
                path.unlink(missing_ok=True)
                freed += size
        return freed

    def _place(self, digest: Digest) -> Path:
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise BuildError(f"not a digest: {digest!r:.80}", where=str(self.folder))
        return self.folder / "objects" / digest[:2] / digest[2:]


def _written_since_start(modified: float) -> bool:
    """Whether a file was written (or hashed and touched) since the machine was started."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    now = time.time()
    return now - time.clock_gettime(clock) <= modified <= now + 2
