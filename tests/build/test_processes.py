"""Many processes at once, processes that are killed, and locks."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import small_graph

import tonmeister
from tonmeister.build import Build, Job, ProcessExecutor, ProductionLock, Recipe, Store
from tonmeister.errors import BuildError, ProductionError, StyleError

GRAPH = Path(small_graph.__file__)
SOURCES = str(Path(tonmeister.__file__).parents[1])


def start(code, *args):
    environment = {**os.environ, "PYTHONPATH": SOURCES}
    command = [sys.executable, *(["-c", code] if isinstance(code, str) else [str(code)]), *args]
    return subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def contents(store):
    """Every file of the store but the receipts, which hold durations."""
    return {
        path.relative_to(store.folder): path.read_bytes()
        for folder in ("objects", "traces")
        for path in (store.folder / folder).rglob("*")
        if path.is_file()
    }


def test_processes_make_the_same_as_inline(tmp_path):
    inline = small_graph.make_all(Build(Store(tmp_path / "a")))
    with ProcessExecutor(2) as processes:
        build = Build(Store(tmp_path / "b"))
        assert small_graph.make_all(build, processes) == inline
        with pytest.raises(BuildError, match=r"b: recipe 'string' failed: ValueError") as caught:
            build.make_all([Job("b", Recipe("string", 1, small_graph.fail))], executor=processes)
        assert caught.value.where == "b"
        with pytest.raises(BuildError, match="at the top of a module"):
            build.make_all([Job("c", Recipe("r", 1, lambda i, p: {}))], executor=processes)
    assert contents(Store(tmp_path / "a")) == contents(Store(tmp_path / "b"))


def test_a_worker_that_dies_is_a_clear_error_and_the_next_job_gets_a_new_one(tmp_path):
    build = Build(Store(tmp_path))
    die = Job("t", Recipe("die", 1, small_graph.die))
    good = Job("text", small_graph.SOURCE, {"text": "la"})
    with ProcessExecutor(1) as processes:
        with pytest.raises(BuildError, match=r"t: a worker process died\. Perhaps the memory"):
            build.make_all([die], executor=processes)
        assert build.make_all([good], executor=processes)[0].made


def test_an_executor_needs_workers():
    with pytest.raises(BuildError, match="at least 1"):
        ProcessExecutor(0)


def test_errors_keep_their_fields_on_the_way_from_another_process():
    import pickle

    error = StyleError("no such style", where="a.toml", expected="ballad", hint="Look.")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.where, again.hint) == (str(error), "a.toml", "Look.")


def test_two_processes_may_build_the_same_at_once(tmp_path):
    reference = small_graph.make_all(Build(Store(tmp_path / "reference")))
    both = [start(GRAPH, str(tmp_path / "shared")) for _ in range(2)]
    for process in both:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (0, reference["mix"]["mix"], "")
    assert contents(Store(tmp_path / "shared")) == contents(Store(tmp_path / "reference"))


def test_killed_at_any_moment_and_run_again_it_gives_the_same_bytes(tmp_path):
    reference = Store(tmp_path / "reference")
    outputs = small_graph.make_all(Build(reference))
    dice = random.Random(11)
    began = time.monotonic()
    process = start(GRAPH, str(tmp_path / "whole"))
    process.communicate(timeout=60)
    whole = time.monotonic() - began
    store = Store(tmp_path / "killed")
    killed = 0
    for _ in range(10):
        process = start(GRAPH, str(store.folder))
        time.sleep(dice.uniform(0.3, 1.0) * whole)
        process.kill()
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        if dice.random() < 0.5:
            for path in store.folder.glob("traces/*"):
                path.unlink()  # so that later rounds have work to do
    assert killed
    assert small_graph.make_all(Build(store)) == outputs
    for path in (store.folder / "temporary").iterdir():
        os.utime(path, (0, 0))
    store.sweep()
    assert list((store.folder / "temporary").iterdir()) == []
    assert contents(store) == contents(reference)


@pytest.mark.parametrize("pool", ["threads", "processes"])
def test_ctrl_c_at_the_terminal_stops_between_jobs_and_keeps_what_is_finished(tmp_path, pool):
    process = start(GRAPH, str(tmp_path), pool)
    assert process.stdout.readline() == "two done\n"
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT
    assert err.count("Traceback") == err.count("KeyboardInterrupt") == 1
    store = Store(tmp_path)
    finished = {receipt.target for receipt in store.receipts.latest()}
    assert {"slow/0", "slow/1"} <= finished <= {f"slow/{i}" for i in range(4)}
    assert list((tmp_path / "temporary").iterdir()) == []
    again = Build(store).make(Job("slow/0", small_graph.SLOW, {"name": "0"}))
    assert not again.made


HOLD = """
import sys, time
from pathlib import Path
from tonmeister.build import ProductionLock
with ProductionLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def hold(path, seconds):
    process = start(HOLD, str(path), str(seconds))
    assert process.stdout.readline() == "held\n"
    return process


def test_a_lock_names_the_process_that_has_it_and_ends_with_it(tmp_path):
    path = tmp_path / "song" / "lock"
    process = hold(path, 60)
    try:
        with pytest.raises(ProductionError, match=f"in use by process {process.pid}") as caught:
            ProductionLock(path).acquire()
        assert caught.value.where == str(path.parent)
        with pytest.raises(ProductionError), ProductionLock(path, timeout_s=0.1):
            pass
    finally:
        process.kill()
        process.communicate()
    with ProductionLock(path):
        assert path.read_text() == f"{os.getpid()}\n"


def test_a_lock_can_be_waited_for(tmp_path):
    process = hold(tmp_path / "lock", 0.3)
    with ProductionLock(tmp_path / "lock", timeout_s=30):
        process.communicate(timeout=30)
        assert process.returncode == 0
    with ProductionLock(tmp_path / "lock", timeout_s=None) as lock:
        lock.release()
        lock.release()


def test_a_lock_in_an_impossible_place_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(BuildError, match="failed"):
        ProductionLock(tmp_path / "file" / "lock").acquire()
