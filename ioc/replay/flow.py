"""Folds wired to each other without a broker: the very partitions that run live, fed batch by batch.

A batch ends where its caller says so; then everything that follows from it flows on until all is quiet. What
comes out does not depend on where batches end, as it does not live.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ioc.engine.partition import Partition
from ioc.engine.plan import Plan
from ioc.engine.results import Output, Rejected
from ioc.events.base import AnyEvent, Tick, Topic
from ioc.events.figures import Mode
from ioc.folds import FOLDS, Fold
from ioc.partitioner import partition_of
from ioc.recording import tick

#: What is found or handed on: the partition that says so, and what it says.
Listener = Callable[[Partition, Output], None]


@dataclass(frozen=True)
class Shape:
    """A space as far as it matters to folds: its clock, and how many partitions each topic has."""

    mode: Mode = "driven"
    counts: Mapping[str, int] = field(default_factory=dict)
    otherwise: int = 1

    def partitions(self, topic: Topic) -> int:
        return self.counts.get(topic.name, self.otherwise)


class Flow:
    """Some folds of a plan and what flows between them.

    ``fed``: inboxes that are given from outside whole, so that what is said to them here is only listened to.
    ``here``: which partitions of each inbox are in this process.
    """

    def __init__(
        self,
        plan: Plan,
        shape: Shape,
        listen: Listener,
        reject: Callable[[Partition, list[Rejected]], None],
        *,
        folds: Iterable[Fold] = FOLDS,
        fed: Iterable[str] = (),
        here: Callable[[int], bool] = lambda _: True,
    ) -> None:
        self._plan, self._shape, self._listen, self._reject = plan, shape, listen, reject
        self.rows = {
            fold.inbox.name: {
                number: self.partition(fold, number)
                for number in range(shape.partitions(fold.inbox))
                if here(number)
            }
            for fold in ordered(plan, folds)
        }  # fmt: skip
        self._onward = {name: topics_of(plan, row) for name, row in self.rows.items()}
        self._inside = frozenset(self.rows) - frozenset(fed)
        self._touched: dict[str, set[int]] = {name: set() for name in self.rows}
        self._coming: dict[tuple[str, int], list[tuple[str, AnyEvent]]] = {}
        self._marks: dict[str, datetime | None] = {}
        self._begun: set[tuple[str, int]] = set()
        self._passing: dict[tuple[str, int], tuple[AnyEvent, int | None, datetime | None]] = {}

    def partition(self, fold: Fold, number: int) -> Partition:
        """A fresh partition as it would be live."""
        shape = self._shape
        count = shape.partitions(fold.inbox)
        return self._plan.partition(
            fold,
            number,
            mode=shape.mode,
            partitions=shape.partitions,
            owns=lambda key: partition_of(key.encode(), count) == number,
        )

    def partitions(self) -> Iterable[Partition]:
        return (partition for row in self.rows.values() for partition in row.values())

    # -- in --------------------------------------------------------------------------------------------------

    def put(
        self,
        inbox: str,
        number: int,
        event: AnyEvent,
        lane: str = "",
        offset: int | None = None,
        appended: datetime | None = None,
    ) -> None:
        """A record from outside; without an offset, it is the next one. Of ticks in a row, the last says it all."""
        if type(event.data) is Tick and not lane and (inbox, number) in self._begun:
            self._passing[inbox, number] = event, offset, appended
            return
        if (inbox, number) in self._passing:
            self._pass_time(inbox, number)
        self._put(inbox, number, event, lane, offset, appended)

    def _put(
        self, inbox: str, number: int, event: AnyEvent, lane: str, offset: int | None, appended: datetime | None
    ) -> None:
        partition = self.rows[inbox][number]
        partition.apply(partition.position if offset is None else offset, event, appended, lane)
        self._touched[inbox].add(number)
        if (inbox, number) not in self._begun and partition.watermark is not None:
            self._begun.add((inbox, number))
            self.settle()  # its first watermark is told as it is: the silence of sources counts from there

    def _pass_time(self, inbox: str, number: int) -> None:
        event, offset, appended = self._passing.pop((inbox, number))
        self._put(inbox, number, event, "", offset, appended)

    def refuse(self, inbox: str, number: int, offset: int, reason: str) -> None:
        """A record from outside that is no event."""
        if (inbox, number) in self._passing:
            self._pass_time(inbox, number)
        self.rows[inbox][number].reject(offset, reason)
        self._touched[inbox].add(number)

    def hand(self, inbox: str, number: int, lane: str, event: AnyEvent) -> None:
        """A record that a fold wrote, to be taken when its inbox's turn comes."""
        self._coming.setdefault((inbox, number), []).append((lane, event))
        self._touched[inbox].add(number)

    # -- through ---------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """The end of a batch: let all that follows from it happen."""
        for inbox, number in list(self._passing):
            self._pass_time(inbox, number)
        while any(self._touched.values()):
            for inbox, row in self.rows.items():
                touched, self._touched[inbox] = sorted(self._touched[inbox]), set()
                for number in touched:
                    for lane, event in by_time(self._coming.pop((inbox, number), [])):
                        row[number].apply(row[number].position, event, None, lane)
                    self._pass_on(inbox, row[number])

    def _pass_on(self, inbox: str, partition: Partition) -> None:
        if partition.eventful:
            batch = partition.take()
            if batch.rejected:
                self._reject(partition, batch.rejected)
            for output in map(written, batch.outputs):
                self.deliver(partition.name, output.topic, output.event)
                self._listen(partition, output)
        mark = partition.watermark
        if mark is not None and mark != self._marks.get(partition.name):
            self._marks[partition.name] = mark
            self.tell(partition.name, self._onward[inbox], mark)

    def deliver(self, lane: str, topic: Topic, event: AnyEvent) -> None:
        """What a fold wrote goes to the partition of its key, or to all."""
        if topic.name in self._inside:
            number = partition_of(topic.key(event).encode(), self._shape.partitions(topic))
            for each in self.rows[topic.name] if event.data.TO_ALL else (number,):
                self.hand(topic.name, each, lane, event)

    def tell(self, lane: str, topics: Iterable[Topic], mark: datetime) -> None:
        """How far a fold's partition has come is told to all who read what it writes."""
        for topic in topics:
            if topic.name in self._inside:
                for number in self.rows[topic.name]:
                    self.hand(topic.name, number, lane, tick(mark))

    def progress(self) -> dict[str, Any]:
        """At the end of a batch, what is known here of how far the partitions have come; for a checkpoint."""
        marks = {name: mark.isoformat() for name, mark in self._marks.items() if mark is not None}
        return {"marks": marks, "begun": sorted(self._begun)}

    def go_on(self, progress: dict[str, Any]) -> None:
        """Take back what ``progress`` said."""
        self._marks = {name: datetime.fromisoformat(mark) for name, mark in progress["marks"].items()}
        self._begun = {(inbox, number) for inbox, number in progress["begun"]}

    def finish(self) -> Counter[str]:
        """Say the gauges as they are now; returns what the partitions counted."""
        counts: Counter[str] = Counter()
        for partition in self.partitions():
            if (facts := partition.take_facts()) is not None:
                self._listen(partition, facts)
            counts.update(partition.counts)
        return counts


def written(output: Output) -> Output:
    """As it is once it has been written and read: with its time in UTC, of which an alert's id is made."""
    at = output.event.at
    return output if at.tzinfo is UTC else Output(output.topic, output.event._replace(at=at.astimezone(UTC)))


def by_time(records: list[tuple[str, AnyEvent]]) -> list[tuple[str, AnyEvent]]:
    """Records of several lanes as one log: every lane keeps its order, and all go along in time."""
    marks: dict[str, datetime] = {}
    keyed: list[tuple[datetime, str, AnyEvent]] = []
    for lane, event in records:
        mark = marks[lane] = max(event.at, marks.get(lane, event.at))
        keyed.append((mark, lane, event))
    keyed.sort(key=lambda each: each[:2])  # stable: a lane's marks never go back
    return [(lane, event) for _, lane, event in keyed]


def ordered(plan: Plan, folds: Iterable[Fold]) -> list[Fold]:
    """Whoever writes comes before who reads; where folds write to each other, in their declared order."""
    left, done = list(folds), list[Fold]()
    while left:
        free = [fold for fold in left if not any(fold.inbox in plan.downstream(other) for other in left)]
        done += free or left[:1]
        left = [fold for fold in left if fold not in done]
    return done


def topics_of(plan: Plan, row: Mapping[int, Partition]) -> tuple[Topic, ...]:
    """The inboxes that a fold writes to and tells the time."""
    return next((plan.downstream(partition.fold) for partition in row.values()), ())
