import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tonmeister.errors import FormatError
from tonmeister.model import codec, score
from tonmeister.model.performance import ControlChange, Performance, PerformedNote, PitchBend
from tonmeister.model.reason import Decision, Proposal, Reason
from tonmeister.model.sheets import (
    ArrangementSheet,
    EqBand,
    HarmonySheet,
    MixSheet,
    ProductionSheet,
    RoomPlan,
    SongSheet,
    StripPlan,
    TexturePlan,
)
from tonmeister.units.pitch import NoteName, Pitch
from tonmeister.units.time import TempoMap

SONG_SHEET = SongSheet(
    title="T", style="ballad", key="D minor", tempo=72, metre="4/4", length=180, band=("vocal",)
)


@pytest.fixture
def migrations(monkeypatch):
    table = {}
    monkeypatch.setattr(codec, "_MIGRATIONS", table)
    return table


@dataclass(frozen=True)
class Odd:
    """One field of each kind that the model might want."""

    which: Literal["a", "b"] = "a"
    either: int | str = 0
    number: float = 0.0
    table: Mapping[int, Fraction] = field(default_factory=dict)
    row: tuple[int, str] = (1, "x")
    texts: Sequence[str] = ()
    items: list[Fraction] = field(default_factory=list)
    anything: Any = None
    pair: tuple[Pitch | None, bool] = (None, False)
    kept: dict[str, Any] = field(default_factory=dict)
    loose: tuple = ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data())
def test_songs_and_parts_come_back(songs_and_parts, data):
    value = data.draw(songs_and_parts)
    saved = codec.dump(value)
    again = codec.load(type(value), saved)
    assert again == value
    assert codec.dump(again) == saved


@given(
    st.builds(
        Performance,
        st.just("bass"),
        st.just("upright bass"),
        st.lists(
            st.builds(
                PerformedNote,
                st.floats(0, 600),
                st.floats(0, 9),
                st.integers(0, 127),
                st.integers(1, 127),
            ),
            max_size=4,
        ).map(tuple),
        st.tuples(st.builds(ControlChange, st.floats(0, 9), st.just(64), st.integers(0, 127))),
        st.tuples(st.builds(PitchBend, st.floats(0, 9), st.floats(-200, 200))),
        st.floats(0, 600),
    )
)
def test_performances_come_back(performance):
    assert codec.load(Performance, codec.dump(performance)) == performance


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (SongSheet, SONG_SHEET),
        (MixSheet, {"bass": StripPlan(eq=(EqBand(kind="peak", frequency_hz=100),))}),
        (MixSheet, {}),
        (HarmonySheet, {"verse1": ("Gm7 C9", "%"), "ending": ()}),
        (ArrangementSheet, {"verse1": {"bass": TexturePlan(pattern="walk")}}),
        (ProductionSheet, ProductionSheet(song=SONG_SHEET, room=RoomPlan(), form={})),
        (Proposal[SongSheet], Proposal(SONG_SHEET, {"tempo": Reason("brief", "so", ("80",))})),
        (Proposal[MixSheet], Proposal({"bass": StripPlan()})),
        (Decision, Decision(3, "tempo", {"a": [1, "x", None]}, "me", "it drags")),
        (tuple[Reason, ...], (Reason("a", "b"), Reason("c", "d", ("e",)))),
        (Odd, Odd()),
        (
            Odd,
            Odd("b", "x", float("-inf"), {3: Fraction(1, 2)}, (2, "y"), ("a",), [Fraction(3)], [1],
                (Pitch.parse("Bb4"), True), {"k": [1]}, (1, "2")),
        ),
    ],
)  # fmt: skip
def test_other_values_come_back(kind, value):
    saved = codec.dump(value)
    assert codec.load(kind, saved) == value
    assert codec.dump(codec.load(kind, saved)) == saved


def test_the_saved_form_is_canonical_and_short():
    note = score.PartNote(Fraction(3, 2), Fraction(1), 40, 0.6)
    part = score.Part("bass", score.PartRole.BASS, "upright bass", (note,))
    assert codec.dump(part) == (
        b'{"instrument":"upright bass","name":"bass",'
        b'"notes":[{"duration":"1","key":40,"onset":"3/2"}],'
        b'"pedal":[],"role":"bass","schema":"Part.1"}\n'
    )


def test_equal_values_give_equal_bytes():
    whole = PerformedNote(1, 2, 40, 90)  # whole numbers where seconds are floats
    assert codec.dump(whole) == codec.dump(PerformedNote(1.0, 2.0, 40, 90))
    one = {"b": StripPlan(), "a": StripPlan(pan=0)}
    assert codec.dump(one) == codec.dump(dict(reversed(one.items())))


def test_musicians_can_read_it():
    measure = score.Measure(
        "1", score.TimeSignature(6, 8), score.KeySignature.parse("Bb minor"), Fraction(3),
        (score.Note(Fraction(0), Fraction(3, 2), Pitch.parse("F#4")),),
        (score.ChordEvent(Fraction(0), score.ChordSymbol(NoteName("E", -1), "dominant")),),
    )  # fmt: skip
    plain = json.loads(codec.dump(measure))
    assert plain["time"] == "6/8"
    assert plain["key"] == "Bb minor"
    assert plain["notes"] == [{"onset": "0", "duration": "3/2", "pitch": "F#4"}]
    assert plain["chords"] == [{"onset": "0", "symbol": {"root": "Eb", "kind": "dominant"}}]
    assert codec.to_plain(measure.notes) == plain["notes"]


PART = b'{"schema":"Part.1","name":"a","role":"bass","instrument":"x","notes":[%s]}'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b'{"schema":"Part.1"', "not JSON"),
        (b'{"schema":NaN}', "not JSON: NaN"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "no schema; expected schema 'Part.1'"),
        (b'{"schema":7}', "expected schema 'Part.1'"),
        (b'{"schema":"Part"}', "expected schema 'Part.1'"),
        (b'{"schema":"Part.x"}', "expected schema 'Part.1'"),
        (b'{"schema":"Song.1"}', "this is a 'Song.1'; expected schema 'Part.1'"),
        (b'{"schema":"Part.2"}', "newer than this program"),
        (b'{"schema":"Part.0"}', "newer than this program"),
        (b'{"schema":"Part.1","name":"a"}', "a Part without instrument, notes, role"),
        (PART % b"3", r"notes\[0\]: not a PartNote: 3; expected a table"),
        (PART % b'{"onset":"x"}', r"f.json notes\[0\]\.onset: not a fraction: 'x'"),
        (PART % b'{"onset":"1/0"}', r"notes\[0\]\.onset: not a fraction"),
        (PART % b'{"onset":"1e999999999"}', r"notes\[0\]\.onset: not a fraction"),
        (PART % b'{"onset":1.5}', r"notes\[0\]\.onset: not a Fraction: 1\.5"),
        (PART % b'{"key":true}', r"notes\[0\]\.key: not of type int: True"),
        (PART % b'{"key":1.0}', r"notes\[0\]\.key: not of type int"),
        (PART % b'{"weight":"loud"}', r"notes\[0\]\.weight: not a number: 'loud'"),
        (PART % b'{"weight":true}', r"notes\[0\]\.weight: not a number"),
        (PART % b'{"articulation":"slap"}', r"articulation: unknown Articulation: .slap."),
        (PART % b'{"colour":1}', r"notes\[0\]: unknown field 'colour'; expected one of onset"),
        (PART.replace(b"[%s]", b"{}"), "notes: not a list"),
        (PART.replace(b"[%s]", b'[],"pedal":[["0"]]'), r"pedal\[0\]: not a row of 2"),
        (PART.replace(b"[%s]", b'[],"pedal":[["0","x"]]'), r"pedal\[0\]\[1\]: not a fraction"),
    ],
)  # fmt: skip
def test_broken_data_is_named_by_its_place(data, message):
    with pytest.raises(FormatError, match=message):
        codec.load(score.Part, data, where="f.json")


def test_values_that_the_model_refuses_are_named_too():
    data = codec.dump(score.Song("", (), (), TempoMap.constant(60)))
    wrong = data.replace(b'"at":"0"', b'"at":"1"')
    with pytest.raises(FormatError, match="tempo: a tempo map starts at beat 0"):
        codec.load(score.Song, wrong)


def test_a_broken_sheet_is_named_by_its_place():
    data = b'{"schema":"Value.1","value":{"bass":{"eq":[{"kind":"peak","frequency_hz":1}]}}}'
    with pytest.raises(FormatError, match=r"bass\.eq\[0\]\.frequency_hz: input should be greater"):
        codec.load(MixSheet, data)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_give_a_value_or_one_clear_error(data):
    with pytest.raises(FormatError):
        codec.load(score.Part, data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@given(st.sampled_from([field.name for field in fields(Odd)]), json_values)
def test_any_value_in_any_field_gives_a_value_or_one_clear_error(name, value):
    data = json.dumps({"schema": "Odd.1", name: value}).encode()
    with suppress(FormatError):
        codec.dump(codec.load(Odd, data))


@pytest.mark.parametrize("value", [{1, 2}, print, {(1, 2): 3}, [object()]])
def test_what_cannot_be_saved_is_a_fault_of_the_program(value):
    with pytest.raises(TypeError, match="cannot be saved"):
        codec.dump(value)
    with pytest.raises(TypeError, match="cannot be loaded"):
        codec.load(set, b'{"schema":"Value.1","value":[]}')


def test_a_text_that_is_not_unicode_is_refused():
    with pytest.raises(FormatError, match="not Unicode"):
        codec.dump(Reason("me", "\ud800"))


def test_migrations_run_in_order_and_unknown_fields_stay(migrations):
    @codec.migration("Take", 1)
    def rename(record):
        return {**{k: v for k, v in record.items() if k != "gain"}, "gain_db": record["gain"]}

    @codec.migration("Take", 2)
    def double(record):
        return {**record, "gain_db": 2 * record["gain_db"]}

    old = {"schema": "Take.1", "gain": 3, "mood": "calm"}
    new = {"schema": "Take.3", "gain_db": 6, "mood": "calm"}
    assert codec.load_record("Take", old) == new
    assert old["schema"] == "Take.1"
    assert codec.load_record("Take", new) == new
    assert codec.load_record("Take", {**old, "schema": "Take.2", "gain_db": 1})["gain_db"] == 2
    assert codec.dump_record("Take", {"gain_db": 1, "schema": "Take.1"}) == {
        "schema": "Take.3",
        "gain_db": 1,
    }
    assert next(iter(codec.dump_record("Take", {"gain_db": 1}))) == "schema"
    with pytest.raises(FormatError, match=r"'Take.4' is newer.*'Take.3' or older"):
        codec.load_record("Take", {"schema": "Take.4"}, where="take.toml")


def test_migrations_also_serve_values(migrations):
    codec.migration("Reason", 1)(lambda record: {"by": record["who"], "why": "", "schema": ""})
    assert codec.load(Reason, b'{"schema":"Reason.1","who":"me"}') == Reason("me", "")
    assert b'"schema":"Reason.2"' in codec.dump(Reason("me", ""))


def test_migrations_leave_no_gap(migrations):
    with pytest.raises(ValueError, match="starts at 1"):
        codec.migration("Take", 2)(dict)


def test_a_long_song_is_saved_and_loaded_in_the_blink_of_an_eye():
    """About 20 ms each on the machine this was written on; the bound only catches blunders."""
    notes = tuple(
        score.PartNote(Fraction(i, 2), Fraction(1, 2), 40 + i % 12, 0.5 + i % 7 / 100)
        for i in range(3000)
    )
    part = score.Part("bass", score.PartRole.BASS, "upright bass", notes)
    began = time.process_time()
    assert codec.load(score.Part, codec.dump(part)) == part
    assert time.process_time() - began < 1.0
