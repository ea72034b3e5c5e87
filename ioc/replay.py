"""The whole flow in one process: sources in, alert history and figures out, by the very code that runs live.

Each fold has one or more partitions here as in Kafka; only the broker between them is missing.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from ioc.alerts.alert import ALERTS_EVENTS, AlertChanged
from ioc.engine.partition import Partition
from ioc.engine.plan import Plan
from ioc.engine.results import Batch, Output, Rejected
from ioc.events.base import AnyEvent, Event, Tick, Topic
from ioc.events.figures import FIGURES, FactTotals, TallyTotal
from ioc.folds import FOLDS, SOURCES, Fold
from ioc.recording import tick

#: What comes of a record that only lets time pass.
EMPTY = Batch([], [], [])


def spread(key: str, partitions: int) -> int:
    """Which partition a key belongs to, in a replay."""
    return int.from_bytes(blake2b(key.encode(), digest_size=4).digest()) % partitions


@dataclass
class Result:
    """What a replay gave: the alert history in canonical order, figures, and what could not be taken."""

    alerts: list[AlertChanged] = field(default_factory=list)
    figures: dict[str, FactTotals | TallyTotal] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    #: Names of the gauges of which the largest counts, not the sum.
    maxima: frozenset[str] = frozenset()

    def lines(self) -> list[bytes]:
        """The alert history as canonical JSON lines, sorted by (at, alert id, version)."""
        ordered = sorted(self.alerts, key=lambda line: (line.at, str(line.alert_id), line.version))
        return [line.model_dump_json(by_alias=True).encode() for line in ordered]

    def totals(self) -> dict[str, list[dict[str, Any]]]:
        """Facts and tallies of all partitions together: ``{"facts": [...], "tallies": [...]}``."""
        facts: dict[tuple[str, tuple[str, ...]], int] = {}
        tallies: dict[tuple[str, str, tuple[str, ...]], int] = {}
        for figure in self.figures.values():
            if isinstance(figure, TallyTotal):
                key = (figure.tally, str(figure.day), figure.labels)
                tallies[key] = tallies.get(key, 0) + figure.value
            else:
                for fact in figure.facts:
                    label, both = (fact.name, fact.labels), max if fact.name in self.maxima else sum
                    facts[label] = both((facts[label], fact.value)) if label in facts else fact.value
        return {
            "facts": [{"name": n, "labels": list(ls), "value": v} for (n, ls), v in sorted(facts.items())],
            "tallies": [
                {"name": n, "day": day, "labels": list(ls), "value": v} for (n, day, ls), v in sorted(tallies.items())
            ],
        }


class Replay:
    """Folds wired to each other without a broker. ``partitions`` is the same for every topic."""

    def __init__(self, plan: Plan, partitions: int = 1) -> None:
        self._plan, self._partitions = plan, partitions
        specs = [judge.spec for judges in plan.judges.values() for judge in judges]
        self.result = Result(
            maxima=frozenset(fact.name for spec in specs for fact in spec.facts if fact.aggregate == "max")
        )
        self._folds = {
            fold.inbox.name: [self._partition(fold, number) for number in range(partitions)] for fold in FOLDS
        }
        self._offsets: Counter[str] = Counter()
        self._marks: dict[str, object] = {}

    def _partition(self, fold: Fold, number: int) -> Partition:
        return self._plan.partition(
            fold,
            number,
            partitions=lambda _: self._partitions,
            owns=lambda key: spread(key, self._partitions) == number,
        )

    def run(self, events: Iterable[AnyEvent], advance: Callable[[AnyEvent], None] = lambda _: None) -> Result:
        """Take the events of the sources, ticks included, in the order they came."""
        topics = {kind: topic for topic in SOURCES for kind in topic.events}
        for event in events:
            if isinstance(event.data, Tick):
                for topic in SOURCES:
                    for number in range(self._partitions):
                        self._apply(topic, number, event, "")
            else:
                topic = topics[type(event.data)]
                self._apply(topic, spread(topic.key(event), self._partitions), event, "")
            advance(event)
        return self._finish()

    def _apply(self, topic: Topic, number: int, event: AnyEvent, lane: str) -> None:
        """One record, and everything that follows from it, in the order in which it was written."""
        todo = deque([(topic.name, number, event, lane)])
        while todo:
            name, number, event, lane = todo.popleft()
            partition = self._folds[name][number]
            partition.apply(self._offset(partition), event, None, lane)
            batch = partition.take() if partition.eventful else EMPTY
            self.result.rejected += batch.rejected
            for output in batch.outputs:
                if output.topic.name in self._folds:
                    target = spread(output.topic.key(output.event), self._partitions)
                    todo.append((output.topic.name, target, output.event, partition.name))
                else:
                    self._collect(output)
            if isinstance(event.data, Tick) and partition.watermark != self._marks.get(partition.name):
                todo.extend(self._ticks(partition))

    def _ticks(self, partition: Partition) -> Iterable[tuple[str, int, AnyEvent, str]]:
        mark = self._marks[partition.name] = partition.watermark
        if mark is not None:
            for topic in self._plan.downstream(partition.fold):
                for number in range(self._partitions):
                    yield topic.name, number, tick(mark), partition.name

    def _offset(self, partition: Partition) -> int:
        self._offsets[partition.name] += 1
        return self._offsets[partition.name] - 1

    def _collect(self, output: Output) -> None:
        match output:
            case Output(topic, Event(data=AlertChanged() as line)) if topic is ALERTS_EVENTS:
                self.result.alerts.append(line)
            case Output(topic, Event(data=(FactTotals() | TallyTotal()) as figure)) if topic is FIGURES:
                self.result.figures[figure.subject] = figure

    def _finish(self) -> Result:
        for partitions in self._folds.values():
            for partition in partitions:
                if (facts := partition.take_facts()) is not None:
                    self._collect(facts)
                self.result.counts.update(partition.counts)
        return self.result
