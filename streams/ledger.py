"""One partition's writer: everything that a batch means is one transaction of the partition's own producer.

Opening it fences the former owner: a worker that was frozen and wakes can write nothing any more.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.producer import sender as aio
from aiokafka.producer.message_accumulator import MessageBatch
from aiokafka.producer.transaction_manager import TransactionManager

from ioc.events.codec import Headers
from ioc.partitioner import partition_of
from streams.fetching import fetch

BATCH_BYTES = 512 * 1024
#: The broker gives a transaction up after so many milliseconds; who still waits after twice that waits for nothing.
TRANSACTION_MS = 20_000
GIVE_UP_AFTER = 2 * TRANSACTION_MS / 1000
#: Where the broker has not yet written the end of the transaction before, ask again after this, seconds. That takes it
#: some 2 ms; aiokafka waits for 20, which was most of the time from an event to its alert.
ASK_AGAIN = 0.002

#: (class, attribute, what it is relied on for): the first is replaced on an instance here.
ASSUMPTIONS: tuple[tuple[type, str, str], ...] = (
    (aio.Sender, "_do_add_partitions_to_txn", "begins a transaction at the broker; false: try again"),
    (aio.AddPartitionsToTxnHandler, "handle_response", "says how long to wait before the next try; none: it has begun"),
    (MessageBatch, "wait_drain", "waits for a batch to be taken; the producer's end is its error"),
    (TransactionManager, "wait_for_transaction_end", "waits for the transaction; the producer's end is its error"),
)


class Entry(NamedTuple):
    """A record to be written; ``partition`` is computed from the key where it is None."""

    topic: str
    key: bytes
    value: bytes | None
    headers: Headers
    partition: int | None = None


class Ledger:
    """A transactional producer that writes batches of entries, all or nothing."""

    def __init__(self, bootstrap: str, transactional_id: str, partitions: Mapping[str, int]) -> None:
        self._partitions = partitions
        self._producer = AIOKafkaProducer(
            bootstrap_servers=bootstrap,
            transactional_id=transactional_id,
            transaction_timeout_ms=TRANSACTION_MS,
            max_batch_size=BATCH_BYTES,
            max_request_size=2 * BATCH_BYTES,
            compression_type="lz4",
            request_timeout_ms=30_000,
        )
        self._producer._sender._do_add_partitions_to_txn = self._begin

    async def open(self) -> None:
        """Take the partition over: from now on a former owner's transactions fail (ProducerFenced)."""
        await self._producer.start()

    async def close(self) -> None:
        await self._producer.stop()

    async def write(self, entries: list[Entry]) -> None:
        """Write all entries in one transaction. Any error is the worker's end: nothing is retried here."""
        if not entries:
            return
        async with asyncio.timeout(GIVE_UP_AFTER):
            await self._producer.begin_transaction()
            sent: list[asyncio.Future[object]] = []
            try:
                for (topic, number), batch in self._grouped(entries):
                    sent += await self._send(topic, number, batch)
                for delivered in sent:
                    await delivered
            except KafkaError:
                self._say_once(sent)
                raise
            await self._producer.commit_transaction()

    def _say_once(self, sent: list[asyncio.Future[object]]) -> None:
        """One error ends all that waits: asyncio need not log it again for each that nobody asks any more."""
        held = self._producer._message_accumulator._batches.values()
        waiting = [batch._drain_waiter for batches in held for batch in batches]
        for waiter in (*sent, *waiting, self._producer._txn_manager.wait_for_transaction_end()):
            waiter.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def _begin(self, partitions: set[TopicPartition]) -> bool:
        sender = self._producer._sender
        coordinator = await sender._find_coordinator(
            aio.CoordinationType.TRANSACTION, sender._txn_manager.transactional_id
        )
        begun: bool = await Begin(sender, partitions).do(coordinator)
        return begun

    def _grouped(self, entries: list[Entry]) -> list[tuple[tuple[str, int], list[Entry]]]:
        groups: dict[tuple[str, int], list[Entry]] = {}
        for entry in entries:
            number = entry.partition
            if number is None:
                number = partition_of(entry.key, self._partitions[entry.topic])
            groups.setdefault((entry.topic, number), []).append(entry)
        return list(groups.items())

    async def _send(self, topic: str, number: int, entries: list[Entry]) -> list[asyncio.Future[object]]:
        sent = []
        builder = self._producer.create_batch()
        for _, key, value, headers, _ in entries:
            if builder.append(key=key, value=value, timestamp=None, headers=headers) is None:
                sent.append(await self._producer.send_batch(builder, topic, partition=number))
                builder = self._producer.create_batch()
                builder.append(key=key, value=value, timestamp=None, headers=headers)
        sent.append(await self._producer.send_batch(builder, topic, partition=number))
        return sent


class Begin(aio.AddPartitionsToTxnHandler):  # type: ignore[misc] # aiokafka has no types
    """Asks the broker to begin a transaction."""

    def handle_response(self, response: object) -> float | None:
        wait: float | None = super().handle_response(response)
        return ASK_AGAIN if wait == aio.BACKOFF_OVERRIDE else wait


@asynccontextmanager
async def reader(bootstrap: str, *partitions: TopicPartition) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer of committed records from the beginning of these partitions, in no group."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_partition_fetch_bytes=4 * 1024 * 1024,
    )
    await consumer.start()
    try:
        consumer.assign(list(partitions))
        await consumer.seek_to_beginning(*partitions)
        yield consumer
    finally:
        await consumer.stop()


async def compacted(bootstrap: str, *partitions: TopicPartition) -> dict[TopicPartition, dict[bytes, bytes | None]]:
    """The newest value of every key of partitions of compacted topics, up to their present ends."""
    newest: dict[TopicPartition, dict[bytes, bytes | None]] = {tp: {} for tp in partitions}
    async with reader(bootstrap, *partitions) as consumer:
        ends = await consumer.end_offsets(list(partitions))
        behind = {tp for tp in partitions if ends[tp] > 0}
        while behind:
            with consumer._subscription.fetch_context():
                fetched = await fetch(consumer._fetcher, behind, 1.0)
            for tp, records in fetched.items():
                newest[tp].update((record.key, record.value) for record in records)
            behind = {tp for tp in behind if await consumer.position(tp) < ends[tp]}
    return newest


async def beginnings(bootstrap: str, *partitions: TopicPartition) -> dict[TopicPartition, int]:
    """The oldest offset that each partition still holds."""
    async with reader(bootstrap, *partitions) as consumer:
        found: dict[TopicPartition, int] = await consumer.beginning_offsets(list(partitions))
        return found
