"""MusicXML: lead sheets in and out.

`read` takes what notation programs write (MusicXML 1.0 to 4.0, plain or compressed); `write` and
`write_mxl` give MusicXML 4.0, partwise, which is valid against the W3C schema. What is lost on the
way is said in `reader` and `writer`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tonmeister.model.score import LeadSheet, Song

__all__ = ["read", "write", "write_mxl"]


def read(path: Path) -> LeadSheet:
    """The tune, chords, words and roadmap of a MusicXML file.

    Args:
        path: ``.musicxml``, ``.xml`` or ``.mxl``; what it is goes by its content.

    Returns:
        The sheet as written, repeats not yet played out (`theory.form.unfold` does that), at
        sounding pitch.

    Raises:
        InputError: there is no such file, or it cannot be opened.
        FormatError: it is no MusicXML, it is damaged, or it holds no notes; file, part, bar and
            cause are named.
    """
    from tonmeister.formats.musicxml.reader import read_sheet

    return read_sheet(path)


def write(sheet: LeadSheet | Song, *, part_name: str = "Lead") -> bytes:
    """A lead sheet as MusicXML 4.0, UTF-8; the same sheet gives the same bytes.

    Args:
        sheet: a lead sheet with its repeats, or a song, which is written out in playing order
            with its sections as rehearsal marks.
        part_name: the staff's name.

    Raises:
        FormatError: it has no measures, or a note below C0, which MusicXML cannot write.
    """
    from tonmeister.formats.musicxml.writer import write_sheet

    return write_sheet(sheet, part_name=part_name)


def write_mxl(sheet: LeadSheet | Song, *, part_name: str = "Lead") -> bytes:
    """The same as `write`, compressed (``.mxl``: a zip with a container file)."""
    from tonmeister.formats.musicxml.files import compress

    return compress(write(sheet, part_name=part_name))
