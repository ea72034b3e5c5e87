"""Topics: created as declared, and a worker does not start on others."""

import asyncio
from itertools import count

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

import detectors
from streams import topics
from streams.embedded.kafka import Kafka
from streams.embedded.ports import free_port

_number = count(1)


async def test_what_is_missing_is_created_once(kafka: Kafka) -> None:
    space = f"topics{next(_number)}"
    with pytest.raises(topics.WrongShape, match=f"ioc topics apply --space {space}"):
        await topics.verify(kafka.bootstrap, space)
    assert set(await topics.apply(kafka.bootstrap, space)) == {shape.name for shape in topics.shapes(space)}
    assert await topics.apply(kafka.bootstrap, space) == []
    await topics.verify(kafka.bootstrap, space)


async def test_two_who_apply_at_once_do_not_hinder_one_another(kafka: Kafka) -> None:
    space = f"topics{next(_number)}"
    await asyncio.gather(*(topics.apply(kafka.bootstrap, space) for _ in range(3)))
    await topics.verify(kafka.bootstrap, space)


async def test_another_shape_is_told_and_not_used(kafka: Kafka) -> None:
    space = f"topics{next(_number)}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(f"{space}.dossiers", 7, 1)])
        with pytest.raises(topics.WrongShape, match=r"dossiers has 7 partitions and is declared with 4"):
            await topics.apply(kafka.bootstrap, space)
        other = f"topics{next(_number)}"
        await topics.apply(kafka.bootstrap, other)
        name = f"{other}.station.changelog"
        change = ConfigResource(ConfigResourceType.TOPIC, name, configs={"cleanup.policy": "delete"})
        await admin.alter_configs([change])
        async with asyncio.timeout(20):
            while True:
                try:
                    await topics.verify(kafka.bootstrap, other)
                except topics.WrongShape as wrong:
                    assert f"{name} has cleanup.policy=delete and is declared with compact" in str(wrong)
                    break
                await asyncio.sleep(0.1)
    finally:
        await admin.close()


async def test_a_broker_that_is_not_there_is_waited_for_aloud(capfd: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(3):
            await topics.wait_for_broker(f"127.0.0.1:{port}")
    assert f"ioc: waiting for Kafka at 127.0.0.1:{port} (0 s)" in capfd.readouterr().err


def test_every_topic_that_a_detector_writes_to_is_created() -> None:
    """Else the first event for it ends the worker. An agency's topic is added by its district."""
    created = {shape.name for shape in topics.shapes("x")}
    written = {topic.name for spec in detectors.ALL for topic in spec.emits} - {"alerts.agency"}

    assert {f"x.{name}" for name in written} <= created
