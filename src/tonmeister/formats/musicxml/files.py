"""Opening MusicXML files: plain or zipped, judged by their content, and zipping them."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

from lxml import etree

from tonmeister.errors import FormatError, InputError

_LARGEST = 64 * 1024 * 1024
"""Bytes of XML that are read at most: a long orchestral score has 30 million."""

_CONTAINER = "META-INF/container.xml"
_AGAIN = "Export it again from your notation program as MusicXML (.musicxml or .mxl)."
_OTHER_FILES = {
    b"MThd": "a MIDI file",
    b"%PDF": "a PDF file",
    b"%!PS": "a PostScript file",
    b"RIFF": "a WAV file",
    b"\x89PNG": "a picture",
    b"\x1f\x8b": "a gzip file",
}
_OTHER_ROOTS = {
    "museScore": "MuseScore's own format",
    "html": "a web page",
    "opus": "a list of scores",
    "container": "only the table of contents of a compressed score",
    "mei": "an MEI score",
}


def load(path: Path) -> etree._Element:
    """The root element of a MusicXML file, without a namespace.

    Raises:
        InputError: the file cannot be opened.
        FormatError: it holds no MusicXML.
    """
    where = str(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError("there is no such file", where=where) from error
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=where) from error
    return parse(data, where)


def parse(data: bytes, where: str) -> etree._Element:
    """The root element of the bytes of a plain or compressed MusicXML file named `where`."""
    if not data.strip(b"\0\t\r\n "):
        raise FormatError("the file is empty", where=where, expected="MusicXML", hint=_AGAIN)
    for start, name in _OTHER_FILES.items():
        if data.startswith(start):
            raise FormatError(
                f"this is {name}, whatever it is called",
                where=where,
                expected="MusicXML",
                hint=_AGAIN,
            )
    text = _unzip(data, where) if data.startswith(b"PK") else data
    return _root(text, where)


def compress(document: bytes, *, name: str = "score.musicxml") -> bytes:
    """The bytes of an ``.mxl`` that holds one document; no time stamps, so always the same."""
    container = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<container><rootfiles><rootfile full-path="'
        f'{name}" media-type="application/vnd.recordare.musicxml+xml"/></rootfiles></container>\n'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            _member("mimetype", zipfile.ZIP_STORED), "application/vnd.recordare.musicxml"
        )
        archive.writestr(_member(_CONTAINER), container)
        archive.writestr(_member(name), document)
    return buffer.getvalue()


def _member(name: str, method: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.compress_type = method
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def _unzip(data: bytes, where: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            name = _score_name(archive, where)
            if archive.getinfo(name).file_size > _LARGEST:
                raise FormatError(
                    f"the score in it is larger than {_LARGEST // 2**20} MB",
                    where=where,
                    hint=_AGAIN,
                )
            return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise FormatError(
            f"the compressed file is damaged or cut off ({error})", where=where, hint=_AGAIN
        ) from error
    except (NotImplementedError, RuntimeError) as error:
        raise FormatError(f"the compressed file cannot be opened ({error})", where=where) from error


def _score_name(archive: zipfile.ZipFile, where: str) -> str:
    names = archive.namelist()
    if _CONTAINER in names and archive.getinfo(_CONTAINER).file_size < _LARGEST:
        # Real containers hold unescaped quotes and ampersands: read what can be read.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        root = etree.fromstring(archive.read(_CONTAINER), parser)
        listed = [] if root is None else [e.get("full-path") for e in root.iter("{*}rootfile")]
        for name in listed:
            if name in names:
                return name
    for name in names:
        if name.lower().endswith((".musicxml", ".xml")) and not name.startswith(
            ("META-INF", "__MACOSX")
        ):
            return name
    raise FormatError(
        "the compressed file holds no score",
        where=where,
        expected="a .musicxml or .xml file in it",
        hint=_AGAIN,
    )


def _root(text: bytes, where: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        what = "this is no XML" if b"<" not in text[:1024] else "the XML is damaged or cut off"
        raise FormatError(
            f"{what} ({error.msg})", where=where, expected="MusicXML", hint=_AGAIN
        ) from error
    if root.tag.startswith("{"):
        _drop_namespace(root)
    if root.tag == "score-timewise":
        return _partwise(root)
    if root.tag != "score-partwise":
        what = _OTHER_ROOTS.get(root.tag, f"a document of the kind <{root.tag}>")
        raise FormatError(
            f"this is {what}", where=where, expected="<score-partwise> of MusicXML", hint=_AGAIN
        )
    return root


def _drop_namespace(root: etree._Element) -> None:
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname


def _partwise(root: etree._Element) -> etree._Element:
    """A time-wise score (measures of parts) turned into a part-wise one (parts of measures)."""
    parts: dict[str | None, etree._Element] = {}
    for measure in root.findall("measure"):
        for piece in measure.findall("part"):
            part = parts.get(piece.get("id"))
            if part is None:
                part = parts[piece.get("id")] = etree.Element("part", {"id": piece.get("id", "")})
            piece.tag = "measure"
            piece.attrib.clear()
            piece.attrib.update(measure.attrib)
            part.append(piece)
        root.remove(measure)
    root.extend(parts.values())
    root.tag = "score-partwise"
    return root
