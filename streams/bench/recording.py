"""A recording of a space without Kafka: the sources' events in their partitions, as a publisher puts them there."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ioc.events.base import AnyEvent, Event, Tick, Topic
from ioc.events.codec import headers, value
from ioc.folds import FOLDS, SOURCES
from ioc.partitioner import partition_of
from ioc.recording.recorded import Header, Writer
from ioc.recording.records import TOPICS, Kafkas, line_of

PARTITIONS = 4
_TOPICS: dict[type, Topic] = {kind: fold.inbox for fold in reversed(FOLDS) for kind in fold.inbox.events} | {
    kind: topic for topic in SOURCES for kind in topic.events
}


def recording_of(path: Path, events: Iterable[AnyEvent], district: str = "bac_tra_my") -> Path:
    """Write events with their ticks as a recording."""
    used = [*SOURCES, *(fold.inbox for fold in FOLDS if fold.order == "log")]
    header = Header(
        space="made", mode="driven", district=district, partitions=dict.fromkeys(TOPICS, PARTITIONS),
        first={f"{topic.name}/{number}": 0 for topic in used for number in range(PARTITIONS)},
        schemas={}, recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    writer, offsets = Writer(path, header), Counter[str]()

    def add(topic: Topic, number: int, event: AnyEvent, key: bytes, stamp: int) -> None:
        place, heads = f"{topic.name}/{number}", headers(event)
        record: Any = Kafkas(topic.name, number, offsets[place], stamp, key, value(event), heads)
        writer.add(line_of(record), place, offsets[place])
        offsets[place] += 1

    for stamp, event in enumerate(events):
        match event:
            case Event(data=Tick()):
                for topic in SOURCES:
                    for number in range(PARTITIONS):
                        add(topic, number, event, b"", stamp)
            case _:
                topic = _TOPICS[type(event.data)]
                key = topic.key(event).encode()
                add(topic, partition_of(key, PARTITIONS), event, key, stamp)
    writer.close()
    return path
