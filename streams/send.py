"""Sends the events of a live source to a wall space as they happen. Delivery is acknowledged and in order."""

import asyncio
from collections.abc import Iterable, Iterator

from aiokafka import AIOKafkaProducer

from ioc.engine.results import Output
from ioc.events.base import AnyEvent
from ioc.folds import SOURCES
from streams.records import entry


def send(bootstrap: str, space: str, events: Iterable[AnyEvent]) -> int:
    """Send each event when it comes, until the source ends; returns how many.

    An error of Kafka's ends it: whoever supervises the source starts it again.
    """
    return asyncio.run(_send(bootstrap, space, iter(events)))


async def _send(bootstrap: str, space: str, events: Iterator[AnyEvent]) -> int:
    topics = {kind: topic for topic in SOURCES for kind in topic.events}
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True, compression_type="lz4")
    await producer.start()
    try:
        count = 0
        while (event := await asyncio.to_thread(next, events, None)) is not None:
            record = entry(space, Output(topics[type(event.data)], event))
            await producer.send_and_wait(record.topic, record.value, record.key, headers=record.headers)
            count += 1
        return count
    finally:
        await producer.stop()
