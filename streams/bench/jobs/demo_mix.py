"""All detectors on the demo's own mix of events, with every consequence: routes, queues, alerts, figures."""

import asyncio
from itertools import chain, islice

import detectors
from ioc import district as districts
from ioc.demo import day
from ioc.demo.times import START
from streams.bench.bench import Bench, System
from streams.bench.live import DISTRICT, partitions, prepare, publish
from streams.bench.readings import Goal, Reading, Row, alone

GOAL = Goal(">=", 25_000)
SEED = 7


def demo_mix(bench: Bench) -> list[Row]:
    """The days before, the day, and as much of the time after as there are events wanted."""
    system = System("ours", "streams.bench.systems.demo_mix")
    readings = list[Reading]()
    for number in range(bench.rounds):
        space = f"{bench.space}-mix-{number}"
        bench.say(f"demo-mix: round {number + 1} of {bench.rounds}; telling and publishing the story")
        published = asyncio.run(_publish(bench, space, bench.warm_up + bench.events))
        bench.say(f"  {published:,} events and ticks are published")
        readings.append(bench.measure(system, space=space, topics=partitions(space)))
    return [alone("demo-mix", f"ours, {len(detectors.ALL) - 1} detectors", readings, GOAL)]


async def _publish(bench: Bench, space: str, count: int) -> int:
    await prepare(bench.kafka.bootstrap, space)
    district = districts.load(DISTRICT)
    parts = (day.before, day.day, day.after)
    story = islice(chain.from_iterable(part(district, SEED, START) for part in parts), count)
    return await publish(bench.kafka.bootstrap, space, story)
