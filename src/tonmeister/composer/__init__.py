"""Composer: form, harmony and tune, in the style's manner or around the user's lead sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tonmeister.doors import doors

if TYPE_CHECKING:
    from tonmeister.composer.form import propose_form
    from tonmeister.composer.harmony import propose_harmony
    from tonmeister.composer.style import CompositionStyle, read_style
    from tonmeister.composer.tune import propose_tune
    from tonmeister.composer.writing import write_song

__all__ = [
    "CompositionStyle",
    "propose_form",
    "propose_harmony",
    "propose_tune",
    "read_style",
    "write_song",
]

_HOMES = {
    "CompositionStyle": "style",
    "read_style": "style",
    "propose_form": "form",
    "propose_harmony": "harmony",
    "propose_tune": "tune",
    "write_song": "writing",
}

__getattr__ = doors(__name__, _HOMES)
