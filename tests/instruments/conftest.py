from __future__ import annotations

import pytest

from tonmeister.instruments import BuiltInSource, FontSource, Source, find_source


@pytest.fixture(params=["font", "built-in"])
def source(request: pytest.FixtureRequest) -> Source:
    """Both kinds of source; the sound font only where there is one."""
    if request.param == "built-in":
        return BuiltInSource()
    return _font()


@pytest.fixture
def font() -> FontSource:
    """A sound font of this machine."""
    return _font()


def _font() -> FontSource:
    found = find_source()
    if not isinstance(found, FontSource):
        pytest.skip(f"needs libfluidsynth and a sound font: {found.reason}")
    return found
