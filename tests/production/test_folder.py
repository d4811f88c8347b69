"""The production folder is made whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tonmeister.errors import ProductionError
from tonmeister.production import folder


def test_create_writes_the_files_and_a_manifest(tmp_path: Path) -> None:
    made = folder.create(tmp_path / "song", {"brief.toml": b"tempo = 72\n"})
    assert made.brief.read_bytes() == b"tempo = 72\n"
    made.check()


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "song").mkdir()
    folder.create(tmp_path / "song", {}).check()


def test_a_taken_place_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "song").mkdir()
    (tmp_path / "song" / "diary.txt").write_text("dear diary")
    with pytest.raises(ProductionError, match="something here already"):
        folder.create(tmp_path / "song", {})
    assert [p.name for p in (tmp_path / "song").iterdir()] == ["diary.txt"]


def test_a_failed_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ProductionError, match="No space left"):
        folder.create(tmp_path / "song", {"brief.toml": b"x"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "not a production"),
        ("schema = ", "damaged"),
        ('schema = "Production.99"', "Production.99"),
    ],
)
def test_what_is_no_production_says_so(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "production.toml").write_text(content)
    with pytest.raises(ProductionError, match=message):
        folder.Folder(tmp_path).check()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ProductionError, match="cannot be written"):
        folder.create(tmp_path / "file" / "song", {})
