"""``tonmeister sheet``: the whole record as a tree of values, with who wanted them and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tonmeister.errors import DecisionError
from tonmeister.faces.cli import opening, output
from tonmeister.faces.cli.guard import guarded
from tonmeister.faces.cli.options import AsJson, Name

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree

    from tonmeister.model.reason import Decision, Reason
    from tonmeister.model.sheets import ProductionSheet


@guarded
def sheet(
    name: Name,
    path: Annotated[
        str,
        typer.Argument(
            help="Only this branch, for example mix.", metavar="PATH", show_default=False
        ),
    ] = "",
    reasons: Annotated[
        bool, typer.Option("--reasons/--no-reasons", help="Show who and why.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Show what the record is made of: every value with its path, who wanted it and why."""
    production = opening.open_production(name)
    whole, why = production.sheet()
    tree = whole.model_dump(mode="json", exclude_none=True)
    shown, prefix = _part(tree, path, whole) if path else (tree, "")
    decisions = production.decisions()
    if as_json:
        output.show_json(
            {
                "path": prefix,
                "sheet": shown,
                "reasons": {
                    at: _reason(reason) for at, reason in why.items() if at.startswith(prefix)
                },
                "decisions": [
                    {"path": d.path, "value": d.value, "by": d.by, "why": d.why}
                    for d in _live(decisions)
                ],
            }
        )
        return
    kinds = {section: plan.kind for section, plan in (whole.form or {}).items()}
    _Painter(why if reasons else {}, decisions, kinds).paint(str(name), shown, prefix)


def _part(tree: Mapping[str, Any], path: str, whole: ProductionSheet) -> tuple[Any, str]:
    """The branch at a path and its canonical path; a field of the song needs no "song."."""
    from tonmeister.producer import resolve, section_kinds, values_at

    if path in type(whole).model_fields:
        if path in tree:
            return tree[path], path
        raise DecisionError(
            f"there is nothing at {path!r} yet", hint="It comes with `tonmeister produce`."
        )
    place, _ = resolve(path, whole)
    found = values_at(tree, place.steps, section_kinds(whole))
    if not found:
        raise DecisionError(f"{path!r} is none at present")
    return (found[0] if len(found) == 1 else found), str(place)


def _live(decisions: Sequence[Decision]) -> Sequence[Decision]:
    from tonmeister.producer import effective

    return effective(decisions)


def _reason(reason: Reason) -> dict[str, Any]:
    return {"by": reason.by, "why": reason.why, "considered": list(reason.considered)}


class _Painter:
    """Draws a tree of values."""

    def __init__(
        self, reasons: Mapping[str, Reason], decisions: Sequence[Decision], kinds: Mapping[str, str]
    ) -> None:
        self._reasons = reasons
        self._decisions = decisions
        self._kinds = kinds

    def paint(self, name: str, node: Any, prefix: str) -> None:
        """Print a branch whose path is `prefix`."""
        from rich.tree import Tree

        root = Tree(self._name(prefix or name, ""), guide_style="dim")
        if isinstance(node, Mapping):
            self._grow(root, node, prefix)
        else:
            root = Tree(self._label(prefix, _line(prefix, node), prefix), guide_style="dim")
        output.console().print(root)

    def _grow(self, tree: Tree, node: Mapping[str, Any], path: str) -> None:
        for name, value in node.items():
            below = f"{path}.{name}" if path else name
            if not isinstance(value, Mapping):
                tree.add(self._label(name, _line(below, value), below))
            elif not value or any(isinstance(item, Mapping | list) for item in value.values()):
                self._grow(tree.add(self._label(name, "", below)), value, below)
            else:
                branch = tree.add(self._name(name, _fields(value)))
                self._whys(branch, value, below)

    def _whys(self, branch: Tree, value: Mapping[str, Any], path: str) -> None:
        """Under a line of fields: who wanted it, and fields with an author of their own."""
        why = self._why(path)
        if why:
            branch.add(why)
        for name, item in value.items():
            own = self._why(f"{path}.{name}")
            if own and own != why:
                branch.add(self._label(name, output.in_short(item), f"{path}.{name}"))

    def _label(self, name: str, value: str, path: str) -> Text:
        text = self._name(name, value)
        why = self._why(path)
        return text.append("  ").append(why) if why else text

    def _name(self, name: str, value: str) -> Text:
        from rich.text import Text

        text = Text(name)
        return text.append(f" {value}", style="bold") if value else text

    def _why(self, path: str) -> Text | None:
        """Who wanted the value at exactly this path, and why."""
        from rich.text import Text

        from tonmeister.producer import deciding

        decision = deciding(path, self._decisions, kinds=self._kinds)
        if decision:
            said = f": {decision.why}" if decision.why else ""
            return Text(f"decided by {decision.by or 'you'}{said}", style="green")
        reason = self._reasons.get(path) or self._reasons.get(path.removeprefix("song."))
        return Text(f"{reason.by}: {reason.why}", style="dim") if reason else None


def _line(path: str, value: Any) -> str:
    """A value on a line; bars of chords and notes with bar lines."""
    if isinstance(value, list) and path.startswith(("harmony.", "tune.")):
        return f"| {' | '.join(map(str, value))} |"
    return output.in_short(value)


_SILENT = {("on", True), ("mute", False)}
"""What goes without saying."""


def _fields(value: Mapping[str, Any]) -> str:
    shown = {k: v for k, v in value.items() if v not in ("", None) and (k, v) not in _SILENT}
    words = {("on", False): "off", ("mute", True): "muted"}
    return ", ".join(words.get((k, v)) or f"{k} {output.in_short(v)}" for k, v in shown.items())
