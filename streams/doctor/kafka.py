"""Kafka, and each space in it: topics, workers, what waits, what was refused, and whose clock is wrong."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from ioc.doctor import flow, machine
from ioc.doctor.finding import Finding
from ioc.events.base import Tick
from ioc.folds import FOLDS, SOURCES
from streams import dead_letters, topics
from streams.names import topic_name

PATIENCE_MS = 5000
#: Between two looks at what waits, seconds.
APART = 3.0
#: Newest records that are searched for a tick.
NEWEST = 20


@dataclass
class Seen:
    """What was found, and how far each partition's log reaches, for those who compare."""

    findings: list[Finding] = field(default_factory=list)
    ends: dict[TopicPartition, int] = field(default_factory=dict)


async def look(bootstrap: str, spaces: Sequence[str], live: Collection[str]) -> Seen:
    """Everything about Kafka; one finding only where it does not answer. ``live``: the spaces on the wall's clock."""
    seen = Seen()
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=PATIENCE_MS)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, request_timeout_ms=PATIENCE_MS,
        isolation_level="read_committed",
    )  # fmt: skip
    try:
        await admin.start()
        await consumer.start()
        seen.findings.append(await _cluster(admin, bootstrap))
        for space in spaces:
            seen.findings += await _space(admin, consumer, bootstrap, space, seen.ends)
            if space in live and (ahead := await _clock(consumer, space)) is not None:
                seen.findings.append(machine.clock(f"Kafka ({space})", ahead))
    except (KafkaError, OSError, TimeoutError) as error:
        seen.findings.append(flow.kafka_away(bootstrap, type(error).__name__))
    finally:
        await consumer.stop()
        await admin.close()
    return seen


async def _cluster(admin: AIOKafkaAdminClient, bootstrap: str) -> Finding:
    brokers = len((await admin.describe_cluster())["brokers"])
    partitions = [
        (f"{topic['topic']}/{each['partition']}", each)
        for topic in await admin.describe_topics()
        for each in topic["partitions"]
    ]
    return flow.kafka(
        bootstrap,
        brokers,
        [name for name, each in partitions if each["leader"] < 0],
        [name for name, each in partitions if len(each["isr"]) < len(each["replicas"])],
    )


async def _space(
    admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, bootstrap: str, space: str,
    ends: dict[TopicPartition, int],
) -> list[Finding]:  # fmt: skip
    declared = topics.shapes(space)
    try:
        await topics.verify(bootstrap, space)
    except topics.WrongShape as problem:
        return [flow.topics(space, len(declared), str(problem))]
    everything = [TopicPartition(shape.name, number) for shape in declared for number in range(shape.partitions)]
    before = await _waiting(admin, consumer, space)
    await asyncio.sleep(APART)
    now = await _waiting(admin, consumer, space)
    ends |= await consumer.end_offsets(everything)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    refused = sum(letter.at > yesterday for letter in await dead_letters.read(bootstrap, space))
    return [
        flow.topics(space, len(declared), None),
        await _group(admin, space),
        flow.lag(space, [(fold, count, before[fold]) for fold, count in now.items()]),
        flow.dead_letters(space, refused),
    ]


async def _group(admin: AIOKafkaAdminClient, space: str) -> Finding:
    """The workers: members of the group that is called as the space is."""
    (reply,) = await admin.describe_consumer_groups([space])
    _error, _group, state, _type, _protocol, members, *_ = reply.groups[0]
    return flow.workers(space, len(members), state)


async def _waiting(admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, space: str) -> dict[str, int]:
    """How many records of each fold are not processed yet; the marks of transactions count a little too."""
    inboxes = {
        fold.name: [TopicPartition(topic_name(space, fold.inbox), n) for n in range(fold.inbox.partitions)]
        for fold in FOLDS
    }
    committed = await admin.list_consumer_group_offsets(space)
    every = [tp for partitions in inboxes.values() for tp in partitions]
    ends = await consumer.end_offsets(every)
    starts = await consumer.beginning_offsets(every)

    def behind(partitions: Iterable[TopicPartition]) -> int:
        reached = {tp: committed[tp].offset if tp in committed else starts[tp] for tp in partitions}
        return sum(max(0, ends[tp] - at) for tp, at in reached.items())

    return {fold: behind(partitions) for fold, partitions in inboxes.items()}


async def _clock(consumer: AIOKafkaConsumer, space: str) -> timedelta | None:
    """By how much Kafka's clock is ahead of the worker's: when Kafka took its newest tick, less what that said."""
    ticks: list[tuple[datetime, timedelta]] = []
    for topic in SOURCES:
        tp = TopicPartition(topic_name(space, topic), 0)
        (end,) = (await consumer.end_offsets([tp])).values()
        if not end:
            continue
        consumer.assign([tp])
        consumer.seek(tp, max(0, end - NEWEST))
        for records in (await consumer.getmany(timeout_ms=1000)).values():
            for record in records:
                if (at := _time_of_tick(record)) is not None:
                    taken = datetime.fromtimestamp(record.timestamp / 1000, UTC)
                    ticks.append((taken, taken - at - max(topic.idle_lag, timedelta(0))))
    return max(ticks)[1] if ticks else None


def _time_of_tick(record: Any) -> datetime | None:
    headers = dict(record.headers)
    if headers.get("ce_type") != Tick.TYPE.encode() or "ce_time" not in headers:
        return None
    return datetime.fromisoformat(headers["ce_time"].decode())
