"""One partition's writer: everything that a batch means is one transaction of the partition's own producer.

Opening it fences the former owner: a worker that was frozen and wakes can write nothing any more.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from ioc.events.codec import Headers
from ioc.partitioner import partition_of
from streams.fetching import fetch

BATCH_BYTES = 512 * 1024
#: The broker gives a transaction up after so many milliseconds; who still waits after twice that waits for nothing.
TRANSACTION_MS = 20_000
GIVE_UP_AFTER = 2 * TRANSACTION_MS / 1000


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
            pending = [await self._send(topic, number, batch) for (topic, number), batch in self._grouped(entries)]
            for sent in pending:
                for delivered in sent:
                    await delivered
            await self._producer.commit_transaction()

    def _grouped(self, entries: list[Entry]) -> list[tuple[tuple[str, int], list[Entry]]]:
        groups: dict[tuple[str, int], list[Entry]] = {}
        for entry in entries:
            number = entry.partition
            if number is None:
                number = partition_of(entry.key, self._partitions[entry.topic])
            groups.setdefault((entry.topic, number), []).append(entry)
        return list(groups.items())

    async def _send(self, topic: str, number: int, entries: list[Entry]) -> list[Awaitable[object]]:
        sent = []
        builder = self._producer.create_batch()
        for _, key, value, headers, _ in entries:
            if builder.append(key=key, value=value, timestamp=None, headers=headers) is None:
                sent.append(await self._producer.send_batch(builder, topic, partition=number))
                builder = self._producer.create_batch()
                builder.append(key=key, value=value, timestamp=None, headers=headers)
        sent.append(await self._producer.send_batch(builder, topic, partition=number))
        return sent


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
