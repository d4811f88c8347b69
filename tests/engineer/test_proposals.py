"""What the engineer proposes, and why."""

from __future__ import annotations

import numpy as np
import pytest

from tonmeister import engineer
from tonmeister.engineer import pans, tone
from tonmeister.engineer.levels import balance_lufs
from tonmeister.engineer.measures import TrackMeasure
from tonmeister.errors import InputError, StyleError
from tonmeister.model import codec
from tonmeister.model.score import PartRole
from tonmeister.model.sheets import MixSheet
from tonmeister.signal import loudness
from tonmeister.signal.buffer import AudioBuffer

STYLES = ("ballad", "swing", "waltz")


@pytest.fixture(params=STYLES)
def style(request):
    return engineer.read_style(request.param)


def propose(tracks, measures, style):
    return engineer.propose_mix([track.info for track in tracks], measures, style)


def test_all_strips_have_a_value_and_a_reason(tracks, measures, style):
    proposal = propose(tracks, measures, style)
    assert list(proposal.sheet) == [track.name for track in tracks]
    for name in proposal.sheet:
        for field in ("gain_db", "level_db", "pan", "eq", "compressor", "reverb_db"):
            reason = proposal.reasons[f"mix.{name}.{field}"]
            assert reason.by == "engineer"
            assert len(reason.why) > 10


def test_the_lead_stands_above_the_band_by_what_the_style_says(tracks, style):
    infos = [track.info for track in tracks]
    lufs = balance_lufs(infos, style)
    power = {name: 10 ** (level / 10) for name, level in lufs.items()}
    over = 10 * np.log10(power.pop("vocal") / sum(power.values()))
    assert over == pytest.approx(style.balance.lead_over_band_db)
    total = 10 * np.log10(sum(10 ** (level / 10) for level in lufs.values()))
    assert total == pytest.approx(style.balance.mix_lufs)


def test_the_mix_comes_out_as_planned(tracks, measures, style, players):
    """Loudness of the premaster and of each strip's output against the plan."""
    sheet = propose(tracks, measures, style).sheet
    room = engineer.propose_room(players.song(), style).sheet
    whole = engineer.mix(tracks, sheet, room)
    found = loudness.measure(whole).integrated_lufs
    assert found == pytest.approx(style.balance.mix_lufs, abs=2.0)
    planned = balance_lufs([track.info for track in tracks], style)
    dry = room.model_copy(update={"return_db": -100})
    for track in tracks:
        alone = engineer.mix([track], sheet, dry)
        level = loudness.measure(alone).integrated_lufs
        assert level == pytest.approx(planned[track.name], abs=1.5), track.name


def test_the_reverb_is_as_loud_as_the_style_says(tracks, measures, style, players):
    sheet = propose(tracks, measures, style).sheet
    room = engineer.propose_room(players.song(tempo=style.room_tempo), style).sheet
    wet = engineer.mix(tracks, sheet, room).samples
    dry = engineer.mix(tracks, sheet, room.model_copy(update={"return_db": -100})).samples
    level = [loudness.measure(AudioBuffer(x, 48000)).integrated_lufs for x in (wet - dry, wet)]
    assert level[0] - level[1] == pytest.approx(style.depth.share_lu, abs=3.5)


def test_lead_and_lows_in_the_middle_the_rest_in_opposed_pairs(tracks, measures, style):
    sheet = propose(tracks, measures, style).sheet
    assert sheet["vocal"].pan == sheet["bass"].pan == 0
    assert sheet["bass"].width <= 0.2
    assert sheet["piano"].pan * sheet["guitar"].pan < 0
    assert abs(sum(strip.pan for strip in sheet.values())) < 0.5


def test_depth_pads_far_lead_near_bass_dry(tracks, measures, style):
    sheet = propose(tracks, measures, style).sheet
    assert sheet["strings"].reverb_db > sheet["vocal"].reverb_db + 4
    assert sheet["bass"].reverb_db < sheet["vocal"].reverb_db - 8


def test_low_cuts_stay_below_what_is_played(tracks, measures, style):
    sheet = propose(tracks, measures, style).sheet
    for name, strip in sheet.items():
        cuts = [band.frequency_hz for band in strip.eq if band.kind == "low-cut"]
        levels = np.array(measures[name].bands_db)
        lowest = tone.MIDDLES_HZ[np.argmax(levels > levels.max() - 20)]
        assert all(cut < lowest for cut in cuts)
        assert len(strip.eq) <= 6


def test_compressors_follow_the_signal(tracks, measures, style):
    sheet = propose(tracks, measures, style).sheet
    vocal = sheet["vocal"].compressor
    assert 2 <= vocal.attack_ms <= 120
    assert vocal.release_ms >= 60
    assert 0 <= vocal.makeup_db <= 6
    assert sheet["strings"].compressor is None


def test_the_three_styles_differ(tracks, measures):
    sheets = [propose(tracks, measures, engineer.read_style(name)).sheet for name in STYLES]
    assert len({str(sheet) for sheet in sheets}) == 3


def test_a_silent_track_is_left_alone_and_said(tracks, measures):
    silent = engineer.measure_track(AudioBuffer.silence(48000, 48000))
    assert silent.silent
    proposal = propose(tracks, {**measures, "piano": silent}, engineer.read_style("ballad"))
    assert proposal.sheet["piano"].compressor is None
    assert "does not play" in proposal.reasons["mix.piano"].why
    everybody = dict.fromkeys(measures, silent)
    assert propose(tracks, everybody, engineer.read_style("swing")).sheet


@pytest.mark.parametrize("names", [("piano",), ("vocal",), ("bass", "drums"), ("vocal", "piano")])
def test_small_bands(tracks, measures, names):
    few = [track for track in tracks if track.name in names]
    sheet = propose(few, measures, engineer.read_style("waltz")).sheet
    assert tuple(sheet) == names
    assert all(-60 <= strip.level_db <= 12 for strip in sheet.values())


def test_a_track_without_a_measure_is_an_error(tracks, measures):
    with pytest.raises(InputError, match="vocal"):
        propose(tracks, {}, engineer.read_style("ballad"))


def measure_of(bands, **changes) -> TrackMeasure:
    values = {
        "loudness_lufs": -20.0,
        "peak_db": -6.0,
        "rms_db": -22.0,
        "crest_db": 12.0,
        "typical_peak_db": -12.0,
        "loud_peak_db": -8.0,
        "bands_db": tuple(bands),
        "active_share": 1.0,
        "width": 0.0,
    }
    return TrackMeasure(**{**values, **changes})


def test_who_gives_way_to_whom():
    """A dull organ that also sounds where the voice lives gives way there, and only there."""
    style = engineer.read_style("ballad")
    voice = engineer.TrackInfo("vocal", PartRole.LEAD, "voice")
    organ = engineer.TrackInfo("organ", PartRole.PAD, "organ")
    bands = {
        "vocal": np.array([-80, -60, -50, -32, -28, -26, -25, -30, -40, -50.0]),
        "organ": np.array([-60, -40, -25, -22, -24, -27, -27, -36, -50, -60.0]),
    }
    near = tone.unmask([voice, organ], bands, {"vocal": 0.0, "organ": 0.2}, style)
    assert near["vocal"] == ()
    assert {cut.for_whom for cut in near["organ"]} == {"vocal"}
    assert {cut.frequency_hz for cut in near["organ"]} <= {1000.0, 2000.0, 4000.0}
    far = tone.unmask([voice, organ], bands, {"vocal": 0.0, "organ": 0.8}, style)
    assert far["organ"] == ()


def test_the_two_most_alike_are_set_against_each_other():
    style = engineer.read_style("ballad")
    low = [-90, -50, -30, -20, -30, -40, -50, -60, -70, -80]
    high = low[::-1]
    infos = [engineer.TrackInfo(name, PartRole.CHORDS, "piano") for name in ("one", "two", "three")]
    found = pans.places(
        infos, {"one": measure_of(low), "two": measure_of(high), "three": measure_of(low)}, style
    )
    assert found["one"][1] == "three"
    assert found["one"][0] == -found["three"][0]


def test_measures_of_a_known_sound():
    wave = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(96000) / 48000)
    both = np.zeros((2, 192000), np.float32)
    both[:, :96000] = wave
    found = engineer.measure_track(AudioBuffer(both, 48000))
    assert found.peak_db == pytest.approx(-6.02, abs=0.01)
    assert found.rms_db == pytest.approx(-9.03, abs=0.01)
    assert found.crest_db == pytest.approx(3.01, abs=0.01)
    assert found.active_share == pytest.approx(0.5, abs=0.01)
    assert found.width == 0
    assert int(np.argmax(found.bands_db)) == 5
    assert codec.load(TrackMeasure, codec.dump(found)) == found


def test_expected_spectrum_is_the_measured_one(tracks, measures, players):
    style = engineer.read_style("ballad")
    sheet: MixSheet = propose(tracks, measures, style).sheet
    room = engineer.propose_room(players.song(), style).sheet
    dry = engineer.mix(tracks, sheet, room.model_copy(update={"return_db": -100}))
    found = np.array([db for _, db in engineer.octave_bands(dry)])
    expected = np.array(engineer.expected_bands_db(sheet, measures))
    assert found[1:9] - found[5] == pytest.approx(expected[1:9] - expected[5], abs=3.0)


def test_room_is_shorter_for_quicker_songs(style, players):
    slow = engineer.propose_room(players.song(tempo=60), style)
    quick = engineer.propose_room(players.song(tempo=180), style)
    assert quick.sheet.decay_s < slow.sheet.decay_s
    assert "room" in slow.reasons


def test_master_leans_gently_and_knows_its_target(style, players):
    dark = [0, 5, 6, 4, 2, 0, -6, -14, -22, -30]
    plan = engineer.propose_master(players.song(), style, bands_db=dark).sheet
    assert plan.loudness_lufs == -14
    assert plan.true_peak_dbtp == -1
    assert all(abs(band.gain_db) <= 2 for band in plan.eq)
    shelf = [band for band in plan.eq if band.kind == "high-shelf"]
    assert shelf
    assert shelf[0].gain_db > 1
    right = engineer.propose_master(players.song(), style, bands_db=style.master.spectrum_db)
    assert right.sheet.eq == ()
    quiet = engineer.propose_master(players.song(), style, target="ebu-r128").sheet
    assert (quiet.loudness_lufs, quiet.eq) == (-23, ())


def test_unknown_names_get_the_nearest_ones(players):
    with pytest.raises(StyleError, match="spotify"):
        engineer.read_target("spotifi")
    with pytest.raises(StyleError):
        engineer.read_style("polka")


def test_a_wrong_style_file_names_file_and_key(tmp_path, monkeypatch):
    folder = tmp_path / "styles" / "odd"
    folder.mkdir(parents=True)
    (folder / "mix.toml").write_text("[balance]\nmix_lufs = 5\n")
    monkeypatch.setenv("TONMEISTER_DATA", str(tmp_path))
    with pytest.raises(StyleError, match=r"styles/odd/mix\.toml: balance\.mix_lufs"):
        engineer.read_style("odd")


def test_all_targets_can_be_read():
    from tonmeister import data

    names = data.names("targets")
    assert "streaming" in names
    for name in names:
        assert engineer.read_target(name).name == name
