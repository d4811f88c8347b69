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
    from rich.tree import Tree

    from tonmeister.model.reason import Decision, Reason


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


def _part(tree: Any, path: str, whole: Any) -> tuple[Any, str]:
    """The branch at a path; a field of the song needs no "song."."""
    steps = path.split(".")
    if steps[0] not in tree and steps[0] in tree.get("song", {}):
        steps = ["song", *steps]
    node = tree
    for step in steps:
        if not isinstance(node, Mapping) or step not in node:
            from tonmeister.producer import resolve

            resolve(path, whole)  # names the nearest paths
            raise DecisionError(
                f"there is nothing at {path!r} yet", hint="It comes with `tonmeister produce`."
            )
        node = node[step]
    return node, ".".join(steps)


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

        root = Tree(prefix or name, guide_style="dim")
        self._grow(root, node, prefix)
        output.console().print(root)

    def _grow(self, tree: Tree, node: Any, path: str) -> None:
        if not isinstance(node, Mapping):
            tree.add(self._label("", node, path))
            return
        for name, value in node.items():
            below = f"{path}.{name}" if path else name
            if isinstance(value, Mapping) and not _is_leaf_sheet(value):
                self._grow(tree.add(self._label(name, None, below)), value, below)
            elif isinstance(value, Mapping):
                branch = tree.add(self._label(name, None, below))
                branch.add(_fields(value))
                self._decided_fields(branch, value, below)
            else:
                tree.add(self._label(name, value, below))

    def _decided_fields(self, branch: Tree, value: Mapping[str, Any], path: str) -> None:
        """Fields that somebody decided get a line of their own."""
        for name, item in value.items():
            if self._decided(f"{path}.{name}"):
                branch.add(self._label(name, item, f"{path}.{name}"))

    def _label(self, name: str, value: Any, path: str) -> Any:
        from rich.text import Text

        text = Text(name)
        if isinstance(value, list) and _is_bars(path):
            text.append(f" | {' | '.join(map(str, value))} |")
        elif value is not None:
            text.append(
                f" {output.in_short(value)}" if name else output.in_short(value), style="bold"
            )
        decision = self._decided(path)
        reason = self._reasons.get(path) or self._reasons.get(path.removeprefix("song."))
        if decision:
            said = f": {decision.why}" if decision.why else ""
            text.append(f"  decided by {decision.by or 'you'}{said}", style="green")
        elif reason:
            text.append(f"  {reason.by}: {reason.why}", style="dim")
        return text

    def _decided(self, path: str) -> Decision | None:
        from tonmeister.producer import deciding

        return deciding(path, self._decisions, kinds=self._kinds)


def _is_bars(path: str) -> bool:
    return path.startswith(("harmony.", "tune."))


def _is_leaf_sheet(value: Mapping[str, Any]) -> bool:
    """A small sheet of plain values, which fits on a line."""
    return not any(isinstance(item, Mapping) for item in value.values()) and not (
        any(isinstance(item, list) for item in value.values())
    )


def _fields(value: Mapping[str, Any]) -> Any:
    from rich.text import Text

    text = Text()
    for name, item in value.items():
        if item not in ("", None):
            text.append(("  " if text else "") + name + " ", style="dim")
            text.append(output.in_short(item))
    return text
