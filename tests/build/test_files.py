import errno
import fcntl
import os
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.build import files, write_atomic
from tonmeister.errors import BuildError, ProductionError


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def breaking(*parts):
    yield from parts
    raise KeyboardInterrupt


def test_it_writes_and_replaces_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "new" / "folder" / "a.txt"
    write_atomic(path, b"one")
    write_atomic(path, [b"tw", bytearray(b"o"), memoryview(b"!")])
    assert path.read_bytes() == b"two!"
    assert names(path.parent) == ["a.txt"]


def test_a_path_is_copied(tmp_path):
    (tmp_path / "from").write_bytes(b"x" * (files.SLICE + 7))
    write_atomic(tmp_path / "to", tmp_path / "from", durable=False)
    assert (tmp_path / "to").read_bytes() == (tmp_path / "from").read_bytes()


def test_a_new_file_has_usual_permissions_and_an_old_one_keeps_its_own(tmp_path):
    path = tmp_path / "a"
    mask = os.umask(0o027)
    try:
        write_atomic(path, b"1")
        assert path.stat().st_mode & 0o777 == 0o640
        path.chmod(0o604)
        write_atomic(path, b"2")
        assert path.stat().st_mode & 0o777 == 0o604
    finally:
        os.umask(mask)


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_atomic(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_an_interruption_leaves_the_old_file(tmp_path):
    path = tmp_path / "a"
    write_atomic(path, b"old")
    with pytest.raises(KeyboardInterrupt):
        write_atomic(path, breaking(b"new", b"er"))
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_one_clear_error(tmp_path, monkeypatch, number):
    path = tmp_path / "a"
    write_atomic(path, b"old")

    def full(descriptor, data):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os, "write", full)
    with pytest.raises(BuildError, match=r"the disk is full.*2\.0 MB.*Free some space") as caught:
        write_atomic(path, bytes(2_000_000))
    assert str(path) in str(caught.value)
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_a_read_only_folder_is_one_clear_error(tmp_path, monkeypatch, number):
    def refuse(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os, "open", refuse)
    with pytest.raises(ProductionError, match="cannot be written") as caught:
        write_atomic(tmp_path / "a", b"")
    assert caught.value.where == str(tmp_path)


def test_other_errors_are_translated_too(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(BuildError, match="failed"):
        write_atomic(tmp_path / "a", b"")
    with pytest.raises(BuildError, match="failed"):
        write_atomic(tmp_path / "b", tmp_path / "nowhere")
    assert names(tmp_path) == ["a"]


def test_short_writes_are_continued(tmp_path, monkeypatch):
    really = os.write
    monkeypatch.setattr(files.os, "write", lambda fd, data: really(fd, data[:3]))
    write_atomic(tmp_path / "a", b"0123456789")
    assert (tmp_path / "a").read_bytes() == b"0123456789"


def test_what_a_killed_process_left_is_removed_and_what_is_being_written_is_not(tmp_path):
    old = time.time() - 60
    left, busy, other = (tmp_path / name for name in (".a.1.tmp", ".a.2.tmp", ".b.3.tmp"))
    for path in (left, busy, other):
        path.write_bytes(b"half")
        os.utime(path, (old, old))
    with busy.open() as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        write_atomic(tmp_path / "a", b"whole")
        assert names(tmp_path) == [".a.2.tmp", ".b.3.tmp", "a"]


@given(st.recursive(st.binary(max_size=50), lambda parts: st.lists(parts, max_size=4)))
def test_slices_are_the_bytes_in_order(payload):
    def flat(part):
        return part if isinstance(part, bytes) else b"".join(map(flat, part))

    assert b"".join(files.slices(payload)) == flat(payload)


def test_views_of_any_shape_give_their_bytes_in_order():
    numbers = memoryview(bytes(range(24))).cast("B", (2, 3, 4))
    assert b"".join(files.slices(numbers)) == bytes(range(24))
    gaps = memoryview(bytes(range(10)))[::2]
    assert b"".join(files.slices(gaps)) == bytes(range(0, 10, 2))
    assert list(files.slices(memoryview(b""))) == []
    long = bytes(2 * files.SLICE + 1)
    assert [len(piece) for piece in files.slices(long)] == [files.SLICE, files.SLICE, 1]
