"""A replay in several processes: each has some partitions of the sources, and one has all that follows from them.

Every process reads the whole recording, keeps its own partitions' records and sees all their ticks. What its folds
find, and how far they have come, goes batch by batch to the process that holds the folds down the stream: it takes the
batches of all in the same order whatever their number, so that the result has the same bytes.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from multiprocessing.connection import Connection
from typing import Any

from ioc.alerts.alert import ALERTS_INBOX
from ioc.alerts.commands import COMMANDS
from ioc.engine.partition import Partition
from ioc.engine.plan import Plan
from ioc.engine.results import Output
from ioc.events.base import AnyEvent, Event, Topic
from ioc.events.codec import Unreadable, structured
from ioc.folds import FOLDS, SOURCES
from ioc.recording import tick
from ioc.recording.records import CODECS, TOPICS, Record
from ioc.replay.flow import Flow, Shape
from ioc.replay.recorded import BATCH, in_order
from ioc.replay.result import Result
from ioc.replay.source import Source


@dataclass
class Group:
    """What came of the records up to a place in the recording: events by lane, marks by lane, a person's command."""

    count: int
    events: list[tuple[str, str, bytes]] = field(default_factory=list)
    marks: list[tuple[str, tuple[str, ...], datetime]] = field(default_factory=list)
    command: tuple[int, bytes] | None = None


class Share(Flow):
    """The folds of the sources, for some partitions: what leaves them is gathered."""

    count = 0

    def __init__(self, *arguments: Any, **more: Any) -> None:
        self.groups: list[Group] = []
        super().__init__(*arguments, **more)

    def _group(self) -> Group:
        if not self.groups or self.groups[-1].count != self.count or self.groups[-1].command:
            self.groups.append(Group(self.count))
        return self.groups[-1]

    def deliver(self, lane: str, topic: Topic, event: AnyEvent) -> None:
        if topic.name in CODECS:
            self._group().events.append((topic.name, lane, structured(event)))

    def tell(self, lane: str, topics: Any, mark: datetime) -> None:
        self._group().marks.append((lane, tuple(topic.name for topic in topics), mark))


class Parallel:
    """Replays a recording of Kafka from its sources, with ``jobs`` processes for these. They start at once."""

    def __init__(self, source: Source, plan: Plan, jobs: int, until: datetime | None = None) -> None:
        assert source.header is not None
        self._plan, self._header, self._until = plan, source.header, until
        self._recorded = in_order(source.recordings())
        self._fed = [topic for topic in SOURCES if topic.name in source.header.topics]
        context = multiprocessing.get_context("fork")
        self._workers: list[tuple[Any, Connection]] = []
        for number in range(jobs):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=self._work, args=(number, jobs, theirs), daemon=True)
            process.start()
            theirs.close()
            self._workers.append((process, ours))

    @property
    def _shape(self) -> Shape:
        return Shape(self._header.mode, self._header.partitions)

    # -- one of the processes ----------------------------------------------------------------------------------

    def _work(self, number: int, jobs: int, out: Connection) -> None:
        try:
            result = Result.of(self._plan)

            def hear(_: Partition, output: Output) -> None:
                result.take(output)

            folds = [fold for fold in FOLDS if fold.inbox in self._fed]
            flow = Share(
                self._plan, self._shape, hear, result.reject, folds=folds, here=lambda each: each % jobs == number
            )
            self._read(flow, lambda topic, part: self._wanted(topic, part % jobs == number), number == 0, out)
            result.counts += flow.finish()
            out.send(("end", result))
        except Exception as error:
            out.send(("error", error))

    def _wanted(self, topic: str, ours: bool) -> bool:
        return topic == ALERTS_INBOX.name or (ours and any(topic == each.name for each in self._fed))

    def _read(self, flow: Share, wanted: Callable[[str, int], bool], forwards: bool, out: Connection) -> None:
        for record in (record for each in self._recorded for record in each.chosen(wanted)):
            flow.count += 1
            if record is not None:
                self._put(flow, record, forwards)
            if flow.count % BATCH == 0:
                self._send(flow, out)
        self._send(flow, out)
        if self._until is not None:
            for topic in self._fed:
                for number in flow.rows[topic.name]:
                    flow.put(topic.name, number, tick(self._until))
        flow.count += 1
        self._send(flow, out)

    def _put(self, flow: Share, record: Record, forwards: bool) -> None:
        name, partition, offset, appended, lane, event = record
        if name == ALERTS_INBOX.name:
            if not lane and isinstance(event, Event) and isinstance(event.data, COMMANDS):
                flow.settle()  # in every process: what came before a person's word has happened by then
                if forwards:
                    flow.groups.append(Group(flow.count, command=(partition, structured(event))))
        elif isinstance(event, Unreadable):
            flow.refuse(name, partition, offset, str(event))
        else:
            flow.put(name, partition, event, lane, offset, appended)

    def _send(self, flow: Share, out: Connection) -> None:
        flow.settle()
        out.send(("batch", flow.groups))
        flow.groups = []

    # -- the one that has all that follows -----------------------------------------------------------------------

    def run(self, advance: Callable[[int], None] = lambda _: None) -> Result:
        """Raises what a process met."""
        result, marks = Result.of(self._plan), dict[str, datetime]()
        rest = [fold for fold in FOLDS if fold.inbox not in self._fed]
        flow = Flow(self._plan, self._shape, lambda _, output: result.take(output), result.reject, folds=rest)
        lanes = sum(self._shape.partitions(topic) for topic in self._fed)
        silent = [topic for topic in SOURCES if topic not in self._fed]
        for groups in self._batches(result):
            groups.sort(key=lambda group: (group.count, group.command is not None))
            for _, alike in groupby(groups, key=lambda group: group.count):
                for group in alike:
                    self._take(flow, group, marks)
                flow.settle()
                if silent and len(marks) == lanes:
                    for topic in silent:
                        for number in flow.rows[topic.name]:
                            flow.put(topic.name, number, tick(min(marks.values())))
                    flow.settle()
            advance(BATCH)
        result.counts += flow.finish()
        return result

    def _take(self, flow: Flow, group: Group, marks: dict[str, datetime]) -> None:
        for name, lane, line in group.events:
            flow.deliver(lane, TOPICS[name], CODECS[name].read_structured(line))
        for lane, names, mark in group.marks:
            marks[lane] = mark
            flow.tell(lane, [TOPICS[name] for name in names], mark)
        if group.command is not None:
            flow.settle()
            partition, line = group.command
            flow.put(ALERTS_INBOX.name, partition, CODECS[ALERTS_INBOX.name].read_structured(line))

    def _batches(self, result: Result) -> Iterator[list[Group]]:
        """The groups of one batch from all processes, until all have ended."""
        while True:
            said = [connection.recv() for _, connection in self._workers]
            for kind, content in said:
                if kind == "error":
                    raise content
            if said[0][0] == "end":
                for _, ended in said:
                    result.figures |= ended.figures
                    result.rejected += ended.rejected
                    result.counts += ended.counts
                for process, _ in self._workers:
                    process.join()
                return
            yield [group for _, groups in said for group in groups]
