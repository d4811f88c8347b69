"""Chords in rhythm (keys, guitars, stabs) and held chords (pads)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from tonmeister.arranger.bars import Bar, Span
from tonmeister.arranger.grid import Hit
from tonmeister.arranger.hands import Hand
from tonmeister.arranger.player import (
    ACCENT,
    PLAIN,
    SOFT,
    Player,
    articulation,
    note_end,
    shaped,
)
from tonmeister.arranger.walking import chord_tone, nearest
from tonmeister.model.score import Articulation, PartNote
from tonmeister.theory.voicing import Voicing, clashes
from tonmeister.units.pitch import MidiKey
from tonmeister.units.time import Beats

LEFT_HAND = (34, 50)
"""Register of a keyboard's bass row: B flat 1 to D3."""

_IN_GAP, _IN_TUNE = 0.7, 0.12
"""How often a ``?`` is played where the tune rests, and where it sings."""
_LEAST = Fraction(1, 4)
_LONGEST_BOW = 8


def play_chords(player: Player) -> list[PartNote]:
    """The section's chords; every stroke has a chord number of its own."""
    chords = _Chords(player)
    return [*chords.write(), *chords.last_chord()]


def play_pad(player: Player) -> list[PartNote]:
    """Held chords: what stays in the next chord is held over, the rest moves by the least way."""
    chords = _Chords(player)
    notes = _tied(chords.write(), player)
    swelling = [replace(note, weight=_swell(player, note)) for note in notes]
    return [*swelling, *chords.last_chord()]


class _Chords:
    def __init__(self, player: Player) -> None:
        self._player = player
        self._hand = Hand(player)
        self._voicings: dict[Beats, Voicing] = {}
        self._pushed = False
        self._articulation = (
            articulation(player.pattern.articulation) if player.pattern else Articulation.NORMAL
        )

    def write(self) -> list[PartNote]:
        """The section up to its end, or up to the song's last chord."""
        player = self._player
        notes: list[PartNote] = []
        stop = player.music.groove_end
        for bar in player.groove_bars():
            for span in bar.spans:
                if span.symbol is not None and span.onset < stop:
                    self._voicings[span.onset] = self._hand.voicing(span, bar)
            if player.pattern is not None:
                notes += self._bar(bar)
        notes += self._fill()
        return notes

    def _bar(self, bar: Bar) -> Iterator[PartNote]:
        player = self._player
        rng = player.chance(bar)
        chosen = player.bar_pattern(bar, rng)
        hits = []
        for hit in player.hits(bar, chosen, "chord"):
            gap = bar.in_gap(hit.onset)
            if hit.sign == "?" and rng.random() > (_IN_GAP if gap else _IN_TUNE):
                continue
            if not player.may_answer(bar, hit.onset):
                continue
            hits.append(hit)
        if self._pushed and hits and hits[0].onset == bar.start:
            hits.pop(0)  # it has sounded already, early
        self._pushed = bool(hits) and hits[-1].sign == "p"
        yield from self._written(bar, hits, "")
        yield from self._left_hand(bar, player.hits(bar, chosen, "bass"))

    def _written(self, bar: Bar, hits: list[Hit], mark: str) -> Iterator[PartNote]:
        for number, hit in enumerate(hits):
            for piece, span in _pieces(hit, bar):
                chord = bar.index * 256 + number * 4 + (0 if piece.onset == hit.onset else 1)
                for key in self._keys(piece, span):
                    yield self._note(piece, key, bar, chord=chord, mark=mark)

    def _keys(self, hit: Hit, span: Span) -> Voicing:
        if hit.sign == "p":
            return self._hand.pushed(span)
        voicing = self._voicings.get(span.onset, ())
        if not voicing:
            return ()
        if hit.sign.isdigit():
            turn, place = divmod(int(hit.sign) - 1, len(voicing))
            key = voicing[place] + 12 * turn
            while key > self._player.instrument.high:
                key -= 12
            return (key,)
        clear = tuple(key for key in voicing if not clashes(key, span.tune))
        voicing = clear if len(clear) >= min(2, len(voicing)) else voicing
        return {"h": voicing[1:] or voicing, "l": voicing[:1]}.get(hit.sign, voicing)

    def _note(self, hit: Hit, key: MidiKey, bar: Bar, *, chord: int, mark: str) -> PartNote:
        kind = self._articulation
        if hit.sign in "sp":
            kind = Articulation.STACCATO
        base = {"X": ACCENT, "?": SOFT}.get(hit.sign, PLAIN)
        if hit.sign == "X":
            kind = Articulation.ACCENT
        length = max(hit.end - hit.onset, _LEAST)
        chord = -1 if hit.sign.isdigit() else chord
        return PartNote(
            hit.onset, length, key, shaped(base, bar, hit.onset), kind, chord=chord, mark=mark
        )

    def _left_hand(self, bar: Bar, hits: list[Hit]) -> Iterator[PartNote]:
        low = max(self._player.instrument.low, LEFT_HAND[0])
        register = (low, max(LEFT_HAND[1], low + 12))
        for hit in hits:
            for piece, span in _pieces(hit, bar):
                if span.symbol is None:
                    continue
                sign = "1" if piece.onset != hit.onset else piece.sign
                degree = int(sign) if sign in "13567" else 5 if sign == "5" else 1
                key = nearest(chord_tone(span.symbol, degree), register[0] + 6, register)
                if sign == "8" and key + 12 <= register[1] + 5:
                    key += 12
                yield self._note(Hit(piece.onset, piece.end, "x"), key, bar, chord=-1, mark="")
                if sign == "o" and key - 12 >= max(self._player.instrument.low, 24):
                    yield self._note(
                        Hit(piece.onset, piece.end, "x"), key - 12, bar, chord=-1, mark=""
                    )

    def _fill(self) -> Iterator[PartNote]:
        hits = self._player.fill_hits("chord")
        for bar in self._player.groove_bars():
            inside = [hit for hit in hits if bar.start <= hit.onset < bar.end]
            yield from self._written(bar, inside, "fill")

    def last_chord(self) -> Iterator[PartNote]:
        """The song's last chord, held to the end; keyboards and guitars roll it."""
        player = self._player
        if not player.music.final:
            return
        at, end = player.music.groove_end, player.music.bars[-1].end
        bar = player.bar_at(at)
        span = bar.span_at(at)
        if span.symbol is None or end <= at:
            return
        rolled = player.instrument.family in {"piano", "guitar"} and player.intensity <= 3
        kind = Articulation.ROLLED if rolled else Articulation.TENUTO
        keys = list(self._hand.voicing(span, bar))
        if player.pattern and any("bass" in b.grid for b in player.pattern.bars):
            root = nearest(chord_tone(span.symbol, 1), LEFT_HAND[0] + 4, LEFT_HAND)
            if keys and root < keys[0]:
                keys.insert(0, root)
        clear = [key for key in keys if not clashes(key, span.tune)]
        for key in clear if len(clear) >= 2 else keys:
            weight = shaped(PLAIN, bar, at)
            yield PartNote(at, end - at, key, weight, kind, chord=bar.index * 256 + 255)


def _pieces(hit: Hit, bar: Bar) -> Iterator[tuple[Hit, Span]]:
    """A hit cut at the chord changes that it crosses: a held chord changes with the harmony.

    Single notes (digits) and short strokes end at the change instead.
    """
    for span in bar.spans:
        onset, end = max(hit.onset, span.onset), min(hit.end, span.end)
        if onset >= end or span.symbol is None:
            continue
        if onset > hit.onset and (hit.sign not in "xXh?135o8" or end - onset < _LEAST):
            continue
        yield Hit(onset, end, hit.sign), span


def _tied(notes: list[PartNote], player: Player) -> list[PartNote]:
    """Notes that meet another of the same key are held over, as long as a bow or a breath lasts."""
    longest = _LONGEST_BOW * (2 if player.instrument.family in {"organ", "synth"} else 1)
    open_notes: dict[MidiKey, int] = {}
    kept: list[PartNote] = []
    for note in sorted(notes, key=lambda note: (note.onset, note.key)):
        at = open_notes.get(note.key)
        if at is not None:
            before = kept[at]
            meets = note_end(before) == note.onset and note.mark == before.mark
            if meets and before.duration + note.duration <= longest and _plain(note):
                kept[at] = replace(before, duration=before.duration + note.duration)
                continue
        open_notes[note.key] = len(kept)
        kept.append(note)
    return kept


def _plain(note: PartNote) -> bool:
    return note.articulation not in {Articulation.ACCENT, Articulation.STACCATO}


def _swell(player: Player, note: PartNote) -> float:
    """Pads grow through each four bars and toward the section's end."""
    bar = player.bar_at(note.onset)
    through = bar.place / max(1, len(player.music.bars) - 1)
    return round(min(1.0, note.weight - 0.1 + 0.04 * (bar.place % 4) + 0.08 * through), 3)


def pedal_spans(player: Player) -> list[tuple[Beats, Beats]]:
    """Sustain pedal, from chord to chord, where the pattern wants it."""
    if player.pattern is None or not player.pattern.pedal:
        return []
    return [
        (span.onset, span.end)
        for bar in player.music.bars
        for span in bar.spans
        if span.symbol is not None
    ]
