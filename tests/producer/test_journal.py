"""The journal of decisions: crashes, rivals, undo."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonmeister.errors import DecisionError, ProductionError, StaleDecision
from tonmeister.model.reason import Decision
from tonmeister.producer import Journal, effective
from tonmeister.producer import journal as journals


def journal(folder: Path) -> Journal:
    return Journal(folder, now=lambda: "2026-01-01T00:00:00+00:00")


def held(entries: tuple[Decision, ...]) -> list[tuple[str, object]]:
    return [(d.path, d.value) for d in effective(entries)]


def test_nothing_is_decided_yet(tmp_path: Path) -> None:
    assert journal(tmp_path).read() == ()
    assert journal(tmp_path).revision() == 0


def test_decisions_made_together_share_a_revision(tmp_path: Path) -> None:
    book = journal(tmp_path)
    assert book.append([("song.tempo", 84.0), ("song.key", "A minor")], "eva", "it drags") == 1
    assert book.append([("song.tempo", 80.0)], "eva", "") == 2
    read = book.read()
    assert [(d.revision, d.path, d.value) for d in read] == [
        (1, "song.tempo", 84.0),
        (1, "song.key", "A minor"),
        (2, "song.tempo", 80.0),
    ]
    assert (read[0].by, read[0].why, read[0].at) == ("eva", "it drags", "2026-01-01T00:00:00+00:00")


def test_one_line_a_revision_with_its_schema(tmp_path: Path) -> None:
    journal(tmp_path).append([("song.title", "Größe")], "eva", "")
    line = (tmp_path / "decisions.jsonl").read_text("utf-8")
    assert line.endswith("\n")
    assert json.loads(line)["schema"] == "Revision.1"
    assert "Größe" in line


def test_undo_and_redo_are_new_entries(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.append([("song.tempo", 84.0)], "eva", "")
    assert book.undo(1, "eva", "was better") == 2
    assert held(book.read()) == []
    assert book.undo(2) == 3
    assert held(book.read()) == [("song.tempo", 84.0)]
    assert [entry.kind for entry in book.read()] == ["decide", "undo", "undo"]


def test_undo_of_what_is_not_there(tmp_path: Path) -> None:
    book = journal(tmp_path)
    with pytest.raises(DecisionError, match="no revision 3"):
        book.undo(3)
    book.append([("song.tempo", 84.0)], "eva", "")
    book.undo(1)
    with pytest.raises(DecisionError, match="taken back already"):
        book.undo(1)


@settings(max_examples=30)
@given(st.lists(st.integers(1, 8), max_size=10))
def test_undo_in_any_order_keeps_the_rest(
    tmp_path_factory: pytest.TempPathFactory, undos: list[int]
) -> None:
    book = journal(tmp_path_factory.mktemp("journal"))
    for number in range(1, 5):
        book.append([(f"mix.part{number}.pan", 0.0)], "eva", "")
    taken_back: dict[int, int] = {}
    for target in undos:
        with suppress(DecisionError):
            taken_back[book.undo(target)] = target
    gone: set[int] = set()
    for entry in sorted(taken_back, reverse=True):
        if entry not in gone:
            gone.add(taken_back[entry])
    assert {d.revision for d in effective(book.read())} == {1, 2, 3, 4} - gone


@pytest.mark.parametrize("kept", [0.01, 0.3, 0.7, 0.99])
def test_a_torn_last_line_is_set_aside(tmp_path: Path, kept: float) -> None:
    book = journal(tmp_path)
    book.append([("song.tempo", 84.0)], "eva", "")
    file = tmp_path / "decisions.jsonl"
    whole = file.read_bytes()
    torn = whole[: max(1, int(len(whole) * kept) - 1)]
    file.write_bytes(whole + torn)
    assert held(book.read()) == [("song.tempo", 84.0)]
    assert book.append([("song.key", "A minor")], "eva", "") == 2
    assert held(book.read()) == [("song.tempo", 84.0), ("song.key", "A minor")]
    assert (tmp_path / "decisions.torn").read_bytes() == torn + b"\n"
    assert file.read_bytes().startswith(whole)


def test_a_last_line_that_lacks_only_its_end_counts(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.append([("song.tempo", 84.0)], "eva", "")
    file = tmp_path / "decisions.jsonl"
    file.write_bytes(file.read_bytes()[:-1])
    assert held(book.read()) == [("song.tempo", 84.0)]
    book.append([("song.key", "A minor")], "eva", "")
    assert len(book.read()) == 2
    assert len(file.read_bytes().splitlines()) == 2


@settings(max_examples=30)
@given(cut=st.integers(0, 400))
def test_a_file_cut_anywhere_loses_only_what_was_cut(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    book = journal(folder)
    for number in range(3):
        book.append([(f"mix.p{number}.pan", 0.5)], "eva", "why ünicode")
    file = folder / "decisions.jsonl"
    data = file.read_bytes()[: max(0, len(file.read_bytes()) - cut)]
    file.write_bytes(data)
    before = book.read()
    assert len(before) in {data.count(b"\n"), data.count(b"\n") + 1}
    book.append([("song.tempo", 70.0)], "eva", "")
    assert book.read()[:-1] == before


def test_a_damaged_middle_is_said_and_not_written_to(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.append([("song.tempo", 84.0)], "eva", "")
    file = tmp_path / "decisions.jsonl"
    file.write_bytes(b"{]\n" + file.read_bytes())
    before = file.read_bytes()
    with pytest.raises(ProductionError, match="line 1"):
        book.read()
    with pytest.raises(ProductionError, match="damaged"):
        book.append([("song.tempo", 80.0)], "eva", "")
    assert file.read_bytes() == before


def test_another_version_is_refused_and_unknown_fields_stay(tmp_path: Path) -> None:
    book = journal(tmp_path)
    file = tmp_path / "decisions.jsonl"
    record = {
        "schema": "Revision.1", "revision": 1, "kind": "decide", "by": "eva", "why": "",
        "entries": [{"path": "song.tempo", "value": 84.0, "colour": "red"}], "mood": "good",
    }  # fmt: skip
    file.write_text(json.dumps(record) + "\n")
    assert held(book.read()) == [("song.tempo", 84.0)]
    book.append([("song.key", "A minor")], "eva", "")
    assert json.loads(file.read_bytes().splitlines()[0]) == record
    file.write_text(json.dumps(record | {"schema": "Revision.9"}) + "\n")
    with pytest.raises(ProductionError, match=r"Revision\.9"):
        book.read()


def test_a_writer_who_has_not_seen_the_latest_is_told(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.append([("mix.bass.level_db", -3.0)], "eva", "")
    seen = book.revision()
    book.append([("mix.bass.level_db", -6.0)], "tom", "too loud")
    with pytest.raises(StaleDecision) as caught:
        book.append([("mix.bass.level_db", 0.0)], "eva", "", based_on=seen)
    assert "tom has decided mix.bass.level_db=-6.0" in str(caught.value)
    assert "too loud" in str(caught.value)
    assert held(book.read())[-1] == ("mix.bass.level_db", -6.0)
    book.append([("mix.drums.level_db", 0.0)], "eva", "", based_on=seen)  # another path


@pytest.mark.parametrize(
    ("theirs", "mine", "stale"),
    [
        ("mix.bass", "mix.bass.level_db", True),
        ("harmony.verse1[1:4]", "harmony.verse1[3]", True),
        ("harmony.verse1[1:2]", "harmony.verse1[3]", False),
        ("mix.*.pan", "mix.bass.pan", True),
        ("mix.bass.pan", "mix.bass.level_db", False),
    ],
)
def test_paths_that_meet_are_the_same_matter(
    tmp_path: Path, theirs: str, mine: str, *, stale: bool
) -> None:
    book = journal(tmp_path)
    book.append([(theirs, 0)], "tom", "")
    if stale:
        with pytest.raises(StaleDecision):
            book.append([(mine, 0)], "eva", "", based_on=0)
    else:
        assert book.append([(mine, 0)], "eva", "", based_on=0) == 2


WRITER = """
import sys
from pathlib import Path
from tonmeister.producer import Journal
folder, name, count = sys.argv[1:]
for number in range(int(count)):
    Journal(Path(folder)).append([(f"mix.{name}.pan", number / 100)], name, "")
"""


def test_writers_in_many_processes_lose_nothing(tmp_path: Path) -> None:
    names = ["a", "b", "c"]
    source = str(Path(__file__).resolve().parents[2] / "src")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), name, "15"],
            env={**os.environ, "PYTHONPATH": source},
        )
        for name in names
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    read = Journal(tmp_path).read()
    assert [d.revision for d in read] == list(range(1, 46))
    for name in names:
        assert [d.value for d in read if d.by == name] == [n / 100 for n in range(15)]


def test_a_full_disk_leaves_the_journal_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = journal(tmp_path)
    book.append([("song.tempo", 84.0)], "eva", "")
    before = (tmp_path / "decisions.jsonl").read_bytes()

    def full(_handle: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(journals.os, "fsync", full)
    with pytest.raises(ProductionError, match="No space left"):
        book.append([("song.tempo", 80.0)], "eva", "")
    assert (tmp_path / "decisions.jsonl").read_bytes() == before


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ProductionError, match="was not written down"):
        journal(tmp_path / "gone").append([("song.tempo", 84.0)], "eva", "")
    folder = tmp_path / "folder.jsonl"
    folder.mkdir()
    with pytest.raises(ProductionError, match="cannot be read"):
        Journal(folder).read()


def test_what_json_cannot_hold_is_refused(tmp_path: Path) -> None:
    book = journal(tmp_path)
    with pytest.raises(DecisionError, match="no decision"):
        book.append([], "eva", "")
    with pytest.raises(DecisionError, match="cannot be written down"):
        book.append([("song.tempo", float("nan"))], "eva", "")
    assert book.read() == ()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.sampled_from(["song.tempo", "mix.a.b"]), JSON), min_size=1, max_size=4),
    st.text(),
)
def test_any_json_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, entries: list[tuple[str, object]], why: str
) -> None:
    book = journal(tmp_path_factory.mktemp("journal"))
    try:
        book.append(entries, "eva", why)
    except DecisionError:
        return  # lone surrogates are not UTF-8
    assert [(d.path, d.value) for d in book.read()] == entries
    assert {d.why for d in book.read()} == {why}
