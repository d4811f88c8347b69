"""Sheets and proposals on paper: their canonical JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tonmeister.model.reason import Proposal, Reason
from tonmeister.model.sheets import ProductionSheet


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
    reasons = {
        path: {"by": reason.by, "why": reason.why, "considered": list(reason.considered)}
        for proposal in proposals.values()
        for path, reason in proposal.reasons.items()
    }
    sheet_json = sheet.model_dump(mode="json", include=set(proposals))
    return canonical({"sheet": sheet_json, "reasons": reasons})


def load_proposal(data: bytes) -> tuple[ProductionSheet, dict[str, Reason]]:
    """The inverse of `dump_proposal`."""
    paper = json.loads(data)
    reasons = {
        path: Reason(r["by"], r["why"], tuple(r["considered"]))
        for path, r in paper["reasons"].items()
    }
    return ProductionSheet.model_validate(paper["sheet"]), reasons


def canonical(value: Any) -> bytes:
    """JSON of plain data, keys in their own order (the order of sections has a meaning)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
