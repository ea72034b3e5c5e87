"""Partitions that can be stopped and started again between any two records, as a worker is.

They keep what Kafka keeps: the newest record of each key of the changelog, and the log as far as it is needed again.
What was not yet saved when they stop is lost with the process, and comes again from the log.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from ioc.engine.partition import Partition
from ioc.engine.results import Batch
from ioc.events.base import AnyEvent
from ioc.folds import Fold
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
