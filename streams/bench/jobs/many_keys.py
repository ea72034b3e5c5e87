"""A worker with 200,000 open requests: how long it restores them, and how much memory they take."""

import asyncio

from ioc.events.requests import REQUESTS
from streams import topics
from streams.bench import input as inputs
from streams.bench.bench import Bench
from streams.bench.live import LiveWorker, partitions
from streams.bench.readings import Goal, Row
from streams.names import topic_name

KEYS = 200_000
RESTORE, MEMORY = Goal("<=", 10), Goal("<=", 150)


def many_keys(bench: Bench) -> list[Row]:
    """State made by a real worker from real events; then the worker is killed and another takes over."""
    space, fold = f"{bench.space}-many", "request"
    asyncio.run(topics.apply(bench.kafka.bootstrap, space))
    with LiveWorker(bench, space, "driven", "many") as worker:
        worker.wait_until_ready()
        empty = worker.memory()
        bench.say(f"many-keys: an empty worker has {empty:.0f} MB; writing {KEYS:,} requests")
        asyncio.run(_fill(bench, space))
        worker.wait_for(fold, KEYS)
        busy = worker.memory()
        bench.say(f"  after {KEYS:,} requests it has {busy:.0f} MB; it is killed and started again")
    with LiveWorker(bench, space, "driven", "many") as worker:
        started = worker.wait_until_ready()
        slowest = worker.figure("ioc_restore_seconds", fold, largest=True)
        keys, restored = worker.figure("ioc_keys", fold), worker.memory()
        bench.say(f"  ready {started:.1f} s after its start, partitions restored in {slowest:.1f} s ({keys:.0f} keys)")
    return [
        Row("restore", "ours, from start to ready", value=started, unit="s", goal=RESTORE),
        Row("restore", "ours, slowest partition", value=slowest, unit="s", goal=RESTORE),
        Row("memory", "ours, restored", value=restored - empty, unit="MB above empty", goal=MEMORY),
        Row("memory", "ours, at work", value=busy - empty, unit="MB above empty", goal=MEMORY),
    ]


async def _fill(bench: Bench, space: str) -> None:
    events = (inputs.request(f"PA-2026-{n:06}", n, inputs.START + n * inputs.STEP) for n in range(KEYS))
    topic = topic_name(space, REQUESTS)
    await inputs.fill(bench.kafka.bootstrap, topic, partitions(space)[topic], inputs.whole(events))
