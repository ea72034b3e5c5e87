"""Between Kafka's records and the engine's events, both ways; and dead letters, which keep the bytes."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from ioc.engine.partition import Partition
from ioc.engine.results import Output
from ioc.events.base import AnyEvent, Tick, Topic
from ioc.events.codec import Codec, Unreadable, headers, value
from ioc.folds import SOURCES
from ioc.recording import tick
from streams.ledger import Entry
from streams.names import DEAD_LETTERS, topic_name

LANE = "lane"
SCHEMA_VERSION = b"1"
#: A dead letter keeps at most so much of the value, bytes.
KEPT = 512 * 1024


class Decoder:
    """Reads the records of one inbox into its partition. What cannot be read is rejected, with its reason."""

    def __init__(self, topic: Topic) -> None:
        self._topic, self._codec = topic, Codec.of(topic)
        self._from_outside = topic in SOURCES  # where nobody may speak for one of our lanes
        self._stamp, self._appended = -1, datetime.fromtimestamp(0, UTC)

    def apply(self, partition: Partition, records: Iterable[Any]) -> None:
        """Apply records in order. ``timestamp`` is the broker's append time, milliseconds."""
        for record in records:
            try:
                event = self._codec.read_binary(record.headers, record.value)
                self._check_key(event, record.key)
            except Unreadable as why:
                partition.reject(record.offset, str(why))
                continue
            if record.timestamp != self._stamp:
                self._stamp, self._appended = (
                    record.timestamp,
                    datetime.fromtimestamp(record.timestamp / 1000, UTC),
                )
            lane = "" if self._from_outside else lane_of(record.headers)
            partition.apply(record.offset, event, self._appended, lane)

    def _check_key(self, event: AnyEvent, key: bytes | None) -> None:
        if type(event.data) is not Tick and self._topic.key(event).encode() != key:
            raise Unreadable("the record's key is not the one its topic declares: it may lie in a wrong partition")


def lane_of(written: Sequence[tuple[str, bytes]]) -> str:
    """The lane that a record belongs to, said by its first header: empty for one that came from outside."""
    return written[0][1].decode("utf-8", "replace") if written and written[0][0] == LANE else ""


def entry(space: str, output: Output, lane: str = "") -> Entry:
    """An event as a record of its topic; ``lane`` names the partition that wrote it."""
    topic, event = output
    marks = [(LANE, lane.encode())] if lane else []
    key = topic.key(event).encode()
    return Entry(topic_name(space, topic), key, value(event), marks + headers(event))


def ticks(space: str, topic: Topic, at: datetime, partitions: Iterable[int], lane: str = "") -> list[Entry]:
    """The same tick for each of these partitions."""
    event = tick(at)
    marks = ([(LANE, lane.encode())] if lane else []) + headers(event)
    name = topic_name(space, topic)
    return [Entry(name, b"", b"{}", marks, number) for number in partitions]


def dead_letter(space: str, topic: str, partition: int, record: Any | None, reason: str) -> Entry:
    """What could not be taken, with its bytes, where it came from and why."""
    kept: bytes = (record.value or b"")[:KEPT] if record else b""
    about = [
        ("reason", reason.encode()[:2000]),
        ("topic", topic.encode()),
        ("partition", str(partition).encode()),
        ("offset", str(record.offset).encode() if record else b""),
        ("schema_version", SCHEMA_VERSION),
    ]
    if record and len(kept) < len(record.value or b""):
        about.append(("truncated", str(len(record.value)).encode()))
    original = [(f"original_{name}", text[:2000]) for name, text in (record.headers if record else ())]
    key = (record.key if record else None) or b""
    return Entry(topic_name(space, DEAD_LETTERS), key, kept, about + original)
