"""A partition that can be stopped and started between any two records, as a worker is."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from ioc.engine.partition import Batch, Output, Partition, Rejected
from ioc.events.base import AnyEvent
from ioc.folds import Fold

Record = tuple[int, AnyEvent, datetime | None, str]


class Restartable:
    """Keeps what Kafka keeps: the log, and of each key of the changelog the newest record.

    What was not yet taken when it stops is lost with the process, and comes again from the log.
    """

    def __init__(self, fresh: Callable[[], Partition]) -> None:
        self._fresh = fresh
        self.partition = fresh()
        self.log: list[Record] = []
        self.changelog: dict[bytes, bytes | None] = {}
        self.outputs: list[Output] = []
        self.rejected: list[Rejected] = []

    def apply(self, offset: int, event: AnyEvent, appended: datetime | None = None, lane: str = "") -> None:
        assert offset == len(self.log)
        self.log.append((offset, event, appended, lane))
        self.partition.apply(offset, event, appended, lane)

    def add(self, event: AnyEvent, appended: datetime | None = None, lane: str = "") -> None:
        """The next record of the log."""
        self.apply(len(self.log), event, appended, lane)

    def take(self) -> Batch:
        batch = self.partition.take()
        self.changelog.update(batch.changes)
        self.outputs += batch.outputs
        self.rejected += batch.rejected
        return batch

    def restart(self, fresh: Callable[[], Partition] | None = None) -> None:
        self._fresh = fresh or self._fresh
        self.partition = self._fresh()
        self.partition.restore(self.changelog.items())
        for record in self.log[self.partition.resume_from :]:
            self.partition.apply(*record)

    # What a replay asks of its partitions.

    @property
    def fold(self) -> Fold:
        return self.partition.fold

    @property
    def name(self) -> str:
        return self.partition.name

    @property
    def watermark(self) -> datetime | None:
        return self.partition.watermark

    @property
    def counts(self) -> Counter[str]:
        return self.partition.counts

    def take_facts(self) -> Output | None:
        return self.partition.take_facts()
