"""A partition's writer: one transaction follows another at once."""

from collections import Counter
from types import SimpleNamespace

from aiokafka import TopicPartition
from aiokafka.errors import ConcurrentTransactions

from streams.bench.input import create
from streams.embedded.kafka import Kafka
from streams.ledger import ASK_AGAIN, Begin, Entry, Ledger, reader

TRANSACTIONS = 50


def test_where_the_one_before_is_being_ended_it_is_asked_again_soon() -> None:
    sender = SimpleNamespace(_retry_backoff=0.1, _txn_manager=SimpleNamespace(txn_partitions=set()))
    answer = SimpleNamespace(errors=[("alerts", [(0, ConcurrentTransactions.errno)])])
    assert Begin(sender, {TopicPartition("alerts", 0)}).handle_response(answer) == ASK_AGAIN


async def test_transactions_follow_one_another_on_a_broker(kafka: Kafka) -> None:
    topics = {"ledger-a": 1, "ledger-b": 1}
    await create(kafka.bootstrap, topics, compacted=[])
    ledger = Ledger(kafka.bootstrap, "ledger-test", topics)
    begun = ledger._begin
    asked = list[bool]()

    async def counting(partitions: set[TopicPartition]) -> bool:
        asked.append(await begun(partitions))
        return asked[-1]

    ledger._producer._sender._do_add_partitions_to_txn = counting
    await ledger.open()
    try:
        for number in range(TRANSACTIONS):
            await ledger.write([Entry(topic, b"key", b"%d" % number, []) for topic in topics])
    finally:
        await ledger.close()
    assert asked.count(True) >= TRANSACTIONS, "aiokafka begins a transaction in another way now"
    parts = [TopicPartition(topic, 0) for topic in topics]
    found: Counter[tuple[str, bytes]] = Counter()
    async with reader(kafka.bootstrap, *parts) as consumer:
        while found.total() < len(topics) * TRANSACTIONS:
            for records in (await consumer.getmany(*parts, timeout_ms=5000)).values():
                found.update((record.topic, record.value) for record in records)
    assert set(found.values()) == {1}
