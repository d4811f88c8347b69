"""Parts rendered by threads that all begin at once, in fresh processes, come out the same."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tonmeister.instruments import FontSource, find_source

SCRIPT = """
import hashlib, threading
from tonmeister import instruments
from tonmeister.instruments import font_player
names = ["grand piano", "standard kit", "electric bass", "trumpet"]
source, found, start = instruments.find_source(), {}, threading.Barrier(len(names))
def play(name):
    phrase = instruments.audition(name)
    start.wait()
    audio = instruments.render(phrase, source=source, rate_hz=48000, frames=48000)
    found[name] = hashlib.sha256(audio.samples.tobytes()).hexdigest()
threads = [threading.Thread(target=play, args=(name,)) for name in names]
for thread in threads: thread.start()
for thread in threads: thread.join()
print([found[name] for name in names])
"""


def test_all_processes_agree() -> None:
    source = find_source()
    if not isinstance(source, FontSource):
        pytest.skip(f"needs libfluidsynth and a sound font: {source.reason}")
    command = [sys.executable, "-c", SCRIPT]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    said = {run.communicate(timeout=120)[0] for run in runs}
    assert len(said) == 1
    assert all(run.returncode == 0 for run in runs)
