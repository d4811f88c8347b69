"""Sheets and proposals on paper: their canonical JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeVar

from tonmeister.model.reason import Proposal, Reason
from tonmeister.model.sheets import ProductionSheet

BranchT = TypeVar("BranchT")


def dump_sheet(sheet: ProductionSheet, *roots: str) -> bytes:
    """The named branches of a production sheet ("song"), canonical; all if none is named."""
    wanted = roots or tuple(ProductionSheet.model_fields)
    return canonical(sheet.model_dump(mode="json", include=set(wanted), exclude_none=True))


def load_sheet(data: bytes) -> ProductionSheet:
    """The inverse of `dump_sheet`; branches that were left out are None."""
    return ProductionSheet.model_validate_json(data)


def dump_proposal(proposals: Mapping[str, Proposal[Any]]) -> bytes:
    """Proposals by the root that they fill, with their reasons."""
    sheet = ProductionSheet.model_validate({root: p.sheet for root, p in proposals.items()})
    reasons = {path: why for p in proposals.values() for path, why in p.reasons.items()}
    sheet_json = sheet.model_dump(mode="json", include=set(proposals))
    return canonical({"sheet": sheet_json, "reasons": plain_reasons(reasons)})


def load_proposal(data: bytes) -> tuple[ProductionSheet, dict[str, Reason]]:
    """The inverse of `dump_proposal`."""
    paper = json.loads(data)
    return ProductionSheet.model_validate(paper["sheet"]), read_reasons(paper["reasons"])


def plain_reasons(reasons: Mapping[str, Reason]) -> dict[str, dict[str, Any]]:
    """Reasons by path as plain data."""
    return {path: asdict(reason) for path, reason in reasons.items()}


def read_reasons(plain: Mapping[str, Mapping[str, Any]]) -> dict[str, Reason]:
    """The inverse of `plain_reasons`."""
    return {path: Reason(r["by"], r["why"], tuple(r["considered"])) for path, r in plain.items()}


def given(branch: BranchT | None) -> BranchT:
    """A branch that an earlier stage has filled; its absence would be our own mistake."""
    if branch is None:
        raise AssertionError("a stage was run before the one that it builds on")
    return branch


def canonical(value: Any) -> bytes:
    """JSON of plain data, keys in their own order (the order of sections has a meaning)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
