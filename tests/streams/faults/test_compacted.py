"""Changelogs that the broker compacts while they are written: what is left of them is all that a takeover needs."""

import asyncio
import time
from itertools import count
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from ioc.folds import FOLDS
from streams import topics
from streams.embedded.kafka import Kafka
from streams.ledger import reader
from streams.names import changelog_name
from tests.streams.faults.field import Field, Oracle
from tests.streams.faults.stories import told

pytestmark = pytest.mark.fault
_number = count(1)
#: A new segment as often as it goes, and each of them compacted soon.
EAGER = {"segment.ms": "500", "segment.bytes": "1048576", "delete.retention.ms": "0"}


@pytest.mark.timeout(400)
async def test_a_worker_takes_over_from_compacted_changelogs(kafka: Kafka, tmp_path: Path) -> None:
    events = told(91, 4000)
    oracle = asyncio.get_running_loop().run_in_executor(None, Oracle, events)
    async with Field(kafka.bootstrap, f"compacted{next(_number)}", tmp_path, 91) as field:
        logs = {changelog_name(field.place.space, fold): fold.inbox.partitions for fold in FOLDS}
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
        await admin.start()
        declared = {shape.name: shape.config for shape in topics.shapes(field.place.space)}
        await admin.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, name, {**declared[name], **EAGER}) for name in logs]
        )
        await admin.close()
        field.start("a")
        async with asyncio.TaskGroup() as group:
            group.create_task(field.publish(events, seconds=200))
            left = await compacted(kafka.bootstrap, logs)
            await field.kill("a")
            field.hurry.set()
        verdict = await field.judged(await oracle, events[-1].at)
    print(f"records left of those written: {left:.0%}")
    assert verdict.right, verdict


async def compacted(bootstrap: str, logs: dict[str, int], patience: float = 120) -> float:
    """Wait until the broker has thrown away a third of what was written; the share that is left."""
    parts = [TopicPartition(name, number) for name, total in logs.items() for number in range(total)]
    deadline = time.monotonic() + patience
    while True:
        async with reader(bootstrap, *parts) as consumer:
            found = 0
            while records := await consumer.getmany(*parts, timeout_ms=1000):
                found += sum(map(len, records.values()))
            ends = sum([await consumer.position(part) for part in parts])
        if ends > 1000 and found < ends * 2 / 3:
            return float(found / ends)
        assert time.monotonic() < deadline, f"{found} records are left of {ends} offsets"
        await asyncio.sleep(2)
