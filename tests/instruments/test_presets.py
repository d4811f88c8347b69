from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tonmeister.errors import StyleError
from tonmeister.instruments import catalogue, presets
from tonmeister.instruments.catalogue import sound_of
from tonmeister.instruments.presets import Kit, preset, preset_digest


@pytest.fixture
def own_presets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("TONMEISTER_DATA", str(tmp_path))
    (tmp_path / "presets").mkdir()
    for cached in (preset, presets._tables, presets._spectra):
        cached.cache_clear()
    yield tmp_path / "presets"
    for cached in (preset, presets._tables, presets._spectra):
        cached.cache_clear()


def test_every_preset_can_be_read() -> None:
    digests = {preset_digest(sound_of(name).preset) for name in catalogue()}
    assert len(digests) >= 70


@pytest.mark.parametrize("name", ["standard-kit", "jazz-kit", "brush-kit", "power-kit"])
def test_kits_have_all_general_midi_drums(name: str) -> None:
    kit = preset(name)
    assert isinstance(kit, Kit)
    assert {*range(35, 58), 59} - set(kit.drums) == set()


def test_a_kit_changes_only_what_it_says() -> None:
    plain, room = preset("standard-kit"), preset("room-kit")
    assert isinstance(plain, Kit)
    assert isinstance(room, Kit)
    assert room.drums[38].modes == plain.drums[38].modes
    assert room.drums[38].noise != plain.drums[38].noise
    assert room.drums[42] == plain.drums[42]


def test_the_users_own_preset(own_presets: Path) -> None:
    (own_presets / "mine.toml").write_text(
        '[buzz]\nengine = "held"\n'
        "spectrum = {keys = [60], levels_db = [[0, -6, -9]], ratios = [1, 2, 3]}"
    )
    assert preset("buzz").spectrum.ratios == (1, 2, 3)


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ('engine = "gas"\nspectrum = {keys = [1], levels_db = [[0]]}', "engine"),
        ('engine = "held"', "incomplete"),
        ('engine = "held"\nvoicez = 3\nspectrum = {keys = [1], levels_db = [[0]]}', "voicez"),
    ],
)
def test_a_wrong_preset_is_named(text: str, flaw: str, own_presets: Path) -> None:
    (own_presets / "mine.toml").write_text(f"[buzz]\n{text}\n")
    with pytest.raises(StyleError, match=flaw):
        preset("buzz")


def test_an_unknown_preset() -> None:
    with pytest.raises(StyleError, match="no built-in sound"):
        preset("kazoo")
