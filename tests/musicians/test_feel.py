"""How it feels: measured against real drummers and against what players do."""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from tonmeister.model.score import Articulation, Part, PartNote, PartRole
from tonmeister.musicians import read_style
from tonmeister.musicians.style import read_groove

F = Fraction


def deviations_ms(kit, band, part, song, **how):
    """(written note, performed note, deviation from the grid in ms) of a part."""
    exact = band(part, song, **{**how, "human": 0})
    played = band(part, song, **how)
    found = []
    for key in {n.key for n in part.notes}:
        written = [n for n in part.notes if n.key == key]
        on_grid = [n for n in exact.notes if n.key == key]
        human = [n for n in played.notes if n.key == key]
        found += [
            (w, h, 1000 * (h.start - g.start))
            for w, g, h in zip(written, on_grid, human, strict=True)
        ]
    return sorted(found, key=lambda item: (item[0].onset, item[0].key))


class TestDrummers:
    """Against data/grooves, which benchmarks/groove_statistics.py derives."""

    @pytest.mark.parametrize("style", ["ballad", "swing"])
    def test_places_are_early_and_late_as_recorded(self, kit, style):
        band = kit.band(read_style(style))
        song = kit.song(120)
        groove = read_groove(band.style.groove)
        found = defaultdict(list)
        for note, _, ms in deviations_ms(kit, band, kit.drums(song), song):
            found[note.key, int(note.onset % 4 * 4)].append(ms)
        # the tendency of the player is the same for all places
        own = 3.0  # june's
        for (key, place), values in found.items():
            drum = {36: "kick", 38: "snare", 42: "hat"}[key]
            wanted = own + groove.drums[drum].places_ms[place] * band.style.place_depth
            assert statistics.fmean(values) == pytest.approx(wanted, abs=2.5), (drum, place)

    def test_strays_are_a_tight_players_share_of_the_recorded_ones(self, kit, play):
        song = kit.song(120)
        groove = read_groove("ballad")
        spreads = defaultdict(list)
        for note, _, ms in deviations_ms(kit, play, kit.drums(song), song):
            spreads[note.key].append(ms)
        for key, drum in ((36, "kick"), (38, "snare"), (42, "hat")):
            stray = groove.drums[drum].spread_ms * 0.5
            wander = groove.drift.spread_ms * 0.35
            wanted = (stray**2 + wander**2) ** 0.5
            assert statistics.stdev(spreads[key]) == pytest.approx(wanted, rel=0.3)

    def test_the_beat_wanders_slowly(self, kit, play):
        song = kit.song(200)
        beats = defaultdict(list)
        for note, _, ms in deviations_ms(kit, play, kit.bass(song), song, feel="tight"):
            beats[int(note.onset)].append(ms)
        series = [statistics.fmean(beats[b]) for b in sorted(beats)]
        correlation = statistics.correlation(series[:-1], series[1:])
        assert 0.35 < correlation < 0.75  # the recorded drummers': 0.63

    def test_hats_are_accented_as_recorded(self, kit, play):
        song = kit.song(60)
        places = defaultdict(list)
        for note in deviations_ms(kit, play, kit.drums(song), song):
            if note[0].key == 42:
                places[int(note[0].onset % 4 * 4)].append(note[1].velocity)
        loud = {place: statistics.fmean(values) for place, values in places.items()}
        assert loud[4] > loud[6] + 8
        assert loud[12] > loud[14] + 8

    def test_velocities_scatter_but_not_wildly(self, kit, play):
        song = kit.song(60, sections=[("verse", "mf")])
        kicks = [n.velocity for n in play(kit.drums(song), song).notes if n.key == 36]
        assert 2 < statistics.stdev(kicks) < 9

    def test_ghost_notes_are_low(self, kit, play):
        song = kit.song(sections=[("verse", "mf")])
        notes = []
        for start in song.starts[:-1]:
            notes.append(PartNote(start + 1, F(1, 4), 38))
            notes.append(PartNote(start + F(7, 4), F(1, 4), 38, 0.6, Articulation.GHOST))
        played = play(Part("drums", PartRole.DRUMS, "standard kit", tuple(notes)), song).notes
        plain = statistics.fmean(n.velocity for n in played[::2])
        ghost = statistics.fmean(n.velocity for n in played[1::2])
        assert ghost < 0.4 * plain


class TestBand:
    def test_bass_and_kick_lock(self, kit, play):
        song = kit.song(100)
        kicks = {
            note.onset: ms
            for note, _, ms in deviations_ms(kit, play, kit.drums(song), song)
            if note.key == 36
        }
        bass = {n.onset: ms for n, _, ms in deviations_ms(kit, play, kit.bass(song), song)}
        gaps = [bass[onset] - kicks[onset] for onset in kicks]
        assert abs(statistics.fmean(gaps)) < 6
        assert statistics.stdev(gaps) < 10
        alone = [bass[onset] - list(kicks.values())[i - 8] for i, onset in enumerate(kicks)]
        assert statistics.stdev(gaps) < 0.85 * statistics.stdev(alone)

    def test_swing_is_heard_as_planned(self, kit, swing_band):
        song = kit.song(60, tempo=140)
        hats = [
            n.start
            for n in swing_band(kit.drums(song), song, swing=0.64, player="otis").notes
            if n.key == 42
        ]
        shares = [
            (off - on) / (after - on)
            for on, off, after in zip(hats[::2], hats[1::2], hats[2::2], strict=False)
        ]
        assert statistics.fmean(shares) == pytest.approx(0.64, abs=0.015)

    @pytest.mark.parametrize(
        ("feel", "shift"), [("laid-back", 12), ("pushed", -10), ("on-top", -4), ("far-back", 22)]
    )
    def test_feels_shift_the_time(self, kit, play, feel, shift):
        song = kit.song(40)
        plain = [ms for _, _, ms in deviations_ms(kit, play, kit.bass(song), song)]
        felt = [ms for _, _, ms in deviations_ms(kit, play, kit.bass(song), song, feel=feel)]
        moved = statistics.fmean(felt) - statistics.fmean(plain)
        assert moved == pytest.approx(shift, abs=2.5)

    def test_soloists_lag_on_the_beat_and_meet_the_drums_off_it(self, kit, swing_band):
        song = kit.song(40)
        notes = tuple(
            PartNote(start + F(i, 2), F(1, 2), 60 + i)
            for start in song.starts[:-1]
            for i in range(8)
        )
        part = Part("lead", PartRole.LEAD, "flute", notes)
        found = deviations_ms(kit, swing_band, part, song, swing=0.64, feel="laid-back")
        on = statistics.fmean(ms for n, _, ms in found if n.onset.denominator == 1)
        off = statistics.fmean(ms for n, _, ms in found if n.onset.denominator == 2)
        assert on > off + 6


class TestHands:
    def test_strums_run_down_on_the_beat_and_up_off_it(self, kit, play):
        song = kit.song()
        notes = play(kit.eighths(song), song).notes
        exact = play(kit.eighths(song), song, human=0).notes
        for on_grid in sorted({n.start for n in exact})[1:]:
            chord = [n for n in notes if abs(n.start - on_grid) < 0.11]
            chord.sort(key=lambda n: n.key)
            starts = [n.start for n in chord[:4]]
            down = (on_grid / 0.5) % 1 == 0
            assert starts == sorted(starts, reverse=not down)
            assert 0.007 < max(starts) - min(starts) < 0.036

    def test_chords_of_keyboards_nearly_coincide(self, kit, play):
        song = kit.song()
        part = kit.whole_notes(song, "grand piano")
        notes = play(replace(part, name="piano"), song).notes
        for i in range(0, len(notes), 3):
            assert notes[i + 2].start - notes[i].start < 0.02

    def test_rolled_chords_rise(self, kit, play):
        song = kit.song()
        notes = tuple(
            PartNote(F(4), F(4), key, 0.6, Articulation.ROLLED, 1) for key in (48, 55, 64, 72)
        )
        part = Part("piano", PartRole.CHORDS, "grand piano", notes)
        starts = [n.start for n in sorted(play(part, song).notes, key=lambda n: n.key)]
        assert starts == sorted(starts)
        assert 0.05 < starts[-1] - starts[0] < 0.13

    def test_repeated_notes_differ(self, kit, play):
        song = kit.song()
        notes = tuple(PartNote(F(i), F(1), 40) for i in range(64))
        played = play(Part("bass", PartRole.BASS, "electric bass", notes), song).notes
        assert all(
            (a.velocity, round(a.length, 4)) != (b.velocity, round(b.length, 4))
            or round(b.start - a.start, 4) != 0.5
            for a, b in pairwise(played)
        )
        assert len({n.velocity for n in played}) > 8


class TestLines:
    def test_slurs_overlap_and_repeated_notes_are_tongued(self, kit, play):
        song = kit.song()
        part = kit.tune(song)
        played = play(part, song).notes
        first, second, third, fourth = played[:4]
        assert first.key == second.key
        assert first.start + first.length < second.start - 0.02
        assert third.start < second.start + second.length < third.start + 0.05
        assert fourth.start < third.start + third.length

    def test_phrases_end_with_a_breath(self, kit, play):
        song = kit.song()
        part = kit.tune(song)
        human, tight = play(part, song).notes, play(part, song, human=0).notes
        assert human[4].length < tight[4].length - 0.08

    def test_phrases_rise_and_fall(self, kit, play):
        song = kit.song(80, sections=[("verse", "mf")])
        notes = tuple(
            PartNote(start + i, F(1), 60 + i) for start in song.starts[:-1:2] for i in range(7)
        )
        played = play(Part("vocal", PartRole.LEAD, "flute", notes), song).notes
        mean = [statistics.fmean(n.velocity for n in played[i::7]) for i in range(7)]
        assert mean[4] > mean[0] + 3  # both are first beats
        assert mean[6] < mean[2]  # both are third beats

    def test_long_notes_get_vibrato_after_a_while(self, kit, play):
        song = kit.song()
        played = play(kit.tune(song), song)
        vibrato = [c for c in played.controls if c.controller == 1 and c.value > 0]
        assert vibrato
        onsets = [n.start for n in played.notes]
        assert all(c.time - max(o for o in onsets if o <= c.time) > 0.25 for c in vibrato)

    def test_scoops_return_to_the_note(self, kit, play):
        song = kit.song(20)
        bends = play(kit.tune(song), song).bends
        assert bends
        assert min(b.cents for b in bends) >= -60
        assert bends[-1].cents == 0
        assert sum(b.cents == 0 for b in bends) * 7 == len(bends)
        assert not play(kit.tune(song, "flute"), song).bends

    def test_expression_swells_into_a_louder_section(self, kit, play):
        song = kit.song()
        played = play(kit.whole_notes(song), song)
        expression = [c for c in played.controls if c.controller == 11]
        edge = 16.0

        def mean(low: float, high: float) -> float:
            return statistics.fmean(c.value for c in expression if low <= c.time < high)

        assert mean(edge - 2, edge) > mean(edge - 8, edge - 4) + 2
        assert mean(edge, edge + 16) > mean(0, edge - 4) + 8

    def test_velocity_grows_into_a_louder_section(self, kit, play):
        song = kit.song()
        played = play(kit.bass(song), song).notes
        last = statistics.fmean(n.velocity for n in played if 15 < n.start < 15.9)
        early = statistics.fmean(n.velocity for n in played if n.start < 12)
        assert last > early + 3

    def test_instruments_that_die_away_have_no_expression(self, kit, play):
        song = kit.song()
        assert not any(c.controller == 11 for c in play(kit.eighths(song), song).controls)


class TestPedal:
    def test_follows_the_chords(self, kit, play):
        song = kit.song()
        part = replace(kit.whole_notes(song, "grand piano"), role=PartRole.CHORDS)
        pedal = [c for c in play(part, song).controls if c.controller == 64]
        assert [c.value for c in pedal] == [127, 0] * 16
        ups = [c.time for c in pedal if c.value == 0]
        assert ups == pytest.approx([2.0 * (i + 1) + 0.04 for i in range(16)])
        downs = [c.time for c in pedal if c.value]
        assert all(0.1 < d - u < 0.3 for u, d in zip(ups, downs[1:], strict=False))

    def test_the_parts_own_spans_come_first(self, kit, play):
        song = kit.song()
        part = replace(kit.whole_notes(song, "grand piano"), pedal=((F(1), F(3)),))
        pedal = [(c.time, c.value) for c in play(part, song).controls if c.controller == 64]
        assert pedal == [(0.5, 127), (1.54, 0)]

    def test_swing_keeps_off_it(self, kit, swing_band):
        song = kit.song()
        part = kit.whole_notes(song, "grand piano")
        assert not any(c.controller == 64 for c in swing_band(part, song).controls)
