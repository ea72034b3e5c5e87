"""A recording of a space without Kafka: the sources' events in four partitions, as a publisher would put them there."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import detectors
from ioc.alerts.alert import ALERTS_INBOX
from ioc.alerts.commands import Acknowledge
from ioc.district import load
from ioc.engine.plan import plan
from ioc.events.base import AnyEvent, Event, Tick, Topic
from ioc.events.codec import headers, value
from ioc.folds import SOURCES
from ioc.partitioner import partition_of
from ioc.recording.recorded import Header, Writer
from ioc.recording.records import TOPICS, Kafkas, line_of
from ioc.replay import Replay


def recording_of(path: Path, events: Iterable[AnyEvent], acknowledged: bool = False) -> Path:
    """Events with their ticks as a recording; on demand with a person's word in the middle."""
    events = list(events)
    counts = {name: 4 for name in TOPICS}
    places = [f"{topic.name}/{number}" for topic in (*SOURCES, ALERTS_INBOX) for number in range(4)]
    header = Header(
        space="s", mode="driven", district="bac_tra_my", partitions=counts, first=dict.fromkeys(places, 0),
        schemas={}, recorded_at=events[0].at,
    )  # fmt: skip
    writer, offsets, topics = Writer(path, header), Counter[str](), {kind: t for t in SOURCES for kind in t.events}

    def add(topic: Topic, number: int, event: AnyEvent, key: bytes, stamp: int) -> None:
        place = f"{topic.name}/{number}"
        heads: Any = headers(event)
        writer.add(
            line_of(Kafkas(topic.name, number, offsets[place], stamp, key, value(event), heads)), place, offsets[place]
        )
        offsets[place] += 1

    for stamp, event in enumerate(events):
        if isinstance(event.data, Tick):
            for topic in SOURCES:
                for number in range(4):
                    add(topic, number, event, b"", stamp)
        else:
            topic = topics[type(event.data)]
            key = topic.key(event).encode()
            add(topic, partition_of(key, 4), event, key, stamp)
        if acknowledged and stamp == len(events) // 2:
            said = command(events[: stamp + 1])
            key = said.subject.encode()
            add(ALERTS_INBOX, partition_of(key, 4), said, key, stamp)
    writer.close()
    return path


def command(events: list[AnyEvent]) -> AnyEvent:
    """What somebody says to an alert that is firing after these."""
    history = Replay(plan(load("bac_tra_my"), detectors.ALL)).run(events).alerts
    last = {line.alert_id: line for line in history}
    line = next(line for line in last.values() if (line.condition, line.handling) == ("firing", "new"))
    seen = {"alert_id": line.alert_id, "dedupe_key": line.dedupe_key, "version": line.version}
    return Event(events[-1].at, "/wall", "command", Acknowledge.model_validate({**seen, "by": {"user": "an"}}))
