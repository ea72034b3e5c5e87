"""A worker with 200,000 open requests: how long it restores them, and how much memory they take."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

from ioc.events.base import AnyEvent
from streams.bench import input as inputs
from streams.bench.bench import Bench
from streams.bench.live import LiveWorker, prepare, publish
from streams.bench.readings import Goal, Row

KEYS = 200_000
RESTORE, MEMORY = Goal("<=", 10), Goal("<=", 150)


def many_keys(bench: Bench) -> list[Row]:
    """State made by a real worker from real events; then the worker is killed and another takes over."""
    space, fold = f"{bench.space}-many", "request"
    asyncio.run(prepare(bench.kafka.bootstrap, space))
    with LiveWorker(bench, space, "driven", "many") as worker:
        worker.wait_until_ready()
        empty = worker.memory()
        bench.say(f"many-keys: an empty worker has {empty:.0f} MB; writing {KEYS:,} requests")
        asyncio.run(publish(bench.kafka.bootstrap, space, _story()))
        worker.wait_for(fold, KEYS)
        busy = worker.memory()
        bench.say(f"  after {KEYS:,} requests it has {busy:.0f} MB; it is killed and started again")
    with LiveWorker(bench, space, "driven", "many") as worker:
        started = worker.wait_until_ready()
        slowest = worker.figure("ioc_restore_seconds", fold, largest=True)
        restored = worker.memory()
        bench.say(f"  ready {started:.1f} s after its start, partitions restored in {slowest:.1f} s")
    return [
        Row("restore", "ours, from start to ready", value=started, unit="s", goal=RESTORE),
        Row("restore", "ours, slowest partition", value=slowest, unit="s", goal=RESTORE),
        Row("memory", "ours, restored", value=restored - empty, unit="MB above empty", goal=MEMORY),
        Row("memory", "ours, at work", value=busy - empty, unit="MB above empty", goal=MEMORY),
    ]


def _story() -> Iterator[AnyEvent]:
    """One request a second; none is due before the end, so that all are open and none rings."""
    due = inputs.START + timedelta(days=90)
    for number in range(KEYS):
        yield inputs.request(f"PA-2026-{number:06}", number, inputs.START + number * timedelta(seconds=1), due)
