"""Opening MusicXML files: what they are goes by their content, and damage gets a clear error."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonmeister.errors import FormatError, InputError, TonmeisterError
from tonmeister.formats import musicxml
from tonmeister.formats.musicxml import files
from tonmeister.formats.musicxml.reader import sheet_from

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "lead_sheets"
GRACE = (EXAMPLES / "amazing-grace.musicxml").read_bytes()


def at(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def refused(path: Path) -> str:
    """The error's text, which names the file and says what to do."""
    with pytest.raises(FormatError) as caught:
        musicxml.read(path)
    assert caught.value.where is not None
    assert path.name in caught.value.where
    assert caught.value.hint
    return str(caught.value)


def test_a_file_is_what_it_holds(tmp_path: Path) -> None:
    plain = musicxml.read(at(tmp_path, "a.mxl", GRACE))
    packed = musicxml.read(at(tmp_path, "b.musicxml", musicxml.write_mxl(plain)))
    assert packed == plain
    assert plain.title == "Amazing Grace"


def test_packing_gives_the_same_bytes_again() -> None:
    sheet = musicxml.read(EXAMPLES / "greensleeves.musicxml")
    assert musicxml.write_mxl(sheet) == musicxml.write_mxl(sheet)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    text = GRACE.decode().replace("’", "'").replace('"UTF-8"', f'"{encoding[:7].upper()}"')
    text = text.replace('"UTF-8-S"', '"UTF-8"').replace('"LATIN-1"', '"ISO-8859-1"')
    assert musicxml.read(at(tmp_path, "x.xml", text.encode(encoding))).title == "Amazing Grace"


def test_a_container_that_is_no_xml_still_opens(tmp_path: Path) -> None:
    # Real files have unescaped quotes in it.
    broken = b"<?xml version='1.0'?><container><rootfiles><rootfile full-path='It's.xml'/>"
    data = zipped({"META-INF/container.xml": broken, "It's.xml": GRACE})
    assert musicxml.read(at(tmp_path, "x.mxl", data)).title == "Amazing Grace"


def test_a_zip_without_a_container_still_opens(tmp_path: Path) -> None:
    data = zipped({"__MACOSX/x.xml": b"no", "x.xml": GRACE})
    assert musicxml.read(at(tmp_path, "x.mxl", data)).title == "Amazing Grace"


def test_namespaces_and_time_wise_scores_are_turned_round(tmp_path: Path) -> None:
    named = GRACE.replace(b"<score-partwise ", b'<score-partwise xmlns="urn:x" ')
    assert musicxml.read(at(tmp_path, "n.xml", named)) == musicxml.read(
        at(tmp_path, "p.xml", GRACE)
    )
    timewise = b"""<score-timewise><part-list><score-part id="P1"/></part-list>
      <measure number="1"><part id="P1"><attributes><divisions>1</divisions></attributes>
      <note><pitch><step>C</step><octave>4</octave></pitch><duration>4</duration></note></part></measure>
      <measure number="2"><part id="P1"><note><pitch><step>D</step><octave>4</octave></pitch>
      <duration>4</duration></note></part></measure></score-timewise>"""
    sheet = musicxml.read(at(tmp_path, "t.xml", timewise))
    assert [str(m.notes[0].pitch) for m in sheet.measures] == ["C4", "D4"]


def test_there_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        musicxml.read(tmp_path / "none.mxl")
    with pytest.raises(InputError):
        musicxml.read(tmp_path)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.mxl", b"", "is empty"),
        ("blank.xml", b" \n", "is empty"),
        ("text.mxl", b"Dear all,\nsee you at eight.\n", "no XML"),
        ("cut.xml", GRACE[: len(GRACE) // 2], "damaged or cut off"),
        ("cut.mxl", files.compress(GRACE)[:900], "damaged"),
        ("other.mxl", b"MThd\0\0\0\x06", "MIDI"),
        ("page.xml", b"<html><body/></html>", "web page"),
        ("score.mscx", b'<museScore version="3"/>', "MuseScore"),
        ("odd.xml", b"<recipe/>", "<recipe>"),
        ("none.mxl", zipped({"readme.txt": b"x"}), "holds no score"),
        ("rests.xml", b"<score-partwise><part id='P1'><measure number='1'><note><rest/><duration>4"
         b"</duration></note></measure></part></score-partwise>", "holds no notes"),
        ("bare.xml", b"<score-partwise/>", "holds no notes"),
    ],
)  # fmt: skip
def test_what_is_no_lead_sheet_is_refused(
    tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    assert says in refused(at(tmp_path, name, data))


def test_entities_are_not_opened(tmp_path: Path) -> None:
    secret = at(tmp_path, "secret.txt", b"secret")
    data = GRACE.replace(
        b'<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN"'
        b' "http://www.musicxml.org/dtds/partwise.dtd">',
        f'<!DOCTYPE score-partwise [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'.encode(),
    ).replace(b"Amazing Grace", b"&s;")
    assert b"&s;" in data
    assert "secret" not in musicxml.read(at(tmp_path, "e.xml", data)).title


def test_an_error_names_part_and_bar(tmp_path: Path) -> None:
    data = GRACE.replace(b"<step>E</step>", b"<step>H</step>", 1)
    with pytest.raises(FormatError, match=r"part P1, bar 3 .*not a note name: 'H'"):
        musicxml.read(at(tmp_path, "h.xml", data))


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_damaged_files_never_crash(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(GRACE) - 1))
    length = data.draw(st.integers(1, 400))
    junk = data.draw(st.sampled_from([b"", b"<note/>", b"0", b"-1", b"</part>", b"<x", b"&"]))
    try:
        sheet_from(files.parse(GRACE[:start] + junk + GRACE[start + length :], "x"), "x", "x")
    except TonmeisterError as error:
        assert str(error)  # noqa: PT017
