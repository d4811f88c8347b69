from __future__ import annotations

from pathlib import Path

import pytest

from tonmeister.errors import StyleError
from tonmeister.instruments import audition, catalogue, lookup, midi_program
from tonmeister.instruments.catalogue import FAMILIES, sound_of
from tonmeister.instruments.presets import Held, Kit, Struck, preset

NAMES = """grand piano, electric piano, upright piano, celesta, vibraphone, marimba, glockenspiel,
church organ, tonewheel organ, accordion, nylon guitar, steel guitar, jazz guitar, electric guitar,
overdriven guitar, upright bass, electric bass, picked bass, fretless bass, synth bass, violin,
viola, cello, double bass, string section, slow strings, tremolo strings, pizzicato strings, harp,
timpani, choir, oohs, trumpet, muted trumpet, trombone, french horn, brass section, alto sax,
tenor sax, baritone sax, clarinet, oboe, bassoon, flute, piccolo, recorder, pan flute, harmonica,
synth lead, synth pad, warm pad, standard kit, jazz kit, brush kit, power kit, soprano guide,
mezzo guide, alto guide, tenor guide, baritone guide, bass guide"""


@pytest.mark.parametrize("name", NAMES.replace("\n", " ").split(", "))
def test_the_promised_instruments_are_there(name: str) -> None:
    instrument = lookup(name)
    assert instrument.name == name
    assert instrument.family in FAMILIES


def test_every_instrument_is_sound() -> None:
    for name, instrument in catalogue().items():
        assert 0 <= instrument.low <= instrument.sweet_low
        assert instrument.sweet_low <= instrument.sweet_high <= instrument.high <= 127
        assert instrument.polyphony >= 1
        sound = sound_of(name)
        made = preset(sound.preset)
        assert isinstance(made, Kit) == sound.drums, name
        assert isinstance(made, Held) == instrument.sustains, name
        assert isinstance(made, Struck | Held | Kit)


def test_every_family_can_be_cast() -> None:
    assert {each.family for each in catalogue().values()} == FAMILIES


@pytest.mark.parametrize(
    ("voice", "low", "high"),
    [("soprano", 60, 84), ("alto", 53, 77), ("baritone", 43, 68), ("bass", 40, 64)],
)
def test_guides_have_the_singers_ranges(voice: str, low: int, high: int) -> None:
    guide = lookup(f"{voice} guide")
    assert (guide.low, guide.high, guide.family, guide.polyphony) == (low, high, "voice", 1)


def test_transpositions_are_the_written_ones() -> None:
    assert lookup("clarinet").transposition == -2
    assert lookup("tenor sax").transposition == -14
    assert lookup("upright bass").transposition == -12


def test_midi_programs() -> None:
    assert midi_program("grand piano") == (0, 0, False)
    assert midi_program("jazz kit") == (32, 0, True)


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(StyleError, match="upright bass"):
        lookup("uprigth bass")
    with pytest.raises(StyleError, match="grand piano"):
        lookup("piano")


def test_the_users_own_instrument(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONMEISTER_DATA", str(tmp_path))
    (tmp_path / "instruments.toml").write_text(
        '["my horn"]\nfamily = "brass"\nrange = ["F2", "F5"]\nprograms = [60]\npolyphony = 1\n'
    )
    assert lookup("my horn").low == 41
    assert lookup("grand piano").family == "piano"


@pytest.mark.parametrize(
    ("entry", "flaw"),
    [
        ('family = "pianos"\nprograms = [0]', "family"),
        ('family = "piano"', "no sound"),
        ('family = "piano"\nprograms = [128]', "no sound"),
        ('family = "piano"\nprograms = [0]\nrange = ["C4"]', "range"),
        ('family = "piano"\nprograms = [0]\nrange = ["C4", "H9"]', "range"),
        ('family = "piano"\nprograms = [0]\nrange = ["C4", "C5"]\nsweet = ["C3", "C5"]', "sweet"),
        ('family = "piano"\nprograms = [0]\npolyphony = "many"', "polyphony"),
        ('family = "piano"\nprograms = [0]\ngain = 3', "unknown field"),
        ("family = ", "TOML"),
    ],
)
def test_a_wrong_entry_is_named(
    entry: str, flaw: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONMEISTER_DATA", str(tmp_path))
    (tmp_path / "instruments.toml").write_text(f'["my piano"]\n{entry}\n')
    with pytest.raises(StyleError, match=flaw) as caught:
        catalogue()
    assert "instruments.toml" in str(caught.value)


def test_auditions_stay_in_range() -> None:
    for name, instrument in catalogue().items():
        phrase = audition(name)
        assert phrase.notes
        assert all(instrument.low <= note.key <= instrument.high for note in phrase.notes)
        assert phrase.length > max(note.start + note.length for note in phrase.notes)
