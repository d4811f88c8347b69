"""A small graph of recipes without music: sources, four parts, a mix. Also run as a program."""

import hashlib
import os
import signal
import sys
import time
from pathlib import Path

from tonmeister.build import Build, Job, ProcessExecutor, Recipe, Store, ThreadExecutor

PARTS = ("bass", "drums", "piano", "strings")


def source(inputs, params):
    return {"text": params["text"].encode()}


def render(inputs, params):
    """Bytes that look like sound, in several pieces, so that a kill may come in between."""
    text = inputs["text"].read() + params["part"].encode()
    return {
        "audio": [hashlib.shake_256(text + bytes([i])).digest(1 << 18) for i in range(4)],
        "length": b"4",
    }


def mix(inputs, params):
    digests = "".join(inputs[name].digest for name in sorted(inputs))
    return {
        "mix": b"".join(inputs[name].read()[:4096] for name in sorted(inputs)) + digests.encode()
    }


def fail(inputs, params):
    raise ValueError("the string broke")


def die(inputs, params):
    os.kill(os.getpid(), signal.SIGKILL)


SOURCE = Recipe("source", 1, source)
RENDER = Recipe("render", 1, render)
MIX = Recipe("mix", 1, mix)


def make_all(build, executor=None, text="la la"):
    """The whole graph; gives every target's outputs."""
    text_made = build.make(Job("text", SOURCE, {"text": text}))
    jobs = [
        Job(f"dry/{part}", RENDER, {"part": part}, {"text": text_made.outputs["text"]})
        for part in PARTS
    ]
    parts = build.make_all(jobs, executor=executor)
    inputs = {made.target: made.outputs["audio"] for made in parts}
    mixed = build.make(Job("mix", MIX, inputs=inputs))
    return {made.target: dict(made.outputs) for made in (text_made, *parts, mixed)}


def slow(inputs, params):
    time.sleep(0.2)
    return {"out": params["name"].encode()}


SLOW = Recipe("slow", 1, slow)


def make_slowly(folder, executor):
    """Jobs that wait to be interrupted; tells when two are done and the third starts."""
    states = []

    def tell(event):
        states.append(event.state)
        if event.state == "start" and states.count("done") == 2:
            print("two done", flush=True)

    jobs = [Job(f"slow/{i}", SLOW, {"name": str(i)}) for i in range(20)]
    with executor:
        Build(Store(folder), on_event=tell).make_all(jobs, executor=executor)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        pool = ThreadExecutor if sys.argv[2] == "threads" else ProcessExecutor
        make_slowly(Path(sys.argv[1]), pool(2))
    else:
        with ThreadExecutor(2) as threads:
            outputs = make_all(Build(Store(Path(sys.argv[1]))), threads)
        print(outputs["mix"]["mix"], end="")
