"""Standard MIDI files: the performance or the written parts out, anybody's files in.

Doors: `read`, `write`, `write_score` and the types `MidiFile` and `MidiProgram`. The bytes are made
and read here, without another library: a written file depends on nothing but its content.
"""

from __future__ import annotations

from tonmeister.formats.midi.reader import MidiFile, parse, read
from tonmeister.formats.midi.writer import PPQ, MidiProgram, write, write_score

__all__ = ["PPQ", "MidiFile", "MidiProgram", "parse", "read", "write", "write_score"]
