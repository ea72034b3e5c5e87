"""State by key with its changelog, alerts out, exactly once: ours and Quix Streams, held to the same output."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson
from aiokafka import TopicPartition

from ioc.alerts.alert import ALERTS_INBOX, Raised, Words2
from streams.bench import input as inputs
from streams.bench.bench import Bench, BenchFailed, System
from streams.bench.every import EVERY, FOLD, KIND, SPEC
from streams.bench.jobs.counted import OURS, rows
from streams.bench.readings import Goal, Row
from streams.ledger import reader
from streams.names import DEAD_LETTERS, changelog_name, topic_name

SYSTEMS = [
    System(OURS, "streams.bench.systems.keyed"),
    System(
        "Quix at-least-once",
        "streams.bench.peers.quix_keyed",
        {"guarantee": "at-least-once"},
        Goal(">=", 1.5),
    ),
    System(
        "Quix exactly-once",
        "streams.bench.peers.quix_keyed",
        {"guarantee": "exactly-once"},
        Goal(">=", 2),
    ),
]
#: A transaction that somebody left open ends by itself within this, seconds.
PATIENCE = 60.0


def keyed(bench: Bench) -> list[Row]:
    """Every 50th event of a key raises an alert."""
    systems = bench.here(SYSTEMS)
    readings: dict[str, list[Any]] = {system.name: [] for system in systems}
    for number in range(bench.rounds):
        space = f"{bench.space}-keyed-{number}"
        bench.say(f"keyed: round {number + 1} of {bench.rounds}")
        given = asyncio.run(prepare(bench, space, inputs.PARTITIONS, systems))
        for system in [*systems[number % len(systems) :], *systems[: number % len(systems)]]:
            readings[system.name].append(bench.measure(system, **given, alerts=f"{space}.{system.name.split()[-1]}"))
        asyncio.run(compare(bench, space, systems))
    return rows("keyed", systems, readings)


def topics(space: str, partitions: int) -> dict[str, int]:
    """The topics of ours in a space of its own."""
    return {
        topic_name(space, FOLD.inbox): partitions,
        topic_name(space, ALERTS_INBOX): partitions,
        changelog_name(space, FOLD): partitions,
        topic_name(space, DEAD_LETTERS): 1,
    }


async def prepare(bench: Bench, space: str, partitions: int, systems: list[System]) -> dict[str, Any]:
    """Fresh topics with the events on them; returns what the measured processes must know."""
    bootstrap = bench.kafka.bootstrap
    ours = topics(space, partitions)
    theirs = {f"{space}.{system.name.split()[-1]}": partitions for system in systems if system.name != OURS}
    await inputs.create(bootstrap, ours | theirs, compacted=[changelog_name(space, FOLD)])
    inbox, total = topic_name(space, FOLD.inbox), bench.warm_up + bench.events
    bench.say(f"  writing {total:,} events to {partitions} partitions")
    await inputs.fill(bootstrap, inbox, partitions, inputs.whole(inputs.requests(total)))
    return {"space": space, "topics": ours, "topic": inbox, "every": EVERY, **_words()}


def _words() -> dict[str, Any]:
    """What every alert says alike, for the peers."""
    constant = {
        "kind": KIND.name,
        "module": KIND.module.name,
        "severity": KIND.severity,
        "title": Words2.of(KIND.title).model_dump(),
        "threshold": float(EVERY),
        "unit": "",
        "detector": SPEC.name,
        "legal_basis": "",
    }
    return {"alert": constant, "sentence": Words2.of(KIND.sentence).model_dump()}


async def compare(bench: Bench, space: str, systems: list[System]) -> None:
    """Hold every system's alerts, as a reader of what was committed sees them, against the arithmetic and ours."""
    counts = Counter(event.subject for event in inputs.requests(bench.warm_up + bench.events))
    expected = sum(count // EVERY for count in counts.values())
    found: Mapping[str, list[tuple[bytes, bytes]]] = {
        system.name: await _alerts(
            bench.kafka.bootstrap,
            topic_name(space, ALERTS_INBOX) if system.name == OURS else f"{space}.{system.name.split()[-1]}",
            expected,
        )
        for system in systems
    }
    for name, alerts in found.items():
        if len(alerts) != expected:
            raise BenchFailed(f"{name} gave {len(alerts):,} alerts where there are {expected:,}")
        if alerts != found[OURS]:
            mine, other = next(pair for pair in zip(found[OURS], alerts, strict=True) if pair[0] != pair[1])
            raise BenchFailed(f"{name} does not say what ours says, first here:\n  {other}\n  {mine}")
    bench.say(f"  the same {expected:,} alerts of all {len(found)}, key and content, read committed")


async def _alerts(bootstrap: str, topic: str, expected: int) -> list[tuple[bytes, bytes]]:
    """The alerts of a topic, sorted; ticks left out. A little later than expected is not missing."""
    deadline, found = time.monotonic() + PATIENCE, list[tuple[bytes, bytes]]()
    parts = [TopicPartition(topic, number) for number in range(inputs.PARTITIONS)]
    async with reader(bootstrap, *parts) as consumer:
        settle = None
        while time.monotonic() < (settle or deadline):
            for records in (await consumer.getmany(*parts, timeout_ms=500)).values():
                found += [(record.key, _canonical(record.value)) for record in records if record.key]
            if len(found) >= expected and settle is None:
                settle = time.monotonic() + 1.0  # more than expected would come now
    return sorted(found)


def _canonical(value: bytes) -> bytes:
    content = orjson.loads(value)
    assert {"kind", "about"} <= content.keys() <= Raised.model_fields.keys()
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
