"""``kill -9`` at random moments and at named points: nothing is missing, nothing is told twice."""

import asyncio
from itertools import count
from pathlib import Path
from random import Random

import pytest

from streams.embedded.kafka import Kafka
from tests.streams.faults.field import RUNS, Field, Oracle
from tests.streams.faults.stories import told
from tests.streams.faults.worker_main import POINTS

_number = count(1)
#: In CI's share of the runs; twenty and more with IOC_FAULT_RUNS.
KILLS = 6 if RUNS == 1 else 20


async def test_nothing_happens_without_faults(kafka: Kafka, tmp_path: Path) -> None:
    events = told(1, 4000)
    async with Field(kafka.bootstrap, f"calm{next(_number)}", tmp_path, 1) as field:
        field.start("a")
        await field.publish(events, seconds=3)
        await field.done(events[-1].at)
        assert field.judge(Oracle(events)).right


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(11, 11 + RUNS))
async def test_two_workers_killed_at_random_and_at_every_point(kafka: Kafka, tmp_path: Path, seed: int) -> None:
    """Half of the kills come at any moment, half where a transaction is in an awkward place."""
    chance = Random(seed)
    print(f"seed {seed}")
    events = told(seed, 10_000 if RUNS == 1 else 200_000)
    oracle = asyncio.get_running_loop().run_in_executor(None, Oracle, events)
    async with Field(kafka.bootstrap, f"killed{next(_number)}", tmp_path, seed) as field:
        points = [f"kill@{point}:{chance.randrange(1, 9)}" for point in POINTS]
        chance.shuffle(points)
        field.start("a")
        field.start("b")
        async with asyncio.TaskGroup() as group:
            group.create_task(field.publish(events, seconds=KILLS * 40))
            while field.verdict.restarts < KILLS:
                name = chance.choice(("a", "b"))
                if points:
                    field.arm(name, points.pop())
                await field.kill(name)
                await field.recovered()
                await asyncio.sleep(chance.uniform(0, 2))
            field.hurry.set()
        await field.done(events[-1].at, patience=200)
        verdict = field.judge(await oracle)
    assert verdict.right, verdict
