"""Compressor settings from the signal (Giannoulis, Massberg and Reiss 2013)."""

from __future__ import annotations

from tonmeister.engineer.measures import TrackMeasure
from tonmeister.engineer.style import MixStyle, SqueezeRule
from tonmeister.engineer.tracks import TrackInfo
from tonmeister.model.sheets import CompressorPlan
from tonmeister.signal.dynamics import reduction_db


def compressor_for(
    track: TrackInfo, measure: TrackMeasure, gain_db: float, style: MixStyle
) -> CompressorPlan | None:
    """A compressor for a track after its input gain; None where the style wants none.

    Attack and release come from the crest factor C2 (peak to mean square over 200 ms): attack
    2 x 80 ms / C2, release 2 x 1 s / C2 less the attack: quick on drums, slow on held notes. The
    threshold is set so that loud notes are reduced by the style's amount. The make-up undoes what
    the track loses in loudness: the reduction of a typical note, less on sharp attacks, which are
    over before the loudness has noticed (measured: all of it at 9 dB of crest, half at 15 dB).
    """
    rule = style.compression.get(track.role)
    if rule is None or measure.silent or rule.amount_db == 0 or rule.ratio == 1:
        return None
    crest = max(2.0, 10 ** (measure.crest_db / 10))
    attack = min(120.0, max(2.0, 160 / crest))
    release = min(1000.0, max(60.0, 2000 / crest - attack))
    plan = CompressorPlan(
        threshold_db=_threshold(measure.loud_peak_db + gain_db, rule),
        ratio=rule.ratio,
        attack_ms=round(attack, 1),
        release_ms=round(release),
        knee_db=rule.knee_db,
    )
    noticed = min(1.0, max(0.3, 1 - (measure.crest_db - 9) / 11))
    lost = noticed * reduction_db(measure.typical_peak_db + gain_db, plan)
    return plan.model_copy(update={"makeup_db": round(lost, 1)})


def _threshold(loud_db: float, rule: SqueezeRule) -> float:
    threshold = loud_db - rule.amount_db / (1 - 1 / rule.ratio)
    return round(min(0.0, max(-80.0, threshold)), 1)
