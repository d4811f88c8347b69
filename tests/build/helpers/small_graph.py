"""A small graph of recipes without music: sources, four parts, a mix. Also run as a program."""

import hashlib
import os
import signal
import sys
from pathlib import Path

from tonmeister.build import Build, Job, Recipe, Store, ThreadExecutor

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


if __name__ == "__main__":
    with ThreadExecutor(2) as threads:
        outputs = make_all(Build(Store(Path(sys.argv[1]))), threads)
    sys.stdout.write(outputs["mix"]["mix"])
