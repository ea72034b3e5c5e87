"""A partition that can be stopped and started between any two records, as a worker is."""

from collections import Counter
from collections.abc import Callable, Container, Iterable
from datetime import datetime
from typing import cast

from ioc.engine.partition import Partition
from ioc.engine.plan import Plan
from ioc.engine.results import Batch, Output, Rejected
from ioc.events.base import AnyEvent
from ioc.folds import Fold
from ioc.replay import Flow, Replay, Result, Shape

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

    def reject(self, offset: int, reason: str) -> None:
        self.partition.reject(offset, reason)

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
    def number(self) -> int:
        return self.partition.number

    @property
    def watermark(self) -> datetime | None:
        return self.partition.watermark

    @property
    def counts(self) -> Counter[str]:
        return self.partition.counts

    @property
    def eventful(self) -> bool:
        return self.partition.eventful

    def take_facts(self) -> Output | None:
        return self.partition.take_facts()


class RestartingFlow(Flow):
    """A flow whose partitions can all be stopped and started again."""

    def partition(self, fold: Fold, number: int) -> Partition:
        fresh = super().partition
        return cast(Partition, Restartable(lambda: fresh(fold, number)))


class RestartingReplay(Replay):
    """The whole flow, whose partitions all stop and start again after some of the events."""

    def __init__(
        self, plan: Plan, partitions: int, stops: Container[int], ends: Callable[[], bool] = lambda: True
    ) -> None:
        super().__init__(plan, partitions)
        self._stops, self._ends = stops, ends
        self.flow = RestartingFlow(plan, Shape(otherwise=partitions), self._hear, self.result.reject)

    def run(self, events: Iterable[AnyEvent], advance: Callable[[int], None] = lambda _: None) -> Result:
        for seen, event in enumerate(events, 1):
            self.put(event)
            if self._ends():
                self.flow.settle()
            if seen in self._stops:
                for partition in self.partitions():
                    partition.restart()
            advance(1)
        return self.finish()

    def partitions(self) -> list[Restartable]:
        return [cast(Restartable, partition) for partition in self.flow.partitions()]
