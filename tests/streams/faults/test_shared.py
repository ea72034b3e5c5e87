"""Workers that come and go under load, one of them killed; a new version with one more topic rolls in."""

import asyncio
from itertools import count
from pathlib import Path
from random import Random

import pytest

from streams.embedded.kafka import Kafka
from tests.streams.faults.field import RUNS, Field, Oracle
from tests.streams.faults.stories import told

pytestmark = pytest.mark.fault

_number = count(1)
OLD_MAIN = Path(__file__).with_name("old_worker_main.py")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(41, 41 + RUNS))
async def test_workers_join_and_leave_under_load_and_one_is_killed(kafka: Kafka, tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    print(f"seed {seed}")
    events = told(seed, 6000)
    oracle = asyncio.get_running_loop().run_in_executor(None, Oracle, events)
    async with Field(kafka.bootstrap, f"shared{next(_number)}", tmp_path, seed) as field:
        field.start("a")
        async with asyncio.TaskGroup() as group:
            group.create_task(field.publish(events, seconds=300))
            await field.processed(0.01, events)
            field.start("b")
            await asyncio.sleep(chance.uniform(2, 10))
            field.start("c")
            await asyncio.sleep(chance.uniform(2, 10))
            await field.kill("b")
            await asyncio.sleep(chance.uniform(0, 3))
            await field.leave("a")
            await asyncio.sleep(chance.uniform(0, 3))
            await field.leave("c")
            field.hurry.set()
        verdict = await field.judged(await oracle, events[-1].at)
    assert verdict.right, verdict
    assert not field.said(), "nobody ends but who was told to"


@pytest.mark.timeout(300)
async def test_a_new_version_with_one_more_topic_rolls_in(kafka: Kafka, tmp_path: Path) -> None:
    """Old workers know nothing of the stations' topic; its events wait for the first new one."""
    events = told(51, 6000)
    oracle = asyncio.get_running_loop().run_in_executor(None, Oracle, events)
    async with Field(kafka.bootstrap, f"rolled{next(_number)}", tmp_path, 51) as field:
        field.start("a", main=OLD_MAIN)
        field.start("b", main=OLD_MAIN)
        async with asyncio.TaskGroup() as group:
            group.create_task(field.publish(events, seconds=300))
            await field.recovered()
            await asyncio.sleep(12)
            for name in ("a", "b"):
                await field.leave(name)
                field.start(name)
                await asyncio.sleep(6)
            field.hurry.set()
        verdict = await field.judged(await oracle, events[-1].at)
    assert verdict.right, verdict
