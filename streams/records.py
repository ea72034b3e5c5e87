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
from streams.names import DEAD_LETTERS, EXERCISE, topic_name

LANE = "lane"
SCHEMA_VERSION = b"1"
#: A dead letter keeps at most so much of the value, the key and all headers, bytes: it must fit its topic.
KEPT, KEPT_KEY, KEPT_HEADERS = 512 * 1024, 64 * 1024, 128 * 1024


class Decoder:
    """Reads the records of one inbox into its partition. What cannot be taken is kept until its letter is written."""

    def __init__(self, topic: Topic) -> None:
        self._topic, self._codec = topic, Codec.of(topic)
        self._from_outside = topic in SOURCES  # where nobody may speak for one of our lanes
        self._stamp, self._appended = -1, datetime.fromtimestamp(0, UTC)
        #: Records that were rejected, by offset.
        self.rejected: dict[int, Any] = {}

    def apply(self, partition: Partition, records: Iterable[Any]) -> int:
        """Apply records in order, and say how many. ``timestamp`` is the broker's append time, milliseconds."""
        count, rejected = 0, len(partition.rejected)
        for count, record in enumerate(records, 1):  # noqa: B007 - it is what is returned
            try:
                written = record.headers
                event = self._codec.read_binary(written, record.value)
                self._check_key(event, record.key)
            except Unreadable as why:
                partition.reject(record.offset, str(why))
                if why.secret:  # its letter says so, and holds no byte of it
                    rejected = len(partition.rejected)
            except Exception as why:  # whatever it is: what reading a record meets lies in the record
                partition.reject(record.offset, f"{type(why).__name__}: {why}"[:300])
            else:
                if record.timestamp != self._stamp:
                    self._stamp = record.timestamp
                    self._appended = datetime.fromtimestamp(record.timestamp / 1000, UTC)
                lane = "" if self._from_outside else lane_of(written)
                partition.apply(record.offset, event, self._appended, lane)
            if len(partition.rejected) != rejected:
                rejected = len(partition.rejected)
                self.rejected[record.offset] = record
        return count

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
    said = None if event.data.TOMBSTONE else value(event)
    return Entry(topic_name(space, topic), key, said, marks + headers(event) + exercise_mark(space))


def exercise_mark(space: str) -> list[tuple[str, bytes]]:
    """In the space of an exercise every event says so itself, wherever it is copied to."""
    return [("ce_iocexercise", space.removeprefix(EXERCISE).encode())] if space.startswith(EXERCISE) else []


def copies(written: Entry, output: Output, partitions: int) -> list[Entry]:
    """What an event becomes: one record, or a copy for every partition where it concerns all keys."""
    if not output.event.data.TO_ALL:
        return [written]
    return [written._replace(partition=number) for number in range(partitions)]


def ticks(space: str, topic: Topic, at: datetime, partitions: Iterable[int], lane: str = "") -> list[Entry]:
    """The same tick for each of these partitions."""
    event = tick(at)
    marks = ([(LANE, lane.encode())] if lane else []) + headers(event)
    name = topic_name(space, topic)
    return [Entry(name, b"", b"{}", marks, number) for number in partitions]


def dead_letter(
    space: str, topic: str, partition: int, record: Any | None, reason: str, offset: int | None = None
) -> Entry:
    """What could not be taken, with its bytes, where it came from and why.

    Of an event that had to wait for its time, and then failed, the offset is known, but no record any more.
    """
    if record is not None:
        offset = record.offset
    about = [
        ("reason", reason.encode("utf-8", "replace")[:2000]),
        ("topic", topic.encode()),
        ("partition", str(partition).encode()),
        ("offset", b"" if offset is None else str(offset).encode()),
        ("schema_version", SCHEMA_VERSION),
    ]
    value, key = (record.value or b"", record.key or b"") if record else (b"", b"")
    original = list(_original(record.headers if record else ()))
    if len(value) > KEPT or len(key) > KEPT_KEY or len(original) < len(record.headers if record else ()):
        about.append(("truncated", str(len(value)).encode()))
    return Entry(topic_name(space, DEAD_LETTERS), key[:KEPT_KEY], value[:KEPT], about + original)


def _original(written: Iterable[tuple[str, bytes | None]]) -> Iterable[tuple[str, bytes]]:
    """The headers that a record came with, as far as there is room for them."""
    left = KEPT_HEADERS
    for name, text in written:
        left -= len(name.encode()) + len(text or b"") + 16
        if left < 0:
            return
        yield f"original_{name}", text or b""
