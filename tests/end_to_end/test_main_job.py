"""The main job, whole: brief or lead sheet in, record and delivery out."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from tonmeister import Production
from tonmeister.formats import musicxml
from tonmeister.instruments import FontSource
from tonmeister.model import codec
from tonmeister.model.score import LeadSheet
from tonmeister.production import pipeline
from tonmeister.signal import loudness
from tonmeister.signal.buffer import AudioBuffer
from tonmeister.theory.form import unfold

Run = Callable[..., subprocess.CompletedProcess[str]]
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
LEAD_SHEETS = sorted((EXAMPLES / "lead_sheets").glob("*.musicxml"))


@pytest.fixture
def song(short_song: Path, tmp_path: Path) -> Production:
    """A copy of the produced short song, to be changed at will."""
    shutil.copytree(short_song, tmp_path / "song")
    return Production.open(tmp_path / "song")


def audio(path: Path) -> np.ndarray:
    samples: np.ndarray = soundfile.read(path, dtype="float64", always_2d=True)[0]
    return samples


def test_the_record_is_as_asked(short_song: Path) -> None:
    produced = Production.open(short_song).produce()
    assert produced.record
    info = soundfile.info(produced.record)
    assert (info.samplerate, info.channels, info.subtype) == (48000, 2, "PCM_24")
    bar = 4 * 60 / 180
    assert abs(info.duration - 14) <= bar
    measured = loudness.measure(
        AudioBuffer(audio(produced.record).T.astype(np.float32).copy(), info.samplerate)
    )
    assert measured.integrated_lufs == pytest.approx(-14, abs=0.1)
    assert measured.true_peak_dbtp <= -1.0


def test_nothing_changed_means_nothing_done(song: Production) -> None:
    again = song.produce()
    assert again.made == 0
    assert again.record


def test_a_decision_changes_only_what_depends_on_it(song: Production) -> None:
    before = run_to_dry(song)
    song.decide({"arrangement.*.drums": "off"}, why="let me hear the bass")
    produced = song.produce()
    after = run_to_dry(song)
    assert {part for part in before if before[part] != after[part]} == {"drums"}
    assert 0 < produced.made < produced.kept


def run_to_dry(song: Production) -> dict[str, str]:
    work = song.work()
    pipeline.run(work, until="render")
    return work.dry


def test_a_tempo_decision_keeps_the_bars_and_the_notes(song: Production) -> None:
    before, after = song.work(), song.work()
    pipeline.run(before, until="arrange")
    song.decide(["tempo=150"], why="it rushes")
    after = song.work()
    pipeline.run(after, until="arrange")
    assert after.vision.tempo == 150
    assert after.load_song().tempo.changes[0].quarters_per_minute == 150
    assert [p.notes for p in after.load_parts()] == [p.notes for p in before.load_parts()]


def test_a_fader_leaves_every_dry_track_alone(song: Production) -> None:
    before = run_to_dry(song)
    song.decide(["mix.bass.level_db=-3"])
    produced = song.produce()
    assert run_to_dry(song) == before
    assert produced.made == 2  # the mix and the master


def test_undoing_by_deciding_back_gives_the_same_bytes(song: Production) -> None:
    first = song.produce().record
    assert first
    original = first.read_bytes()
    song.decide(["master.loudness_lufs=-16"])
    changed = song.produce()
    assert changed.loudness_lufs == pytest.approx(-16, abs=0.1)
    song.decide(["master.loudness_lufs=-14"])
    back = song.produce().record
    assert back
    assert back.read_bytes() == original


def test_two_clean_runs_give_the_same_bytes(short_song: Path, tmp_path: Path, brief: str) -> None:
    one = Production.open(short_song).produce().record
    other = Production.create(tmp_path / "again", sentence=brief).produce(workers=1).record
    assert one
    assert other
    assert one.read_bytes() == other.read_bytes()


def test_delivery_is_complete_and_the_stems_are_the_record(
    song: Production, tmp_path: Path
) -> None:
    delivered = song.deliver(tmp_path / "out")
    names = {path.suffix for path in delivered.files}
    assert names == {".wav", ".flac", ".mp3", ".mid", ".musicxml", ".html"}
    master = audio(next(p for p in delivered.files if "Master" in p.name and p.suffix == ".wav"))
    stems = [audio(p) for p in delivered.files if p.parent.name == "stems"]
    assert len(stems) == 4
    residue = np.abs(sum(stems) - master).max()
    assert 20 * np.log10(residue + 1e-12) <= -100
    flac = audio(next(p for p in delivered.files if p.suffix == ".flac"))
    assert np.array_equal(flac, master)
    for path in delivered.files:
        if path.suffix == ".mid":
            assert mido.MidiFile(path).length > 8
        if path.suffix == ".musicxml":
            assert unfold(musicxml.read(path))
        if path.suffix == ".html":
            assert "https://" not in path.read_text()


def test_the_built_in_instruments_make_the_record_too(
    tmp_path: Path, tonmeister: Run, brief: str
) -> None:
    tonmeister("new", tmp_path / "song", "--brief", brief)
    run = tonmeister("produce", tmp_path / "song", TONMEISTER_SOUNDFONT="built-in")
    assert run.returncode == 0, run.stderr
    assert run.stderr.count("note:") == 1
    record = next((tmp_path / "song" / "record").glob("*.wav"))
    assert np.sqrt(np.mean(audio(record) ** 2)) > 0.01


def test_the_sound_font_is_used_where_there_is_one(
    short_song: Path, sound_font: FontSource
) -> None:
    work = Production.open(short_song).work()
    assert work.source == sound_font


@pytest.mark.parametrize("sheet", LEAD_SHEETS, ids=lambda path: path.stem)
def test_a_lead_sheet_stays_as_written(sheet: Path, tmp_path: Path) -> None:
    song = Production.create(tmp_path / "song", lead_sheet=sheet)
    work = song.work()
    pipeline.run(work, until="perform")
    written = unfold(codec.load(LeadSheet, work.bench.read(work.lead_sheet["lead_sheet"])))
    made = work.load_song()
    first = next(section for section in made.sections if section.written)
    played = made.measures[first.first_bar : first.first_bar + len(written)]
    assert [m.notes for m in played] == [m.notes for m in written]
    assert [m.chords for m in played] == [m.chords for m in written]
    lead = next(part for part in work.load_parts() if part.name == work.vision.band[0])
    tune = [(n.onset, n.pitch.midi) for n in made.tune if not n.grace]
    sung = [(n.onset, n.key) for n in lead.notes if n.duration > Fraction(1, 16)]
    assert sung == tune


def test_json_is_one_document(short_song: Path, tonmeister: Run) -> None:
    document = json.loads(tonmeister("produce", short_song, "--json").stdout)
    assert document["loudness_lufs"] == pytest.approx(-14, abs=0.1)
    assert document["made"] == 0
