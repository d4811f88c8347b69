from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from tonmeister.errors import InstrumentError, StyleError
from tonmeister.instruments import BuiltInSource, Source, audition, catalogue, lookup, render
from tonmeister.model.performance import ControlChange, Performance, PerformedNote, PitchBend
from tonmeister.signal.loudness import measure

RATE = 48000
Array = npt.NDArray[np.float64]


def play(
    name: str,
    source: Source,
    *notes: PerformedNote,
    seconds: float = 2.0,
    controls: tuple[ControlChange, ...] = (),
    bends: tuple[PitchBend, ...] = (),
) -> Array:
    """Both channels, float64."""
    part = Performance("part", name, notes, controls, bends, seconds)
    buffer = render(part, source=source, rate_hz=RATE, frames=int(seconds * RATE))
    return buffer.samples.astype(np.float64)


def level(samples: Array) -> float:
    """RMS in dB."""
    return float(20 * np.log10(np.sqrt(np.mean(samples**2)) + 1e-12))


def cents_off(samples: Array, key: int, cents: float = 0.0) -> float:
    """Distance of the fundamental from a key: the centre of its power, whatever the vibrato."""
    wanted = 440 * 2 ** ((key - 69 + cents / 100) / 12)
    mono = samples.mean(axis=0)
    size = 1 << 18
    power = np.abs(np.fft.rfft(mono * np.hanning(len(mono)), size)) ** 2
    low, high = (round(wanted * 2 ** (c / 1200) * size / RATE) for c in (-80, 80))
    band = power[low : high + 1]
    centre = float((np.arange(low, high + 1) * band).sum() / band.sum()) * RATE / size
    return float(1200 * np.log2(centre / wanted))


def test_the_same_bytes_serially_and_in_threads(source: Source) -> None:
    parts = [audition(name) for name in ("grand piano", "string section", "jazz kit", "tenor sax")]

    def one(part: Performance) -> bytes:
        return render(part, source=source, rate_hz=RATE, frames=RATE).samples.tobytes()

    serial = [one(part) for part in parts]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(one, parts * 2)) == serial * 2


@pytest.mark.parametrize("frames", [0, 1, 63, 64, 1000, 48001])
def test_exactly_as_long_as_asked(frames: int, source: Source) -> None:
    buffer = render(audition("celesta"), source=source, rate_hz=RATE, frames=frames)
    assert buffer.samples.shape == (2, frames)
    assert buffer.samples.flags.c_contiguous
    assert np.isfinite(buffer.samples).all()


def test_a_longer_rendering_begins_the_same(source: Source) -> None:
    part = audition("vibraphone")
    short = render(part, source=source, rate_hz=RATE, frames=RATE).samples
    long = render(part, source=source, rate_hz=RATE, frames=2 * RATE).samples
    assert np.array_equal(short[:, : RATE - 480], long[:, : RATE - 480])


def test_silence_in_silence_out(source: Source) -> None:
    assert not play("grand piano", source).any()


def test_no_sound_before_a_note_nor_after_its_tail(source: Source) -> None:
    samples = play("clarinet", source, PerformedNote(1.0, 0.5, 69, 80), seconds=4)
    assert not samples[:, : RATE - 64].any()
    assert level(samples[:, int(1.2 * RATE) : int(1.4 * RATE)]) > -45
    assert level(samples[:, 3 * RATE :]) < -90


@pytest.mark.parametrize("name", ["grand piano", "standard kit", "jazz guitar", "marimba"])
def test_onsets_are_where_they_belong(name: str, source: Source) -> None:
    starts = (0.2, 0.7123, 1.31)
    key = 38 if name == "standard kit" else 64
    samples = play(name, source, *(PerformedNote(start, 0.25, key, 90) for start in starts))
    loud = np.abs(samples).max(axis=0)
    first = int(np.argmax(loud > 1e-5))
    assert 0 <= first / RATE - starts[0] + 0.7e-3 < 4e-3
    gaps = [first - starts[0] * RATE]
    for start in starts[1:]:
        alone = play(name, source, PerformedNote(start, 0.25, key, 90))
        gaps.append(int(np.argmax(np.abs(alone).max(axis=0) > 1e-5)) - start * RATE)
    assert (max(gaps) - min(gaps)) / RATE < 2e-3


@pytest.mark.parametrize(
    "name",
    [
        "grand piano",
        "electric piano",
        "nylon guitar",
        "clarinet",
        "steel guitar",
        "trumpet",
        "oohs",
    ],
)
def test_a_440(name: str, source: Source) -> None:
    samples = play(name, source, PerformedNote(0, 1.8, 69, 80))[:, RATE // 5 :]
    assert abs(cents_off(samples, 69)) < 5


@pytest.mark.parametrize("name", sorted({"violin", "cello", "tuba", "electric bass", "tenor sax"}))
def test_built_in_sounds_are_in_tune_all_over(name: str) -> None:
    instrument = lookup(name)
    for key in range(instrument.sweet_low, instrument.sweet_high, 5):
        samples = play(name, BuiltInSource(), PerformedNote(0, 1.8, key, 80))[:, RATE // 5 :]
        assert abs(cents_off(samples, key)) < 6, key


def test_velocity_is_loudness(source: Source) -> None:
    for name in ("grand piano", "trumpet", "standard kit"):
        key = 38 if name == "standard kit" else 67
        levels = [
            level(play(name, source, PerformedNote(0, 1, key, velocity)))
            for velocity in (30, 60, 90, 120)
        ]
        assert all(later > earlier + 3 for earlier, later in pairwise(levels))


def test_the_pedal_holds(source: Source) -> None:
    note = PerformedNote(0, 0.2, 60, 80)
    pedal = (ControlChange(0.1, 64, 127), ControlChange(1.2, 64, 0))
    dry = play("grand piano", source, note)
    wet = play("grand piano", source, note, controls=pedal)
    held, after = slice(RATE * 8 // 10, RATE), slice(int(1.8 * RATE), 2 * RATE)
    assert level(wet[:, held]) > level(dry[:, held]) + 20
    assert level(wet[:, after]) < level(wet[:, held]) - 20


def test_expression_is_loudness(source: Source) -> None:
    note = PerformedNote(0, 1.9, 67, 80)
    swell = (ControlChange(0, 11, 50), ControlChange(1.0, 11, 127))
    samples = play("string section", source, note, controls=swell)
    soft, loud = samples[:, RATE // 2 : RATE], samples[:, int(1.3 * RATE) : int(1.8 * RATE)]
    assert 10 < level(loud) - level(soft) < 22


def test_bends_bend(source: Source) -> None:
    note = PerformedNote(0, 1.9, 69, 80)
    samples = play("clarinet", source, note, bends=(PitchBend(0.0, 100.0),))[:, RATE // 4 :]
    assert abs(cents_off(samples, 69, 100)) < 5


def test_drums_differ(source: Source) -> None:
    sounds = [
        play("standard kit", source, PerformedNote(0, 0.5, key, 90), seconds=0.5)
        for key in (36, 38, 42, 46, 49, 51, 45, 56)
    ]
    centres = []
    for sound in sounds:
        power = np.abs(np.fft.rfft(sound.mean(axis=0))) ** 2
        centres.append(float((np.fft.rfftfreq(RATE // 2, 1 / RATE) * power).sum() / power.sum()))
    bass_drum, snare, hat = centres[:3]
    assert bass_drum < 500 < snare < hat
    assert len({round(centre) for centre in centres}) == len(centres)


def test_a_closed_hat_stops_the_open_one(source: Source) -> None:
    open_hat = PerformedNote(0, 0.1, 46, 90)
    rings = play("standard kit", source, open_hat)
    stopped = play("standard kit", source, open_hat, PerformedNote(0.2, 0.1, 42, 20))
    late = slice(RATE // 2, RATE * 6 // 10)
    assert level(stopped[:, late]) < level(rings[:, late]) - 10


def test_no_clicks_at_the_end(source: Source) -> None:
    samples = play("string section", source, PerformedNote(0, 5, 60, 100), seconds=1.0)
    assert np.abs(samples[:, -1]).max() < 1e-3
    assert np.abs(np.diff(samples[:, -480:])).max() < 0.02


def test_all_instruments_are_about_equally_loud(source: Source) -> None:
    names = list(catalogue())[:: 3 if isinstance(source, BuiltInSource) else 4]
    loudness = {}
    for name in names:
        part = audition(name)
        buffer = render(part, source=source, rate_hz=RATE, frames=int(part.length * RATE))
        loudness[name] = measure(buffer).integrated_lufs
        assert np.abs(buffer.samples).max() < 0.8, name
    assert max(loudness.values()) - min(loudness.values()) < 2, loudness


def test_no_offset(source: Source) -> None:
    note = PerformedNote(0, 1.5, 60, 80)
    for name in ("warm pad", "synth brass", "trumpet"):
        samples = play(name, source, note)
        assert abs(samples.mean()) < 0.05 * np.sqrt(np.mean(samples**2)), name
        assert play(name, source, note, seconds=0).shape == (2, 0)


def test_a_slur_glides_into_the_next_note() -> None:
    first, second = PerformedNote(0, 0.6, 60, 80), PerformedNote(0.5, 0.6, 64, 80)
    slurred = play("clarinet", BuiltInSource(), first, second)
    apart = play("clarinet", BuiltInSource(), PerformedNote(0, 0.3, 60, 80), second)
    start = slice(RATE // 2, RATE // 2 + RATE // 50)
    assert level(slurred[:, start]) > level(apart[:, start]) + 6


def test_an_unknown_instrument_is_named(source: Source) -> None:
    with pytest.raises(StyleError, match="theremin"):
        render(Performance("lead", "theremin", ()), source=source, rate_hz=RATE, frames=10)


def test_impossible_lengths_and_rates(source: Source) -> None:
    with pytest.raises(InstrumentError):
        render(audition("flute"), source=source, rate_hz=RATE, frames=-1)
    with pytest.raises(InstrumentError):
        render(audition("flute"), source=source, rate_hz=0, frames=10)
