"""Mix, master, stems: the record itself."""

from __future__ import annotations

import re
import shutil
import subprocess

import numpy as np
import pytest

from tonmeister import engineer
from tonmeister.engineer import Track
from tonmeister.errors import InputError
from tonmeister.formats import audio
from tonmeister.model.score import PartRole
from tonmeister.model.sheets import CompressorPlan, EqBand, MasterPlan, RoomPlan, StripPlan
from tonmeister.signal.buffer import AudioBuffer

RATE = 48000
PLAN = MasterPlan(
    eq=(
        EqBand(kind="low-shelf", frequency_hz=110, gain_db=-1.5),
        EqBand(kind="high-shelf", frequency_hz=8500, gain_db=2),
    ),
    compressor=CompressorPlan(threshold_db=-16, ratio=1.6, attack_ms=30, release_ms=250),
)
ROOM = RoomPlan(decay_s=1.1)


@pytest.fixture(scope="module")
def sheet(tracks, measures):
    style = engineer.read_style("ballad")
    return engineer.propose_mix([track.info for track in tracks], measures, style).sheet


@pytest.fixture(scope="module")
def premaster(tracks, sheet):
    return engineer.mix(tracks, sheet, ROOM)


@pytest.fixture(scope="module")
def mastered(premaster):
    return engineer.master(premaster, PLAN)


def ffmpeg_reads(buffer: AudioBuffer, path) -> tuple[float, float]:
    """Integrated loudness and true peak by ffmpeg's ebur128."""
    program = shutil.which("ffmpeg")
    if not program:
        pytest.skip("ffmpeg is not installed")
    path.write_bytes(audio.write_wav(buffer, bits=24))
    command = [program, "-nostdin", "-hide_banner", "-i", path]
    command += ["-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = said[said.rindex("Summary:") :]
    loud = float(re.search(r"I:\s+(-?[\d.]+) LUFS", summary)[1])
    peak = float(re.search(r"Peak:\s+(-?[\d.]+) dBFS", summary)[1])
    return loud, peak


@pytest.mark.parametrize(
    ("loudness_lufs", "peak"), [(-14, -1), (-9, -1), (-16, -1), (-23, -1), (-14, -2), (-12, -3)]
)
def test_master_hits_its_target_by_an_independent_meter(premaster, tmp_path, loudness_lufs, peak):
    plan = PLAN.model_copy(update={"loudness_lufs": loudness_lufs, "true_peak_dbtp": peak})
    done = engineer.master(premaster, plan)
    assert done.remarks == ()
    assert done.loudness.integrated_lufs == pytest.approx(loudness_lufs, abs=0.06)
    assert done.loudness.true_peak_dbtp <= peak
    # ffmpeg prints one decimal.
    loud, true_peak = ffmpeg_reads(done.audio, tmp_path / "master.wav")
    assert loud == pytest.approx(loudness_lufs, abs=0.1001)
    assert true_peak <= peak + 0.001


def test_stems_sum_to_the_master(tracks, sheet, mastered):
    total = np.zeros_like(mastered.audio.samples, np.float64)
    names = []
    for name, stem in engineer.stems(tracks, sheet, ROOM, PLAN, mastered.gain):
        total += stem.samples
        names.append(name)
    assert names == [track.name for track in tracks]
    rest = np.abs(total - mastered.audio.samples).max()
    assert 20 * np.log10(rest) < -120


def test_the_same_bytes_for_any_number_of_workers(tracks, sheet, premaster, mastered):
    for workers in (1, 3):
        again = engineer.mix(tracks, sheet, ROOM, workers=workers)
        assert np.array_equal(again.samples, premaster.samples)
        done = engineer.master(again, PLAN)
        assert np.array_equal(done.audio.samples, mastered.audio.samples)
        assert np.array_equal(done.gain, mastered.gain)
    one = [s.samples for _, s in engineer.stems(tracks, sheet, ROOM, PLAN, mastered.gain)]
    two = engineer.stems(tracks, sheet, ROOM, PLAN, mastered.gain, workers=2)
    assert all(np.array_equal(a, b.samples) for a, (_, b) in zip(one, two, strict=True))


def test_read_only_sound_gives_the_same(tracks, sheet, premaster):
    def frozen(track):
        data = track.load().samples.tobytes()
        return Track(
            track.name,
            track.role,
            track.family,
            lambda: AudioBuffer(np.frombuffer(data, np.float32).reshape(2, -1), RATE),
        )

    again = engineer.mix([frozen(track) for track in tracks], sheet, ROOM)
    assert np.array_equal(again.samples, premaster.samples)


def test_mixing_leaves_the_tracks_as_they_are(tracks, sheet, players):
    for track in tracks:
        assert np.array_equal(track.load().samples, players.sound(track.name).samples)


def one_track(samples: np.ndarray) -> Track:
    buffer = AudioBuffer(np.ascontiguousarray(samples, np.float32), RATE)
    return Track("one", PartRole.LEAD, "voice", lambda: buffer)


def test_a_plain_strip_changes_nothing():
    wave = np.random.default_rng(1).standard_normal((2, 5000)) * 0.1
    out = engineer.mix([one_track(wave)], {"one": StripPlan()}, ROOM)
    assert np.abs(out.samples - wave.astype(np.float32)).max() < 1e-7


@pytest.mark.parametrize(
    ("strip", "left", "right"),
    [
        (StripPlan(level_db=-6.0206), 0.5, 0.5),
        (StripPlan(gain_db=6.0206), 2.0, 2.0),
        (StripPlan(pan=1.0), 0.0, 2**0.5),
        (StripPlan(mute=True), 0.0, 0.0),
        (StripPlan(level_db=-100), 0.0, 0.0),
    ],
)
def test_what_a_strip_does(strip, left, right):
    wave = np.full((2, 4000), 0.1)
    out = engineer.mix([one_track(wave)], {"one": strip}, ROOM).samples
    assert out[0] == pytest.approx(0.1 * left, abs=1e-6)
    assert out[1] == pytest.approx(0.1 * right, abs=1e-6)


def test_a_mono_track_stands_in_the_middle():
    wave = np.random.default_rng(1).standard_normal((1, 5000)) * 0.1
    out = engineer.mix([one_track(wave)], {"one": StripPlan()}, ROOM).samples
    assert np.array_equal(out[0], out[1])


def test_sends_are_after_the_fader():
    wave = np.random.default_rng(1).standard_normal((2, RATE)) * 0.1
    strip = StripPlan(reverb_db=-6)
    loud = engineer.mix([one_track(wave)], {"one": strip}, ROOM).samples
    soft = engineer.mix(
        [one_track(wave)], {"one": strip.model_copy(update={"level_db": -20})}, ROOM
    ).samples
    assert np.allclose(loud * 0.1, soft, atol=1e-6)


def test_what_cannot_be_mixed_is_said(sheet, tracks):
    with pytest.raises(InputError, match="nothing to mix"):
        engineer.mix([], {}, ROOM)
    with pytest.raises(InputError, match="no strip"):
        engineer.mix([one_track(np.zeros((2, 10)))], {}, ROOM)
    with pytest.raises(InputError, match="same name"):
        engineer.mix([tracks[0], tracks[0]], sheet, ROOM)
    with pytest.raises(InputError, match="frames"):
        engineer.mix([tracks[0], one_track(np.zeros((2, 10)))], {**sheet, "one": StripPlan()}, ROOM)
    with pytest.raises(InputError, match="undefined"):
        engineer.mix([one_track(np.full((2, 10), np.nan))], {"one": StripPlan()}, ROOM)
    with pytest.raises(InputError, match="expected 7"):
        list(engineer.stems(tracks[:1], sheet, ROOM, PLAN, np.ones(7, np.float32)))


@pytest.mark.parametrize("frames", [0, 1, 17, 500, 20000])
def test_silent_and_very_short_records(frames):
    done = engineer.master(AudioBuffer.silence(frames, RATE), PLAN)
    assert done.audio.frames == done.gain.size == frames
    assert "silent" in done.remarks[0]
    assert any("silent" in str(note) for note in engineer.listen(done))


@pytest.mark.parametrize("frames", [1, 17, 500, 20000])
def test_short_sounds_keep_the_ceiling(frames):
    wave = np.random.default_rng(frames).standard_normal((2, frames)).astype(np.float32)
    done = engineer.master(AudioBuffer(wave, RATE), PLAN)
    assert done.loudness.true_peak_dbtp <= -1.0


def test_what_is_too_dynamic_is_said_and_keeps_the_ceiling():
    clicks = np.zeros((2, 10 * RATE), np.float32)
    clicks[:, ::RATE] = 0.5
    done = engineer.master(AudioBuffer(clicks, RATE), PLAN)
    assert done.loudness.true_peak_dbtp <= -1.0
    assert "cannot be had" in done.remarks[0]
    hot = engineer.master(AudioBuffer(clicks * 20, RATE), PLAN)
    assert hot.loudness.true_peak_dbtp <= -1.0


def test_a_cut_off_end_is_faded():
    wave = 0.2 * np.sin(np.arange(2 * RATE) * 0.05, dtype=np.float32)
    done = engineer.master(AudioBuffer(np.stack([wave, wave]), RATE), PLAN)
    assert abs(done.audio.samples[0, -1]) < 1e-3


def test_listening_finds_what_is_wrong(mastered, measures):
    silent = engineer.measure_track(AudioBuffer.silence(RATE, RATE))
    style = engineer.read_style("ballad")
    notes = engineer.listen(mastered, plan=PLAN, measures={**measures, "choir": silent})
    assert [(note.where, note.severity) for note in notes] == [("choir", "taste")]
    rng = np.random.default_rng(8)
    wave = rng.standard_normal(4 * RATE) * 0.05
    spoiled = AudioBuffer(np.stack([wave + 0.01, -wave + 0.01]).astype(np.float32), RATE)
    bad = engineer.master(spoiled, PLAN)
    said = " ".join(map(str, engineer.listen(bad, plan=PLAN, spectrum_db=style.master.spectrum_db)))
    assert "offset" in said
    assert "mono" in said
    assert "more around 8000 Hz" in said
