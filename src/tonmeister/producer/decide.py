"""Decisions as typed: ``tempo=84``, ``mix.vocal.level=+2 dB``, ``harmony.verse[3]=Gm7 C9``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from tonmeister import data
from tonmeister.errors import DecisionError
from tonmeister.model.sheets import ProductionSheet, SongSheet
from tonmeister.producer.paths import ANY, Path, Span, Step
from tonmeister.producer.tree import ROOT, Place, all_paths, child, names_at, values_at
from tonmeister.producer.values import Impossible, read_value

SWITCHES = {"on": False, "mute": True}
"""Fields that ``on`` and ``off`` set when said of a whole sheet; True: the other way round."""


TARGET = "master.target"


def target_entries(name: str) -> tuple[tuple[str, Any], ...]:
    """A loudness target as entries of the master's sheet: its name, loudness and ceiling.

    Raises:
        StyleError: there is no such target.
    """
    table = data.read("targets", name)
    fields = ("loudness_lufs", "true_peak_dbtp")
    return ((TARGET, name), *((f"master.{field}", float(table[field])) for field in fields))


def section_kinds(sheet: ProductionSheet | None) -> dict[str, str]:
    """The kind of every section that is there: {"verse1": "verse"}."""
    form = sheet.form if sheet else None
    return {name: plan.kind for name, plan in (form or {}).items()}


def parse_decision(
    text: str,
    *,
    sheet: ProductionSheet | None = None,
    choices: Callable[[str], Sequence[str]] | None = None,
) -> tuple[str, Any]:
    """A canonical path and a JSON value from ``path=value``.

    Fields of the song need no "song."; the beginning of a field's name is enough if it is the only
    one ("level" is "level_db"). Relative values ("+2 dB") start from the value in `sheet`.

    Args:
        text: as typed.
        sheet: what stands now; None: only the types are checked.
        choices: the allowed texts at a canonical path, empty if any may stand there.

    Raises:
        DecisionError: the path is unknown (the nearest are given) or the value impossible (the
            allowed values and the unit are given).
    """
    path_text, equals, value_text = text.partition("=")
    if not equals:
        raise DecisionError(
            f"{text!r} decides nothing",
            expected="path=value, for example tempo=84 or mix.bass.level=-3dB",
        )
    if path_text.rstrip().endswith(("+", "-")):  # level+=2
        value_text = path_text.rstrip()[-1] + "=" + value_text
        path_text = path_text.rstrip()[:-1]
    path, place = resolve(path_text.strip(), sheet)
    if value_text.strip().lower() in {"on", "off"}:
        path, place, value_text = _switch(path, place, value_text.strip().lower())
    present = values_at(sheet, path.steps, section_kinds(sheet)) if sheet else []
    try:
        value = read_value(value_text, path, place, present)
    except Impossible as error:
        raise DecisionError(str(error), where=str(path), expected=error.expected) from error
    _check_choice(value, str(path), choices)
    _check_rows(value, path, place, present)
    return str(path), value


def parse_decisions(
    texts: Sequence[str],
    *,
    sheet: ProductionSheet | None = None,
    choices: Callable[[str], Sequence[str]] | None = None,
) -> tuple[tuple[str, Any], ...]:
    """Decisions made together, and what goes with them: a target of the master brings its loudness
    and its ceiling, unless they are decided here, too.

    Raises:
        DecisionError: as `parse_decision`.
    """
    said = [parse_decision(text, sheet=sheet, choices=choices) for text in texts]
    paths = {path for path, _ in said}
    found: list[tuple[str, Any]] = []
    for path, value in said:
        found.append((path, value))
        if path == TARGET:
            found += [entry for entry in target_entries(value)[1:] if entry[0] not in paths]
    return tuple(found)


def resolve(text: str, sheet: ProductionSheet | None = None) -> tuple[Path, Place]:
    """The canonical path of a typed one, and what may stand there.

    Raises:
        DecisionError: it leads nowhere; the nearest paths are given.
    """
    typed = Path.parse(text)
    steps = list(typed.steps)
    song = SongSheet.model_fields
    if typed.root not in ROOT.kind.model_fields and (
        typed.root in song or len([name for name in song if name.startswith(typed.root)]) == 1
    ):
        steps = ["song", *steps]
    kinds = section_kinds(sheet)
    place, nodes, walked = ROOT, [sheet] if sheet else [], list[Step]()
    for step in steps:
        if len(walked) > 1 and sheet and nodes and all(node is None for node in nodes):
            raise _nothing_there(text, walked)
        nodes = [node for node in nodes if node is not None]
        known = _known_step(step, place, nodes, kinds, text, sheet, walked)
        below = child(place, known)
        if below is None:
            raise _unknown(text, known, sheet, walked, names_at(place, nodes[0] if nodes else None))
        _check_bars(known, nodes, text)
        nodes = [value for node in nodes for value in values_at(node, (known,), kinds)]
        place = below
        walked.append(known)
    if len(walked) == 1:
        names = names_at(place, nodes[0] if nodes else None)
        raise DecisionError(
            f"{text!r} is a whole sheet",
            expected="something in it" + (f", for example {text}.{names[0]}" if names else ""),
        )
    return Path(tuple(walked)), place


def _nothing_there(text: str, walked: Sequence[Step]) -> DecisionError:
    here = str(Path(tuple(walked)))
    return DecisionError(
        f"there is no {walked[-1]} yet to change",
        where=text,
        expected=f"the whole of it: {here}={{...}} with its values in JSON",
    )


def _known_step(
    step: Step,
    place: Place,
    nodes: Sequence[Any],
    kinds: Mapping[str, str],
    text: str,
    sheet: ProductionSheet | None,
    walked: Sequence[Step],
) -> Step:
    """The step as the sheet spells it: fields by their beginning, names with hyphens."""
    if isinstance(step, Span):
        return step
    names = [name for node in nodes for name in names_at(place, node)] or list(
        names_at(place, None)
    )
    if not names or step in names or (step == ANY and place.is_table):
        return step
    if place.is_sheet:
        starts = [name for name in names_at(place, None) if name.startswith(step.lower())]
        if len(starts) == 1:
            return starts[0]
    elif "-".join(step.lower().split()) in names:
        return "-".join(step.lower().split())
    elif step in {kinds.get(name) for name in names}:
        return step
    raise _unknown(text, step, sheet, walked, names)


def _check_bars(step: Step, nodes: Sequence[Any], text: str) -> None:
    lengths = [len(node) for node in nodes if isinstance(node, tuple | list)]
    if isinstance(step, Span) and lengths and step.last > max(lengths):
        raise DecisionError(
            f"there are {max(lengths)} bars, and {step} was asked",
            where=text,
            expected=f"[1] to [{max(lengths)}]",
        )


def _unknown(
    text: str,
    step: Step,
    sheet: ProductionSheet | None,
    walked: Sequence[Step],
    names: Sequence[str],
) -> DecisionError:
    here = str(Path(tuple(walked))) if walked else ""
    prefix = f"{here}." if here else ""
    names = names if walked else (*names, *SongSheet.model_fields)
    close = get_close_matches(str(step), names, n=3, cutoff=0.6)
    near = [prefix + name for name in close]
    if not near and sheet:
        near = get_close_matches(text, list(all_paths(sheet)), n=3, cutoff=0.6)
    near = near or [prefix + name for name in dict.fromkeys(names)]
    return DecisionError(
        f"there is no {str(step)!r}" + (f" in {here}" if here else ""),
        where=text,
        expected=" or ".join(near[:3]) if close else _listed(near),
        hint="`tonmeister sheet` shows all paths.",
    )


def _listed(names: Sequence[str]) -> str | None:
    more = f" ... ({len(names)} in all)" if len(names) > 12 else ""
    return "one of " + ", ".join(names[:12]) + more if names else None


def _switch(path: Path, place: Place, word: str) -> tuple[Path, Place, str]:
    """Said of a whole sheet, on and off mean its switch."""
    if place.is_sheet:
        for name, reverse in SWITCHES.items():
            switch = child(place, name)
            if switch is not None:
                word = {"on": "off", "off": "on"}[word] if reverse else word
                return Path((*path.steps, name)), switch, word
    return path, place, word


def _check_choice(value: Any, path: str, choices: Callable[[str], Sequence[str]] | None) -> None:
    allowed = tuple(choices(path)) if choices and isinstance(value, str) else ()
    if allowed and value not in allowed:
        near = get_close_matches(value, allowed, n=3)
        raise DecisionError(
            f"{value!r} is impossible here",
            where=path,
            expected="one of " + ", ".join(name or "''" for name in allowed),
            hint=f"Did you mean {near[0]}?" if near else None,
        )


def _check_rows(value: Any, path: Path, place: Place, present: Sequence[Any]) -> None:
    """A text per bar keeps the number of bars: the form decides how many there are."""
    if not place.is_row or path.root not in {"harmony", "tune"} or not isinstance(value, list):
        return
    counts = {len(row) for row in present if isinstance(row, tuple | list)}
    if counts and counts != {len(value)}:
        raise DecisionError(
            f"{len(value)} bars were given",
            where=str(path),
            expected=f"{' or '.join(map(str, sorted(counts)))} bars with | between them",
            hint="Decide form.<section>.bars to make a section longer or shorter.",
        )
