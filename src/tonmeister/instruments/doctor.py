"""What the instruments find on this machine, and what a missing thing costs."""

from __future__ import annotations

from typing import NamedTuple

from tonmeister.instruments.sources import candidates, find_source, fluidsynth_version, font_flaw


class Fact(NamedTuple):
    """One line for the doctor.

    Attributes:
        name: the thing: "libfluidsynth".
        found: whether it is there.
        detail: its version, or where it is.
        cost: what its absence costs.
        remedy: how to get it.
    """

    name: str
    found: bool
    detail: str
    cost: str
    remedy: str


def doctor_facts() -> tuple[Fact, ...]:
    """libfluidsynth, the sound fonts, and the source that will be used."""
    version = fluidsynth_version()
    fonts = [path for path in candidates() if not font_flaw(path)]
    broken = [f"{path} ({font_flaw(path)})" for path in candidates() if font_flaw(path)]
    source = find_source()
    cost = "records are played by the built-in synthesizers"
    return (
        Fact(
            "libfluidsynth",
            version is not None,
            f"version {version}" if version else "not found",
            cost,
            "apt install libfluidsynth3 (Debian, Ubuntu) or brew install fluid-synth (macOS)",
        ),
        Fact(
            "sound font",
            bool(fonts),
            ", ".join(map(str, (*fonts, *broken))) or "none found",
            cost,
            "apt install fluid-soundfont-gm, or put an .sf2 into soundfonts in your data folder",
        ),
        Fact("sound source", True, f"{source.name}{_because(source)}", "", ""),
    )


def _because(source: object) -> str:
    reason = getattr(source, "reason", "")
    return f" ({reason})" if reason else ""
