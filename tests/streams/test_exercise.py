"""An exercise is played beside the live system, marked everywhere, and taken away without a trace."""

import asyncio
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
import redis as client
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from ioc import recording
from ioc.read_model import SPACES
from streams.embedded.kafka import Kafka
from streams.embedded.redis import Redis
from streams.exercise import BadName, space_of
from streams.ledger import reader
from tests.live import IOC, ioc
from tests.streams.faults.stories import story

SPACE = "exercise-bao-so-5"


async def topics(kafka: Kafka) -> set[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        return {name for name in await admin.list_topics() if name.startswith(f"{SPACE}.")}
    finally:
        await admin.close()


async def marks(kafka: Kafka, topic: str) -> set[bytes | None]:
    """What the records of a topic say of themselves, ticks left out."""
    partitions = [TopicPartition(f"{SPACE}.{topic}", number) for number in range(4)]
    found: set[bytes | None] = set()
    async with reader(kafka.bootstrap, *partitions) as consumer:
        ends = await consumer.end_offsets(partitions)
        while any([await consumer.position(tp) < ends[tp] for tp in partitions]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                heads = [dict(record.headers) for record in records if record.key]
                found |= {head.get("ce_iocexercise") for head in heads}
    return found


@pytest.mark.timeout(240)
def test_an_exercise_is_shown_marked_and_taken_away(kafka: Kafka, redis_server: Redis, tmp_path: Path) -> None:
    told = tmp_path / "story.jsonl"
    recording.write(told, story(5, 600))
    where = ["--bootstrap", kafka.bootstrap, "--redis", redis_server.url]
    command = [*IOC, "publish", str(told), "--as", "exercise", "bao-so-5", "--district", "bac_tra_my"]
    server = client.Redis.from_url(redis_server.url, decode_responses=True)
    process = subprocess.Popen([*command, "--speed", "max", *where], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 120
        while not server.exists(f"ioc:{SPACE}:open") and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.5)
        assert server.exists(f"ioc:{SPACE}:open"), process.poll()
        assert '"mode":"exercise"' in str(server.get(f"ioc:{SPACE}:space"))
        assert asyncio.run(marks(kafka, "dossiers")) == asyncio.run(marks(kafka, "alerts.events")) == {b"bao-so-5"}
        assert "bao-so-5" in ioc("exercise", "list", "--redis", redis_server.url)
        os.kill(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
    finally:
        process.kill()

    assert "exercise bao-so-5 has ended" in ioc("exercise", "end", "bao-so-5", *where)
    assert SPACE not in server.smembers(SPACES)
    assert list(server.scan_iter(f"ioc:{SPACE}:*")) == []
    deadline = time.monotonic() + 30
    while asyncio.run(topics(kafka)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert asyncio.run(topics(kafka)) == set()


@pytest.mark.parametrize("run", ["", "Bão", "a b", "x" * 41, "../wall", "-a"])
def test_a_name_that_is_none_is_refused(run: str) -> None:
    with pytest.raises(BadName, match="small letters"):
        space_of(run)
