"""The books of the build: looks results up, and writes traces and receipts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tonmeister.build.digests import Digest
from tonmeister.build.reasons import SAME, reasons_for
from tonmeister.build.receipts import Receipt
from tonmeister.build.recipe import Job, Made
from tonmeister.build.step import Ran
from tonmeister.build.store import Store
from tonmeister.build.traces import Output


class Ledger:
    """Knows what the store holds of which step."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def find(self, job: Job) -> Made | None:
        """The job's result, if it was made before and its contents are there, whole."""
        outputs = self.store.traces.read(job.key)
        if outputs is None:
            return None
        if not all(self.store.sound(output.digest, output.size) for output in outputs.values()):
            return None
        return self._close(job, outputs, made=False, seconds=0.0)

    def record(self, job: Job, ran: Ran) -> Made:
        """Books a finished step."""
        before = self.store.traces.read(job.key)
        self.store.traces.write(job.key, ran.outputs)
        made = self._close(job, ran.outputs, made=True, seconds=ran.seconds)
        if before is None or _digests(before) == _digests(ran.outputs):
            return made
        warning = f"recipe {job.recipe.name!r} is not repeatable: the same inputs gave other bytes"
        receipt = replace(made.receipt, reasons=(*made.receipt.reasons, warning))
        self.store.receipts.write(receipt, again=True)
        return replace(made, receipt=receipt)

    def _close(
        self, job: Job, outputs: Mapping[str, Output], *, made: bool, seconds: float
    ) -> Made:
        digests = _digests(outputs)
        latest = next(iter(self.store.receipts.read(job.target)), None)
        for digest in digests.values():
            self.store.origins.setdefault(digest, job.target)
        if not made and latest and latest.key == job.key and latest.outputs == digests:
            # Nothing new: the receipt still tells why it was made.
            receipt = replace(latest, made=False, seconds=0.0, reasons=(SAME,))
        else:
            receipt = Receipt(
                target=job.target,
                key=job.key,
                recipe=job.recipe.name,
                version=job.recipe.version,
                params=job.plain_params,
                inputs=dict(job.inputs),
                outputs=digests,
                tools=job.recipe.tools,
                seconds=round(seconds, 3),
                made=made,
                reasons=reasons_for(job, latest, made=made, origins=self.store.origins),
                why=job.why,
            )
            self.store.receipts.write(receipt)
        return Made(job.target, digests, made, receipt)


def _digests(outputs: Mapping[str, Output]) -> dict[str, Digest]:
    return {name: output.digest for name, output in outputs.items()}
