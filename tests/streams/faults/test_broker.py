"""The broker late, stopped, slow, and one of three gone: processing goes on, or goes on again by itself."""

import asyncio
import signal
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from streams import topics
from streams.embedded.kafka import Cluster, Kafka
from streams.embedded.not_ready import last_lines
from tests.streams.faults.field import Field, Oracle
from tests.streams.faults.stories import told

pytestmark = pytest.mark.fault


@pytest.mark.timeout(400)
async def test_a_broker_late_slow_and_stopped_under_load(tmp_path: Path) -> None:
    events = told(61, 3000)
    oracle = asyncio.get_running_loop().run_in_executor(None, Oracle, events)
    with Kafka(tmp_path / "kafka", heap_mb=384) as kafka:
        await topics.apply(kafka.bootstrap, "broker")
        kafka.stop()
        field = Field(kafka.bootstrap, "broker", tmp_path, 61)
        early = field.start("a")
        await _says(early.log_path, "waiting for Kafka at")
        kafka.start()
        async with field:
            field.start("b")
            async with asyncio.TaskGroup() as group:
                group.create_task(field.publish(events, seconds=300))
                await field.processed(0.01, events)
                assert not field.verdict.restarts, "who waits for the broker needs no new start"
                for seconds in (3, 12):  # within a session, and beyond it
                    kafka.signal(signal.SIGSTOP)
                    await asyncio.sleep(seconds)
                    kafka.signal(signal.SIGCONT)
                    await asyncio.sleep(5)
                for end in (kafka.stop, kafka.kill):
                    await asyncio.to_thread(end)
                    await asyncio.sleep(3)
                    await asyncio.to_thread(kafka.start)
                    await asyncio.sleep(8)
                field.hurry.set()
            verdict = await field.judged(await oracle, events[-1].at)
    assert verdict.right, verdict


async def _says(log: Path, words: str) -> None:
    async with asyncio.timeout(60):
        while words not in "".join(last_lines(log)):  # noqa: ASYNC110  # a file tells nobody
            await asyncio.sleep(0.1)


@pytest.mark.timeout(400)
async def test_one_of_three_brokers_is_killed_and_processing_goes_on(tmp_path: Path) -> None:
    events = told(71, 1500)
    oracle = asyncio.get_running_loop().run_in_executor(None, Oracle, events)
    with Cluster(tmp_path / "kafka", heap_mb=384) as cluster:
        async with Field(cluster.bootstrap, "three", tmp_path, 71, replication=3) as field:
            field.start("a")
            async with asyncio.TaskGroup() as group:
                group.create_task(field.publish(events, seconds=300))
                await field.processed(0.02, events)
                assert await copies(cluster.bootstrap) == {3}, "topics of agencies too, which the worker has added"
                await asyncio.to_thread(cluster.brokers[1].kill)
                field.verdict.faults["broker killed"] += 1
                await field.processed(0.06, events)
                field.hurry.set()
            verdict = await field.judged(await oracle, events[-1].at)
    assert verdict.right, verdict


async def copies(bootstrap: str) -> set[int]:
    """On how many brokers the topics lie, all of them."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        described = await admin.describe_topics()
        return {len(each["replicas"]) for topic in described for each in topic["partitions"]}
    finally:
        await admin.close()
