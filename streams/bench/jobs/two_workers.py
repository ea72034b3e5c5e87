"""Two workers against one, on twice the partitions: does an event cost the same?"""

import asyncio
import time
from pathlib import Path
from statistics import median

from streams.bench import input as inputs
from streams.bench.bench import Bench, BenchFailed, System
from streams.bench.jobs.keyed import prepare
from streams.bench.readings import Goal, Reading, Row
from streams.bench.watched import HOLDS
from streams.embedded.leash import Leashed

PARTITIONS = 2 * inputs.PARTITIONS
READY_WITHIN = 60.0


def two_workers(bench: Bench) -> list[Row]:
    """The keyed job by one worker and by two, in turn; what counts is CPU an event."""
    single, double = list[Reading](), list[Reading]()
    for number in range(bench.rounds):
        bench.say(f"two-workers: round {number + 1} of {bench.rounds}")
        for workers, readings in ((1, single), (2, double)) if number % 2 == 0 else ((2, double), (1, single)):
            readings.append(_measure(bench, f"{bench.space}-crew-{number}-{workers}", workers))
    ratios = [two.cost / one.cost for one, two in zip(single, double, strict=True)]
    return [
        Row(
            "two-workers", "one worker", median(each.rate for each in single), median(each.cost for each in single)
        ),
        Row(
            "two-workers",
            "two workers",
            median(each.rate for each in double),
            median(each.cost for each in double),
            spread=(min(ratios), max(ratios)),
            value=median(ratios),
            unit="× the CPU",
            goal=Goal("<=", 1.05),
        ),
    ]  # fmt: skip


def _measure(bench: Bench, space: str, workers: int) -> Reading:
    """All workers hold their partitions before the first begins; each ends when nothing comes any more."""
    system = System(f"{workers} workers" if workers > 1 else "1 worker", "streams.bench.systems.keyed")
    given = asyncio.run(prepare(bench, space, PARTITIONS, []))
    gate = bench.directory / f"{space}.gate"
    args = {**given, "gate": str(gate), "until_idle": True, "warm_up": bench.warm_up // workers}
    processes = [bench.start(system, **args) for _ in range(workers)]
    _wait(processes, PARTITIONS // workers)
    gate.touch()
    parts = [bench.finish(system, process) for process in processes]
    events = sum(part.events for part in parts)
    return Reading(events, max(part.seconds for part in parts), sum(part.cpu_seconds for part in parts))


def _wait(processes: list[Leashed], each: int) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while [_holds(process.log_path) for process in processes] != [each] * len(processes):
        if time.monotonic() > deadline or any(process.poll() is not None for process in processes):
            raise BenchFailed(f"{len(processes)} workers did not come to hold {each} partitions each")
        time.sleep(0.1)


def _holds(log: Path) -> int:
    said = [line for line in log.read_text().splitlines() if line.startswith(HOLDS)]
    return int(said[-1].removeprefix(HOLDS)) if said else 0
