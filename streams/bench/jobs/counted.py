"""JSON decoded and counted; and the same with pydantic's validation against peers that do without."""

import asyncio
from collections.abc import Sequence

from streams.bench import input as inputs
from streams.bench.bench import Bench, System
from streams.bench.readings import Goal, Reading, Row, against, alone

OURS = "ours"
#: Stock Faust takes so long that it is given fewer events; its rate is per event all the same.
STOCK_EVENTS = 20_000

QUIX, BYTEWAX = "streams.bench.peers.quix_json", "streams.bench.peers.bytewax_json"


def json_counted(bench: Bench) -> list[Row]:
    """JSON decoded, counted, through a Faust agent."""
    return _run(
        bench,
        "json",
        [
            System(OURS, "streams.bench.systems.faust_batches", {"validate": False}),
            System("bare aiokafka", "streams.bench.systems.bare_aiokafka", goal=Goal(">=", 0.6)),
            System("stock Faust", "streams.bench.systems.faust_stock", goal=Goal(">=", 15), at_most=STOCK_EVENTS),
            System("Quix Streams", QUIX, goal=Goal(">=", 2)),
            System("Bytewax", BYTEWAX, goal=Goal(">=", 1)),
        ],
    )


def validated(bench: Bench) -> list[Row]:
    """Ours validates every event with pydantic; the peers decode plain dicts."""
    return _run(
        bench,
        "validated",
        [
            System(OURS, "streams.bench.systems.faust_batches", {"validate": True}),
            System("Quix Streams", QUIX, goal=Goal(">=", 1.3)),
            System("Bytewax", BYTEWAX),
        ],
    )


def _run(bench: Bench, job: str, systems: Sequence[System]) -> list[Row]:
    total = bench.warm_up + bench.events
    topic = f"{bench.space}-{job}"
    bench.say(f"{job}: writing {total:,} events to {inputs.PARTITIONS} partitions")
    asyncio.run(_fill(bench, topic, total))
    readings = bench.alternate(job, systems, lambda _: {"topic": topic, "partitions": inputs.PARTITIONS})
    asyncio.run(inputs.drop(bench.kafka.bootstrap, [topic]))
    return rows(job, bench.here(systems), readings)


async def _fill(bench: Bench, topic: str, total: int) -> None:
    await inputs.create(bench.kafka.bootstrap, {topic: inputs.PARTITIONS})
    await inputs.fill(bench.kafka.bootstrap, topic, inputs.PARTITIONS, inputs.plain(inputs.requests(total)))


def rows(job: str, systems: Sequence[System], readings: dict[str, list[Reading]]) -> list[Row]:
    """Ours first, then each of the others with ours in comparison."""
    ours = readings[OURS]
    others = [
        against(job, system.name, readings[system.name], ours, system.goal) for system in systems if system.name != OURS
    ]
    return [alone(job, OURS, ours), *others]
