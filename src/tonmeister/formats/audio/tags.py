"""Tags: the words in a file about itself, as Vorbis comments (FLAC) and ID3 (MP3)."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from tonmeister.errors import FormatError

FIELDS = {
    "title": ("TITLE", "TIT2"),
    "artist": ("ARTIST", "TPE1"),
    "album": ("ALBUM", "TALB"),
    "date": ("DATE", "TDRC"),
    "genre": ("GENRE", "TCON"),
    "composer": ("COMPOSER", "TCOM"),
    "isrc": ("ISRC", "TSRC"),
    "track": ("TRACKNUMBER", "TRCK"),
    "comment": ("COMMENT", "COMM"),
}
"""Our names, Vorbis comment's, ID3v2.4's; in the order they are written."""


def known(tags: Mapping[str, str]) -> list[tuple[str, str]]:
    """The tags that say something, in the order of `FIELDS`.

    Raises:
        FormatError: a name that is not in `FIELDS`.
    """
    lowered = {name.lower(): value.strip() for name, value in tags.items()}
    unknown = sorted(set(lowered) - set(FIELDS))
    if unknown:
        raise FormatError(
            f"there is no tag called {unknown[0]!r}", expected="one of " + ", ".join(FIELDS)
        )
    return [(name, lowered[name]) for name in FIELDS if lowered.get(name)]


def vorbis_comment(tags: Mapping[str, str]) -> bytes:
    """A Vorbis comment block (Xiph.org): vendor, then ``NAME=value`` pairs, UTF-8."""
    pairs = [f"{FIELDS[name][0]}={value}".encode() for name, value in known(tags)]
    vendor = b"Tonmeister"
    block = struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(pairs))
    return block + b"".join(struct.pack("<I", len(pair)) + pair for pair in pairs)


def id3(tags: Mapping[str, str]) -> bytes:
    """An ID3v2.4 tag (id3.org 2000), UTF-8; empty without tags."""
    frames = b"".join(_frame(FIELDS[name][1], value) for name, value in known(tags))
    return b"ID3\x04\0\0" + _synchsafe(len(frames)) + frames if frames else b""


def _frame(name: str, value: str) -> bytes:
    # Encoding 3 is UTF-8; a comment has a language and an (empty) description besides.
    head = b"\x03und\0" if name == "COMM" else b"\x03"
    content = head + value.encode()
    return name.encode() + _synchsafe(len(content)) + b"\0\0" + content


def _synchsafe(number: int) -> bytes:
    # Seven bits per byte, so that no size looks like the start of MPEG audio.
    return bytes((number >> shift) & 0x7F for shift in (21, 14, 7, 0))
