"""The helpers are importable by name, because processes of their own must find the recipes."""

import sys
from pathlib import Path

import pytest

from tonmeister.build import Build, Store

sys.path.insert(0, str(Path(__file__).parent / "helpers"))


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def build(store):
    return Build(store)
