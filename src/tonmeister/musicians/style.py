"""How a style is played: ``data/styles/<name>/performance.toml``."""

from __future__ import annotations

from pydantic import Field

from tonmeister.data.checked import read_model
from tonmeister.model.sheets import Sheet

PLACES = 16
"""Sixteenths of a bar in 4/4, the resolution of the groove tables."""


class SwingRule(Sheet):
    """The share of the beat before the off-beat eighth, against tempo (quarters per minute)."""

    share_at_120: float = Field(default=0.5, ge=0.5, le=0.75)
    slope_per_bpm: float = Field(default=0.0, ge=-0.01, le=0.01)
    least: float = Field(default=0.5, ge=0.5, le=0.75)
    most: float = Field(default=0.75, ge=0.5, le=0.75)
    from_energy: float = Field(default=0.0, ge=0, le=1, description="calmer sections are straight")

    def share(self, quarters_per_minute: float, energy: float = 1.0) -> float:
        """The share at a tempo in a section of this energy, 0.5..0.75."""
        if energy < self.from_energy:
            return 0.5
        share = self.share_at_120 + self.slope_per_bpm * (quarters_per_minute - 120)
        return round(min(self.most, max(self.least, share)), 3)


class PedalRule(Sheet):
    """Whether keyboards use the sustain pedal where the part does not say."""

    use: bool = False


class Touch(Sheet):
    """Sizes of what hands, lips and lungs do."""

    strum_ms: float = Field(default=20, ge=0, le=80, description="first to last string")
    roll_ms: float = Field(default=80, ge=0, le=300, description="a rolled chord, first to last")
    scoop_cents: float = Field(default=40, ge=0, le=60, description="up to a phrase's first note")
    legato_ms: float = Field(default=25, ge=0, le=80, description="overlap of slurred notes")
    breath_ms: float = Field(default=110, ge=0, le=400, description="air before the next phrase")


class PerformingStyle(Sheet):
    """A style's playing. The last three tables are the manager's."""

    groove: str = Field(description="a table of data/grooves")
    looseness: float = Field(default=0.35, ge=0, le=1, description="share of the slow wander kept")
    place_depth: float = Field(default=0.6, ge=0, le=1, description="share of early/late places")
    accent_depth: float = Field(default=0.5, ge=0, le=1, description="share of loud/soft places")
    crescendo_beats: float = Field(default=4, ge=0, le=32, description="before a louder section")
    lilt_ms: tuple[float, ...] = Field(default=(), description="by beat of the bar, at 120")
    swing: SwingRule = SwingRule()
    pedal: PedalRule = PedalRule()
    touch: Touch = Touch()
    cast: dict[str, str] = Field(default_factory=dict, description="part: instrument")
    players: dict[str, str] = Field(default_factory=dict, description="part or family: player")
    feels: dict[str, str] = Field(default_factory=dict, description="part or family: feel")


class DrumTable(Sheet):
    """One drum's places in the bar; see the head of the file."""

    places_ms: tuple[float, ...] = Field(min_length=PLACES, max_length=PLACES)
    spread_ms: float = Field(ge=0, le=50)
    places_velocity: tuple[float, ...] = Field(min_length=PLACES, max_length=PLACES)
    velocity: float = Field(ge=1, le=127)
    velocity_spread: float = Field(ge=0, le=60)
    ghost_velocity: float = Field(default=25, ge=1, le=127)


class DriftTable(Sheet):
    """The wander of the beat: standard deviation, and correlation from beat to beat."""

    spread_ms: float = Field(ge=0, le=100)
    correlation: float = Field(ge=0, lt=1)


class SwingLine(Sheet):
    """Swing against tempo, as measured; the style's own rule is what is played."""

    share_at_120: float
    slope_per_bpm: float


class Groove(Sheet):
    """Statistics of real drummers: ``data/grooves/<name>.toml``."""

    tendency_ms: float
    drift: DriftTable
    drums: dict[str, DrumTable]
    swing: SwingLine | None = None


def read_style(name: str) -> PerformingStyle:
    """The performing style of that name.

    Raises:
        StyleError: there is no such style, or its performance.toml is wrong (file and key named).
    """
    return read_model(f"styles/{name}", "performance", PerformingStyle)


def read_groove(name: str) -> Groove:
    """The drummers' statistics of that name; StyleError as `read_style`."""
    return read_model("grooves", name, Groove)
