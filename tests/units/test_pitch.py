import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister.units.pitch import NoteName, Pitch

names = st.builds(NoteName, st.sampled_from("CDEFGAB"), st.integers(-3, 3))
pitches = st.builds(Pitch, names, st.integers(-1, 9))


@given(names)
def test_a_name_reads_back(name):
    assert NoteName.parse(str(name)) == name
    assert NoteName.from_fifths(name.fifths) == name
    assert NoteName.parse(str(name).lower()) == name
    assert NoteName.parse(str(name).replace("#", "♯").replace("b", "♭")) == name


@given(names)
def test_a_fifth_is_seven_semitones(name):
    assert name.pitch_class == 7 * name.fifths % 12


@given(pitches)
def test_a_pitch_reads_back(pitch):
    assert Pitch.parse(str(pitch)) == pitch
    assert pitch.midi % 12 == pitch.name.pitch_class


@given(st.integers(0, 127), st.integers(-7, 7))
def test_any_key_is_spelled_near_the_tonic(key, tonic):
    pitch = Pitch.from_midi(key, tonic)
    assert pitch.midi == key
    assert -5 <= pitch.name.fifths - tonic <= 6


@pytest.mark.parametrize(
    ("text", "key"), [("C4", 60), ("Cb4", 59), ("B#3", 60), ("A4", 69), ("C-1", 0), ("G9", 127)]
)
def test_known_keys(text, key):
    assert Pitch.parse(text).midi == key


@pytest.mark.parametrize(
    ("key", "tonic", "text"),
    [
        (61, 0, "Db4"),
        (66, 0, "F#4"),
        (61, 2, "C#4"),
        (70, -1, "Bb4"),
        (71, -7, "Cb5"),
        (60, 7, "B#3"),
    ],
)
def test_known_spellings(key, tonic, text):
    assert str(Pitch.from_midi(key, tonic)) == text


@pytest.mark.parametrize("text", ["", "H", "C#b", "C####", "c4", "#", " C"])
def test_what_is_no_name_is_refused(text):
    with pytest.raises(ValueError, match="not a note name"):
        NoteName.parse(text)


@pytest.mark.parametrize("text", ["", "C", "4", "C#", "C#b4", "C4.5", "H4"])
def test_what_is_no_pitch_is_refused(text):
    with pytest.raises(ValueError, match="not a"):
        Pitch.parse(text)


@pytest.mark.parametrize(("step", "alter"), [("H", 0), ("C", 4), ("", 0)])
def test_an_impossible_name_is_refused(step, alter):
    with pytest.raises(ValueError, match="not a note name"):
        NoteName(step, alter)
