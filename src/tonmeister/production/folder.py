"""The production folder: what lies where.

my-song/
  production.toml     what this is, and its format version
  brief.toml          the brief
  lead_sheet.mxl      the user's lead sheet, if there is one
  decisions.jsonl     the journal of decisions, append-only
  record/             the finished record
  .tonmeister/        the store of artefacts, receipts and the last sheet; may be deleted
"""

from __future__ import annotations

import os
import shutil
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tonmeister import __version__
from tonmeister.errors import ProductionError

SCHEMA = "Production.1"


@dataclass(frozen=True, slots=True)
class Folder:
    """The places in a production folder."""

    root: Path

    @property
    def manifest(self) -> Path:
        """``production.toml``."""
        return self.root / "production.toml"

    @property
    def brief(self) -> Path:
        """``brief.toml``."""
        return self.root / "brief.toml"

    @property
    def journal(self) -> Path:
        """``decisions.jsonl``."""
        return self.root / "decisions.jsonl"

    @property
    def record(self) -> Path:
        """Where the finished record lies."""
        return self.root / "record"

    @property
    def store(self) -> Path:
        """The store of artefacts."""
        return self.root / ".tonmeister" / "store"

    @property
    def state(self) -> Path:
        """What the last run left: the sheet with its reasons."""
        return self.root / ".tonmeister" / "sheet.json"

    @property
    def finished(self) -> Path:
        """What the last finished run made, and from what."""
        return self.root / ".tonmeister" / "finished.json"

    @property
    def lock(self) -> Path:
        """Held while a run works in this folder."""
        return self.root / ".tonmeister" / "lock"

    def lead_sheet(self) -> Path | None:
        """The user's lead sheet, if there is one."""
        return next(iter(sorted(self.root.glob("lead_sheet.*"))), None)

    def check(self) -> None:
        """Raise ProductionError unless this is a production of a format we know."""
        if not self.manifest.is_file():
            raise ProductionError(
                "this is not a production",
                where=str(self.root),
                expected="a folder made by `tonmeister new`",
                hint='Start one with `tonmeister new NAME --brief "..."`.',
            )
        try:
            schema = tomllib.loads(self.manifest.read_text("utf-8")).get("schema")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ProductionError(f"damaged: {error}", where=str(self.manifest)) from error
        if schema != SCHEMA:
            raise ProductionError(
                f"its format is {schema!r}",
                where=str(self.manifest),
                expected=SCHEMA,
                hint="A newer Tonmeister may have written it; upgrade to open it.",
            )


def create(root: Path, files: dict[str, bytes]) -> Folder:
    """Make a production folder with these files, all or nothing.

    It is built beside its final place and renamed, so that an error leaves nothing behind.

    Raises:
        ProductionError: the place is taken or cannot be written.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise ProductionError(
            "there is something here already",
            where=str(root),
            hint="Choose another name, or `tonmeister decide` to change that production.",
        )
    manifest: dict[str, Any] = {"schema": SCHEMA, "tonmeister": __version__}
    text = "".join(f'{key} = "{value}"\n' for key, value in manifest.items())
    draft: Path | None = None
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{root.name}-", dir=root.parent))
        for name, content in {**files, "production.toml": text.encode()}.items():
            (draft / name).write_bytes(content)
        draft.chmod(0o777 & ~_umask())
        if root.is_dir():
            root.rmdir()
        draft.rename(root)
    except OSError as error:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)
        raise ProductionError(
            f"the production cannot be written: {error.strerror or error}",
            where=str(root),
            hint="Choose a folder that you may write to, with room on the disk.",
        ) from error
    return Folder(root)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
