"""A recording of Kafka through the folds, lane by lane: the same records, in the same partitions and order."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Literal

from ioc.alerts.alert import ALERTS_INBOX
from ioc.alerts.commands import COMMANDS
from ioc.engine.partition import Partition
from ioc.engine.plan import Plan
from ioc.engine.results import Output
from ioc.events.base import Event
from ioc.events.codec import Unreadable
from ioc.folds import SOURCES
from ioc.recording import BadRecording, tick
from ioc.recording.recorded import Recorded
from ioc.recording.records import Record
from ioc.replay.flow import Flow, Shape
from ioc.replay.result import Result

#: Where a replay begins: at what the ``sources`` said, or at every fold's own ``inboxes`` as they were.
Stage = Literal["sources", "inboxes"]
#: So many records are one batch.
BATCH = 4096


class Stopped(Exception):
    """The replay was stopped at the end of a batch."""


class RecordedReplay:
    """One space's recordings. ``listen`` hears what each fold says, ``expect`` every record as it was."""

    def __init__(
        self,
        plan: Plan,
        recordings: Sequence[Recorded],
        stage: Stage = "sources",
        *,
        listen: Callable[[Partition, Output], None] = lambda _partition, _output: None,
        expect: Callable[[Record], None] | None = None,
        flow: Callable[..., Flow] = Flow,
        to: datetime | None = None,
    ) -> None:
        self._recordings = in_order(recordings)
        header = self._recordings[0].header
        recorded = {topic for each in recordings for topic in each.header.topics}
        sources = {topic.name for topic in SOURCES}
        self.result = Result.of(plan)
        #: So many records have been taken; and so many had been when it was stopped before.
        self.count = self._begin = 0
        self._listen, self._expect, self._to = listen, expect, to
        self._fed = recorded & sources if stage == "sources" and recorded & sources else recorded
        shape = Shape(header.mode, header.partitions)
        self.flow = flow(plan, shape, self._hear, self.result.reject, fed=self._fed)
        #: The inboxes of folds that are given from the recording.
        self._given = self._fed & self.flow.rows.keys()
        #: Has every recorded partition told a time? Until then each record is a batch, as the first times count.
        self._begun = False
        self._silent = [topic for topic in SOURCES if topic.name not in self._fed]

    def _hear(self, partition: Partition, output: Output) -> None:
        self.result.take(output)
        self._listen(partition, output)

    def run(
        self,
        until: datetime | None = None,
        advance: Callable[[int], None] = lambda _: None,
        stop: Callable[[], bool] = lambda: False,
    ) -> Result:
        """Everything that was recorded, and on to ``until``; ``advance`` hears how many records are through.

        ``stop`` is asked at the end of each batch; then the replay can go on later. Raises Stopped.
        """
        self._begin, self.count = self.count, 0
        for record in self._records():
            self.count += 1
            if self.count > self._begin:
                self._take(record)
            if self.count % BATCH == 0:
                advance(BATCH)
                if stop():
                    raise Stopped
        self._settle()
        if until is not None:
            self._tell(SOURCES, until)
            self.flow.settle()
        advance(self.count % BATCH)
        self.result.counts += self.flow.finish()
        return self.result

    def _take(self, record: Record | None) -> None:
        if record is not None:
            if self._expect is not None:
                self._expect(record)
            self._put(record)
        if self.count % BATCH == 0 or (self.count < BATCH and not self._begun):
            self._settle()

    def _records(self) -> Iterator[Record | None]:
        return (record for each in self._recordings for record in each.chosen(self._wanted))

    def _wanted(self, topic: str, _: int) -> bool:
        known = topic in self._given or topic == ALERTS_INBOX.name or self._expect is not None
        return known and self.count >= self._begin

    def _put(self, record: Record) -> None:
        topic, partition, offset, appended, lane, event = record
        if isinstance(event, Unreadable):
            if topic in self._given:
                self.flow.refuse(topic, partition, offset, str(event))
        elif self._to is not None and event.at > self._to:
            return
        elif topic in self._given:
            self.flow.put(topic, partition, event, lane, offset, appended)
        elif topic == ALERTS_INBOX.name:
            self._command(record)

    def _command(self, record: Record) -> None:
        """What people said stands where it stood: after all that had come before it."""
        if not record.lane and isinstance(record.event, Event) and isinstance(record.event.data, COMMANDS):
            self.flow.settle()
            self.flow.put(record.topic, record.partition, record.event)

    def _settle(self) -> None:
        """The end of a batch. Sources that were not recorded are silent: time passes there as on the others."""
        self.flow.settle()
        marks = [self.flow.rows[name][number].watermark for name in self._given
                 for number in self.flow.rows[name]]  # fmt: skip
        known = [mark for mark in marks if mark is not None]
        self._begun = len(known) == len(marks)
        if self._silent and known and self._begun:
            self._tell(self._silent, min(known))
            self.flow.settle()

    def _tell(self, topics: Iterable[object], at: datetime) -> None:
        said = tick(at)
        for topic in SOURCES:
            if topic in topics:
                for number in self.flow.rows[topic.name]:
                    self.flow.put(topic.name, number, said)


def in_order(recordings: Sequence[Recorded]) -> list[Recorded]:
    """Recordings of one space so that each partition goes on where it ended. Raises BadRecording."""
    first = recordings[0].header
    for each in recordings[1:]:
        if (each.header.space, each.header.partitions) != (first.space, first.partitions):
            raise BadRecording(f"{each.path}: it is of space {each.header.space!r}, not of {first.space!r}")
    chain = sorted(recordings, key=lambda each: (sorted(each.header.first.items()), str(each.path)))
    for one, two in pairwise(chain):
        _follows(one, two)
    return chain


def _follows(one: Recorded, two: Recorded) -> None:
    """Does ``two`` begin where ``one`` ended? Only their ends need to be read."""
    end = one.end()
    for place in sorted(two.header.first.keys() & (end.next.keys() if end else set())):
        assert end is not None
        a, b = end.next[place], two.header.first[place]
        if b < a:
            raise BadRecording(
                f"{one.path} and {two.path} overlap: both hold {place} from offset {b} to {a - 1}; "
                f"replay one of them, or record the second with --from at the end of the first"
            )
        if b > a:
            raise BadRecording(f"{place}: offsets {a} to {b - 1} lie in neither {one.path} nor {two.path}")
