"""The publisher is the clock of its space: to the event after a kill, alone, and never ahead of an event."""

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import count
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from ioc.events.base import AnyEvent, Tick
from ioc.folds import SOURCES
from streams import publish, topics
from streams.embedded.kafka import Kafka
from streams.ledger import reader
from streams.names import topic_name
from streams.publish import Publisher
from streams.runner import Place
from tests.streams.faults.stories import told

_number = count(1)
EVENTS = told(91, 1500)
OURS = Counter(event.id for event in EVENTS if not isinstance(event.data, Tick))


@pytest.fixture
async def place(kafka: Kafka) -> AsyncIterator[Place]:
    space = f"publish{next(_number)}"
    await topics.apply(kafka.bootstrap, space)
    yield Place(kafka.bootstrap, space, "driven", {shape.name: shape.partitions for shape in topics.shapes(space)})


async def published(place: Place) -> Counter[str]:
    """The ids of the events that a reader finds, ticks left out."""
    partitions = [TopicPartition(topic_name(place.space, each), n) for each in SOURCES for n in range(each.partitions)]
    found: Counter[str] = Counter()
    async with reader(place.bootstrap, *partitions) as consumer:
        ends = await consumer.end_offsets(partitions)
        behind = {tp for tp in partitions if ends[tp]}
        while behind:
            for records in (await consumer.getmany(*behind, timeout_ms=500)).values():
                heads = [dict(record.headers) for record in records]
                found.update(head["ce_id"].decode() for head in heads if head["ce_type"] != b"vn.ioc.tick")
            behind = {tp for tp in behind if await consumer.position(tp) < ends[tp]}
    return found


async def killed(publisher: Publisher) -> None:
    """Its connections are gone, as after ``kill -9``; nothing is aborted or said to anybody."""
    producer: Any = publisher._ledger._producer
    producer._sender.sender_task.cancel()
    producer._closed = True
    await producer.client.close()


async def all_there(place: Place) -> None:
    """Each event once. A commit is answered before its markers are on every partition: readers see it soon after."""
    async with asyncio.timeout(20):
        while sum((found := await published(place)).values()) < len(OURS):
            pass
    assert found == OURS


async def test_ended_anywhere_it_goes_on_to_the_event(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small transactions, and an end in the middle of one, five times."""
    monkeypatch.setattr(publish, "BEAT_EVENTS", 40)
    seed = 91
    chance = Random(seed)
    print(f"seed {seed}")
    for _ in range(5):
        publisher = Publisher(place, "bac_tra_my")
        await publisher.open()
        task = asyncio.create_task(publisher.publish(EVENTS, "story", 0))
        await asyncio.sleep(chance.uniform(0, 0.3))
        task.cancel()  # its transaction stays open until the next one ends it
        with suppress(asyncio.CancelledError, KafkaError):
            await task
        await killed(publisher)
    last = Publisher(place, "bac_tra_my")
    await last.open()
    left = await last.publish(EVENTS, "story", 0)
    await last.close()
    assert left < len(EVENTS)
    await all_there(place)
    again = Publisher(place, "bac_tra_my")
    await again.open()
    assert await again.publish(EVENTS, "story", 0) == 0
    await again.close()


async def test_a_second_publisher_ends_the_first(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    first, second = Publisher(place, "bac_tra_my"), Publisher(place, "bac_tra_my")
    await first.open()
    await first.publish(EVENTS[:10], "story", 0)
    await second.open()
    with pytest.raises(KafkaError):
        await first.publish(EVENTS[:20], "story", 0)
    assert await second.publish(EVENTS, "story", 0) == len(EVENTS) - 10
    await second.close()
    with suppress(KafkaError):
        await first.close()
    await all_there(place)
    del first
    gc.collect()
    assert "never retrieved" not in caplog.text  # its end is said once, however many batches it had under way


@pytest.mark.parametrize("speed", [600.0, 86_400.0])
async def test_its_clock_never_runs_ahead_of_an_event(monkeypatch: pytest.MonkeyPatch, speed: float) -> None:
    """Time goes on between two looks at it; at a high speed, that is seconds of the space."""
    ticking = count(0, 0.0007)
    monkeypatch.setattr(publish, "time", SimpleNamespace(monotonic=lambda: next(ticking)))
    monkeypatch.setattr(publish, "BEAT", 0.0)
    written: list[AnyEvent] = []

    async def write(self: Any, beat: list[AnyEvent], _count: int) -> None:
        written.extend(beat)

    monkeypatch.setattr(Publisher, "_write", write)
    place = Place("127.0.0.1:1", "x", "driven", {shape.name: shape.partitions for shape in topics.shapes("x")})
    publisher = Publisher(place, "bac_tra_my")
    await publisher.publish(EVENTS[:60], "story", speed)
    await publisher.close()
    newest = EVENTS[0].at
    for event in written:
        assert event.at >= newest, "an event would be late in its own publisher's time"
        newest = event.at
