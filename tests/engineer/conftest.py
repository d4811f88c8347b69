from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("band", Path(__file__).with_name("band.py"))
band = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(band)


@pytest.fixture(scope="session")
def players():
    return band


@pytest.fixture(scope="session")
def tracks():
    return [band.track(name, band.sound(name)) for name in band.PLAYERS]


@pytest.fixture(scope="session")
def measures(tracks):
    from tonmeister import engineer

    return {track.name: engineer.measure_track(track.load()) for track in tracks}
