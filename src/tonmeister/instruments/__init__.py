"""Sound sources: the instrument catalogue, sound fonts and built-in synthesizers.

Doors: `catalogue`, `lookup`, `midi_program`, `find_source`, `source_identity`, `doctor_facts`,
`render`, `audition`. The ones that need arrays are loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tonmeister.instruments.audition import audition
from tonmeister.instruments.catalogue import MidiProgram, catalogue, lookup, midi_program
from tonmeister.instruments.doctor import Fact, doctor_facts
from tonmeister.instruments.sources import (
    BuiltInSource,
    FontSource,
    Source,
    find_source,
    source_identity,
)

if TYPE_CHECKING:
    from tonmeister.model.performance import Performance
    from tonmeister.signal.buffer import AudioBuffer

__all__ = [
    "BuiltInSource",
    "Fact",
    "FontSource",
    "MidiProgram",
    "Source",
    "audition",
    "catalogue",
    "doctor_facts",
    "find_source",
    "lookup",
    "midi_program",
    "render",
    "source_identity",
]


def render(performance: Performance, *, source: Source, rate_hz: int, frames: int) -> AudioBuffer:
    """The dry sound of one part; see `tonmeister.instruments.rendering.render`."""
    from tonmeister.instruments.rendering import render as render_part

    return render_part(performance, source=source, rate_hz=rate_hz, frames=frames)
