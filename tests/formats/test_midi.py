"""Standard MIDI files: round trips, other people's files, junk."""

from __future__ import annotations

import io
import struct
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonmeister.errors import FormatError
from tonmeister.formats import midi
from tonmeister.formats.midi.chunks import file_bytes, meta, number, track_chunk
from tonmeister.model.performance import ControlChange, Performance, PerformedNote, PitchBend
from tonmeister.model.score import KeySignature, Part, PartNote, PartRole, TimeSignature
from tonmeister.units.time import TempoMap

F = Fraction
GROOVE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "groove"
TEMPO = TempoMap.constant(120)


def lines(key_low: int = 36, key_high: int = 84):
    """Notes of a part, sorted, no key struck while it sounds."""
    grid = st.integers(1, 24).map(lambda n: F(n, 12)) | st.integers(1, 32).map(lambda n: F(n, 16))
    step = st.tuples(grid, grid, st.integers(key_low, key_high), st.integers(1, 127))

    def build(steps):
        notes, at = [], F(0)
        free: dict[int, F] = {}
        for gap, length, key, velocity in steps:
            at += gap - F(1, 12) if gap > F(1, 12) else 0
            if free.get(key, F(-1)) <= at:
                notes.append(PartNote(at, length, key, velocity / 127))
                free[key] = at + length
        return tuple(sorted(notes, key=lambda n: (n.onset, n.key)))

    return st.lists(step, min_size=1, max_size=40).map(build)


PARTS = st.lists(lines(), min_size=1, max_size=4).map(
    lambda found: tuple(
        Part(f"part {i}", PartRole.DRUMS if i == 1 else PartRole.CHORDS, "grand piano", notes)
        for i, notes in enumerate(found)
    )
)
TEMPOS = st.lists(
    st.tuples(st.integers(1, 200).map(lambda n: F(n, 2)), st.integers(30, 300)), max_size=4
).map(lambda changes: TempoMap.of(sorted({F(0): F(90), **{a: F(t) for a, t in changes}}.items())))


class TestRoundTrip:
    @settings(max_examples=60, deadline=None)
    @given(PARTS, TEMPOS)
    def test_notes_and_tempos_come_back_exactly(self, parts, tempo):
        file = midi.parse(midi.write_score(parts, tempo))
        assert [p.name for p in file.parts] == [p.name for p in parts]
        for found, written in zip(file.parts, parts, strict=True):
            assert found.notes == written.notes
            assert (found.role is PartRole.DRUMS) == (written.role is PartRole.DRUMS)
        assert file.tempo == tempo

    @settings(max_examples=30, deadline=None)
    @given(PARTS, TEMPOS)
    def test_mido_reads_the_same_notes(self, parts, tempo):
        file = mido.MidiFile(file=io.BytesIO(midi.write_score(parts, tempo)))
        assert file.type == 1
        assert file.ticks_per_beat == midi.PPQ
        for track, part in zip(file.tracks[1:], parts, strict=True):
            assert track.name == part.name
            assert mido_notes(track) == [
                (n.onset, n.duration, n.key, round(127 * n.weight)) for n in part.notes
            ]

    def test_metres_keys_sections_title_pedal(self):
        metres = ((F(0), TimeSignature(3, 4)), (F(9), TimeSignature(6, 8)))
        keys = ((F(0), KeySignature.parse("Eb")), (F(9), KeySignature.parse("C minor")))
        sections = ((F(0), "verse1"), (F(9), "chorus"))
        note = PartNote(F(0), F(1), 60, 1.0)
        part = Part("piano", PartRole.CHORDS, "grand piano", (note,), ((F(0), F(3)), (F(3), F(4))))
        data = midi.write_score(
            (part,), TempoMap.constant("66.5"), metres, keys, title="Zürich", sections=sections
        )
        file = midi.parse(data)
        assert file.metres == metres
        assert file.keys == keys
        assert file.sections == sections
        assert file.title == "Zürich"
        assert file.tempo == TempoMap.constant("66.5")
        assert file.parts[0].pedal == part.pedal
        assert file.parts[0].instrument == "grand piano"

    def test_same_input_same_bytes(self):
        part = Part("a", PartRole.LEAD, "flute", (PartNote(F(1, 3), F(1), 60),))
        assert midi.write_score((part,), TEMPO) == midi.write_score((part,), TEMPO)


def mido_notes(track):
    found, held, now = [], {}, 0
    for message in track:
        now += message.time
        if message.type == "note_on" and message.velocity:
            held[message.note] = (now, message.velocity)
        elif message.type in {"note_on", "note_off"}:
            start, velocity = held.pop(message.note)
            length = F(now - start, midi.PPQ)
            found.append((F(start, midi.PPQ), length, message.note, velocity))
    return sorted(found, key=lambda n: (n[0], n[2]))


class TestPerformed:
    def performance(self, **what):
        notes = what.pop("notes", (PerformedNote(0.51, 0.4, 60, 90),))
        return Performance("vocal", "flute", tuple(notes), **what)

    def test_seconds_go_through_the_tempo_map(self):
        tempo = TempoMap.of([(F(0), F(120)), (F(4), F(60))])
        notes = [PerformedNote(0.5, 0.25, 60, 90), PerformedNote(3.0, 0.5, 62, 90)]
        data = midi.write(tempo, (), (), (self.performance(notes=notes),), {})
        (part,) = midi.parse(data).parts
        assert [(n.onset, n.duration) for n in part.notes] == [(F(1), F(1, 2)), (F(5), F(1, 2))]

    def test_mido_plays_it_at_the_performed_time(self):
        tempo = TempoMap.of([(F(0), F(100)), (F(4), F(63)), (F(7), F(91))])
        notes = [PerformedNote(0.1 * i + 0.013, 0.05, 60, 90) for i in range(60)]
        data = midi.write(tempo, (), (), (self.performance(notes=notes),), {})
        now, starts = 0.0, []
        for message in mido.MidiFile(file=io.BytesIO(data)):
            now += message.time
            if message.type == "note_on" and message.velocity:
                starts.append(now)
        assert starts == pytest.approx([n.start for n in notes], abs=0.0012)

    def test_programs_channels_controls_bends(self):
        controls = (ControlChange(0.0, 11, 90), ControlChange(1.0, 64, 127))
        bends = (PitchBend(0.5, -50.0), PitchBend(0.6, 0.0), PitchBend(0.7, 200.0))
        vocal = self.performance(controls=controls, bends=bends)
        drums = Performance("drums", "jazz kit", (PerformedNote(0.0, 0.1, 36, 100),))
        programs = {
            "flute": midi.MidiProgram(73),
            "drums": midi.MidiProgram(32, drums=True),
        }
        data = midi.write(TEMPO, (), (), (vocal, drums), programs)
        file = mido.MidiFile(file=io.BytesIO(data))
        sung, beaten = file.tracks[1:]
        assert [m.program for m in sung if m.type == "program_change"] == [73]
        assert {m.channel for m in sung if not m.is_meta} == {0}
        assert {m.channel for m in beaten if not m.is_meta} == {9}
        assert [m.pitch for m in sung if m.type == "pitchwheel"] == [-2048, 0, 8191]
        assert (11, 90) in [(m.control, m.value) for m in sung if m.type == "control_change"]
        assert midi.parse(data).programs["drums"].program == 32

    def test_lyrics_land_on_the_notes_of_the_lead(self):
        lyrics = ((F(1), "A-"), (F(3), "men"))
        data = midi.write(TEMPO, (), (), (self.performance(),), {}, lyrics=lyrics)
        file = midi.parse(data)
        assert [text for _, _, text in file.lyrics] == ["A-", "men"]
        assert file.lyrics[0][0] == file.parts[0].notes[0].onset
        assert file.lyrics[1][:2] == (F(3), "vocal")

    def test_twenty_parts_go_to_two_ports(self):
        notes = (PerformedNote(0.0, 0.5, 60, 90),)
        parts = [Performance(f"p{i}", "flute", notes) for i in range(20)]
        file = midi.parse(midi.write(TEMPO, (), (), parts, {}))
        assert [p.name for p in file.parts] == [p.part for p in parts]
        assert not any(p.role is PartRole.DRUMS for p in file.parts)

    def test_a_song_beyond_the_formats_count_is_refused(self):
        with pytest.raises(FormatError, match="count"):
            midi.write(TEMPO, ((F(10**6), TimeSignature(4, 4)),), (), (), {})


def track(*events: tuple[int, bytes]) -> bytes:
    return track_chunk(events)


class TestOtherPeoplesFiles:
    def test_running_status_and_velocity_zero(self):
        body = b"\x00\x90\x3c\x40\x60\x3c\x00\x00\x3e\x40\x60\x3e\x00\x00\xff\x2f\x00"
        data = file_bytes([b"MTrk" + struct.pack(">I", len(body)) + body], 96)
        (part,) = midi.parse(data).parts
        assert [(n.onset, n.duration, n.key) for n in part.notes] == [
            (F(0), F(1), 60), (F(1), F(1), 62),
        ]  # fmt: skip

    def test_missing_note_offs_end_with_the_next_stroke_or_the_track(self):
        data = file_bytes(
            [track((0, b"\x90\x3c\x40"), (96, b"\x90\x3c\x40"), (288, b"\x90\x40\x40"),
                   (384, b"\x80\x40\x40"))],
            96,
        )  # fmt: skip
        (part,) = midi.parse(data).parts
        assert [(n.onset, n.duration, n.key) for n in part.notes] == [
            (F(0), F(1), 60), (F(1), F(3), 60), (F(3), F(1), 64),
        ]  # fmt: skip

    def test_overlapping_notes_of_a_key_are_first_in_first_out(self):
        data = file_bytes(
            [track((0, b"\x90\x3c\x40"), (48, b"\x90\x3c\x50"), (96, b"\x80\x3c\x00"),
                   (192, b"\x80\x3c\x00"))],
            96,
        )  # fmt: skip
        (part,) = midi.parse(data).parts
        assert [(n.onset, n.duration) for n in part.notes] == [(F(0), F(1)), (F(1, 2), F(3, 2))]

    def test_type_0_is_taken_apart_by_channel(self):
        chunk = track(
            (0, b"\xc0\x28"), (0, b"\x90\x3c\x40"), (0, b"\x99\x24\x40"), (96, b"\x80\x3c\x00"),
            (96, b"\x89\x24\x00"),
        )  # fmt: skip
        data = b"MThd" + struct.pack(">IHHH", 6, 0, 1, 96) + chunk
        file = midi.parse(data)
        assert [(p.name, p.instrument) for p in file.parts] == [
            ("violin", "violin"), ("drums", "standard kit"),
        ]  # fmt: skip
        assert file.tempo == TEMPO
        assert file.metres == ((F(0), TimeSignature(4, 4)),)

    def test_tempos_cut_off_by_other_writers_come_back_round(self):
        chunk = track((0, meta(0x51, (769230).to_bytes(3, "big"))), (0, b"\x90\x3c\x40"))
        assert midi.parse(file_bytes([chunk], 96)).tempo == TempoMap.constant(78)

    def test_a_cut_off_file_gives_what_came_before(self):
        part = Part("a", PartRole.LEAD, "x", tuple(PartNote(F(i), F(1), 60) for i in range(50)))
        data = midi.write_score((part,), TEMPO)
        (found,) = midi.parse(data[: len(data) - 150]).parts
        assert 10 < len(found.notes) < 50

    def test_a_riff_wrapper_is_opened(self):
        part = Part("a", PartRole.LEAD, "x", (PartNote(F(0), F(1), 60),))
        data = midi.write_score((part,), TEMPO)
        wrapped = b"RIFF" + struct.pack("<I", len(data) + 12) + b"RMIDdata"
        wrapped += struct.pack("<I", len(data)) + data
        assert midi.parse(wrapped).parts[0].notes

    def test_unnamed_parts_get_different_names(self):
        chunk = track((0, b"\xc0\x00"), (0, b"\x90\x3c\x40"), (96, b"\x80\x3c\x00"))
        file = midi.parse(file_bytes([chunk, chunk, chunk], 96))
        assert [p.name for p in file.parts] == ["grand piano", "grand piano 2", "grand piano 3"]

    def test_real_drummers(self):
        if not GROOVE.is_dir():
            pytest.skip("the Groove MIDI data is not beside the checkout")
        paths = sorted(GROOVE.rglob("*.mid"))[::34][:30]
        assert len(paths) == 30
        for path in paths:
            file = midi.read(path)
            theirs = mido.MidiFile(path)
            count = sum(
                m.type == "note_on" and m.velocity > 0 for line in theirs.tracks for m in line
            )
            assert sum(len(p.notes) for p in file.parts) == count, path.name
            assert all(p.role is PartRole.DRUMS for p in file.parts)
            assert all(n.duration > 0 for p in file.parts for n in p.notes)


class TestJunk:
    @pytest.mark.parametrize(
        ("data", "word"),
        [
            (b"", "not a MIDI file"),
            (b"hello, this is a text", "not a MIDI file"),
            (b"PK\x03\x04" + bytes(40), "not a MIDI file"),
            (b"MThd" + struct.pack(">IHHH", 6, 1, 0, 480), "no tracks"),
            (b"MThd" + struct.pack(">IhhH", 6, 1, 1, 0xE728), "SMPTE"),
            (b"MThd" + struct.pack(">IHHH", 6, 1, 1, 0), "no unit"),
            (b"MThd" + struct.pack(">IHHH", 6, 2, 1, 96) + track(), "type 2"),
            (file_bytes([b"MTrk\x00\x00\x00\x03\x00\x3c\x40"], 96), "no MIDI event"),
            (file_bytes([b"MTrk\x00\x00\x00\x04\x00\x90\x3c\xf0"], 96), "no MIDI event"),
        ],
    )
    def test_is_one_clear_error(self, tmp_path, data, word):
        path = tmp_path / "x.mid"
        path.write_bytes(data)
        with pytest.raises(FormatError, match=word) as caught:
            midi.read(path)
        assert "x.mid" in str(caught.value)

    def test_a_missing_file_and_a_folder(self, tmp_path):
        for path in (tmp_path / "none.mid", tmp_path):
            with pytest.raises(FormatError, match="cannot be read"):
                midi.read(path)

    @settings(max_examples=150, deadline=None)
    @given(st.binary(max_size=80))
    def test_no_bytes_crash_the_reader(self, body):
        data = file_bytes([b"MTrk" + struct.pack(">I", len(body)) + body], 96)
        try:
            file = midi.parse(data)
        except FormatError:
            return
        assert all(n.duration > 0 for p in file.parts for n in p.notes)

    @settings(max_examples=100, deadline=None)
    @given(st.integers(0, 400), st.binary(min_size=1, max_size=4))
    def test_nor_does_a_damaged_file(self, at, patch):
        notes = tuple(PartNote(F(i), F(1), 60 + i) for i in range(20))
        data = bytearray(midi.write_score((Part("a", PartRole.LEAD, "x", notes),), TEMPO))
        at %= len(data) - len(patch)
        data[at : at + len(patch)] = patch
        with suppress(FormatError):
            midi.parse(bytes(data))


@given(st.integers(0, 0x0FFFFFFF))
def test_variable_length_numbers(value):
    encoded = number(value)
    decoded = 0
    for byte in encoded:
        decoded = decoded << 7 | byte & 0x7F
    assert decoded == value
    assert all(byte & 0x80 for byte in encoded[:-1])
    assert len(encoded) <= 4
