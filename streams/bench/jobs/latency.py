"""From an event's production to its alert in ``alerts.events``, as a reader of what was committed sees it."""

import asyncio
import time
from datetime import UTC, datetime
from itertools import count

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from ioc.alerts.alert import ALERTS_EVENTS
from ioc.events.requests import REQUESTS
from ioc.partitioner import partition_of
from streams.bench import input as inputs
from streams.bench.bench import Bench, BenchFailed
from streams.bench.every import KIND
from streams.bench.live import LiveWorker, partitions, prepare
from streams.bench.readings import Goal, Row, quantile
from streams.names import topic_name

RATE = 1000
#: Every so-manieth event of a key rings: at 1,000 keys and 1,000 events/s, about fifty alerts a second.
NTH = 20
#: Seconds before the measured ones: first of each key, first transactions.
WARM_UP = 20.0
SECONDS = 40.0
GOALS = {0.5: Goal("<=", 50), 0.95: Goal("<=", 200), 0.99: Goal("<=", 1000)}


def latency(bench: Bench) -> list[Row]:
    """A whole worker in a wall space, with all detectors, at 1,000 events/s."""
    bench.say(f"latency: {RATE:,} events/s for {WARM_UP + SECONDS:.0f} s")
    space = f"{bench.space}-latency"
    asyncio.run(prepare(bench.kafka.bootstrap, space))
    with LiveWorker(bench, space, "wall", "latency", NTH) as worker:
        worker.wait_until_ready()
        waits = asyncio.run(_measure(bench.kafka.bootstrap, space))
    if len(waits) < RATE / NTH * SECONDS / 2:
        raise BenchFailed(f"only {len(waits)} alerts came where about {RATE / NTH * SECONDS:.0f} were due")
    bench.say(f"  {len(waits):,} alerts timed, the slowest {max(waits):.0f} ms")
    return [
        Row("latency", f"ours, p{share * 100:.0f}", value=quantile(waits, share), unit="ms", goal=goal)
        for share, goal in GOALS.items()
    ]


async def _measure(bootstrap: str, space: str) -> list[float]:
    waits = list[float]()
    producing = asyncio.create_task(produce(bootstrap, space, RATE, WARM_UP + SECONDS))
    parts = [TopicPartition(topic_name(space, ALERTS_EVENTS), number) for number in range(ALERTS_EVENTS.partitions)]
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed", enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(parts)
        await consumer.seek_to_beginning(*parts)
        begun = time.time()
        while not producing.done() or time.time() < begun + WARM_UP + SECONDS + 2:
            for records in (await consumer.getmany(*parts, timeout_ms=200)).values():
                now = datetime.now(UTC)
                waits += _waits([record.value for record in records], now, begun + WARM_UP)
        await producing
    finally:
        producing.cancel()
        await consumer.stop()
    return waits


def _waits(lines: list[bytes], now: datetime, since: float) -> list[float]:
    """Milliseconds from each ringing event to now; an alert's line carries the event's own time."""
    found = []
    for line in map(orjson.loads, lines):
        at = datetime.fromisoformat(line["at"])
        if line.get("kind") == KIND.name and at.timestamp() >= since:
            found.append((now - at).total_seconds() * 1000)
    return found


async def produce(bootstrap: str, space: str, rate: int, seconds: float) -> None:
    """Requests at an even pace, over all keys; each has the time at which it is handed to the producer."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    topic, total = topic_name(space, REQUESTS), partitions(space)
    begun, number = time.monotonic(), count()
    try:
        while (gone := time.monotonic() - begun) < seconds:
            while (sent := next(number)) < gone * rate:
                event = inputs.request(f"PA-2026-{sent * 7919 % inputs.KEYS:06}", sent, datetime.now(UTC))
                (record,) = inputs.whole([event])
                await producer.send(
                    topic,
                    record.value,
                    record.key,
                    partition=partition_of(record.key, total[topic]),
                    headers=record.headers,
                )
            await asyncio.sleep(0.005)
    finally:
        await producer.stop()
