"""The events that every job but the demo's mix is given, and how they get onto a topic."""

import asyncio
import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from ioc.events.base import AnyEvent, Event
from ioc.events.codec import Headers, headers, value
from ioc.events.requests import RequestOpened
from ioc.partitioner import partition_of

KEYS = 1000
PARTITIONS = 4
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
STEP = timedelta(milliseconds=10)
BATCH_BYTES = 128 * 1024
TEXT = "Đèn đường trước nhà văn hóa thôn không sáng đã ba đêm, đề nghị sửa."


class Written(NamedTuple):
    """A record to be put on a topic."""

    key: bytes
    value: bytes
    headers: Headers


def request(key: str, number: int, at: datetime, due: datetime | None = None) -> AnyEvent:
    """One event: about 280 bytes of JSON; more with a time by which it must be answered."""
    data = RequestOpened(
        request=key,
        queue="chieu-sang-cong-cong",
        category="ha-tang",
        priority="normal",
        channel="zalo",
        commune="20920",
        latitude=15.349218,
        longitude=108.228116,
        due=due,
        text=TEXT,
    )
    return Event(at, "/one-stop/20920", f"{number:08}", data)


def requests(count: int) -> Iterator[AnyEvent]:
    """The same events each time: one each 10 ms of event time, over the keys in a random order."""
    chance = random.Random(7)
    for number in range(count):
        yield request(f"PA-2026-{chance.randrange(KEYS):06}", number, START + number * STEP)


def plain(events: Iterable[AnyEvent]) -> Iterator[Written]:
    """Key and JSON only, as any program would write them."""
    for event in events:
        yield Written(event.subject.encode(), value(event), [])


def whole(events: Iterable[AnyEvent]) -> Iterator[Written]:
    """CloudEvents with their headers, as our flow carries them."""
    for event in events:
        yield Written(event.subject.encode(), value(event), headers(event))


async def create(bootstrap: str, topics: Mapping[str, int], compacted: Iterable[str] = ()) -> None:
    """Create topics with so many partitions each."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        configs = {name: {"cleanup.policy": "compact"} for name in compacted}
        new = [NewTopic(name, count, 1, topic_configs=configs.get(name, {})) for name, count in topics.items()]
        reply = await admin.create_topics(new)
        wrong = [(name, code) for name, code, *_ in reply.topic_errors if code]
        if wrong:
            raise RuntimeError(f"topics could not be created: {wrong}")
    finally:
        await admin.close()


async def drop(bootstrap: str, topics: Iterable[str]) -> None:
    """Delete topics, so that the disk does not fill up over the rounds."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.delete_topics(list(topics))
    finally:
        await admin.close()


async def fill(bootstrap: str, topic: str, partitions: int, records: Iterable[Written]) -> None:
    """Put records onto a topic, by key."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, max_batch_size=BATCH_BYTES, max_request_size=4 * BATCH_BYTES
    )
    await producer.start()
    sent = set[asyncio.Future[object]]()
    batches = {number: producer.create_batch() for number in range(partitions)}

    async def send(number: int) -> None:
        sent.add(await producer.send_batch(batches[number], topic, partition=number))
        batches[number] = producer.create_batch()

    try:
        for key, content, written in records:
            number = partition_of(key, partitions)
            if batches[number].append(key=key, value=content, timestamp=None, headers=written) is None:
                await send(number)
                batches[number].append(key=key, value=content, timestamp=None, headers=written)
        for number in batches:
            await send(number)
        await asyncio.gather(*sent)
    finally:
        await producer.stop()
