"""The cascade: decisions laid over what the roles propose, as a style sheet's rules are.

The wider rule first, the narrower over it: what is said of everything (``*``), then of a kind of
section ("verse"), then of one section ("verse2"); of two equally narrow ones the later wins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from tonmeister.errors import DecisionError
from tonmeister.model.reason import Decision, Reason
from tonmeister.model.sheets import ProductionSheet
from tonmeister.producer.journal import effective
from tonmeister.producer.paths import ANY, Path, Span, Step
from tonmeister.producer.tree import matching

SheetT = TypeVar("SheetT")

Dormant = Callable[[Decision, str], None]
"""Called with a decision that does not fit now, and why; it wakes when it fits again."""


class _Misfit(Exception):  # noqa: N818  (a signal within this module)
    """A decision finds no place in this sheet."""


def cascade(
    root: str,
    proposal_sheet: SheetT,
    decisions: Sequence[Decision],
    *,
    kinds: Mapping[str, str],
    dormant: Dormant | None = None,
) -> SheetT:
    """The decisions under `root` laid over a proposed sheet; the proposal itself if there are none.

    Args:
        root: a field of the production sheet: "song", "harmony", "mix" ...
        proposal_sheet: what the role proposed.
        decisions: the journal as read, undo entries included.
        kinds: the kind of every section, {"verse1": "verse"}.
        dormant: told of decisions that do not fit (their section is gone, their value has become
            impossible); they are left out and stay in the journal.

    Returns:
        A sheet of the same type, validated.
    """
    if root not in ProductionSheet.model_fields:
        raise DecisionError(
            f"there is no {root!r}", expected="one of " + ", ".join(ProductionSheet.model_fields)
        )
    mine = [(Path.parse(d.path), d) for d in effective(decisions)]
    mine = [(path, d) for path, d in mine if path.root == root]
    if not mine:
        return proposal_sheet
    annotation: Any = ProductionSheet.model_fields[root].annotation
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    tree = adapter.dump_python(proposal_sheet, mode="json")
    tell = dormant or (lambda _decision, _why: None)
    for path, decision in _ordered(mine, tree, kinds):
        tree = _laid(tree, path, decision, kinds, adapter, tell)
    result: SheetT = adapter.validate_python(tree)
    return result


def _laid(
    tree: Any,
    path: Path,
    decision: Decision,
    kinds: Mapping[str, str],
    adapter: TypeAdapter[Any],
    tell: Dormant,
) -> Any:
    """The tree with one decision in it, or as it was if the decision does not fit."""
    try:
        changed = _put(tree, path.steps[1:], decision.value, kinds)
        adapter.validate_python(changed)
    except _Misfit as misfit:
        tell(decision, str(misfit))
        return tree
    except ValidationError as error:
        tell(decision, error.errors()[0]["msg"])
        return tree
    return changed


def _ordered(
    decisions: Sequence[tuple[Path, Decision]], tree: Any, kinds: Mapping[str, str]
) -> list[tuple[Path, Decision]]:
    """Widest first, then by revision; decisions made together in their order."""

    def width(item: tuple[Path, Decision]) -> tuple[int, int, int]:
        path, decision = item
        names = [step for step in path.steps if isinstance(step, str)]
        wild = sum(name == ANY for name in names)
        return -wild, -_kind_steps(tree, path.steps[1:], kinds), decision.revision

    return sorted(decisions, key=width)


def _kind_steps(node: Any, steps: Sequence[Step], kinds: Mapping[str, str]) -> int:
    """How many steps name a kind of section and not a section itself."""
    count = 0
    for step in steps:
        if isinstance(step, Span) or not isinstance(node, dict):
            break
        keys = matching(node, step, kinds)
        count += step != ANY and step not in node
        node = node[keys[0]] if keys else None
    return count


def _put(node: Any, steps: Sequence[Step], value: Any, kinds: Mapping[str, str]) -> Any:
    """A copy of a plain tree with `value` at every place the steps mean."""
    if not steps:
        return value
    step, *rest = steps
    if isinstance(step, Span):
        return _put_bars(node, step, rest, value, kinds)
    if node is None:
        raise _Misfit(f"there is nothing to have {step!r} now; decide the whole of it")
    if not isinstance(node, dict):
        raise _Misfit(f"{step!r} leads nowhere here")
    keys = matching(node, step, kinds)
    if not keys:
        raise _Misfit(f"there is no {step!r} now")
    return node | {key: _put(node[key], rest, value, kinds) for key in keys}


def _put_bars(
    node: Any, span: Span, rest: Sequence[Step], value: Any, kinds: Mapping[str, str]
) -> list[Any]:
    if not isinstance(node, list) or len(node) < span.last:
        raise _Misfit(
            f"there is no {span} now: it has {len(node) if isinstance(node, list) else 0}"
        )
    several = span.count > 1 and not rest
    if several and (not isinstance(value, list) or len(value) != span.count):
        raise _Misfit(f"{span} needs {span.count} values")
    row = list(node)
    for index in range(span.first - 1, span.last):
        row[index] = _put(
            row[index], rest, value[index - span.first + 1] if several else value, kinds
        )
    return row


def provenance(
    path: str,
    reasons: Mapping[str, Reason],
    decisions: Sequence[Decision],
    *,
    kinds: Mapping[str, str] | None = None,
) -> Reason:
    """Whose the value at a path is, and why: the narrowest decision, else the nearest reason.

    Args:
        path: canonical path.
        reasons: the proposals' reasons by path; one covers everything under it. Paths of the song
            may stand there without "song.".
        decisions: the journal as read.
        kinds: the kind of every section.
    """
    decision = deciding(path, decisions, kinds=kinds)
    if decision:
        why = decision.why or f"decided in revision {decision.revision}"
        return Reason(decision.by or "you", why)
    return _nearest(Path.parse(path), reasons)


def deciding(
    path: str, decisions: Sequence[Decision], *, kinds: Mapping[str, str] | None = None
) -> Decision | None:
    """The decision that holds at a path: the narrowest, of equally narrow ones the latest."""
    place = Path.parse(path)
    rules = [(Path.parse(d.path), d) for d in effective(decisions)]
    holding = [
        (_narrowness(rule, place), d.revision, index)
        for index, (rule, d) in enumerate(rules)
        if _covers(rule, place, kinds or {})
    ]
    return rules[max(holding)[2]][1] if holding else None


def _nearest(place: Path, reasons: Mapping[str, Reason]) -> Reason:
    steps = place.steps
    while steps:
        text = str(Path(steps))
        for candidate in (text, text.removeprefix("song.")):
            if candidate in reasons:
                return reasons[candidate]
        steps = steps[:-1]
    return Reason("tonmeister", "the usual value; nobody asked for another")


def _narrowness(rule: Path, place: Path) -> tuple[int, int]:
    """Grows with how exactly a decision names the place: by ``*``, by kind, by name."""
    wild = sum(step == ANY for step in rule.steps)
    names = zip(rule.steps, place.steps, strict=False)
    return -wild, -sum(isinstance(said, str) and said not in (here, ANY) for said, here in names)


def _covers(rule: Path, place: Path, kinds: Mapping[str, str]) -> bool:
    """Whether a decision's path means this place or something around it."""
    if len(rule.steps) > len(place.steps):
        return False
    for said, here in zip(rule.steps, place.steps, strict=False):
        if isinstance(said, Span) or isinstance(here, Span):
            if not (isinstance(said, Span) and isinstance(here, Span)):
                return False
            if not said.first <= here.first <= here.last <= said.last:
                return False
        elif said not in (here, ANY, kinds.get(here)):
            return False
    return True
