"""The shipped styles, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from tonmeister.arranger import possible_patterns, read_style
from tonmeister.arranger.style import Family
from tonmeister.errors import StyleError
from tonmeister.model.instrument import Instrument

STYLES = ("ballad", "swing", "waltz")
FAMILIES = get_args(Family)


@pytest.mark.parametrize("name", STYLES)
def test_shipped_styles_are_complete(name: str) -> None:
    style = read_style(name)
    drum_fills = [fill for fill in style.fills.values() if fill.families == ("drums",)]
    assert len(drum_fills) >= 3
    assert {size for fill in drum_fills for size in fill.size} == {1, 2, 3, 4}
    assert set(style.enters) == set(FAMILIES)
    for family in FAMILIES:
        offered = [p for p in style.patterns.values() if family in p.families and p.levels]
        assert offered, family
        covered = {level for pattern in offered for level in pattern.levels}
        assert len(covered) >= 3, family


@pytest.mark.parametrize("name", STYLES)
def test_single_instruments_find_something(name: str) -> None:
    style = read_style(name)
    for family in ("strings", "winds", "brass", "synth", "voice"):
        flute = Instrument("one", family, 50, 90, 55, 80, 1, True)
        assert len(possible_patterns(style, flute)) >= 2


GOOD = """
[enters]
bass = 0.2
[patterns.plain]
say = "plain"
families = ["bass"]
kind = "bass"
job = "bass"
levels = [1]
[[patterns.plain.bars]]
metre = "4/4"
grid.bass = "1-|--|5-|--"
[fills]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TONMEISTER_DATA", str(tmp_path))
    place = tmp_path / "styles" / "mine"
    place.mkdir(parents=True)
    return place


def test_a_style_of_ones_own(folder: Path) -> None:
    (folder / "arrangement.toml").write_text(GOOD)
    assert list(read_style("mine").patterns) == ["plain"]


@pytest.mark.parametrize(
    ("wrong", "right", "said", "key"),
    [
        ('"1-|--|5-|--"', '"1-|--|5-"', "4/4 has 4 counts", "patterns.plain"),
        ('"1-|--|5-|--"', '"1-|z-|5-|--"', "not z", "patterns.plain"),
        ("grid.bass", "grid.chord", "has rows bass", "patterns.plain"),
        ('kind = "bass"', 'kind = "drums"', "no drum is called 'bass'", "patterns.plain"),
        ('metre = "4/4"', 'metre = "4/5"', "not a time signature", "patterns.plain.bars.0.metre"),
        ("levels = [1]", "levels = [5]", "less than or equal to 4", "patterns.plain.levels.0"),
        ("levels = [1]", "level = [1]", "Extra inputs", "patterns.plain.level"),
        ("patterns.plain", "patterns.wait", "every style", "the file"),
        ('families = ["bass"]', 'families = ["basses"]', "Input should be", "patterns.plain.fam"),
        ("levels = [1]", 'register = "C3-D3"', "at least a fifth", "patterns.plain.register"),
    ],
)
def test_mistakes_are_named(folder: Path, wrong: str, right: str, said: str, key: str) -> None:
    (folder / "arrangement.toml").write_text(GOOD.replace(wrong, right))
    with pytest.raises(StyleError) as error:
        read_style("mine")
    assert said in str(error.value)
    assert key in str(error.value)
    assert "styles/mine/arrangement.toml" in str(error.value)


def test_an_unknown_style() -> None:
    with pytest.raises(StyleError, match="arrangement"):
        read_style("polka")
