"""Energy and dynamics along the form: they build up to the last chorus, the ending relaxes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tonmeister.composer.style import FormStyle

_STEPS = ((0.12, "pp"), (0.3, "p"), (0.47, "mp"), (0.66, "mf"), (0.88, "f"), (1.01, "ff"))
_LETTER_FLOOR, _LETTER_RISE = 0.45, 0.4


def dynamics(energy: float) -> str:
    """The dynamic mark for an energy 0 .. 1."""
    return next(mark for limit, mark in _STEPS if energy < limit)


def section_ids(kinds: Sequence[str]) -> tuple[str, ...]:
    """Unique names: kind and count, "verse2"; a kind that occurs once has no number."""
    totals = Counter(kinds)
    seen: Counter[str] = Counter()
    names = []
    for kind in kinds:
        seen[kind] += 1
        names.append(f"{kind}{seen[kind]}" if totals[kind] > 1 else kind)
    return tuple(names)


def energies(kinds: Sequence[str], style: FormStyle) -> tuple[float, ...]:
    """The energy of each section, by the style's table and how often its kind has come."""
    seen: Counter[str] = Counter()
    values = []
    peak = _peak(kinds)
    for index, kind in enumerate(kinds):
        table = style.energy.get(kind)
        if index == peak:
            value = style.energy.get("last_chorus", (0.9,))[0]
        elif table is None:
            value = _LETTER_FLOOR + _LETTER_RISE * index / max(1, len(kinds) - 1)
        else:
            value = table[min(seen[kind], len(table) - 1)]
        seen[kind] += 1
        values.append(round(value, 3))
    return tuple(values)


def _peak(kinds: Sequence[str]) -> int | None:
    """The section of the highest energy: the last of several choruses."""
    choruses = [index for index, kind in enumerate(kinds) if kind == "chorus"]
    return choruses[-1] if len(choruses) > 1 else None
