"""A partition that can be stopped and started between any two records, as a worker is."""

from collections import Counter
from collections.abc import Callable, Container, Iterable
from datetime import datetime
from typing import cast

from ioc.engine.partition import Partition
from ioc.engine.plan import Plan
from ioc.engine.results import Batch, Output, Rejected
from ioc.events.base import AnyEvent, Tick
from ioc.folds import Fold
from ioc.replay import Replay, Result

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

    @property
    def eventful(self) -> bool:
        return self.partition.eventful

    def take_facts(self) -> Output | None:
        return self.partition.take_facts()


class Batching(Restartable):
    """Takes only where it is told to, so that a batch is several records; time is told with a batch's end."""

    def __init__(self, fresh: Callable[[], Partition], ends: Callable[[], bool]) -> None:
        super().__init__(fresh)
        self._ends = ends

    @property
    def eventful(self) -> bool:
        ends = isinstance(self.log[-1][1].data, Tick) or self._ends()
        return ends and super().eventful


class RestartingReplay(Replay):
    """The whole flow, whose partitions all stop and start again after some of the events."""

    def __init__(
        self, plan: Plan, partitions: int, stops: Container[int], ends: Callable[[], bool] = lambda: True
    ) -> None:
        self._stops, self._seen, self._ends = stops, 0, ends
        super().__init__(plan, partitions)

    def _partition(self, fold: Fold, number: int) -> Partition:
        fresh = super()._partition
        return cast(Partition, Batching(lambda: fresh(fold, number), self._ends))

    def run(self, events: Iterable[AnyEvent], advance: Callable[[AnyEvent], None] = lambda _: None) -> Result:
        def stop(event: AnyEvent) -> None:
            self._seen += 1
            if self._seen in self._stops:
                for partition in self.partitions():
                    partition.restart()
            advance(event)

        return super().run(events, stop)

    def partitions(self) -> list[Restartable]:
        return [cast(Restartable, partition) for row in self._folds.values() for partition in row]
