"""A tone to come, before its pitch is found."""

from __future__ import annotations

from dataclasses import dataclass

from tonmeister.arranger.bars import Bar, Span
from tonmeister.model.score import ChordSymbol
from tonmeister.units.time import Beats


@dataclass(frozen=True, slots=True)
class Tone:
    """What a line will play: what kind of tone (`sign`), in which bar, under which chord."""

    onset: Beats
    end: Beats
    sign: str
    bar: Bar
    span: Span
    symbol: ChordSymbol
    mark: str = ""
