"""How each section is to be played: dynamics and swing, with reasons."""

from __future__ import annotations

from tonmeister.model.reason import Proposal, Reason
from tonmeister.model.score import Section, Song
from tonmeister.model.sheets import PerformancePlan, PerformanceSheet, SongSheet
from tonmeister.musicians.style import PerformingStyle

BY = "musicians"
LEVELS = ("ppp", "pp", "p", "mp", "mf", "f", "ff", "fff")


def propose_performance(
    sheet: SongSheet, song: Song, style: PerformingStyle
) -> Proposal[PerformanceSheet]:
    """Dynamics as the form has them, swing by the style and the section's tempo.

    Reasons stand under "performance" (swing) and "performance.<section id>" (dynamics).
    """
    plans: PerformanceSheet = {}
    reasons: dict[str, Reason] = {"performance": _swing_reason(sheet, song, style)}
    before: Section | None = None
    for section in song.sections:
        tempo = float(song.tempo.tempo_at(section.start))
        swing = style.swing.share(tempo, section.energy)
        plans[section.id] = PerformancePlan(dynamics=section.dynamics, swing=swing)
        reasons[f"performance.{section.id}"] = _dynamics_reason(before, section)
        before = section
    return Proposal(plans, reasons)


def _swing_reason(sheet: SongSheet, song: Song, style: PerformingStyle) -> Reason:
    tempo = float(song.tempo.tempo_at(song.sections[0].start)) if song.sections else 120.0
    share = style.swing.share(tempo)
    if share <= 0.505:
        why = f"{sheet.style} is played with straight eighths"
        return Reason(BY, why, ("a light swing (0.58)",))
    ratio = share / (1 - share)
    why = f"at {tempo:g} quarters a minute players swing about {ratio:.1f} to 1"
    if style.swing.from_energy:
        why += "; only the livelier sections swing, the calm ones stay straight"
    else:
        why += "; the faster the piece, the straighter the eighths"
    return Reason(BY, why, ("straight (0.5)", "triplets (0.667)", "hard (0.72)"))


def _dynamics_reason(before: Section | None, section: Section) -> Reason:
    if before is None:
        return Reason(BY, f"begins {section.dynamics}, as the form asks")
    here, there = LEVELS.index(section.dynamics), LEVELS.index(before.dynamics)
    if here > there:
        why = f"rises to {section.dynamics}; {before.id} swells into it"
    elif here < there:
        why = f"falls back to {section.dynamics} after {before.id}"
    else:
        why = f"stays {section.dynamics}, level with {before.id}"
    return Reason(BY, why)
