from __future__ import annotations

from pathlib import Path

import pytest

from tonmeister.errors import InstrumentError
from tonmeister.instruments import (
    BuiltInSource,
    FontSource,
    audition,
    doctor_facts,
    find_source,
    render,
    source_identity,
    sources,
)


@pytest.fixture
def empty_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TONMEISTER_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("TONMEISTER_SOUNDFONT", raising=False)
    monkeypatch.setattr(sources, "SYSTEM_FOLDERS", (tmp_path / "system",))
    monkeypatch.setattr(sources, "fluidsynth_version", lambda: "2.3.1")
    (tmp_path / "soundfonts").mkdir()
    (tmp_path / "system").mkdir()
    return tmp_path


def write_font(path: Path, *, missing: int = 0) -> Path:
    """A file with a sound font's header and nothing of use in it."""
    lists = (b"LIST" + (20).to_bytes(4, "little") + kind + bytes(16) for kind in (b"sdta", b"pdta"))
    body = b"sfbk" + b"".join(lists)
    path.write_bytes(b"RIFF" + len(body).to_bytes(4, "little") + body[: len(body) - missing])
    return path


def test_without_a_font_the_built_in_instruments_play(empty_machine: Path) -> None:
    assert find_source() == BuiltInSource("no sound font was found")


def test_without_the_library_the_built_in_instruments_play(
    empty_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_font(empty_machine / "soundfonts/any.sf2")
    monkeypatch.setattr(sources, "fluidsynth_version", lambda: None)
    found = find_source()
    assert isinstance(found, BuiltInSource)
    assert "libfluidsynth" in found.reason


def test_the_best_font_comes_first(empty_machine: Path) -> None:
    for name in ("TimGM6mb.sf2", "other.sf2", "MuseScore_General.sf3", "FluidR3_GM.sf2"):
        write_font(empty_machine / "system" / name)
    ranked = [path.name for path in sources.candidates()]
    assert ranked == ["FluidR3_GM.sf2", "MuseScore_General.sf3", "other.sf2", "TimGM6mb.sf2"]
    own = write_font(empty_machine / "soundfonts/mine.sf2")
    assert find_source() == FontSource(own)


def test_the_variable_rules(empty_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_font(empty_machine / "soundfonts/mine.sf2")
    wished = write_font(empty_machine / "wished.sf2")
    monkeypatch.setenv("TONMEISTER_SOUNDFONT", str(wished))
    assert find_source() == FontSource(wished)
    monkeypatch.setenv("TONMEISTER_SOUNDFONT", "built-in")
    assert isinstance(find_source(), BuiltInSource)
    monkeypatch.setenv("TONMEISTER_SOUNDFONT", str(empty_machine / "none.sf2"))
    found = find_source()
    assert isinstance(found, BuiltInSource)
    assert "none.sf2" in found.reason


def test_broken_fonts_are_passed_over(empty_machine: Path) -> None:
    write_font(empty_machine / "soundfonts/a.sf2", missing=10)
    (empty_machine / "soundfonts/b.sf2").write_text("not a font")
    found = find_source()
    assert isinstance(found, BuiltInSource)
    assert "cut short" in found.reason
    good = write_font(empty_machine / "soundfonts/c.sf2")
    assert find_source() == FontSource(good)


def test_a_font_with_nothing_in_it_is_an_error(
    tmp_path: Path, font: FontSource, capfd: pytest.CaptureFixture[str]
) -> None:
    hollow = FontSource(write_font(tmp_path / "hollow.sf2"))
    with pytest.raises(InstrumentError, match=r"hollow\.sf2"):
        render(audition("flute"), source=hollow, rate_hz=48000, frames=100)
    assert "Traceback" not in capfd.readouterr().err
    vanished = FontSource(tmp_path / "vanished.sf2")
    with pytest.raises(InstrumentError, match=r"vanished\.sf2"):
        render(audition("flute"), source=vanished, rate_hz=48000, frames=100)


def test_identity_follows_content(empty_machine: Path) -> None:
    path = write_font(empty_machine / "soundfonts/mine.sf2")
    before = source_identity(FontSource(path), "flute")
    assert before == source_identity(FontSource(path), "flute")
    assert before != source_identity(FontSource(path), "oboe")
    copy = empty_machine / "copy.sf2"
    copy.write_bytes(path.read_bytes())
    assert source_identity(FontSource(copy), "flute") == before
    path.write_bytes(path.read_bytes()[:-1] + b"xyz")
    assert source_identity(FontSource(path), "flute") != before
    assert (empty_machine / "cache/tonmeister/font_digests.json").is_file()


def test_identity_without_a_cache_folder(
    empty_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_machine / "cache").write_text("a file where the folder should be")
    path = write_font(empty_machine / "uncached.sf2")
    assert "font" in source_identity(FontSource(path), "flute")


def test_built_in_identity_follows_the_preset() -> None:
    source = BuiltInSource()
    assert source_identity(source, "flute") == source_identity(BuiltInSource("other"), "flute")
    assert source_identity(source, "flute") != source_identity(source, "oboe")


def test_the_doctor_says_what_is_missing(empty_machine: Path) -> None:
    facts = {fact.name: fact for fact in doctor_facts()}
    assert facts["sound font"].found is False
    assert "apt install" in facts["sound font"].remedy
    assert "built-in" in facts["sound source"].detail
