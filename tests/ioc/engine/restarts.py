"""A partition that can be stopped and started between any two records, as a worker is."""

from collections.abc import Callable, Container, Iterable
from datetime import datetime
from typing import cast

from ioc.engine.partition import Partition
from ioc.engine.plan import Plan
from ioc.engine.results import Batch, Output, Rejected
from ioc.events.base import AnyEvent
from ioc.replay import Replay, Result, Shape, restart
from ioc.replay.restart import Kept

Record = tuple[int, AnyEvent, datetime | None, str]


class Restartable(Kept):
    """Keeps the whole log, so that all of it can be looked at, and everything that came out."""

    def __init__(self, fresh: Callable[[], Partition]) -> None:
        super().__init__(fresh)
        self.log: list[Record] = []
        self.outputs: list[Output] = []
        self.rejected: list[Rejected] = []

    def apply(self, offset: int, event: AnyEvent, appended: datetime | None = None, lane: str = "") -> None:
        assert offset == len(self.log)
        self.log.append((offset, event, appended, lane))
        super().apply(offset, event, appended, lane)

    def add(self, event: AnyEvent, appended: datetime | None = None, lane: str = "") -> None:
        """The next record of the log."""
        self.apply(len(self.log), event, appended, lane)

    def take(self) -> Batch:
        batch = super().take()
        self.outputs += batch.outputs
        self.rejected += batch.rejected
        return batch

    def restart(self, fresh: Callable[[], Partition] | None = None) -> None:
        """As the same partition, or as one of other rules."""
        self._fresh = fresh or self._fresh
        super().restart()


class RestartingFlow(restart.RestartingFlow):
    """A flow of those."""

    kept = Restartable

    def change(self, plan: Plan) -> None:
        """At the end of a batch, the rules are others from here on."""
        self.settle()
        self._plan = plan
        self.restart()
        for inbox, row in self.rows.items():
            self._touched[inbox].update(row)
        self.settle()


class RestartingReplay(Replay):
    """The whole flow, whose partitions all stop and start again after some of the events; other rules from one on."""

    flow: RestartingFlow

    def __init__(
        self,
        plan: Plan,
        partitions: int,
        stops: Container[int],
        ends: Callable[[], bool] = lambda: True,
        change: tuple[int, Plan] | None = None,
    ) -> None:
        super().__init__(plan, partitions)
        self._stops, self._ends, self._change = stops, ends, change
        self.flow = RestartingFlow(plan, Shape(otherwise=partitions), self._hear, self.result.reject)

    def run(self, events: Iterable[AnyEvent], advance: Callable[[int], None] = lambda _: None) -> Result:
        for seen, event in enumerate(events, 1):
            self.put(event)
            if self._ends():
                self.flow.settle()
            if self._change is not None and seen == self._change[0]:
                self.flow.change(self._change[1])
            if seen in self._stops:
                for partition in self.partitions():
                    partition.restart()
            advance(1)
        return self.finish()

    def partitions(self) -> list[Restartable]:
        return [cast(Restartable, partition) for partition in self.flow.partitions()]
