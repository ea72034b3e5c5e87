"""The whole flow in one process: sources in, alert history and figures out, by the very code that runs live.

``flow`` wires the folds to each other, ``result`` holds what comes out, :class:`Replay` feeds events in.
"""

from collections.abc import Callable, Iterable

from ioc.alerts.alert import ALERTS_INBOX
from ioc.alerts.commands import COMMANDS
from ioc.engine.partition import Partition
from ioc.engine.plan import Plan
from ioc.engine.results import Output
from ioc.events.base import AnyEvent, Tick
from ioc.folds import SOURCES
from ioc.partitioner import partition_of
from ioc.replay.flow import Flow, Listener, Shape
from ioc.replay.result import History, Result

__all__ = ["BATCH", "Flow", "History", "Replay", "Result", "Shape"]

#: So many events are one batch, as they are live under load.
BATCH = 4096


class Replay:
    """Events of the sources through all folds. ``partitions`` is the same for every topic."""

    def __init__(
        self,
        plan: Plan,
        partitions: int = 1,
        hear: Listener = lambda _partition, _output: None,
        flow: Callable[..., Flow] = Flow,
    ) -> None:
        self.result = Result.of(plan)
        self._listen = hear
        self.flow = flow(plan, Shape(otherwise=partitions), self._hear, self.result.reject)
        self._count = partitions
        self._topics = {kind: topic for topic in SOURCES for kind in topic.events} | dict.fromkeys(
            COMMANDS, ALERTS_INBOX
        )

    def _hear(self, partition: Partition, output: Output) -> None:
        self.result.take(output)
        self._listen(partition, output)

    def run(self, events: Iterable[AnyEvent], advance: Callable[[int], None] = lambda _: None) -> Result:
        """Take the events of the sources, ticks included, in the order they came; ``advance`` hears how many more."""
        count = 0
        for event in events:
            self.put(event)
            count += 1
            if count == BATCH:
                self.flow.settle()
                advance(count)
                count = 0
        advance(count)
        return self.finish()

    def put(self, event: AnyEvent) -> None:
        """One event, for its key's partition; a tick, and a command that concerns all alerts, for all."""
        if isinstance(event.data, Tick):
            for topic in SOURCES:
                for number in range(self._count):
                    self.flow.put(topic.name, number, event)
            return
        topic = self._topics[type(event.data)]
        if topic is ALERTS_INBOX:
            self.flow.settle()  # it takes its place after all that has happened
        if event.data.TO_ALL:
            for number in range(self._count):
                self.flow.put(topic.name, number, event)
        else:
            self.flow.put(topic.name, partition_of(topic.key(event).encode(), self._count), event)

    def finish(self) -> Result:
        self.flow.settle()
        self.result.counts += self.flow.finish()
        return self.result
