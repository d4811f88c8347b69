"""Phrases of Roman numerals: chosen from the style, cut to length, spiced, turned into chords."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tonmeister import data
from tonmeister.composer.frame import BarFrame
from tonmeister.composer.style import HarmonyStyle, Phrases, split_phrase
from tonmeister.errors import StyleError
from tonmeister.model.chance import chance
from tonmeister.model.score import KeySignature, Mode
from tonmeister.theory.chords import format_chord
from tonmeister.theory.harmony import roman_chord
from tonmeister.theory.metre import pulses

PHRASE = 4
"""Bars of a phrase."""

NumeralBar = tuple[str, ...]

_SMALL_MODES = {Mode.MINOR, Mode.DORIAN, Mode.PHRYGIAN, Mode.LOCRIAN}
_NEAREST = {
    "opening": ("continuation", "half", "full"),
    "continuation": ("opening", "half", "full"),
    "half": ("turnaround", "full", "opening"),
    "deceptive": ("half", "full", "opening"),
    "turnaround": ("half", "full", "opening"),
    "full": ("turnaround", "half", "opening"),
}
_FROM_START = {"opening", "continuation"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a section's harmony is drawn from: the style, the seed, and the section's kind."""

    style: HarmonyStyle
    seed: int
    kind: str

    def generator(self, *path: str | int) -> random.Random:
        """The generator for one choice within this kind of section."""
        return chance(self.seed, "harmony", self.kind, *path)


def mode_name(key: KeySignature) -> str:
    """ "major" or "minor": which of a style's tables a key's mode goes by."""
    return "minor" if key.mode in _SMALL_MODES else "major"


def places(count: int, goal: str) -> tuple[str, ...]:
    """The places of `count` phrases in a section that ends with `goal`.

    Four phrases open, answer, open again and reach the goal; longer sections go on from there.
    """
    if count <= 1:
        return (goal,)
    if count == 2:
        return ("opening", goal)
    if count == 3:
        return ("opening", "continuation", goal)
    if count == 4:
        return ("opening", "half", "opening", goal)
    middle = tuple(("continuation", "half")[i % 2] for i in range(count - 4))
    return ("opening", "half", *middle, "opening", goal)


def phrase_lengths(bars: int) -> tuple[int, ...]:
    """Bars of each phrase: fours; one over lengthens the last, two or three make another."""
    full, rest = divmod(bars, PHRASE)
    if full and rest == 1:
        return (PHRASE,) * (full - 1) + (PHRASE + 1,)
    return (PHRASE,) * full + ((rest,) if rest else ())


def section_numerals(
    choice: Choice, key: KeySignature, bars: int, goal: str
) -> tuple[NumeralBar, ...]:
    """A section's harmony in Roman numerals, bar by bar."""
    lengths = phrase_lengths(bars)
    found: list[NumeralBar] = []
    for place, length in zip(places(len(lengths), goal), lengths, strict=True):
        found += _cut(_pick(choice, key, place), place, length)
    return _spiced(choice, key, found)


def _pick(choice: Choice, key: KeySignature, place: str) -> tuple[NumeralBar, ...]:
    texts = _alternatives(choice, key, place)
    weights = [1 / (rank + 1) for rank in range(len(texts))]
    return _unrolled(split_phrase(choice.generator(place).choices(texts, weights)[0]))


def _alternatives(choice: Choice, key: KeySignature, place: str) -> tuple[str, ...]:
    table = choice.style.minor if mode_name(key) == "minor" else choice.style.major
    return _texts(table, choice.style.borrow.get(choice.kind, choice.kind), place)


def passed_over(choice: Choice, key: KeySignature, bars: int, goal: str) -> tuple[str, ...]:
    """Two phrases that the section might have begun with instead."""
    place = places(len(phrase_lengths(bars)), goal)[0]
    chosen = _pick(choice, key, place)
    others = (t for t in _alternatives(choice, key, place) if _unrolled(split_phrase(t)) != chosen)
    return tuple(others)[:2]


def _texts(table: Phrases, kind: str, place: str) -> tuple[str, ...]:
    """The phrases for a place; what a kind lacks is taken from its nearest place, or the verse."""
    for places_of in (table.get(kind, {}), table.get("verse", {}), *table.values()):
        for wanted in (place, *_NEAREST[place]):
            if places_of.get(wanted):
                return places_of[wanted]
    raise StyleError(f"no phrases for the {place} of a {kind}", where="composition.toml, harmony")


def _unrolled(bars: Sequence[NumeralBar]) -> tuple[NumeralBar, ...]:
    """Bars that only hold on get the chord they hold."""
    found: list[NumeralBar] = []
    for bar in bars:
        held = bar in {(), ("%",)} and bool(found)
        found.append((_last_chord(found[-1]),) if held else bar)
    return tuple(found)


def _last_chord(bar: NumeralBar) -> str:
    return next(numeral for numeral in reversed(bar) if numeral != "%")


def _cut(phrase: Sequence[NumeralBar], place: str, length: int) -> Sequence[NumeralBar]:
    if length < len(phrase) and place == "full" and phrase[-1][:1] == phrase[-2][-1:]:
        phrase = phrase[:-1]  # a shorter close holds its last chord for one bar only
    if length <= len(phrase):
        return phrase[:length] if place in _FROM_START else phrase[len(phrase) - length :]
    held: NumeralBar = (_last_chord(phrase[-1]),)
    return (*phrase, *[held] * (length - len(phrase)))


def _spiced(
    choice: Choice, key: KeySignature, bars: Sequence[NumeralBar]
) -> tuple[NumeralBar, ...]:
    found = list(bars)
    mode = mode_name(key)
    for index, bar in enumerate(bars):
        after = bars[index + 1][0] if index + 1 < len(bars) else ""
        for number, spice in enumerate(choice.style.spices):
            fits = " ".join(bar) == spice.bar and spice.mode in {"", mode}
            fits = fits and spice.before in {"", after}
            if fits and choice.generator("spice", index, number).random() < spice.chance:
                found[index] = tuple(spice.becomes.split())
                break
    return tuple(found)


def chords_text(numerals: NumeralBar, key: KeySignature, bar: BarFrame) -> str:
    """A bar of numerals as chord symbols, one for each pulse at most (first and last stay)."""
    room = max(1, len(pulses(bar.time, bar.length)))
    kept = numerals if len(numerals) <= room else (*numerals[: room - 1], numerals[-1])
    kept = kept if len(numerals) <= room or room > 1 else (numerals[-1],)
    return " ".join(
        numeral if numeral == "%" else format_chord(roman_chord(_in_mode(numeral, key.mode), key))
        for numeral in kept
    )


def _in_mode(numeral: str, mode: Mode) -> str:
    """What is played for a numeral in a church mode: see ``data/harmony/modes.toml``."""
    table = _stand_ins(mode)
    if numeral in table:
        return table[numeral]
    head, _, bass = numeral.partition("/")
    other = table.get(head, "") if bass.removeprefix("^").isdigit() else ""
    return f"{other}/{bass}" if other and "/" not in other else numeral


@lru_cache(maxsize=8)
def _stand_ins(mode: Mode) -> dict[str, str]:
    table: dict[str, dict[str, str]] = data.read("harmony", "modes")
    return table.get(mode, {})
