import errno
import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tonmeister.build import Store, digest_of, files
from tonmeister.build import store as store_module
from tonmeister.errors import BuildError

ONE, TWO, THREE = (letter * 1000 for letter in (b"1", b"2", b"3"))


def age(store, digest, seconds):
    then = time.time() - seconds
    os.utime(store.blob(digest).path, (then, then))


def drafts(store):
    return list((store.folder / "temporary").iterdir())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(parts=st.lists(st.binary(max_size=2000), max_size=5), as_one=st.booleans())
def test_what_is_put_can_be_read(store, parts, as_one):
    whole = b"".join(parts)
    digest = store.put(whole if as_one else parts)
    blob = store.blob(digest)
    assert (blob.read(), blob.size, blob.digest) == (whole, len(whole), digest_of(whole))
    with blob.open() as stream:
        assert stream.read() == whole
    assert drafts(store) == []


def test_nothing_is_written_before_the_first_put(tmp_path):
    store = Store(tmp_path / "store")
    assert not store.has("0" * 64)
    assert store.sweep() == 0
    assert list(store.receipts.latest()) == []
    assert list(tmp_path.iterdir()) == []


def test_a_view_of_samples_is_stored_without_a_cast_by_the_caller(store):
    samples = memoryview(bytes(range(48))).cast("f", (2, 6))
    assert store.blob(store.put(samples)).read() == bytes(range(48))


def test_a_finished_file_is_taken_over(store, tmp_path):
    file = tmp_path / "take.mp3"
    file.write_bytes(ONE)
    assert store.blob(store.put(file)).read() == ONE
    assert not file.exists()
    file.write_bytes(ONE)
    store.put(file)
    assert not file.exists()


def test_contents_are_read_only_and_stored_once(store):
    first = store.blob(store.put(ONE)).path
    number = first.stat().st_ino
    assert first.stat().st_mode & 0o222 == 0
    assert store.blob(store.put([ONE[:10], ONE[10:]])).path.stat().st_ino == number


def test_a_missing_content_and_a_wrong_name_are_clear_errors(store):
    with pytest.raises(BuildError, match=r"missing.*made again"):
        store.blob("0" * 64)
    with pytest.raises(BuildError, match="not a digest"):
        store.blob("../../secret")


def test_a_full_disk_leaves_no_temporary_file(store, monkeypatch):
    store.put(ONE)

    def full(descriptor, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "write", full)
    with pytest.raises(BuildError, match="the disk is full"):
        store.put(TWO)
    assert drafts(store) == []
    assert store.blob(store.put(ONE)).read() == ONE  # what is there needs no room


def test_a_truncated_content_is_noticed_and_mended(store):
    digest = store.put(ONE)
    path = store.blob(digest).path
    path.chmod(0o644)
    path.write_bytes(ONE[:-1])
    assert not store.sound(digest, len(ONE))
    store.put(ONE)
    assert store.blob(digest).read() == ONE


def test_after_a_restart_of_the_machine_contents_are_hashed_before_they_are_trusted(
    store, monkeypatch
):
    good, bad = store.put(ONE), store.put(TWO)
    path = store.blob(bad).path
    path.chmod(0o644)
    path.write_bytes(bytes(len(TWO)))  # a power cut can leave zeros of the right length
    again = Store(store.folder)
    monkeypatch.setattr(store_module, "_written_since_start", lambda modified: False)
    assert again.sound(good, len(ONE))
    assert not again.sound(bad, len(TWO))
    with pytest.raises(BuildError, match="missing"):
        again.blob(bad)
    again.put(TWO)
    assert again.blob(bad).read() == TWO


def test_files_from_before_the_start_of_the_machine_are_told_by_their_time():
    now = time.time()
    assert store_module._written_since_start(now)
    assert not store_module._written_since_start(0)
    assert not store_module._written_since_start(now + 3600)


def test_a_sweep_removes_what_was_used_longest_ago(tmp_path):
    store = Store(tmp_path, limit_bytes=2000)
    one, two, three = map(store.put, (ONE, TWO, THREE))
    age(store, one, 500)
    age(store, two, 700)
    age(store, three, 600)
    assert store.sweep() == 1000
    assert [store.has(digest) for digest in (one, two, three)] == [True, False, True]
    assert store.sweep() == 0


def test_a_sweep_keeps_what_is_named_and_what_was_used_just_now(tmp_path):
    store = Store(tmp_path, limit_bytes=0)
    one, two, three = map(store.put, (ONE, TWO, THREE))
    age(store, one, 700)
    age(store, two, 600)
    assert store.sweep(keep={one}) == 1000
    assert [store.has(digest) for digest in (one, two, three)] == [True, False, True]
    assert store.sweep(grace_s=0) == 2000


def test_a_sweep_removes_what_killed_processes_left(store):
    store.put(ONE)
    with files.temporary(store.folder / "temporary") as busy:
        left = store.folder / "temporary" / "left.tmp"
        left.write_bytes(TWO)
        for path in (left, busy.path):
            os.utime(path, (0, 0))
        assert store.sweep() == 1000
        assert drafts(store) == [busy.path]
