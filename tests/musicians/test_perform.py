"""What a performance must and must not do, whatever it is given."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tonmeister.errors import StyleError
from tonmeister.model.score import Articulation, Part, PartNote, PartRole
from tonmeister.model.sheets import PlayerPlan
from tonmeister.musicians import perform, read_style
from tonmeister.musicians.loudness import VELOCITIES
from tonmeister.units.time import TempoMap

F = Fraction


def everybody(kit, song):
    return (
        kit.drums(song), kit.bass(song), kit.eighths(song), kit.whole_notes(song), kit.tune(song),
        kit.eighths(song, "piano", "grand piano"), kit.tune(song, "flute"),
        kit.whole_notes(song, "tonewheel organ"),
    )  # fmt: skip


class TestMachineTight:
    """humanize=0: the grid and the plain velocities."""

    def test_notes_stand_on_the_grid(self, kit, play):
        song = kit.song(tempo="97.3")
        for part in everybody(kit, song):
            played = play(part, song, human=0)
            wanted = sorted((round(song.tempo.seconds_at(n.onset), 6), n.key) for n in part.notes)
            assert [(n.start, n.key) for n in played.notes] == wanted
            assert not played.bends

    def test_swung_eighths_stand_where_the_plan_says(self, kit, play):
        song = kit.song(tempo=120)
        played = play(kit.drums(song), song, human=0, swing=0.62)
        hats = [n.start for n in played.notes if n.key == 42]
        assert hats[:4] == [0.0, 0.31, 0.5, 0.81]

    def test_velocity_is_the_sections_own(self, kit, play):
        song = kit.song()
        played = play(kit.drums(song), song, human=0)
        found = {(n.start < 16, n.velocity) for n in played.notes}
        assert found == {(True, VELOCITIES["mp"]), (False, VELOCITIES["f"])}

    def test_swing_shifts_the_end_of_a_note_too(self, kit, play):
        song = kit.song()
        note = PartNote(F(1, 2), F(1, 2), 60, 0.6, Articulation.TENUTO)
        part = Part("piano", PartRole.CHORDS, "grand piano", (note,))
        (played,) = play(part, song, human=0, swing=0.66).notes
        assert played.start == pytest.approx(0.33)
        assert played.start + played.length == pytest.approx(0.5)

    def test_written_tuplets_do_not_swing(self, kit, play):
        song = kit.song()
        triplet = [PartNote(F(i, 3), F(1, 3), 60) for i in range(3)]
        sextuplet = [PartNote(2 + F(i, 6), F(1, 6), 62) for i in range(6)]
        part = Part("piano", PartRole.CHORDS, "grand piano", (*triplet, *sextuplet))
        starts = [n.start for n in play(part, song, human=0, swing=0.7).notes]
        assert starts == pytest.approx([0, 1 / 6, 1 / 3, *(1 + i / 12 for i in range(6))], abs=2e-6)

    @pytest.mark.parametrize("metre", ["6/8", "12/8", "7/8"])
    def test_eighths_of_eighth_metres_do_not_swing(self, kit, play, metre):
        song = kit.song(metre=metre)
        notes = tuple(PartNote(F(i, 2), F(1, 2), 60) for i in range(6))
        part = Part("piano", PartRole.CHORDS, "grand piano", notes)
        starts = [n.start for n in play(part, song, human=0, swing=0.7).notes]
        assert starts == pytest.approx([i / 4 for i in range(6)])

    def test_a_pickup_counts_from_its_bars_end(self, kit, play):
        song = kit.song(bars=4, sections=[("verse", "mf")])
        pickup = replace(song.measures[0], length=F(1, 2))
        measures = (pickup, *song.measures[1:])
        section = replace(song.sections[0], length=F(25, 2))
        song = replace(song, measures=measures, sections=(section,))
        notes = tuple(PartNote(F(i, 2), F(1, 2), 60) for i in range(4))
        part = Part("piano", PartRole.CHORDS, "grand piano", notes)
        starts = [n.start for n in play(part, song, human=0, swing=0.66).notes]
        assert starts == pytest.approx([0.08, 0.25, 0.58, 0.75])

    def test_a_ritardando_is_followed(self, kit, play):
        tempo = TempoMap.of([(F(0), F(120)), (F(30), F(100)), (F(31), F(80))])
        song = replace(kit.song(bars=4), tempo=tempo)
        part = kit.bass(song)
        played = play(part, song, human=0)
        assert [n.start for n in played.notes] == pytest.approx(
            [tempo.seconds_at(n.onset) for n in part.notes], abs=1e-6
        )


def assert_sound(performance):
    """The promises of `perform`."""
    order = [(n.start, n.key) for n in performance.notes]
    assert order == sorted(order)
    for note in performance.notes:
        assert note.start >= 0
        assert note.length > 0
        assert 1 <= note.velocity <= 127
    last: dict[int, float] = {}
    for note in performance.notes:
        assert note.start >= last.get(note.key, 0.0) - 1e-6
        last[note.key] = note.start + note.length
    assert all(c.time >= 0 and 0 <= c.value <= 127 for c in performance.controls)
    assert all(abs(b.cents) <= 60 and b.time >= 0 for b in performance.bends)
    assert performance.length >= max(last.values(), default=0.0)


POSITIONS = st.integers(0, 64 * 12).map(lambda n: F(n, 12)) | st.integers(0, 64 * 16).map(
    lambda n: F(n, 16)
)
NOTES = st.builds(
    PartNote,
    onset=POSITIONS,
    duration=st.sampled_from([F(1, 24), F(1, 8), F(1, 4), F(1, 3), F(1, 2), F(1), F(4), F(9)]),
    key=st.integers(36, 72),
    weight=st.floats(0, 1),
    articulation=st.sampled_from(list(Articulation)),
    chord=st.integers(-1, 5),
)


class TestPromises:
    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(
        notes=st.lists(NOTES, max_size=30),
        instrument=st.sampled_from(["standard kit", "grand piano", "steel guitar", "flute"]),
        metre=st.sampled_from(["4/4", "3/4", "6/8", "7/8", "5/4", "2/2"]),
        tempo=st.sampled_from([40, 120, 300]),
        human=st.sampled_from([0.0, 0.5, 1.0, 2.0]),
        swing=st.sampled_from([0.5, 0.66]),
    )
    def test_hold_for_any_part(self, kit, play, notes, instrument, metre, tempo, human, swing):
        song = kit.song(16, tempo, metre)
        ordered = tuple(sorted(notes, key=lambda n: (n.onset, n.key)))
        part = Part("x", PartRole.CHORDS, instrument, ordered)
        played = play(part, song, human=human, swing=swing)
        assert_sound(played)
        assert sorted(n.key for n in played.notes) == sorted(n.key for n in notes)

    @pytest.mark.parametrize("style", ["ballad", "swing", "waltz"])
    def test_hold_for_a_whole_band(self, kit, style):
        song = kit.song(metre="4/4")
        band = kit.band(read_style(style))
        for part in everybody(kit, song):
            assert_sound(band(part, song, swing=0.6))

    def test_same_input_same_performance(self, kit, play):
        song = kit.song()
        for part in everybody(kit, song):
            assert play(part, song) == play(part, song)

    def test_another_seed_is_another_take(self, kit):
        song = kit.song()
        part = kit.drums(song)
        assert kit.band(seed=1)(part, song).notes != kit.band(seed=2)(part, song).notes

    def test_order_of_the_parts_does_not_matter(self, kit, play):
        song = kit.song()
        parts = everybody(kit, song)
        forward = {p.name + p.instrument: play(p, song) for p in parts}
        backward = {p.name + p.instrument: play(p, song) for p in reversed(parts)}
        assert forward == backward

    def test_nobody_strays_far(self, kit, play):
        song = kit.song(32)
        for part in everybody(kit, song):
            exact = play(part, song, human=0)
            loose = play(part, song, human=2)
            for key in {n.key for n in part.notes}:
                pairs = zip(
                    [n for n in exact.notes if n.key == key],
                    [n for n in loose.notes if n.key == key],
                    strict=True,
                )
                assert max(abs(a.start - b.start) for a, b in pairs) < 0.09

    def test_an_empty_part_is_a_silence_of_the_songs_length(self, kit, play):
        song = kit.song()
        played = play(Part("bass", PartRole.BASS, "electric bass", ()), song)
        assert played.notes == ()
        assert played.length > 32


class TestLocality:
    """What is not touched stays as it was."""

    def test_other_notes_in_the_verse_leave_the_chorus_alone(self, kit, play):
        song = kit.song()
        for part in everybody(kit, song):
            edge = song.sections[1].start
            changed = tuple(
                replace(n, key=n.key + 1, weight=0.8) if n.onset < edge else n
                for n in part.notes
                if n.onset >= edge or n.onset % 4 != 1
            )
            before = play(part, song)
            after = play(replace(part, notes=changed), song)
            start = song.tempo.seconds_at(edge) - 0.06
            assert [n for n in before.notes if n.start > start] == [
                n for n in after.notes if n.start > start
            ]
            assert before.notes != after.notes

    def test_other_notes_in_the_chorus_leave_the_verse_alone(self, kit, play):
        song = kit.song()
        for part in everybody(kit, song):
            edge = song.sections[1].start
            changed = tuple(replace(n, weight=0.9) if n.onset >= edge else n for n in part.notes)
            before = play(part, song)
            after = play(replace(part, notes=changed), song)
            end = song.tempo.seconds_at(edge) - 0.06
            assert [n for n in before.notes if n.start < end] == [
                n for n in after.notes if n.start < end
            ]

    def test_a_note_more_leaves_the_others_in_their_place(self, kit, play):
        song = kit.song()
        part = kit.drums(song)
        crash = PartNote(F(5, 4), F(1), 49)
        notes = tuple(sorted((*part.notes, crash), key=lambda n: (n.onset, n.key)))
        before = set(play(part, song).notes)
        after = set(play(replace(part, notes=notes), song).notes)
        assert before < after
        assert len(after - before) == 1


class TestErrors:
    def test_unknown_player_names_the_nearest(self, kit):
        song = kit.song()
        plan = PlayerPlan(player="jun", instrument="standard kit")
        with pytest.raises(StyleError, match="june"):
            perform(
                kit.drums(song), song, plan, {}, read_style("ballad"),
                kit.instruments["standard kit"], seed=1,
            )  # fmt: skip

    def test_unknown_feel_names_the_nearest(self, kit, play):
        song = kit.song()
        with pytest.raises(StyleError, match="laid-back"):
            play(kit.drums(song), song, feel="laidback")

    def test_unknown_style(self):
        with pytest.raises(StyleError, match="bossa"):
            read_style("bossa")

    def test_a_wrong_key_is_named_with_its_file(self, tmp_path, monkeypatch):
        folder = tmp_path / "styles" / "mine"
        folder.mkdir(parents=True)
        (folder / "performance.toml").write_text('groove = "pop"\nlosseness = 1\n')
        monkeypatch.setenv("TONMEISTER_DATA", str(tmp_path))
        with pytest.raises(StyleError) as caught:
            read_style("mine")
        assert "losseness" in str(caught.value)
        assert "styles/mine/performance.toml" in str(caught.value)

    def test_a_section_without_a_plan_is_played_as_the_song_says(self, kit):
        song = kit.song()
        plan = PlayerPlan(player="june", instrument="standard kit", humanize=0)
        played = perform(
            kit.drums(song), song, plan, {}, read_style("ballad"),
            kit.instruments["standard kit"], seed=1,
        )  # fmt: skip
        assert {n.velocity for n in played.notes} == {VELOCITIES["mp"], VELOCITIES["f"]}
