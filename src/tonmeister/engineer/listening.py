"""Listening back: what is wrong with a record, and the decision that would mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tonmeister.engineer.mastering import Mastered
from tonmeister.engineer.measures import TrackMeasure
from tonmeister.model.sheets import MasterPlan
from tonmeister.signal.buffer import AudioBuffer
from tonmeister.signal.loudness import SILENCE_LUFS, hops, integrated
from tonmeister.signal.spectrum import OCTAVES_HZ, octave_bands


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """A remark on a record.

    Attributes:
        where: "master" or a part's name.
        what: what is heard, one sentence without a full stop.
        severity: "fault" (must be mended) or "taste" (worth a thought).
        decision: what would mend it, as a path and value to decide ("mix.bass.level_db=-2"), or "".
    """

    where: str
    what: str
    severity: str
    decision: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def listen(
    mastered: Mastered,
    *,
    plan: MasterPlan | None = None,
    spectrum_db: Sequence[float] | None = None,
    measures: Mapping[str, TrackMeasure] | None = None,
) -> tuple[ReviewNote, ...]:
    """What strikes the ear on a finished record; an empty tuple if nothing does.

    Args:
        mastered: the record.
        plan: its master plan, to hold loudness and ceiling against.
        spectrum_db: ten octave bands the style leans to (`MixStyle.master.spectrum_db`).
        measures: of the dry tracks, to name silent ones.
    """
    audio = mastered.audio
    notes = [ReviewNote("master", remark, "fault") for remark in mastered.remarks]
    notes += _silent_tracks(measures or {})
    if mastered.loudness.integrated_lufs <= SILENCE_LUFS:
        return tuple(notes)
    notes += _peaks(mastered, plan)
    notes += _offset(audio)
    notes += _mono(audio)
    notes += _spectrum(audio, spectrum_db) if spectrum_db is not None else ()
    return tuple(notes)


def _silent_tracks(measures: Mapping[str, TrackMeasure]) -> list[ReviewNote]:
    return [
        ReviewNote(name, "plays nothing in the whole song", "taste")
        for name, measure in measures.items()
        if measure.silent
    ]


def _peaks(mastered: Mastered, plan: MasterPlan | None) -> list[ReviewNote]:
    ceiling = plan.true_peak_dbtp if plan else 0.0
    peak = mastered.loudness.true_peak_dbtp
    if peak <= ceiling:
        return []
    return [ReviewNote("master", f"true peaks reach {peak:.2f} dBTP, above {ceiling:g}", "fault")]


def _offset(audio: AudioBuffer) -> list[ReviewNote]:
    offset = float(np.abs(audio.samples.mean(axis=1, dtype=np.float64)).max())
    if offset < 1e-3:
        return []
    return [ReviewNote("master", f"a constant offset of {offset:.4f} of full scale", "fault")]


def _mono(audio: AudioBuffer) -> list[ReviewNote]:
    """What is lost when both channels are added, as on a phone."""
    if audio.channels == 1:
        return []
    together = AudioBuffer(audio.samples.mean(axis=0, keepdims=True), audio.rate_hz)
    apart = integrated(hops(audio.samples, audio.rate_hz)[:, 0])
    # Two equal channels lose nothing but the 3 dB that the second loudspeaker added.
    lost = apart - integrated(hops(together.samples, audio.rate_hz)[:, 0]) - 3.01
    if lost < 2.5:
        return []
    return [
        ReviewNote("master", f"{lost:.1f} LU are lost in mono: something stands too wide", "taste")
    ]


def _spectrum(audio: AudioBuffer, spectrum_db: Sequence[float]) -> list[ReviewNote]:
    # The outermost octaves depend most on who plays, so they may differ more.
    mine = np.array(octave_bands(audio))
    goal = np.array(spectrum_db)
    difference = (mine - mine[1:9].mean()) - (goal - goal[1:9].mean())
    notes = []
    for k in range(1, 9):
        if abs(difference[k]) > (9.0 if k in {1, 8} else 7.0):
            word = "more" if difference[k] > 0 else "less"
            amount = f"{abs(difference[k]):.0f} dB {word} around {OCTAVES_HZ[k]:g} Hz"
            what = f"{amount} than records of this style have"
            notes.append(ReviewNote("master", what, "taste"))
    return notes
