"""A worker that stops for longer than its session, and then goes on as if nothing had been: it may write nothing."""

import asyncio
import signal
from itertools import count
from pathlib import Path
from random import Random

import pytest

from streams.embedded.kafka import Kafka
from tests.streams.faults.field import RUNS, Field, Oracle
from tests.streams.faults.stories import told

pytestmark = pytest.mark.fault

_number = count(1)
SESSION = 8.0
#: Where a transaction is open: with outputs in it, with all in it, and one committed unheard.
POINTS = ("commit", "outputs", "committed", "state", "begun")


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("seed", "point"), [(31 + n, point) for n, point in enumerate(POINTS[: 1 + 4 * (RUNS > 1)])])
async def test_a_frozen_worker_is_fenced(kafka: Kafka, tmp_path: Path, seed: int, point: str) -> None:
    """First inside a transaction, its partitions being taken meanwhile; then the other one, anywhere."""
    chance = Random(seed)
    print(f"seed {seed}")
    events = told(seed, 6000)
    oracle = asyncio.get_running_loop().run_in_executor(None, Oracle, events)
    async with Field(kafka.bootstrap, f"frozen{next(_number)}", tmp_path, seed) as field:
        field.start("a", f"stop@{point}:{chance.randrange(20, 60)}")
        field.start("b")
        async with asyncio.TaskGroup() as group:
            group.create_task(field.publish(events, seconds=300))
            await field.frozen("a")
            await _all_move_on(field)
            field.workers["a"].signal(signal.SIGCONT)
            await asyncio.sleep(chance.uniform(0, 4))
            field.workers["b"].signal(signal.SIGSTOP)
            await field.frozen("b")
            await _all_move_on(field)
            field.workers["b"].signal(signal.SIGCONT)
            field.hurry.set()
        verdict = await field.judged(await oracle, events[-1].at)
    assert verdict.right, verdict
    assert verdict.faults["freeze"] == 2


async def _all_move_on(field: Field) -> None:
    """Wait until no partition is the frozen worker's any more."""
    await asyncio.sleep(SESSION)
    then = field.reader.watermarks()
    newest = max(at for at in then.values() if at is not None)
    await field.done(newest)
