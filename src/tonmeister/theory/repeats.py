"""Repeats, endings and jumps: the order in which a sheet's measures are played.

What players do, and so does this:

- A repeat without a start goes back to the end of the repeat before it, else to the beginning.
  Starts and ends match like brackets, so repeats may stand within repeats.
- An ending whose bracket stops before its repeat sign goes on to the sign, if the next ending
  follows there. An ending that is followed by the next one is repeated, sign or not.
- Endings that leave a pass out are numbered anew, or widened if there are words for that pass.
- After a da capo or dal segno, repeats that have been played are not played again and their last
  ending is taken, or the one in which "fine" or "to coda" stands: these hold from then on. A dal
  segno without a segno is a da capo.
- In a sheet without any jump, "fine" and "to coda" hold on the last pass of the repeat around them.
- A jump stands at the end of its passage: up to four measures between it and the coda (or the
  end), which nobody would ever play, belong before it.
- "D.S. al Coda" at a repeat sign before the coda is that repeat, not one more, if there are words
  for just as many passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from tonmeister.errors import FormatError
from tonmeister.model.score import Measure, Roadmap

LONGEST = 20_000
"""Measures that a sheet may unfold to: some ten hours of music."""

_STRAYS = 4


@dataclass(frozen=True, slots=True)
class Repeat:
    """A repeated passage: its first and last measure (endings included), how often it is played.

    `has_endings` if some of its measures belong to endings (if all do, those are an outer one's).
    """

    start: int
    end: int
    times: int
    has_endings: bool


def order(measures: Sequence[Measure]) -> tuple[tuple[int, int], ...]:
    """Indices of the measures in playing order, each with its pass (1 is the first).

    Raises:
        FormatError: the way leads through more than `LONGEST` measures.
    """
    return _Walk(measures).run()


def repeats(maps: Sequence[Roadmap]) -> tuple[Repeat, ...]:
    """All repeated passages of a sheet, by where they end."""
    found: list[Repeat] = []
    starts: list[int] = []
    implicit, index = 0, 0
    while index < len(maps):
        if maps[index].repeat_start:
            starts.append(index)
        if maps[index].repeat_end or _returns_unmarked(maps, index):
            start = starts.pop() if starts else implicit
            end = _last_ending(maps, index)
            passes = [number for each in maps[start : end + 1] for number in each.endings]
            times = max(maps[index].repeat_end or 2, *(m.repeat_end for m in maps[index : end + 1]))
            marked = [bool(each.endings) for each in maps[start : end + 1]]
            has_endings = any(marked) and not all(marked)
            found.append(Repeat(start, end, max([times, *passes]), has_endings))
            implicit = index = end + 1
            continue
        index += 1
    return tuple(found)


def completed(measures: Sequence[Measure]) -> list[Roadmap]:
    """The roadmaps with what copyists leave out: whole endings, jumps at the passage's end."""
    maps = [measure.roadmap for measure in measures]
    _stretch_endings(maps)
    verses = {s.verse for m in measures for note in m.notes for s in note.syllables}
    for repeat in repeats(maps):
        _number_endings(maps, repeat, max(verses, default=0))
    _shift_jumps(maps)
    return maps


def _stretch_endings(maps: list[Roadmap]) -> None:
    """Carries an ending on to its repeat sign or fine, if another ending follows there."""
    for index in range(1, len(maps)):
        before, here = maps[index - 1], maps[index]
        if not before.endings or here.endings or before.repeat_end or before.fine:
            continue
        sign = next((i for i in range(index, len(maps)) if _stops(maps[i])), len(maps))
        if sign + 1 >= len(maps) or maps[sign].repeat_start or maps[sign].endings:
            continue
        open_to_fine = maps[sign].fine and not before.ending_stop and maps[sign + 1].endings
        if open_to_fine or _follows(before.endings, maps[sign + 1].endings):
            maps[index - 1] = replace(before, ending_stop=False)
            maps[index] = replace(here, endings=before.endings, ending_stop=not open_to_fine)


def _stops(roadmap: Roadmap) -> bool:
    """Whether an ending that is carried on would stop here."""
    return bool(roadmap.repeat_end or roadmap.repeat_start or roadmap.fine or roadmap.endings)


def _number_endings(maps: list[Roadmap], repeat: Repeat, verses: int) -> None:
    """Gives every pass an ending, where the numbers leave passes out.

    Endings 1 and 3 are for passes 1-2 and 3 if there are three verses; else they are 1 and 2.
    """
    blocks: list[list[int]] = []
    for index in range(repeat.start, repeat.end + 1):
        if not maps[index].endings:
            continue
        goes_on = bool(blocks) and blocks[-1][-1] == index - 1 and not _closed(maps[index - 1])
        if goes_on and maps[index].endings == maps[index - 1].endings:
            blocks[-1].append(index)
        else:
            blocks.append([index])
    numbers = [maps[block[0]].endings for block in blocks]
    covered = {number for each in numbers for number in each}
    if covered == set(range(1, max(covered, default=0) + 1)):
        return
    lows = [min(each) for each in numbers]
    rising = lows[0] == 1 and all(a < b for a, b in pairwise(lows))
    if rising and verses >= lows[-1]:
        filled = [tuple(range(a, b)) for a, b in pairwise([*lows, max(numbers[-1]) + 1])]
    else:
        filled = [(place,) for place in range(1, len(blocks) + 1)]
    for block, ending in zip(blocks, filled, strict=True):
        for index in block:
            maps[index] = replace(maps[index], endings=ending)


def _closed(roadmap: Roadmap) -> bool:
    return roadmap.ending_stop or bool(roadmap.repeat_end)


def _follows(ending: tuple[int, ...], later: tuple[int, ...]) -> bool:
    return bool(later) and min(later) == max(ending) + 1


def _shift_jumps(maps: list[Roadmap]) -> None:
    coda = next((i for i, m in enumerate(maps) if m.coda), None)
    for index, here in enumerate(maps):
        if not here.jump:
            continue
        leads_away = any(m.to_coda for m in maps) if coda is not None else any(m.fine for m in maps)
        last = (coda if coda is not None and coda > index else len(maps)) - 1
        strays = maps[index + 1 : last + 1]
        busy = any(m.jump or m.segno or m.repeat_start or m.fine for m in strays)
        if leads_away and not busy and 0 < len(strays) <= _STRAYS:
            maps[index] = replace(here, jump="")
            maps[last] = replace(maps[last], jump=here.jump)
            return


def _way_out(roadmap: Roadmap) -> bool:
    return roadmap.fine or roadmap.to_coda


def _returns_unmarked(maps: Sequence[Roadmap], index: int) -> bool:
    """Whether an ending stops here without a repeat sign and the next one follows.

    It does not return if the same ending goes on elsewhere, up to a repeat sign there.
    """
    if index + 1 >= len(maps) or not maps[index].endings or maps[index].jump:
        return False
    if not _follows(maps[index].endings, maps[index + 1].endings):
        return False
    later = takewhile(lambda each: not each.repeat_start, maps[index + 1 :])
    return not any(each.repeat_end and each.endings == maps[index].endings for each in later)


def _last_ending(maps: Sequence[Roadmap], index: int) -> int:
    """The last measure of the endings that begin at or follow a repeat sign."""
    end = index
    while end + 1 < len(maps) and maps[end].endings and maps[end + 1].endings:
        same = maps[end + 1].endings == maps[end].endings and not maps[end].ending_stop
        if not same and min(maps[end + 1].endings) <= max(maps[end].endings):
            break
        end += 1
    return end


class _Walk:
    """Goes through a sheet as a player does."""

    def __init__(self, measures: Sequence[Measure]) -> None:
        self.measures = measures
        self.maps = completed(measures)
        self.repeats = repeats(self.maps)
        self.around = [self._around(index) for index in range(len(measures))]
        self.passes = [1] * len(self.repeats)
        self.over: set[int] = set()
        self.jumps = {i for i, m in enumerate(self.maps) if m.jump}
        self.merged = {index for index in self.jumps if self._one_return(index)}
        self.jumps -= self.merged
        self.no_jumps = not self.jumps
        self.jumped = False
        self.played = [0] * len(measures)

    def run(self) -> tuple[tuple[int, int], ...]:
        """The way from the first measure to the end."""
        walk: list[tuple[int, int]] = []
        index: int | None = 0
        while index is not None and index < len(self.maps):
            if self._left_out(index):
                index += 1
                continue
            self.played[index] += 1
            walk.append((index, max(self.played[index], self._pass(index))))
            if len(walk) > LONGEST:
                raise FormatError(
                    f"its repeats lead through more than {LONGEST} measures",
                    where=f"bar {self.measures[index].number}",
                    hint="Look for a repeat that is played too often.",
                )
            index = self._next(index)
        return tuple(walk)

    def _around(self, index: int) -> list[int]:
        """The repeats around a measure, the innermost first."""
        numbers = [n for n, each in enumerate(self.repeats) if each.start <= index <= each.end]
        return sorted(numbers, key=lambda n: self.repeats[n].end - self.repeats[n].start)

    def _pass(self, index: int) -> int:
        return next((self.passes[n] for n in self.around[index] if n not in self.over), 1)

    def _left_out(self, index: int) -> bool:
        """Whether the measure belongs to an ending of another pass."""
        endings = self.maps[index].endings
        number = next((n for n in self.around[index] if self.repeats[n].has_endings), None)
        if not endings or number is None:
            return False
        repeat = self.repeats[number]
        within = self.maps[repeat.start : repeat.end + 1]
        last = max(max(each.endings, default=0) for each in within)
        if number in self.over:
            # The last ending, unless the piece ends (or leaves for the coda) in another one.
            ways_out = [each.endings for each in within if each.endings and _way_out(each)]
            return endings != ways_out[0] if ways_out else last not in endings
        now = self.passes[number]
        # A last ending after the repeat sign serves for all passes that are left.
        final = last in within[-1].endings and not within[-1].repeat_end
        return (min(now, last) if final else now) not in endings

    def _next(self, index: int) -> int | None:
        here = self.maps[index]
        free = self.jumped or self._last_pass(index)
        if here.fine and free:
            return None
        if here.to_coda and free:
            coda = next((i for i in range(index + 1, len(self.maps)) if self.maps[i].coda), None)
            if coda is not None:
                return coda
        back = self._back(index)
        if back is not None:
            return back
        if index in self.jumps:
            return self._jump(index)
        return index + 1

    def _last_pass(self, index: int) -> bool:
        """Whether "fine" and "to coda" hold here though nothing has jumped."""
        for number in self.around[index]:
            repeat = self.repeats[number]
            if self.no_jumps or repeat.end in self.merged:
                return self.passes[number] == repeat.times
        return False

    def _back(self, index: int) -> int | None:
        """The start of the repeat that ends here, if it is to be played again."""
        if not self.maps[index].repeat_end and not _returns_unmarked(self.maps, index):
            return None
        for number in self.around[index]:
            repeat = self.repeats[number]
            ends = index == repeat.end or bool(self.maps[index].endings)
            if ends and number not in self.over and self.passes[number] < repeat.times:
                self.passes[number] += 1
                self._reset_within(number)
                return repeat.start
            if ends:
                return None
        return None

    def _reset_within(self, outer: int) -> None:
        for number, each in enumerate(self.repeats):
            inside = self.repeats[outer].start <= each.start and each.end <= self.repeats[outer].end
            if number != outer and inside:
                self.passes[number] = 1

    def _jump(self, index: int) -> int:
        self.jumps.discard(index)
        self.jumped = True
        self.over |= {n for n, each in enumerate(self.repeats) if self.played[each.start]}
        segnos = [i for i in range(index + 1) if self.maps[i].segno]
        return segnos[-1] if self.maps[index].jump == "dalsegno" and segnos else 0

    def _one_return(self, index: int) -> bool:
        """Whether a jump at a repeat sign is that very repeat."""
        number = next((n for n in self.around[index] if self.repeats[n].end == index), None)
        if number is None or index + 1 >= len(self.maps) or not self.maps[index + 1].coda:
            return False
        repeat = self.repeats[number]
        passage = self.measures[repeat.start : index + 1]
        verses = {s.verse for m in passage for note in m.notes for s in note.syllables}
        return any(m.roadmap.to_coda for m in passage) and max(verses, default=0) == repeat.times
