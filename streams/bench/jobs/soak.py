"""Half an hour at an even pace: does a worker's memory stay flat?"""

import asyncio
import time
from statistics import linear_regression, mean

from streams.bench import input as inputs
from streams.bench.bench import Bench
from streams.bench.jobs.latency import produce
from streams.bench.live import LiveWorker, prepare
from streams.bench.readings import Goal, Row

RATE = 2000
MINUTES = 30.0
#: Before that, caches and the memory allocator still fill.
SETTLED = 5.0
EVERY = 10.0
#: What the noise of an allocator may look like, as a share of what the worker has.
FLAT = Goal("<=", 0.03)


def soak(bench: Bench) -> list[Row]:
    """A whole worker in a wall space, with all detectors; memory from its fifth minute on."""
    bench.say(f"soak: {RATE:,} events/s for {MINUTES:.0f} minutes over {inputs.KEYS:,} keys")
    space = f"{bench.space}-soak"
    asyncio.run(prepare(bench.kafka.bootstrap, space))
    with LiveWorker(bench, space, "wall", "soak", nth=50) as worker:
        worker.wait_until_ready()
        seen = asyncio.run(_watch(bench, space, worker))
        done = worker.figure("ioc_events_total", "request")
    minutes, memory = zip(*((at, held) for at, held in seen if at >= SETTLED), strict=True)
    growth = linear_regression(minutes, memory).slope * (minutes[-1] - minutes[0])
    return [
        Row("soak", "ours, events applied", value=done / 1e6, unit="million"),
        Row("soak", "ours, memory", value=mean(memory), unit="MB", spread=(min(memory), max(memory))),
        Row("soak", "ours, growth by the straight line", value=growth / mean(memory), unit="of it", goal=FLAT),
    ]


async def _watch(bench: Bench, space: str, worker: LiveWorker) -> list[tuple[float, float]]:
    """(minutes, mebibytes) every ten seconds."""
    begun, seen, said = time.monotonic(), list[tuple[float, float]](), 0.0
    producing = asyncio.create_task(produce(bench.kafka.bootstrap, space, RATE, MINUTES * 60))
    while not producing.done():
        await asyncio.sleep(EVERY)
        seen.append(((time.monotonic() - begun) / 60, worker.memory()))
        if seen[-1][0] - said >= 1:
            said = seen[-1][0]
            bench.say(f"  {said:4.1f} min: {seen[-1][1]:.1f} MB")
    await producing
    return seen
