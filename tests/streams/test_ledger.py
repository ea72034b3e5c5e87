"""A partition's writer on a real broker: one transaction follows another at once."""

from collections import Counter

import pytest
from aiokafka import TopicPartition
from aiokafka.producer.sender import BACKOFF_OVERRIDE

from streams.bench.input import create
from streams.embedded.kafka import Kafka
from streams.ledger import ASK_AGAIN, Begin, Entry, Ledger, reader

TRANSACTIONS = 50


async def test_transactions_that_follow_one_another_do_not_wait_for_long(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = {"ledger-a": 1, "ledger-b": 1}
    await create(kafka.bootstrap, topics, compacted=[])
    waits: Counter[float | None] = Counter()
    answered = Begin.handle_response

    def counting(begin: Begin, response: object) -> float | None:
        wait = answered(begin, response)
        waits[wait] += 1
        return wait

    monkeypatch.setattr(Begin, "handle_response", counting)
    ledger = Ledger(kafka.bootstrap, "ledger-test", topics)
    await ledger.open()
    try:
        for number in range(TRANSACTIONS):
            await ledger.write([Entry(topic, b"key", b"%d" % number, []) for topic in topics])
    finally:
        await ledger.close()
    assert waits[None] == TRANSACTIONS, waits
    assert waits[ASK_AGAIN] > 0, "the broker was never asked too early, so nothing is shown here"
    assert waits[BACKOFF_OVERRIDE] == 0
    parts = [TopicPartition(topic, 0) for topic in topics]
    found: Counter[tuple[str, bytes]] = Counter()
    async with reader(kafka.bootstrap, *parts) as consumer:
        while found.total() < len(topics) * TRANSACTIONS:
            for records in (await consumer.getmany(*parts, timeout_ms=5000)).values():
                found.update((record.topic, record.value) for record in records)
    assert set(found.values()) == {1}
