"""Sheets: what the roles propose and the producer decides, typed.

A sheet's values are what a musician would write: "D minor", "Gm7 C9", "mf". Paths of decisions
address them: ``arrangement.verse2.bass.pattern``. Sections are keyed by id ("verse2"); a decision
may name a kind ("verse") and then means all its sections.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

SectionId: TypeAlias = str
PartName: TypeAlias = str


class Sheet(BaseModel):
    """Base of all sheets: frozen, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SongSheet(Sheet):
    """The vision in figures. Proposed by the producer."""

    title: str
    artist: str = ""
    style: str
    key: str = Field(description="tonic and mode, for example D minor")
    tempo: float = Field(gt=0, ge=20, le=400, description="felt beats per minute")
    metre: str = Field(description="time signature, for example 4/4")
    length: float = Field(gt=0, le=3600, description="seconds")
    singer: str = Field(default="", description="soprano .. bass, or empty: no singer")
    band: tuple[PartName, ...] = Field(description="the parts, the lead first")
    seed: int = 1


class SectionPlan(Sheet):
    """One section of the form."""

    kind: str
    bars: int = Field(ge=1, le=512)
    energy: float = Field(ge=0, le=1)
    dynamics: str = Field(pattern="^(ppp|pp|p|mp|mf|f|ff|fff)$")
    written_from: int | None = Field(
        default=None, ge=0, description="first measure of the unfolded lead sheet, 0-based; or none"
    )


class TexturePlan(Sheet):
    """What one part does in one section. Proposed by the arranger."""

    on: bool = True
    pattern: str = Field(default="", description="a pattern of the style for this part's family")
    intensity: int = Field(default=2, ge=1, le=4)
    fill: str = Field(default="", description="fill at the section's end, or empty")


class PlayerPlan(Sheet):
    """Who plays a part, with what and how. Proposed by the manager."""

    player: str
    instrument: str
    feel: str = Field(default="", description="a feel of the player: on-top, laid-back, pushed ...")
    humanize: float = Field(default=1.0, ge=0, le=2, description="0: machine-tight, 1: as played")


class PerformancePlan(Sheet):
    """How a section is played. Proposed by the musicians."""

    dynamics: str = Field(pattern="^(ppp|pp|p|mp|mf|f|ff|fff)$")
    swing: float = Field(
        default=0.5, ge=0.5, le=0.75, description="share of the beat before the off-beat eighth"
    )


class EqBand(Sheet):
    """One band of an equalizer."""

    kind: str = Field(pattern="^(peak|low-shelf|high-shelf|low-cut|high-cut)$")
    frequency_hz: float = Field(ge=10, le=22000)
    gain_db: float = Field(default=0.0, ge=-24, le=24)
    q: float = Field(default=0.71, gt=0, le=20)


class CompressorPlan(Sheet):
    """A compressor's settings."""

    threshold_db: float = Field(ge=-80, le=0)
    ratio: float = Field(ge=1, le=20)
    attack_ms: float = Field(ge=0.05, le=500)
    release_ms: float = Field(ge=5, le=5000)
    knee_db: float = Field(default=6.0, ge=0, le=40)
    makeup_db: float = Field(default=0.0, ge=-24, le=24)


class StripPlan(Sheet):
    """A channel strip. Proposed by the engineer."""

    level_db: float = Field(default=0.0, ge=-100, le=24, description="fader, after the gain")
    gain_db: float = Field(default=0.0, ge=-60, le=60, description="input gain (gain staging)")
    pan: float = Field(default=0.0, ge=-1, le=1, description="-1 left .. 1 right")
    width: float = Field(default=1.0, ge=0, le=2, description="0: mono, 1: as recorded")
    mute: bool = False
    eq: tuple[EqBand, ...] = ()
    compressor: CompressorPlan | None = None
    reverb_db: float = Field(default=-100.0, ge=-100, le=12, description="post-fader send")


class RoomPlan(Sheet):
    """The room all sends go to. Proposed by the engineer."""

    name: str = "hall"
    decay_s: float = Field(default=1.8, ge=0.1, le=20)
    predelay_ms: float = Field(default=20.0, ge=0, le=250)
    damping: float = Field(default=0.4, ge=0, le=1)
    return_db: float = Field(default=0.0, ge=-100, le=12)


class MasterPlan(Sheet):
    """The master. Proposed by the engineer."""

    target: str = Field(default="streaming", description="a named target of data/targets")
    loudness_lufs: float = Field(default=-14.0, ge=-40, le=-5)
    true_peak_dbtp: float = Field(default=-1.0, ge=-12, le=0)
    ride_db: float = Field(
        default=0.0, ge=0, le=12, description="the most that quiet passages are lifted"
    )
    eq: tuple[EqBand, ...] = ()
    compressor: CompressorPlan | None = None


Bars: TypeAlias = tuple[str, ...]
"""A text per bar: chords ("Gm7 C9") or notes ("A4:1 r:1/2 Bb4:3/2")."""

FormSheet: TypeAlias = dict[SectionId, SectionPlan]
HarmonySheet: TypeAlias = dict[SectionId, Bars]
TuneSheet: TypeAlias = dict[SectionId, Bars]
ArrangementSheet: TypeAlias = dict[SectionId, dict[PartName, TexturePlan]]
PlayersSheet: TypeAlias = dict[PartName, PlayerPlan]
PerformanceSheet: TypeAlias = dict[SectionId, PerformancePlan]
MixSheet: TypeAlias = dict[PartName, Annotated[StripPlan, Field()]]


class ProductionSheet(Sheet):
    """The whole tree that paths walk; a part is None until its role has proposed it."""

    song: SongSheet | None = None
    form: FormSheet | None = None
    harmony: HarmonySheet | None = None
    tune: TuneSheet | None = None
    arrangement: ArrangementSheet | None = None
    players: PlayersSheet | None = None
    performance: PerformanceSheet | None = None
    mix: MixSheet | None = None
    room: RoomPlan | None = None
    master: MasterPlan | None = None
