"""Key and tempo where nobody asked for them: by style, mood and chance, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from tonmeister.model.chance import chance
from tonmeister.model.reason import Reason
from tonmeister.model.score import KeySignature, LeadSheet, TimeSignature
from tonmeister.producer import written
from tonmeister.producer.brief import Brief
from tonmeister.producer.lexicon import Mood
from tonmeister.producer.styles import StyleChoice

PRODUCER = "producer"
ASKED = "asked for"
WRITTEN = "as written"


def key_proposal(
    brief: Brief, lead: LeadSheet | None, style: StyleChoice, moods: Sequence[Mood], seed: int
) -> tuple[str, Reason]:
    """The key: asked, written, or drawn from the style's usual ones on the mood's side."""
    if brief.key:
        return brief.key, Reason("brief", ASKED)
    if lead:
        return written.key_of(lead), Reason("lead sheet", WRITTEN)
    mode, why_mode = _mode(style, moods, brief)
    keys = list(style.card.keys.minor if mode == "minor" else style.card.keys.major)
    side, why_side = _side(moods, brief)
    preferred = [key for key in keys if _on_side(key, side)] or keys
    weights = range(len(preferred), 0, -1)  # the style names its best keys first
    key = chance(seed, "vision", "key").choices(preferred, weights)[0]
    others = tuple(other for other in preferred if other != key)
    usual = ", ".join(sorted({key, *preferred[:4]}, key=preferred.index))
    why = f"no key was asked; {style.card.plural} lie well in {usual}{why_mode}{why_side}: {key}"
    return key, Reason(PRODUCER, why, others)


def _mode(style: StyleChoice, moods: Sequence[Mood], brief: Brief) -> tuple[str, str]:
    for word, mood in zip(brief.mood, moods, strict=False):
        if mood.mode:
            return mood.mode, f"; {word.replace('-', ' ')} {mood.why}"
    colour = style.colour
    if colour and colour.mode:
        return colour.mode, ""
    return style.card.mode, ""


def _side(moods: Sequence[Mood], brief: Brief) -> tuple[str, str]:
    for word, mood in zip(brief.mood, moods, strict=False):
        if mood.keys and not mood.mode:
            return mood.keys, f"; {word} {mood.why}"
    return next((mood.keys for mood in moods if mood.keys), ""), ""


def _on_side(key: str, side: str) -> bool:
    fifths = KeySignature.parse(key).fifths
    return {"flat": fifths < 0, "sharp": fifths > 0}.get(side, True)


def tempo_proposal(
    brief: Brief,
    lead: LeadSheet | None,
    style: StyleChoice,
    moods: Sequence[Mood],
    metre: TimeSignature,
) -> tuple[float, Reason]:
    """The tempo in felt pulses a minute: asked, written, or a place in the style's range."""
    if brief.tempo is not None:
        return brief.tempo, Reason("brief", ASKED)
    tempo = written.felt_tempo(lead)
    if tempo and 20 <= tempo <= 400:
        return round(tempo, 3), Reason("lead sheet", WRITTEN)
    low, high = _range(style, metre)
    share, pointers = style.card.tempo.usual, []
    for word, mood in zip(brief.mood, moods, strict=False):
        if mood.pace is not None:
            share = mood.pace
            pointers.append(f"{word.replace('-', ' ')} {mood.why}")
    for word, mood in zip(brief.mood, moods, strict=False):
        if mood.push:
            share += mood.push
            pointers.append(
                f"{word} " + ("adds a little" if mood.push > 0 else "takes a little off")
            )
    tempo = float(round(low + min(1.0, max(0.0, share)) * (high - low)))
    tempo = min(400.0, max(20.0, tempo))
    said = ", ".join([_range_words(style, metre), *pointers])
    others = tuple(f"{bound:g}" for bound in (low, high) if bound != tempo)
    return tempo, Reason(PRODUCER, f"no tempo was asked; {said}: {tempo:g}", others)


def _range(style: StyleChoice, metre: TimeSignature) -> tuple[float, float]:
    """The range in felt pulses of this metre.

    Ranges are meant for quarter notes. Where a half note is the pulse (2/2, 3/2), and where eighths
    are beaten in quarters (3/8), a pulse holds two of the style's beats.
    """
    colour, card = style.colour, style.card.tempo
    low, high = colour.tempo if colour and colour.tempo else (card.low, card.high)
    halved = metre.beat_type == 2 or (metre.beats == 3 and metre.beat_type == 8)
    return (low / 2, high / 2) if halved else (low, high)


def _range_words(style: StyleChoice, metre: TimeSignature) -> str:
    low, high = _range(style, metre)
    if style.colour and style.colour.tempo:
        return f"{style.plural} sit at {low:g}-{high:g}"
    return style.card.tempo.why.format(low=f"{low:g}", high=f"{high:g}")
