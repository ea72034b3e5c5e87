"""The whole flow in one process: sources in, alert history and figures out, by the very code that runs live.

``flow`` wires the folds to each other, ``result`` holds what comes out, :class:`Replay` feeds events in.
"""

from collections.abc import Callable, Iterable

from ioc.engine.plan import Plan
from ioc.events.base import AnyEvent, Tick
from ioc.folds import SOURCES
from ioc.partitioner import partition_of
from ioc.replay.flow import Flow, Shape
from ioc.replay.result import History, Result

__all__ = ["BATCH", "Flow", "History", "Replay", "Result", "Shape"]

#: So many events are one batch, as they are live under load.
BATCH = 4096


class Replay:
    """Events of the sources through all folds. ``partitions`` is the same for every topic."""

    def __init__(self, plan: Plan, partitions: int = 1) -> None:
        self.result = Result(maxima=maxima(plan))
        self.flow = Flow(
            plan, Shape(otherwise=partitions), lambda _, output: self.result.take(output), self.result.reject
        )
        self._count = partitions
        self._topics = {kind: topic for topic in SOURCES for kind in topic.events}

    def run(self, events: Iterable[AnyEvent], advance: Callable[[AnyEvent], None] = lambda _: None) -> Result:
        """Take the events of the sources, ticks included, in the order they came."""
        for number, event in enumerate(events, 1):
            self.put(event)
            if number % BATCH == 0:
                self.flow.settle()
            advance(event)
        return self.finish()

    def put(self, event: AnyEvent) -> None:
        """One event, for its key's partition; a tick, for all."""
        if isinstance(event.data, Tick):
            for topic in SOURCES:
                for number in range(self._count):
                    self.flow.put(topic.name, number, event)
        else:
            topic = self._topics[type(event.data)]
            self.flow.put(topic.name, partition_of(topic.key(event).encode(), self._count), event)

    def finish(self) -> Result:
        self.flow.settle()
        self.result.counts = self.flow.finish()
        return self.result


def maxima(plan: Plan) -> frozenset[str]:
    """The gauges of which the largest counts, not the sum."""
    specs = [judge.spec for judges in plan.judges.values() for judge in judges]
    return frozenset(fact.name for spec in specs for fact in spec.facts if fact.aggregate == "max")
