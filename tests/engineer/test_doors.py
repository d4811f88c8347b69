"""The rooms are cheap to enter, and every kernel has one compiled form."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tonmeister import engineer, signal


def test_importing_the_rooms_loads_nothing_heavy():
    code = (
        "import sys, tonmeister.engineer, tonmeister.signal, tonmeister.formats.audio\n"
        "heavy = {'numba', 'scipy', 'soundfile', 'soxr', 'numpy', 'pydantic'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    path = {"PYTHONPATH": ":".join(sys.path)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_door_opens():
    for name in engineer.__all__:
        assert getattr(engineer, name)
    with pytest.raises(AttributeError):
        engineer.nothing  # noqa: B018


def test_warm_up_compiles_what_the_record_needs(tracks):
    """After `warm_up`, a mix and master compile nothing: nobody waits in the middle."""
    from numba.core.dispatcher import Dispatcher

    from tonmeister.model.sheets import MasterPlan, RoomPlan, StripPlan

    signal.warm_up()
    dispatchers = [
        value
        for module in list(sys.modules.values())
        if getattr(module, "__name__", "").startswith("tonmeister.signal")
        for value in vars(module).values()
        if isinstance(value, Dispatcher)
    ]
    assert len(dispatchers) > 20
    before = {id(d): len(d.signatures) for d in dispatchers}
    strip = StripPlan(reverb_db=-6, gain_db=20)
    premaster = engineer.mix(tracks[:2], {t.name: strip for t in tracks[:2]}, RoomPlan())
    engineer.master(premaster, MasterPlan(loudness_lufs=-8))
    engineer.measure_track(tracks[0].load())
    grown = [str(d) for d in dispatchers if len(d.signatures) > before[id(d)]]
    assert grown == []
