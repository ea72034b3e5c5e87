"""Partitions that can be stopped and started again between any two records, as a worker is.

They keep what Kafka keeps: the newest record of each key of the changelog, and the log as far as it is needed again.
What was not yet saved when they stop is lost with the process, and comes again from the log.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from ioc.engine.partition import Partition
from ioc.engine.results import Batch
from ioc.events.base import AnyEvent
from ioc.events.codec import structured
from ioc.folds import Fold
from ioc.recording.records import CODECS
from ioc.replay.flow import Flow


class Kept:
    """A partition with its changelog and the end of its log; whatever else is asked, the partition answers."""

    def __init__(self, fresh: Callable[[], Partition]) -> None:
        self._fresh = fresh
        self.partition = fresh()
        self._log: list[tuple[int, AnyEvent, datetime | None, str]] = []
        self.changelog: dict[bytes, bytes | None] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self.partition, name)

    def apply(self, offset: int, event: AnyEvent, appended: datetime | None = None, lane: str = "") -> None:
        self._log.append((offset, event, appended, lane))
        self.partition.apply(offset, event, appended, lane)

    def take(self) -> Batch:
        batch = self.partition.take()
        self.changelog.update(batch.changes)
        self._log = [record for record in self._log if record[0] >= self.partition.resume_from]
        return batch

    def saved(self) -> dict[str, Any]:
        """All that it keeps, as JSON; after a :meth:`take`."""
        log = [[offset, appended.isoformat() if appended else None, lane, structured(event).decode()]
               for offset, event, appended, lane in self._log]  # fmt: skip
        known = {name.decode(): said.decode() for name, said in self.changelog.items() if said is not None}
        return {"name": self.partition.name, "log": log, "changelog": known, "counts": self.partition.counts}

    def restore_saved(self, saved: dict[str, Any]) -> None:
        """Take back what :meth:`saved` gave."""
        codec = CODECS[self.partition.fold.inbox.name]
        self.changelog = {name.encode(): said.encode() for name, said in saved["changelog"].items()}
        self._log = [
            (offset, codec.read_structured(line.encode()), datetime.fromisoformat(appended) if appended else None, lane)
            for offset, appended, lane, line in saved["log"]
        ]
        self.restart()
        self.partition.counts = Counter(saved["counts"])

    def restart(self) -> None:
        """Its process ended, and another takes over."""
        self.partition = self._fresh()
        self.partition.restore(self.changelog.items())
        for record in self._log:
            if record[0] >= self.partition.resume_from:
                self.partition.apply(*record)


class RestartingFlow(Flow):
    """A flow whose partitions can all be stopped and started again."""

    kept: type[Kept] = Kept

    def partition(self, fold: Fold, number: int) -> Partition:
        fresh = super().partition
        return cast(Partition, self.kept(lambda: fresh(fold, number)))

    def restart(self) -> None:
        for partition in self.partitions():
            cast(Kept, partition).restart()
