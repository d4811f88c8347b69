"""Voicings: little motion, no mud, no wrong intervals, whatever the chord."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonmeister.model.score import ChordSymbol
from tonmeister.theory.chords import KINDS, parse_chord, pitch_classes
from tonmeister.theory.voicing import (
    LOW_INTERVAL_LIMITS,
    VoicingRules,
    clashes,
    guide_tones,
    lead_into,
    motion,
    voice_lead,
)
from tonmeister.units.pitch import NoteName

CHANGES = "Dm7 G7 Cmaj7 A7(b9) Dm7 G7 C6 Fmaj7 Bm7b5 E7 Am7 D7 Gsus4 G7 Cm(maj7) Fm6 C"
chords = st.builds(
    ChordSymbol,
    st.integers(-6, 6).map(NoteName.from_fifths),
    st.sampled_from(sorted(KINDS)),
)


def lead(text: str, rules: VoicingRules) -> list[tuple[int, ...]]:
    voicings: list[tuple[int, ...]] = []
    for name in text.split():
        voicings.append(lead_into(voicings[-1] if voicings else None, parse_chord(name), rules))
    return voicings


@pytest.mark.parametrize("rootless", [False, True])
@pytest.mark.parametrize("shape", ["close", "drop2", "open", "any"])
def test_voices_move_little(shape: str, rootless: bool) -> None:
    voicings = lead(CHANGES, VoicingRules(50, 76, 4, shape=shape, rootless=rootless))
    moved = [motion(a, b) / 4 for a, b in pairwise(voicings)]
    assert sum(moved) / len(moved) < 2.2
    assert max(moved) <= 5


@given(chords, st.integers(1, 5), st.booleans(), st.sampled_from(["close", "drop2", "open", "any"]))
@settings(max_examples=150, deadline=None)
def test_every_chord_is_voiced_in_its_register(
    symbol: ChordSymbol, voices: int, rootless: bool, shape: str
) -> None:
    keys = lead_into(None, symbol, VoicingRules(48, 79, voices, rootless=rootless, shape=shape))
    assert len(keys) == voices or (symbol.kind in {"pedal", "power"} and keys)
    assert list(keys) == sorted(set(keys))
    assert keys[0] >= 48
    assert keys[-1] <= 79
    assert {key % 12 for key in keys} <= set(pitch_classes(symbol))


@given(chords)
@settings(max_examples=100, deadline=None)
def test_guide_tones_are_kept_and_low_intervals_clear(symbol: ChordSymbol) -> None:
    keys = voice_lead(None, symbol, low=50, high=76, voices=4)
    assert set(guide_tones(symbol)) <= {key % 12 for key in keys}
    for below, above in pairwise(keys):
        assert below >= LOW_INTERVAL_LIMITS.get(above - below, 0)
    assert not any(b - a == 13 for i, a in enumerate(keys) for b in keys[i + 1 :])


def test_the_tune_is_avoided() -> None:
    c_major = parse_chord("C")
    for sung in range(60, 77):
        keys = lead_into(None, c_major, VoicingRules(52, 76, 4, avoid=(sung,)))
        assert not any(clashes(key, (sung,)) for key in keys)


def test_the_top_voice_stays_below_its_limit() -> None:
    keys = voice_lead(None, parse_chord("Am7"), low=48, high=79, voices=4, top_max=66)
    assert keys[-1] <= 66


def test_colours_come_only_where_they_are_allowed() -> None:
    plain = lead_into(None, parse_chord("Dm7"), VoicingRules(50, 72, 4, rootless=True))
    scale = frozenset({0, 2, 4, 5, 7, 9, 11})
    rules = VoicingRules(50, 72, 4, rootless=True, colours=scale)
    rich = lead_into(None, parse_chord("Dm7"), rules)
    assert {key % 12 for key in plain} <= {2, 5, 9, 0}
    assert 4 in {key % 12 for key in rich}


def test_a_small_register_gives_fewer_voices() -> None:
    assert len(voice_lead(None, parse_chord("C"), low=60, high=67, voices=5)) == 3
    assert voice_lead(None, parse_chord("C5"), low=61, high=63, voices=3) == ()


def test_guide_tones() -> None:
    assert guide_tones(parse_chord("G7")) == (11, 5)
    assert guide_tones(parse_chord("Gsus4")) == (0,)
    assert guide_tones(parse_chord("C5")) == (0,)
