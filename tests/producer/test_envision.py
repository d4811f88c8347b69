"""The vision: what was asked is kept, the rest has reasons."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tonmeister import data
from tonmeister.errors import BriefError
from tonmeister.model.reason import Decision
from tonmeister.model.score import KeySignature, LeadSheet, Measure, Note, Syllable, TimeSignature
from tonmeister.model.sheets import SongSheet
from tonmeister.producer import Brief, brief_decisions, envision, understand
from tonmeister.producer.styles import cards
from tonmeister.units.pitch import Pitch


def lead_sheet(
    metre: str = "4/4",
    *,
    pitches: str = "C4 D4 E4 F4",
    bars: int = 16,
    tempo: Fraction | None = None,
    words: bool = False,
) -> LeadSheet:
    time = TimeSignature.parse(metre)
    names = pitches.split()
    step = time.bar / len(names)
    notes = tuple(
        Note(step * i, step, Pitch.parse(name), (Syllable("la"),) if words else ())
        for i, name in enumerate(names)
    )
    key = KeySignature.parse("F major")
    measure = Measure("1", time, key, time.bar, notes)
    measures = tuple(replace(measure, number=str(i + 1)) for i in range(bars))
    return LeadSheet("Written Tune", measures, tempo=tempo)


def test_the_issues_example_is_kept_to_the_letter() -> None:
    brief = understand(
        "a slow warm soul ballad in D minor, 72 bpm, about 3 minutes, piano, bass, drums, strings, "
        "for a baritone"
    ).brief
    proposal = envision(brief)
    assert proposal.sheet == SongSheet(
        title="Untitled soul ballad",
        style="ballad",
        key="D minor",
        tempo=72.0,
        metre="4/4",
        length=180.0,
        singer="baritone",
        band=("vocal", "piano", "bass", "drums", "strings"),
        seed=1,
    )
    asked = {path for path, reason in proposal.reasons.items() if reason.by == "brief"}
    assert asked == {
        f"song.{name}" for name in ("style", "key", "tempo", "length", "singer", "band")
    }


def test_every_field_has_a_reason() -> None:
    for brief in (Brief(), Brief(style="bossa"), Brief(band=("piano",))):
        proposal = envision(brief)
        assert set(proposal.reasons) == {f"song.{name}" for name in SongSheet.model_fields}
        assert all(reason.why for reason in proposal.reasons.values())


def test_tempo_words_point_into_the_styles_range() -> None:
    proposal = envision(understand("a slow soul ballad").brief)
    assert 66 <= proposal.sheet.tempo <= 70
    assert proposal.reasons["song.tempo"].why == (
        "no tempo was asked; soul ballads sit at 66-76, slow points to the lower part: 68"
    )
    tempi = [
        envision(understand(f"{word} swing").brief).sheet.tempo for word in ("slow", "", "fast")
    ]
    assert tempi == sorted(tempi)
    assert len(set(tempi)) == 3


@pytest.mark.parametrize(
    ("asked", "style"),
    [
        ("bossa", "swing"), ("jazz", "swing"), ("blues", "swing"), ("soul", "ballad"),
        ("pop", "ballad"), ("folk", "ballad"), ("rock", "ballad"), ("lullaby", "waltz"),
        ("parlour", "waltz"),
    ],
)  # fmt: skip
def test_a_style_that_is_not_there_is_replaced_openly(asked: str, style: str) -> None:
    proposal = envision(Brief(style=asked))
    assert proposal.sheet.style == style
    why = proposal.reasons["song.style"].why
    assert why.startswith(f"there is no '{asked}' style yet; '{style}' is the nearest")


def test_jazz_in_three_is_a_waltz() -> None:
    assert envision(Brief(style="jazz", metre="3/4")).sheet.style == "waltz"


def test_an_unknown_style_names_the_nearest() -> None:
    with pytest.raises(BriefError, match="bossa"):
        envision(Brief(style="bosa novva"))
    with pytest.raises(BriefError, match="ballad, swing, waltz"):
        envision(Brief(style="xyzzy"))
    with pytest.raises(BriefError, match="no 'bossa' kind of ballad"):
        envision(Brief(style="ballad", colour="bossa"))


def test_moods_choose_mode_keys_and_band() -> None:
    assert envision(understand("a sad ballad").brief).sheet.key.endswith("minor")
    flats = envision(understand("a warm ballad").brief)
    assert KeySignature.parse(flats.sheet.key).fifths < 0
    assert "strings" in envision(understand("a lush swing").brief).sheet.band
    small = envision(understand("an intimate ballad").brief)
    assert not {"drums", "strings"} & set(small.sheet.band)
    assert "intimate asks for few players" in small.reasons["song.band"].why


def test_the_seed_is_made_from_the_title() -> None:
    assert envision(Brief()).sheet.seed == 1
    assert envision(Brief(seed=7, title="A")).sheet.seed == 7
    blue = envision(Brief(title="Blue Hour")).sheet.seed
    assert blue == envision(Brief(title="blue hour", style="swing")).sheet.seed
    assert blue != envision(Brief(title="Red Hour")).sheet.seed


@pytest.mark.parametrize(
    ("sentence", "band"),
    [
        ("a ballad for voice and piano", ("vocal", "piano")),
        ("solo piano ballad", ("piano1", "piano2")),
        ("instrumental swing, piano trio", ("piano1", "piano2", "bass", "drums")),
        ("swing with piano, guitar, bass and drums", ("guitar", "piano", "bass", "drums")),
        ("swing with clarinet, piano and bass", ("clarinet", "piano", "bass")),
        ("swing with vibes, bass and trumpet", ("trumpet", "vibes", "bass")),
        ("swing with vibes, bass and drums", ("vibes1", "vibes2", "bass", "drums")),
        ("swing with vibes", ("vibes", "piano", "guitar", "bass", "drums")),
        ("lead flute, piano and bass, swing", ("flute", "piano", "bass")),
        ("string quartet waltz", ("violin", "strings")),
        ("swing for bass and drums only, solo bass", ("trumpet", "bass", "drums")),
        ("swing", ("trumpet", "piano", "guitar", "bass", "drums")),
        ("swing without trumpet", ("guitar", "piano", "bass", "drums")),
        ("parlour song for a soprano with harp", ("vocal", "piano", "bass", "strings", "harp")),
        ("ballad with vocals, no drums", ("vocal", "piano", "guitar", "bass", "strings")),
    ],
)  # fmt: skip
def test_the_band_has_its_lead_first(sentence: str, band: tuple[str, ...]) -> None:
    assert envision(understand(sentence).brief).sheet.band == band


def test_a_lead_sheet_stays_as_written() -> None:
    proposal = envision(
        Brief(), lead_sheet=lead_sheet("3/4", pitches="A4 B4 C5", tempo=Fraction(96))
    )
    sheet = proposal.sheet
    assert (sheet.title, sheet.key, sheet.metre, sheet.tempo) == (
        "Written Tune",
        "F major",
        "3/4",
        96,
    )
    assert sheet.style == "waltz"
    for name in ("title", "key", "metre", "tempo"):
        assert proposal.reasons[f"song.{name}"].by == "lead sheet"


def test_a_written_tempo_is_counted_in_felt_pulses() -> None:
    sheet = envision(Brief(), lead_sheet=lead_sheet("6/8", tempo=Fraction(90))).sheet
    assert sheet.tempo == 60


def test_a_lead_sheet_is_played_through_whole_times() -> None:
    sheet = lead_sheet(bars=8, tempo=Fraction(120))  # 16 s once, 12 s of intro and ending
    assert envision(Brief(), lead_sheet=sheet).sheet.length == 16 * 9 + 12
    assert envision(Brief(length=60.0), lead_sheet=sheet).sheet.length == 60


def test_a_lead_sheet_with_words_finds_its_singer() -> None:
    low = envision(Brief(), lead_sheet=lead_sheet(pitches="C3 D3 E3 F3", words=True)).sheet
    high = envision(Brief(), lead_sheet=lead_sheet(pitches="C5 D5 C5 A4", words=True)).sheet
    assert (low.singer, high.singer) == ("baritone", "soprano")
    assert low.band[0] == "vocal"
    assert envision(Brief(singer="none"), lead_sheet=lead_sheet(words=True)).sheet.singer == ""


def test_the_pace_of_a_tune_chooses_the_style() -> None:
    busy = lead_sheet(pitches="C4 D4 E4 F4 G4 A4 G4 F4")
    calm = lead_sheet(pitches="C4 D4")
    assert envision(Brief(), lead_sheet=busy).sheet.style == "ballad"
    assert envision(Brief(), lead_sheet=calm).sheet.style == "swing"


def test_a_brief_that_contradicts_the_lead_sheet_is_refused() -> None:
    with pytest.raises(BriefError, match="the lead sheet is in F major"):
        envision(Brief(key="D minor"), lead_sheet=lead_sheet())
    with pytest.raises(BriefError, match="metre"):
        envision(Brief(metre="3/4"), lead_sheet=lead_sheet())


def test_named_instruments_and_the_target_become_decisions() -> None:
    brief = understand("swing with upright bass and piano, for broadcast").brief
    entries = {(d.path, d.value) for d in brief_decisions(brief)}
    assert entries == {
        ("players.bass.instrument", "upright bass"),
        ("master.target", "ebu-r128"),
        ("master.loudness_lufs", -23.0),
        ("master.true_peak_dbtp", -1.0),
    }
    assert all((d.revision, d.by) == (0, "brief") for d in brief_decisions(brief))


def test_a_decided_style_metre_and_singer_shape_the_rest() -> None:
    brief = Brief(style="waltz")
    decisions = [
        Decision(1, "song.style", "swing"),
        Decision(2, "song.singer", "tenor"),
        Decision(3, "song.title", "Another"),
    ]
    sheet = envision(brief, decisions=decisions).sheet
    assert (sheet.style, sheet.metre, sheet.singer) == ("swing", "4/4", "tenor")
    assert sheet.band[0] == "vocal"
    assert sheet.tempo >= 112
    assert sheet.seed == envision(brief).sheet.seed  # a new title is no new song
    undone = [*decisions, *(Decision(n + 3, "", None, kind="undo", undoes=n) for n in (1, 2, 3))]
    assert envision(brief, decisions=undone) == envision(brief)


def test_deciding_the_style_that_was_asked_keeps_its_kind() -> None:
    brief = Brief(style="ballad", colour="soul")
    decided = [Decision(1, "song.style", "ballad")]
    assert envision(brief, decisions=decided).sheet == envision(brief).sheet


@given(
    style=st.sampled_from([*data.names("styles"), "soul", "bebop"]),
    metre=st.sampled_from(["2/2", "2/4", "3/4", "4/4", "6/8", "12/8", "3/8", "7/8", "3/2", "5/4"]),
    mood=st.lists(st.sampled_from(["very-slow", "fast", "sad", "happy", "intimate"]), unique=True),
    seed=st.integers(0, 99),
)
def test_every_vision_is_sensible(style: str, metre: str, mood: list[str], seed: int) -> None:
    brief = Brief(style=style, metre=metre, mood=tuple(mood), seed=seed)
    sheet = envision(brief).sheet
    assert sheet == envision(brief).sheet
    assert (sheet.metre, sheet.seed) == (metre, seed)
    assert 30 <= sheet.tempo <= 300
    assert len(set(sheet.band)) == len(sheet.band) >= 2
    card = cards()[sheet.style]
    assert sheet.key in (*card.keys.major, *card.keys.minor)
