"""The proof of a recording: its folds, given their inboxes as they were, say again what they said then.

Every lane (a partition of a fold, as a writer to a partition) is held against its records one by one, in order.
What a fold says beyond the last one that was recorded followed after the recording's end.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from ioc.engine.partition import Partition
from ioc.engine.results import Output
from ioc.events.base import AnyEvent, Tick
from ioc.events.codec import Unreadable, structured
from ioc.events.figures import FIGURES
from ioc.partitioner import partition_of
from ioc.recording.records import Record

#: So many differences are shown.
SHOWN = 20


@dataclass
class Difference:
    """Where the two part: what was recorded and what is said now, as lines; None where there is nothing."""

    topic: str
    lane: str
    recorded: bytes | None
    said: bytes | None


@dataclass
class Proof:
    """Give :meth:`expect` and :meth:`hear` to a replay of stage ``inboxes``, then ask."""

    partitions: Mapping[str, int]
    topics: frozenset[str]
    same: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    _recorded: dict[tuple[str, str], deque[bytes]] = field(default_factory=lambda: defaultdict(deque))
    _said: dict[tuple[str, str], deque[bytes]] = field(default_factory=lambda: defaultdict(deque))

    def expect(self, record: Record) -> None:
        """A record as it was."""
        event = record.event
        if record.lane and record.topic != FIGURES.name and not isinstance(event, Unreadable):
            lane = f"{record.lane} to {record.partition}"
            self._meet(record.topic, lane, event, self._recorded, self._said)

    def hear(self, partition: Partition, output: Output) -> None:
        """An event as it is said now."""
        if output.topic.name in self.topics and output.topic is not FIGURES:
            key, count = output.topic.key(output.event), self.partitions[output.topic.name]
            all_of_them = output.event.data.TO_ALL
            for number in range(count) if all_of_them else (partition_of(key.encode(), count),):
                lane = f"{partition.name} to {number}"
                self._meet(output.topic.name, lane, output.event, self._said, self._recorded)

    def _meet(
        self,
        topic: str,
        lane: str,
        event: AnyEvent,
        ours: dict[tuple[str, str], deque[bytes]],
        theirs: dict[tuple[str, str], deque[bytes]],
    ) -> None:
        if isinstance(event.data, Tick):
            return
        line, waiting = structured(event), theirs[topic, lane]
        if not waiting:
            ours[topic, lane].append(line)
        elif (other := waiting.popleft()) == line:
            self.same[topic] += 1
        else:
            recorded, said = (line, other) if ours is self._recorded else (other, line)
            self._differ(topic, lane, recorded, said)

    def _differ(self, topic: str, lane: str, recorded: bytes | None, said: bytes | None) -> None:
        if len(self.differences) < SHOWN:
            self.differences.append(Difference(topic, lane, recorded, said))

    def close(self) -> int:
        """What was recorded and is not said now is a difference; returns how much more is said than was recorded."""
        for (topic, lane), lines in self._recorded.items():
            for line in lines:
                self._differ(topic, lane, line, None)
        return sum(len(lines) for lines in self._said.values())
