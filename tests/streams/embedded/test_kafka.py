"""The embedded Kafka: transactions, refusals, crashes and starts anew, one broker and three."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import MessageSizeTooLargeError, UnknownTopicOrPartitionError

from streams.embedded.kafka import Cluster, Kafka
from streams.embedded.not_ready import NotReady


async def _create(bootstrap: str, topic: str, copies: int = 1) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, 1, copies)])
    finally:
        await admin.close()


@asynccontextmanager
async def _producer(bootstrap: str, **settings: object) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, **settings)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def _values(bootstrap: str, topic: str) -> list[bytes]:
    """All that was committed to a topic of one partition."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed")
    await consumer.start()
    try:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        await consumer.seek_to_beginning(partition)
        end, values = (await consumer.end_offsets([partition]))[partition], []
        while await consumer.position(partition) < end:
            for records in (await consumer.getmany(partition, timeout_ms=200)).values():
                values += [record.value for record in records]
        return values
    finally:
        await consumer.stop()


async def test_a_transaction_is_read_whole_or_not_at_all(kafka: Kafka) -> None:
    await _create(kafka.bootstrap, "test_kafka.transaction")
    async with _producer(kafka.bootstrap, transactional_id="test_kafka") as producer:
        async with producer.transaction():
            await producer.send_and_wait("test_kafka.transaction", b"kept")
        await producer.begin_transaction()
        await producer.send_and_wait("test_kafka.transaction", b"dropped")
        await producer.abort_transaction()

    assert await _values(kafka.bootstrap, "test_kafka.transaction") == [b"kept"]


async def test_a_record_of_5_megabytes_is_refused(kafka: Kafka) -> None:
    await _create(kafka.bootstrap, "test_kafka.large")
    async with _producer(kafka.bootstrap, max_request_size=10 << 20) as producer:
        with pytest.raises(MessageSizeTooLargeError):
            await producer.send_and_wait("test_kafka.large", b"x" * (5 << 20))


async def test_a_topic_that_nobody_declared_is_not_made_by_asking(kafka: Kafka) -> None:
    async with _producer(kafka.bootstrap, request_timeout_ms=1000) as producer:
        with pytest.raises(UnknownTopicOrPartitionError):
            await producer.partitions_for("test_kafka.misspelt")


def test_a_port_in_use_is_said_in_a_sentence(tmp_path: Path, kafka: Kafka) -> None:
    with pytest.raises(NotReady, match=f"Kafka cannot use port {kafka.port}"):
        Kafka(tmp_path, kafka.port).start()


def test_too_little_memory_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match=r"Kafka needs \d+ MB of memory and only \d+ MB can be had"):
        Kafka(tmp_path, heap_mb=100_000_000).start()


def test_a_broker_that_dies_while_starting_shows_the_end_of_its_log(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match=r"(?s)failed \(exit code 1\); .*kafka.log ends:.*num.io.threads"):
        Kafka(tmp_path, settings={"num.io.threads": "none"}).start()


async def test_what_was_written_survives_a_crash_and_a_start_on_the_same_port(tmp_path: Path) -> None:
    with Kafka(tmp_path, heap_mb=256) as broker:
        await _create(broker.bootstrap, "kept")
        async with _producer(broker.bootstrap) as producer:
            await producer.send_and_wait("kept", b"1")
            broker.kill()
            assert not broker.running
            broker.start()
            await producer.send_and_wait("kept", b"2")

        assert await _values(broker.bootstrap, "kept") == [b"1", b"2"]
        broker.kill()


@pytest.mark.timeout(240)
async def test_three_brokers_go_on_without_one_and_take_it_back(tmp_path: Path) -> None:
    with Cluster(tmp_path, 3, heap_mb=256) as cluster:
        await _create(cluster.bootstrap, "safe", copies=3)
        async with _producer(cluster.bootstrap, acks="all") as producer:
            await producer.send_and_wait("safe", b"1")
            cluster.brokers[0].kill()
            await producer.send_and_wait("safe", b"2")
            cluster.brokers[0].start()
            await producer.send_and_wait("safe", b"3")

        assert await _values(cluster.bootstrap, "safe") == [b"1", b"2", b"3"]
