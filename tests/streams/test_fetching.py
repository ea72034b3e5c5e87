"""Kafka batches as they come from a real broker: committed ones, from the position on, and errors told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import OffsetOutOfRangeError
from aiokafka.record._crecords.default_records import DefaultRecordBatch

from streams.bench.input import create
from streams.embedded.kafka import Kafka
from streams.fetching import Fetched, fetch


@asynccontextmanager
async def reading(kafka: Kafka, tp: TopicPartition, offset: int) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="none",
    )
    await consumer.start()
    try:
        consumer.assign([tp])
        consumer.seek(tp, offset)
        yield consumer
    finally:
        await consumer.stop()


async def written(kafka: Kafka, topic: str) -> TopicPartition:
    """Three records, two that are aborted, two more; each time with a marker after them."""
    await create(kafka.bootstrap, {topic: 1})
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, transactional_id=topic, linger_ms=50)
    await producer.start()
    for words, kept in ((["a", "b", "c"], True), (["x", "y"], False), (["d", "e"], True)):
        await producer.begin_transaction()
        for word in words:
            await producer.send(topic, word.encode(), partition=0)
        await producer.flush()
        await (producer.commit_transaction() if kept else producer.abort_transaction())
    await producer.stop()
    return TopicPartition(topic, 0)


async def all_from(consumer: AIOKafkaConsumer, tp: TopicPartition, end: int) -> list[Fetched]:
    found: list[Fetched] = []
    while await consumer.position(tp) < end:
        with consumer._subscription.fetch_context():
            found += (await fetch(consumer._fetcher, [tp], 1.0)).values()
    return found


@pytest.mark.parametrize(("offset", "expected"), [(0, "abcde"), (1, "bcde"), (2, "cde"), (4, "de"), (8, "e")])
async def test_what_was_committed_comes_from_the_position_on(kafka: Kafka, offset: int, expected: str) -> None:
    tp = await written(kafka, f"fetched-{offset}")

    async with reading(kafka, tp, offset) as consumer:
        found = await all_from(consumer, tp, 10)

    records = [record for fetched in found for record in fetched]
    assert "".join(record.value.decode() for record in records) == expected
    assert [record.offset for record in records] == [
        place for place, word in enumerate("abc-xy-de") if word in expected and place >= offset
    ]
    assert sum(fetched.size for fetched in found) > 0
    assert max(fetched.last for fetched in found) == 9, "the last marker is read too: nothing is left"
    assert [list(fetched) for fetched in found] == [[] for _ in found], "they are read once"


async def test_what_was_aborted_is_read_although_nobody_sees_it(kafka: Kafka) -> None:
    tp = await written(kafka, "fetched-aborted")

    async with reading(kafka, tp, 4) as consumer:
        with consumer._subscription.fetch_context():
            fetched = (await fetch(consumer._fetcher, [tp], 2.0))[tp]

    assert (fetched.first, len(fetched)) == (4, 6)
    assert [record.offset for record in fetched] == [7, 8]


async def test_nothing_comes_of_an_end(kafka: Kafka) -> None:
    tp = await written(kafka, "fetched-end")

    async with reading(kafka, tp, 10) as consumer:
        assert await fetch(consumer._fetcher, [tp], 0.2) == {}


async def test_a_position_that_the_broker_does_not_hold_is_an_error(kafka: Kafka) -> None:
    tp = await written(kafka, "fetched-nowhere")

    async with reading(kafka, tp, 500) as consumer:
        with pytest.raises(OffsetOutOfRangeError):
            for _ in range(50):
                await fetch(consumer._fetcher, [tp], 0.2)


def test_batches_are_of_the_compiled_kind() -> None:
    """Without it, records are made in Python, and everything is slower several times."""
    assert DefaultRecordBatch.__module__.endswith("_crecords.default_records")
