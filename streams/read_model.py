"""The one writer of Redis: follows a space's alerts and figures in Kafka, and keeps what people see.

No consumer group: where it stands is kept in Redis with the data, so both are lost together or not at all. A
Redis that was emptied is filled again from the beginning of the log; one that is away, or refuses writes, is
waited for, with every record still in Kafka.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from prometheus_client import Counter, Gauge
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ioc.agencies.roster import ROSTERS
from ioc.alerts.alert import ALERTS_EVENTS, ALERTS_STATE
from ioc.events.base import Topic
from ioc.events.codec import Codec, Unreadable
from ioc.events.figures import FIGURES
from ioc.read_model import CHANGES_KEPT, OVER_KEPT, SPACES, key
from ioc.room.events import INCIDENTS
from streams import topics
from streams.names import topic_name
from streams.read_model_script import SAY_COMPLETE, SCRIPT, Word, forget, words

TOPICS = (ALERTS_EVENTS, ALERTS_STATE, INCIDENTS, ROSTERS, FIGURES)
BATCH = 500
#: Seconds after which a topic that was made must be known.
KNOWN_WITHIN = 5.0
#: Seconds between two looks at whether Redis still holds what was written.
LOOK = 1.0
#: Seconds to wait for a Redis that does not take our writes: at first, and at most.
PATIENCE = 0.1, 5.0

RECORDS = Counter("ioc_read_model_records", "Records applied to Redis", ["space", "topic"])
UNREADABLE = Counter("ioc_read_model_unreadable", "Records that could not be read", ["space", "topic"])
LAG = Gauge("ioc_read_model_lag_records", "Records in Kafka that are not in Redis yet", ["space", "topic"])
APPLIED = Gauge("ioc_read_model_applied_timestamp_seconds", "When records were last applied", ["space"])
ERRORS = Counter("ioc_read_model_redis_errors", "Calls to Redis that failed", ["space", "reason"])
REWINDS = Counter("ioc_read_model_rewinds", "Times Redis stood elsewhere than was written", ["space"])
COMPLETE = Gauge("ioc_read_model_complete", "1 once the log as it stood is in Redis", ["space"])

_filled: set[str] = set()
log = structlog.get_logger()


async def run(space: str, bootstrap: str, redis_url: str, stop: asyncio.Event) -> None:
    """Keep one space's read model until told to stop. Raises WrongShape where its topics are not there."""
    await _verified(bootstrap, space)
    cluster = await _cluster_id(bootstrap)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    redis = Redis.from_url(redis_url, socket_timeout=10, socket_connect_timeout=5, decode_responses=True)
    try:
        await Follower(space, cluster, consumer, redis, stop).follow()
    finally:
        await redis.aclose()
        await consumer.stop()


async def _verified(bootstrap: str, space: str) -> None:
    """Hold the topics against their declarations; those made a moment ago may not be known yet."""
    until = asyncio.get_running_loop().time() + KNOWN_WITHIN
    while True:
        try:
            return await topics.verify(bootstrap, space)
        except topics.WrongShape:
            if asyncio.get_running_loop().time() > until:
                raise
            await asyncio.sleep(1)


def not_ready(spaces: Sequence[str]) -> str | None:
    """None, or which space's log is not wholly in Redis yet."""
    waiting = [space for space in spaces if space not in _filled]
    return f"still filling: {', '.join(waiting)}" if waiting else None


async def _cluster_id(bootstrap: str) -> str:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        return str((await admin.describe_cluster())["cluster_id"])
    finally:
        await admin.close()


class Follower:
    """Follows every partition of a space's alerts and figures."""

    def __init__(
        self, space: str, cluster: str, consumer: AIOKafkaConsumer, redis: "Redis", stop: asyncio.Event
    ) -> None:
        self._space, self._cluster, self._stop = space, cluster, stop
        # Told as zero from the start: Prometheus sees no growth in what was not there before.
        REWINDS.labels(space)
        for reason in ("ConnectionError", "TimeoutError"):
            ERRORS.labels(space, reason)
        self._consumer, self._redis = consumer, redis
        self._apply = redis.register_script(SCRIPT)
        self._say_complete = redis.register_script(SAY_COMPLETE)
        self._topics = {
            TopicPartition(topic_name(space, topic), number): topic
            for topic in TOPICS
            for number in range(topic.partitions)
        }
        self._codecs = {topic.name: Codec.of(topic) for topic in TOPICS}
        #: Where Redis stands, as far as we know; None: it holds nothing of this partition.
        self._believed: dict[TopicPartition, int | None] = {}
        #: Partitions that have not yet reached the end that they had when we started on them.
        self._behind: dict[TopicPartition, int] = {}
        self._patience = PATIENCE[0]

    async def follow(self) -> None:
        self._consumer.assign(list(self._topics))
        loop, looked = asyncio.get_running_loop(), float("-inf")
        while not self._stop.is_set():
            try:
                if loop.time() - looked > LOOK:
                    await self._look()
                    looked = loop.time()
                batches = await self._consumer.getmany(timeout_ms=200, max_records=BATCH)
                for partition, records in batches.items():
                    await self._take(partition, records)
                await self._measure()
            except RedisError as error:
                await self._wait(error)
                looked = float("-inf")

    async def _look(self) -> None:
        """Hold what Redis has against what was written, and go back where they differ."""
        await self._redis.sadd(SPACES, self._space)
        cluster = await self._redis.get(key(self._space, "cluster"))
        if cluster is not None and cluster != self._cluster:
            await self._start_over("Redis was filled from another Kafka")
        await self._redis.set(key(self._space, "cluster"), self._cluster)
        stored = await self._redis.hgetall(key(self._space, "positions"))
        held = {partition: stored.get(_field(partition)) for partition in self._topics}
        await self._resume({partition: None if at is None else int(at) for partition, at in held.items()})
        self._patience = PATIENCE[0]

    async def _resume(self, held: Mapping[TopicPartition, int | None]) -> None:
        """Go on from where Redis stands on these partitions, if that is not where we believe it to be."""
        other = {p: at for p, at in held.items() if p not in self._believed or self._believed[p] != at}
        if not other:
            return
        if rewound := self._believed.keys() & other:
            REWINDS.labels(self._space).inc(len(rewound))
            log.warning("redis stands elsewhere", space=self._space, partitions=sorted(map(_field, rewound)))
        # All at once: each of these questions waits behind a fetch that waits for records.
        starts = await self._consumer.beginning_offsets(list(other))
        ends = await self._consumer.end_offsets(list(other))
        if any(at is not None and at > ends[partition] for partition, at in other.items()):
            await self._start_over("the log is shorter than what Redis holds of it")
            other = dict.fromkeys(other)
        for partition, position in other.items():
            self._believed[partition], self._behind[partition] = position, ends[partition]
            self._consumer.seek(partition, max(position or 0, starts[partition]))

    async def _start_over(self, reason: str) -> None:
        log.warning("read model is given up and filled again", space=self._space, reason=reason)
        await forget(self._redis, self._space)

    async def _take(self, partition: TopicPartition, records: Sequence[ConsumerRecord]) -> None:
        """Apply a batch. Fetched once, it is left only when it is in Redis, or Redis stands elsewhere."""
        topic, following = self._topics[partition], records[-1].offset + 1
        words = [word for record in records for word in self._words(topic, record)]
        while not self._stop.is_set():
            believed = self._believed[partition]
            where = _field(partition), "" if believed is None else believed, following
            try:
                applied, stored = await self._apply(
                    args=[key(self._space, ""), *where, CHANGES_KEPT, OVER_KEPT, *words]
                )
            except RedisError as error:
                await self._wait(error)
                continue
            self._patience = PATIENCE[0]
            if applied:
                self._believed[partition] = following
                RECORDS.labels(self._space, topic.name).inc(len(records))
                APPLIED.labels(self._space).set_to_current_time()
            else:
                await self._resume({partition: int(stored) if stored else None})
            return

    def _words(self, topic: Topic, record: ConsumerRecord) -> list[Word]:
        if record.value is None:
            return []  # a compacted key was given up; its last word stays what people see
        try:
            return words(self._codecs[topic.name].read_binary(record.headers, record.value))
        except Unreadable as reason:
            UNREADABLE.labels(self._space, topic.name).inc()
            log.error("record left out", topic=record.topic, offset=record.offset, reason=str(reason))
            return []

    async def _measure(self) -> None:
        """How far behind; and, once nothing is, let Redis say that the present is complete."""
        behind = dict.fromkeys((topic.name for topic in TOPICS), 0)
        for partition, topic in self._topics.items():
            position = await self._consumer.position(partition)
            if position >= self._behind.get(partition, 0):
                self._behind.pop(partition, None)
            newest = self._consumer.last_stable_offset(partition)
            behind[topic.name] += max(0, (newest or position) - position)
        for name, count in behind.items():
            LAG.labels(self._space, name).set(count)
        COMPLETE.labels(self._space).set(not self._behind)
        if self._behind:
            _filled.discard(self._space)
        else:
            _filled.add(self._space)
            held = [(_field(partition), at) for partition, at in self._believed.items() if at is not None]
            await self._say_complete(args=[key(self._space, ""), *(word for pair in held for word in pair)])

    async def _wait(self, error: RedisError) -> None:
        reason = type(error).__name__
        ERRORS.labels(self._space, reason).inc()
        log.warning("redis does not take our writes", space=self._space, error=f"{reason}: {error}"[:200])
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), self._patience)
        self._patience = min(2 * self._patience, PATIENCE[1])


def _field(partition: TopicPartition) -> str:
    return f"{partition.topic}/{partition.partition}"
