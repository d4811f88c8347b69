"""Production: the one class behind the command line and the Python API."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tonmeister.errors import DecisionError, InputError, ProductionError
from tonmeister.model.reason import Decision, Reason
from tonmeister.model.sheets import ProductionSheet
from tonmeister.production import folder as folders
from tonmeister.production.events import Clock, Watcher, expected_costs, ignore

if TYPE_CHECKING:
    from tonmeister.producer import Brief, Understanding
    from tonmeister.production.finishing import Produced
    from tonmeister.production.pipeline import Material, Work

STORE_LIMIT_BYTES = 6 * 1024**3
"""A production's store is swept down to this; what the present record needs always stays."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What `Production.deliver` wrote."""

    folder: Path
    files: tuple[Path, ...]


@dataclass
class Production:
    """A record in the making, in a folder.

    Example:
        >>> song = Production.create(Path("my-song"), sentence="a slow waltz in G, 90 seconds")
        >>> song.produce().record
        >>> song.decide({"tempo": "84"}, why="it drags")
        >>> song.produce()
        >>> song.deliver(Path("out"))
    """

    folder: folders.Folder
    understanding: Understanding | None = field(default=None)

    # -- beginnings ---------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        root: Path | str,
        *,
        sentence: str | None = None,
        brief: Brief | None = None,
        lead_sheet: Path | str | None = None,
    ) -> Production:
        """Start a production in a new folder.

        Args:
            root: the folder; it must not exist or be empty.
            sentence: a brief in a sentence, read by the lexicon.
            brief: a brief; its fields go before the sentence's.
            lead_sheet: a MusicXML file (.musicxml, .xml, .mxl) that stays as written.

        Raises:
            InputError: the brief or the lead sheet cannot be used; nothing is written.
            ProductionError: the folder is taken or cannot be written.
        """
        from tonmeister import producer

        understanding = producer.understand(sentence) if sentence else None
        wanted = _merge(brief, understanding)
        files: dict[str, bytes] = {}
        sheet = None
        if lead_sheet is not None:
            sheet, files = _read_lead_sheet(Path(lead_sheet))
        producer.envision(wanted, lead_sheet=sheet)  # says at once what is impossible
        files["brief.toml"] = producer.dump_brief(wanted).encode()
        return cls(folders.create(Path(root), files), understanding)

    @classmethod
    def open(cls, root: Path | str) -> Production:
        """Open a production's folder.

        Raises:
            ProductionError: it is none, or is damaged.
        """
        folder = folders.Folder(Path(root))
        folder.check()
        return cls(folder)

    # -- the state ----------------------------------------------------------------------------

    def material(self) -> Material:
        """Brief, decisions and lead sheet, as they lie in the folder."""
        from tonmeister import producer
        from tonmeister.production.pipeline import Material

        sheet = self.folder.lead_sheet()
        brief = producer.read_brief(self.folder.brief)
        journal = producer.Journal(self.folder.journal).read()
        return Material(
            brief=brief,
            decisions=(*producer.brief_decisions(brief), *journal),
            lead_sheet_file=sheet.read_bytes() if sheet else None,
        )

    def sheet(self) -> tuple[ProductionSheet, dict[str, Reason]]:
        """The whole sheet with its reasons, decisions laid over it.

        Everything up to the arrangement is proposed now; the mix appears once it has been made.
        """
        from tonmeister.production import pipeline
        from tonmeister.production.draft import load_state

        work = self.work()
        with self._locked():
            pipeline.run(work, until="arrange")
            fresh, reasons = work.draft.sheet, dict(work.draft.reasons)
            if self.folder.state.is_file():
                last, last_reasons = load_state(self.folder.state.read_bytes())
                rest = {
                    root: getattr(last, root)
                    for root in ("performance", "mix", "room", "master")
                    if getattr(fresh, root) is None
                }
                fresh = fresh.model_copy(update=rest)
                reasons = {
                    **{p: r for p, r in last_reasons.items() if p.split(".")[0] in rest},
                    **reasons,
                }
        return fresh, reasons

    def decisions(self) -> tuple[Decision, ...]:
        """The decisions in force, the brief's own wishes first."""
        from tonmeister import producer

        return producer.effective(self.material().decisions)

    def why(self, path: str) -> list[str]:
        """Why a value is what it is, in sentences."""
        from tonmeister import producer

        sheet, reasons = self.sheet()
        place, _ = producer.resolve(path, sheet)
        kinds = {name: plan.kind for name, plan in (sheet.form or {}).items()}
        found = producer.provenance(str(place), reasons, self.decisions(), kinds=kinds)
        lines = [f"{found.by}: {found.why}"]
        return lines + [f"also considered: {other}" for other in found.considered]

    # -- work ---------------------------------------------------------------------------------

    def decide(
        self, values: Mapping[str, Any] | Sequence[str], *, why: str = "", by: str = ""
    ) -> int:
        """Overrule: ``{"tempo": "84"}`` or ``["tempo=84"]``; several make one revision.

        Returns:
            The revision.

        Raises:
            DecisionError: a path is unknown or a value impossible; nothing is decided then.
        """
        from tonmeister import producer
        from tonmeister.production import choices

        texts = (
            [f"{path}={value}" for path, value in values.items()]
            if isinstance(values, Mapping)
            else list(values)
        )
        if not texts:
            raise DecisionError(
                "nothing to decide", expected="PATH=VALUE", hint="For example tempo=84."
            )
        sheet, _ = self.sheet()
        entries = choices.parse(texts, sheet)
        self._try_out(entries)
        journal = producer.Journal(self.folder.journal)
        return journal.append(entries, by=by or _person(), why=why, based_on=None)

    def _try_out(self, entries: Sequence[tuple[str, Any]]) -> None:
        """Run the writing stages with the new decisions, so that what is impossible is refused."""
        from tonmeister.production import pipeline

        work = self.work()
        ahead = tuple(Decision(revision=10**9, path=path, value=value) for path, value in entries)
        work.material.decisions += ahead
        work.draft.decisions = work.material.decisions
        with self._locked():
            pipeline.run(work, until="arrange")
        asleep = [(d.path, why) for d, why in work.draft.dormant if d in ahead]
        if asleep:
            raise DecisionError(
                asleep[0][1],
                where=asleep[0][0],
                hint="`tonmeister sheet` shows the sections and parts there are.",
            )

    def produce(
        self,
        *,
        until: str = "master",
        on_event: Watcher | None = None,
        workers: int | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Produced:
        """Make the record, or what of it has changed.

        Args:
            until: the last stage to run: compose, arrange, perform, render, mix or master.
            on_event: told of every step.
            workers: threads; all cores by default.
            cancelled: asked between steps; True stops the run, which can be continued.
        """
        from tonmeister.production import finishing, pipeline

        started = time.monotonic()
        if until not in {name for name, _ in pipeline.RUN}:
            raise InputError(
                f"there is no stage {until!r}", expected=", ".join(name for name, _ in pipeline.RUN)
            )
        work = self.work(on_event or ignore, workers)
        work.bench.cancelled = cancelled
        with self._locked():
            if until != "master":
                pipeline.run(work, until=until)
                return finishing.stopped_early(work, started)
            mark = pipeline.fingerprint(work.material, work.source)
            done = finishing.already_done(self.folder, mark, started)
            if done is not None:
                return done
            pipeline.run(work)
            return finishing.publish(self.folder, work, mark, started)

    def deliver(
        self, out: Path | str, *, on_event: Watcher | None = None, workers: int | None = None
    ) -> Delivered:
        """Write everything that leaves the house into a folder: master, stems, MIDI, lead sheet,
        report. Produces first what is not made yet.

        Raises:
            ProductionError: the folder cannot be written.
        """
        from tonmeister.production import delivery, finishing, pipeline

        started = time.monotonic()
        work = self.work(on_event or ignore, workers)
        with self._locked():
            pipeline.run(work)
            mark = pipeline.fingerprint(work.material, work.source)
            if finishing.already_done(self.folder, mark, started) is None:
                finishing.publish(self.folder, work, mark, started)
            files = delivery.deliver(work, Path(out))
        return Delivered(Path(out), files)

    # -- inside -------------------------------------------------------------------------------

    def work(self, watch: Watcher = ignore, workers: int | None = None) -> Work:
        """A fresh run on this production, for tools that want a stage's results themselves."""
        from tonmeister.build import Store
        from tonmeister.production.bench import Bench
        from tonmeister.production.draft import Draft
        from tonmeister.production.pipeline import Work

        material = self.material()
        band = len(material.brief.band or ()) or 6
        minutes = (material.brief.length or 180.0) / 60
        bench = Bench(
            Store(self.folder.store, limit_bytes=STORE_LIMIT_BYTES),
            watch,
            Clock(dict(expected_costs(minutes, band))),
        )
        draft = Draft(material.decisions)
        return Work(bench, material, draft, workers or os.cpu_count() or 1)

    def _locked(self) -> Any:
        from tonmeister.build import ProductionLock

        try:
            self.folder.lock.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ProductionError(
                f"cannot be written: {error.strerror}", where=str(self.folder.root)
            ) from error
        return ProductionLock(self.folder.lock)


def _person() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "someone"


def _merge(brief: Brief | None, understanding: Understanding | None) -> Brief:
    from tonmeister import producer

    heard = understanding.brief if understanding else producer.Brief()
    if brief is None:
        return heard
    given = brief.model_dump(exclude_unset=True, exclude_none=True)
    return producer.Brief.model_validate({**heard.model_dump(exclude_none=True), **given})


def _read_lead_sheet(path: Path) -> tuple[Any, dict[str, bytes]]:
    from tonmeister.formats import musicxml

    sheet = musicxml.read(path)
    suffix = ".mxl" if path.read_bytes()[:2] == b"PK" else ".musicxml"
    return sheet, {f"lead_sheet{suffix}": path.read_bytes()}
