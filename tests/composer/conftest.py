"""Songs to test with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from tonmeister.composer import (
    CompositionStyle,
    propose_form,
    propose_harmony,
    propose_tune,
    read_style,
    write_song,
)
from tonmeister.model.score import Song
from tonmeister.model.sheets import FormSheet, HarmonySheet, SongSheet, TuneSheet

METRE = {"ballad": "4/4", "swing": "4/4", "waltz": "3/4"}
TEMPO = {"ballad": 70.0, "swing": 150.0, "waltz": 126.0}
DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"

style = lru_cache(read_style)


@dataclass(frozen=True)
class Written:
    """A song with all the sheets it was written from."""

    sheet: SongSheet
    style: CompositionStyle
    form: FormSheet
    harmony: HarmonySheet
    tune: TuneSheet
    song: Song


def make_sheet(name: str = "ballad", **fields: Any) -> SongSheet:
    """A song sheet in a style, with some fields as given."""
    plain = {"title": "A song", "style": name, "key": "C major", "tempo": TEMPO[name],
             "metre": METRE[name], "length": 150.0, "band": ("lead",)}  # fmt: skip
    return SongSheet.model_validate({**plain, **fields})


def compose(name: str = "ballad", **fields: Any) -> Written:
    """Composed all the way."""
    sheet, own = make_sheet(name, **fields), style(name)
    form = propose_form(sheet, own).sheet
    harmony = propose_harmony(sheet, form, own).sheet
    tune = propose_tune(sheet, form, harmony, own).sheet
    return Written(sheet, own, form, harmony, tune, write_song(sheet, form, harmony, tune, own))


@pytest.fixture
def composed() -> Callable[..., Written]:
    """`composed("swing", key="Bb", length=120)`: a song and its sheets."""
    return compose


@pytest.fixture
def song_sheet() -> Callable[..., SongSheet]:
    """`song_sheet("waltz", tempo=140)`: a song sheet."""
    return make_sheet


@pytest.fixture
def lead_sheets() -> list[Path]:
    """A sample of real lead sheets, read in place."""
    files = sorted((DATA / "openewld").rglob("*.mxl"))[::12]
    if not files:
        pytest.skip("the lead sheets in shared/data are not here")
    return files
