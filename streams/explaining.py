"""What a running system holds of one alert: its history, the finding that opened it, and its key's whole log."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from aiokafka import TopicPartition

from ioc.alerts.alert import ALERTS_EVENTS, ALERTS_INBOX, ALERTS_STATE, Alert, AlertChanged, Raised
from ioc.events.base import AnyEvent, Tick, Topic
from ioc.events.codec import Unreadable, structured
from ioc.folds import FOLDS
from ioc.partitioner import partition_of
from ioc.recording.records import CODECS, lane_of
from ioc.replay.casebook import Told
from ioc.replay.cases import Case, relevant
from streams.ledger import compacted, reader
from streams.names import topic_name
from streams.topics import partitions


class Gone(Exception):
    """Kafka no longer holds what the explanation needs; the message says what."""


async def find(bootstrap: str, space: str, alert_id: str) -> Told | None:
    """The alert and the case that opened it, from the topics of its space. Raises Gone."""
    state = TopicPartition(topic_name(space, ALERTS_STATE), _number(space, ALERTS_STATE, alert_id))
    present = (await compacted(bootstrap, state))[state].get(alert_id.encode())
    if not present:
        return None
    alert = Alert.model_validate_json(present)
    lines = [
        event.data
        for _, event in await _of_key(bootstrap, space, ALERTS_EVENTS, alert.dedupe_key)
        if isinstance(event.data, AlertChanged) and event.data.alert_id == alert.alert_id
    ]
    case = await _case(bootstrap, space, alert)
    return Told(lines, case, list(case.named().values())) if lines else None


async def _case(bootstrap: str, space: str, alert: Alert) -> Case:
    for record, event in await _of_key(bootstrap, space, ALERTS_INBOX, alert.dedupe_key):
        if isinstance(event.data, Raised) and event.at == alert.opened_at:
            fold, _, number = lane_of(record.headers).partition("/")
            key = event.source.removeprefix(f"/{fold}/")
            inbox = next(each.inbox for each in FOLDS if each.name == fold)
            tp = TopicPartition(topic_name(space, inbox), int(number))
            records = await _records(bootstrap, tp)
            if records and records[0].offset > 0:
                raise Gone(f"{tp.topic}/{number} begins at offset {records[0].offset}: the key's first events are gone")
            return Case(
                finding=structured(event).decode(), fold=fold, partition=int(number), key=key,
                state=None, checkpoint=None, records=list(relevant(_said(records, inbox, key))),
            )  # fmt: skip
    raise Gone(f"{topic_name(space, ALERTS_INBOX)} no longer holds the finding that opened it")


def _said(
    records: list[Any], inbox: Topic, key: str
) -> Iterator[tuple[int, str, datetime | None, datetime, AnyEvent | None]]:
    for record in records:
        try:
            event = CODECS[inbox.name].read_binary(record.headers, record.value)
        except Unreadable:
            continue
        appended = datetime.fromtimestamp(record.timestamp / 1000, UTC)
        ours = record.key == key.encode()
        at = event.at if isinstance(event.data, Tick) else event.at - inbox.lateness
        yield record.offset, lane_of(record.headers), appended, at, event if ours else None


async def _of_key(bootstrap: str, space: str, topic: Topic, key: str) -> list[tuple[Any, AnyEvent]]:
    """The events of one key of a topic."""
    tp = TopicPartition(topic_name(space, topic), _number(space, topic, key))
    ours = [record for record in await _records(bootstrap, tp) if record.key == key.encode()]
    return [(record, CODECS[topic.name].read_binary(record.headers, record.value)) for record in ours]


async def _records(bootstrap: str, tp: TopicPartition) -> list[Any]:
    """All records of a partition, up to its present end."""
    found: list[Any] = []
    async with reader(bootstrap, tp) as consumer:
        end = (await consumer.end_offsets([tp]))[tp]
        while await consumer.position(tp) < end:
            found += (await consumer.getmany(tp, timeout_ms=1000, max_records=20_000)).get(tp, ())
    return [record for record in found if record.offset < end]


def _number(space: str, topic: Topic, key: str) -> int:
    return partition_of(key.encode(), partitions(space)[topic_name(space, topic)])
