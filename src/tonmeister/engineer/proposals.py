"""The engineer's proposal for the mix, with reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tonmeister.engineer import depth, levels, pans, tone
from tonmeister.engineer.bands import Floats64, loudness_change_db, strip_bands_db
from tonmeister.engineer.measures import TrackMeasure
from tonmeister.engineer.squeeze import compressor_for
from tonmeister.engineer.style import MixStyle
from tonmeister.engineer.tracks import TrackInfo
from tonmeister.errors import InputError
from tonmeister.model.reason import Proposal, Reason
from tonmeister.model.score import PartRole
from tonmeister.model.sheets import EqBand, MixSheet, StripPlan

_BY = "engineer"


@dataclass(frozen=True)
class _Desk:
    """Everything known about the tracks when the strips are set."""

    tracks: Sequence[TrackInfo]
    measures: Mapping[str, TrackMeasure]
    style: MixStyle
    lufs: Mapping[str, float]
    places: Mapping[str, tuple[float, str]]


def propose_mix(
    tracks: Sequence[TrackInfo], measures: Mapping[str, TrackMeasure], style: MixStyle
) -> Proposal[MixSheet]:
    """A strip for every track.

    In this order, as at a desk: input gains to one loudness, low cuts and colour, places, the
    balance, cuts where tracks still mask each other, compressors, sends.

    Raises:
        InputError: a track has no measure.
    """
    missing = [track.name for track in tracks if track.name not in measures]
    if missing:
        raise InputError("its track was not measured", where=", ".join(missing))
    heard = [track for track in tracks if not measures[track.name].silent]
    lufs = levels.balance_lufs(heard, style) if heard else {}
    desk = _Desk(tracks, measures, style, lufs, pans.places(heard, measures, style))
    rough = {track.name: _rough_strip(track, desk) for track in tracks}
    spectra = {t.name: strip_bands_db(measures[t.name], rough[t.name]) for t in heard}
    cuts = _cuts(heard, spectra, desk)
    sends = depth.sends_db(heard, lufs, style) if heard else {}
    sheet = {track.name: _finish(track, rough[track.name], cuts, sends, desk) for track in tracks}
    reasons: dict[str, Reason] = {"mix": Reason(_BY, _plan_in_words(style))}
    for track in tracks:
        reasons |= _reasons(track, sheet[track.name], cuts.get(track.name, ()), desk)
    return Proposal(sheet, reasons)


def _rough_strip(track: TrackInfo, desk: _Desk) -> StripPlan:
    """Gain, low cut, colour, place and level; no cuts for others, no compressor, no send yet."""
    measure = desk.measures[track.name]
    if measure.silent:
        return StripPlan()
    low_cut = tone.low_cut(track, measure, desk.style)
    eq = (*((low_cut,) if low_cut else ()), *tone.colour(track, desk.style))
    pan, _ = desk.places[track.name]
    return StripPlan(
        gain_db=levels.staging_gain_db(measure, desk.style),
        level_db=_fader(track, eq, desk),
        pan=pan,
        width=pans.width_of(track, pan, desk.style),
        eq=eq,
    )


def _fader(track: TrackInfo, eq: Sequence[EqBand], desk: _Desk) -> float:
    measure = desk.measures[track.name]
    pan, _ = desk.places[track.name]
    width = pans.width_of(track, pan, desk.style)
    before = (
        measure.loudness_lufs
        + levels.staging_gain_db(measure, desk.style)
        + loudness_change_db(measure.bands_db, eq)
        + pans.loudness_change_db(measure, pan, width)
    )
    return round(max(-60.0, min(12.0, desk.lufs[track.name] - before)), 1)


def _cuts(
    heard: Sequence[TrackInfo], spectra: Mapping[str, Floats64], desk: _Desk
) -> Mapping[str, tuple[tone.Cut, ...]]:
    where = {name: pan for name, (pan, _) in desk.places.items()}
    return tone.unmask(heard, spectra, where, desk.style)


def _finish(
    track: TrackInfo,
    rough: StripPlan,
    cuts: Mapping[str, tuple[tone.Cut, ...]],
    sends: Mapping[str, float],
    desk: _Desk,
) -> StripPlan:
    measure = desk.measures[track.name]
    if measure.silent:
        return rough
    eq = rough.eq + tuple(
        EqBand(kind="peak", frequency_hz=cut.frequency_hz, gain_db=-cut.depth_db, q=1.4)
        for cut in cuts.get(track.name, ())
    )
    return rough.model_copy(
        update={
            "eq": eq,
            "level_db": _fader(track, eq, desk),
            "compressor": compressor_for(track, measure, rough.gain_db, desk.style),
            "reverb_db": sends[track.name],
        }
    )


def _plan_in_words(style: MixStyle) -> str:
    over = style.balance.lead_over_band_db
    return (
        f"the lead stands {over:g} dB above the whole band, lows in the middle, the others in "
        f"pairs left and right; the room lies {-style.depth.share_lu:g} LU under the mix"
    )


def _reasons(
    track: TrackInfo, strip: StripPlan, cuts: Sequence[tone.Cut], desk: _Desk
) -> dict[str, Reason]:
    path = f"mix.{track.name}"
    measure = desk.measures[track.name]
    if measure.silent:
        return {path: Reason(_BY, f"{track.name} does not play: its strip stays at its defaults")}
    found = {
        "gain_db": f"comes in at {measure.loudness_lufs:.1f} LUFS; "
        f"all tracks start from {desk.style.balance.staging_lufs:g}",
        "level_db": _level_why(track, desk),
        "pan": _pan_why(track, strip, desk),
        "eq": _eq_why(track, strip, cuts),
        "compressor": _compressor_why(track, strip, measure),
        "reverb_db": _send_why(strip),
    }
    return {f"{path}.{key}": Reason(_BY, why) for key, why in found.items()}


def _level_why(track: TrackInfo, desk: _Desk) -> str:
    under = desk.lufs[track.name] - desk.style.balance.mix_lufs
    if track.role is PartRole.LEAD:
        return f"the lead carries the song: {-under:.1f} LU under the whole mix"
    return f"as {track.role} it sits {-under:.1f} LU under the whole mix"


def _pan_why(track: TrackInfo, strip: StripPlan, desk: _Desk) -> str:
    other = desk.places[track.name][1]
    if strip.pan == 0:
        return "the middle holds the record together: lead and lows belong there"
    side = "left" if strip.pan < 0 else "right"
    if other:
        return f"{side}, against the {other}: the two sound most alike, and apart both are heard"
    return f"{side}, the side that was lighter"


def _eq_why(track: TrackInfo, strip: StripPlan, cuts: Sequence[tone.Cut]) -> str:
    said = [
        f"low cut at {band.frequency_hz:g} Hz, below what it plays"
        for band in strip.eq
        if band.kind == "low-cut"
    ]
    if len(strip.eq) > len(said) + len(cuts):
        said.append(f"the colour this style likes on {track.family}")
    said += [
        f"{cut.depth_db:g} dB less at {cut.frequency_hz:g} Hz to let the {cut.for_whom} through"
        for cut in cuts
    ]
    return "; ".join(said) or "it sounds right as it is"


def _compressor_why(track: TrackInfo, strip: StripPlan, measure: TrackMeasure) -> str:
    plan = strip.compressor
    if plan is None:
        return f"the style leaves the dynamics of {track.role} alone"
    speed = "quick, for its sharp attacks" if measure.crest_db > 11 else "slow, for its held notes"
    return (
        f"{plan.ratio:g}:1 from {plan.threshold_db:g} dB evens out the loud notes; {speed} "
        f"(crest {measure.crest_db:.0f} dB)"
    )


def _send_why(strip: StripPlan) -> str:
    if strip.reverb_db <= depth.NO_SEND_DB:
        return "dry: the room would only blur it"
    return f"stands {depth.layer(strip.reverb_db)} in the room"
