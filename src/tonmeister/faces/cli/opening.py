"""Opening and starting productions: the one place where the commands meet the production room."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tonmeister.production import Production


def open_production(folder: Path) -> Production:
    """The production in a folder."""
    from tonmeister.production import Production

    return Production.open(folder)


def create_production(
    folder: Path, *, sentence: str | None, brief_file: Path | None, lead_sheet: Path | None
) -> Production:
    """A new production in a folder."""
    from tonmeister.producer import read_brief
    from tonmeister.production import Production

    brief = read_brief(brief_file) if brief_file else None
    return Production.create(folder, sentence=sentence, brief=brief, lead_sheet=lead_sheet)
