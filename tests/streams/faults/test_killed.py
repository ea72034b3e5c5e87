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
KILLS = 5 if RUNS == 1 else 20


@pytest.mark.timeout(600 if RUNS == 1 else 2400)
@pytest.mark.parametrize("seed", range(11, 11 + RUNS))
async def test_two_workers_killed_at_random_and_at_every_point(kafka: Kafka, tmp_path: Path, seed: int) -> None:
    """Half of the kills come at any moment, half where a transaction is in an awkward place."""
    chance = Random(seed)
    print(f"seed {seed}")
    events = told(seed, 6000 if RUNS == 1 else 200_000)
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
        verdict = await field.judged(await oracle, events[-1].at, patience=200 if RUNS == 1 else 900)
    assert verdict.right, verdict


@pytest.mark.timeout(300)
async def test_after_a_kill_alerts_come_again_within_seconds(kafka: Kafka, tmp_path: Path) -> None:
    """One worker, so that nobody else can speak; the seconds include the start of a Python with all its imports."""
    events = told(21, 4000)
    async with Field(kafka.bootstrap, f"back{next(_number)}", tmp_path, 21) as field:
        field.start("a")
        async with asyncio.TaskGroup() as group:
            group.create_task(field.publish(events, seconds=200))
            for share in (0.02, 0.06):
                await field.processed(share, events)
                await field.kill("a")
                await field.recovered()
            field.hurry.set()
        verdict = await field.judged(Oracle(events), events[-1].at)
    assert verdict.right, verdict
    assert max(verdict.recovered_in) < 30, verdict
