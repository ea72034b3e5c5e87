"""A recording of the demo's mix, replayed: by CPU, in two processes, and as long as it likes in the same memory."""

from itertools import chain, islice
from pathlib import Path
from statistics import median

from ioc import district as districts
from ioc.demo import day
from ioc.demo.times import SPEED, START
from ioc.recording import clocked
from streams.bench.bench import Bench, System
from streams.bench.jobs.demo_mix import SEED
from streams.bench.live import DISTRICT
from streams.bench.readings import Goal, Reading, Row
from streams.bench.recording import recording_of
from streams.publish import step_of

BY_CPU, TWICE, MEMORY = Goal(">=", 100_000), Goal(">=", 1.7), Goal("<=", 1024)


def replay(bench: Bench) -> list[Row]:
    """Rates are events a second of CPU; ``two jobs`` is wall time; memory is of one process."""
    few, many = (_recorded(bench, count) for count in (bench.events // 10, bench.events))
    one, two, short = list[Reading](), list[Reading](), list[Reading]()
    memory = bench.directory / "memory"
    for number in range(bench.rounds):
        bench.say(f"replay: round {number + 1} of {bench.rounds}")
        for jobs, readings in ((1, one), (2, two)):
            system = System(f"replay, {jobs} jobs", "streams.bench.systems.replay")
            more = {"recording": str(many), "jobs": jobs, "memory": str(memory)}
            readings.append(bench.measure(system, **more))
            if jobs == 1:
                used = float(memory.read_text())
        system = System("replay, a tenth", "streams.bench.systems.replay", at_most=bench.events // 10)
        short.append(bench.measure(system, recording=str(few), jobs=1, memory=str(memory)))
    rates = [1e6 / reading.cost for reading in one]
    ratios = [a.seconds / b.seconds for a, b in zip(one, two, strict=True)]
    longer = median(reading.cost for reading in one) / median(reading.cost for reading in short)
    return [
        Row("replay", "ours, all detectors", None, median(reading.cost for reading in one), value=median(rates),
            unit="events/s CPU", spread=(min(rates), max(rates)), goal=BY_CPU),
        Row("replay", "two jobs to one, wall time", value=median(ratios), unit="×",
            spread=(min(ratios), max(ratios)), goal=TWICE),
        Row("replay", f"cost of {bench.events:,} events to that of a tenth", value=longer, unit="×"),
        Row("replay", f"memory at {bench.events:,} events", value=used, unit="MiB", goal=MEMORY),
    ]  # fmt: skip


def _recorded(bench: Bench, count: int) -> Path:
    path = bench.directory / f"replay-{count}.jsonl.zst"
    if not path.exists():
        bench.say(f"replay: telling and recording {count:,} events")
        district = districts.load(DISTRICT)
        parts = (day.before, day.day, day.after)
        story = islice(chain.from_iterable(part(district, SEED, START) for part in parts), count)
        recording_of(path, clocked(story, step=step_of(SPEED)))
    return path
