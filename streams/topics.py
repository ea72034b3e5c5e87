"""Topics, created from their declarations, and held against them: a worker does not start on another shape."""

import asyncio
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from ioc.events.base import Topic
from ioc.folds import FOLDS, FOR_READERS
from streams.names import DEAD_LETTERS, changelog_name, topic_name

#: Largest record, bytes. An event is far smaller; a batch of state may hold many.
MAX_MESSAGE = 1024 * 1024


class WrongShape(Exception):
    """Topics are missing or differ from their declarations; the message says which, how, and what to do."""


@dataclass(frozen=True)
class Shape:
    """What a topic must be in Kafka."""

    name: str
    partitions: int
    config: Mapping[str, str]


def shapes(space: str, more: Iterable[Topic] = ()) -> list[Shape]:
    """Every topic of a space; ``more`` are those that its district adds: a topic for each agency."""
    declared: list[Topic] = [*(fold.inbox for fold in FOLDS), *FOR_READERS, *more]
    found = [Shape(topic_name(space, topic), topic.partitions, _config(topic)) for topic in declared]
    found += [Shape(changelog_name(space, fold), fold.inbox.partitions, _compacted("CreateTime")) for fold in FOLDS]
    month = str(timedelta(days=30) // timedelta(milliseconds=1))
    found.append(Shape(topic_name(space, DEAD_LETTERS), 1, {"cleanup.policy": "delete", "retention.ms": month}))
    return found


def partitions(space: str, more: Iterable[Topic] = ()) -> dict[str, int]:
    """How many partitions each topic of a space is declared with, by its name in Kafka."""
    return {shape.name: shape.partitions for shape in shapes(space, more)}


def _config(topic: Topic) -> dict[str, str]:
    if topic.compacted:
        return _compacted("LogAppendTime")
    keep = -1 if topic.retention is None else topic.retention // timedelta(milliseconds=1)
    return {
        "cleanup.policy": "delete",
        "retention.ms": str(keep),
        "message.timestamp.type": "LogAppendTime",
        "max.message.bytes": str(MAX_MESSAGE),
    }


def _compacted(timestamps: str) -> dict[str, str]:
    return {
        "cleanup.policy": "compact",
        "min.cleanable.dirty.ratio": "0.2",
        "message.timestamp.type": timestamps,
        "max.message.bytes": str(MAX_MESSAGE),
    }


async def wait_for_broker(bootstrap: str) -> None:
    """Return once Kafka answers; says so while it does not."""
    waited = 0
    while True:
        admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=5000)
        try:
            await admin.start()
            return
        except (KafkaError, OSError):
            if waited % 10 == 0:
                print(f"ioc: waiting for Kafka at {bootstrap} ({waited} s)", file=sys.stderr, flush=True)
            waited += 1
            await asyncio.sleep(1)
        finally:
            await admin.close()


async def apply(bootstrap: str, space: str, replication: int | None = None, more: Iterable[Topic] = ()) -> list[str]:
    """Create the topics that are missing; returns their names. Raises WrongShape where one differs.

    ``replication`` is how many brokers keep a copy; None: as many as of the space's other topics, one in a new space.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        existing = set(await admin.list_topics())
        wanted = shapes(space, more)
        new = [shape for shape in wanted if shape.name not in existing]
        there = [shape.name for shape in wanted if shape.name in existing]
        known = await _create(admin, new, replication or await _copies(admin, there)) if new else set()
        await _seen(admin, {shape.name for shape in new})
        await _verify(admin, [shape for shape in wanted if shape.name in existing | known])
        return [shape.name for shape in new if shape.name not in known]
    finally:
        await admin.close()


async def _copies(admin: AIOKafkaAdminClient, names: list[str]) -> int:
    """How many brokers keep these topics. What is added to a space must outlive as many of them as the rest."""
    described = await admin.describe_topics(names) if names else []
    return max((len(each["replicas"]) for topic in described for each in topic["partitions"]), default=1)


async def _create(admin: AIOKafkaAdminClient, new: Iterable[Shape], replication: int) -> set[str]:
    """Create topics; returns the names of those that somebody else has created just now."""
    reply = await admin.create_topics(
        [NewTopic(shape.name, shape.partitions, replication, topic_configs=dict(shape.config)) for shape in new]
    )
    known = set()
    for name, code, *rest in reply.topic_errors:
        error = for_code(code)
        if error is TopicAlreadyExistsError:
            known.add(name)
        elif code:
            raise WrongShape(f"topic {name} could not be created: {error.__name__} {rest[0] if rest else ''}")
    return known


async def _seen(admin: AIOKafkaAdminClient, names: set[str]) -> None:
    """Wait until the broker that we ask has heard of these topics: a worker that starts next asks too."""
    while not names <= set(await admin.list_topics()):  # noqa: ASYNC110  # Kafka tells nobody
        await asyncio.sleep(0.1)


async def verify(bootstrap: str, space: str) -> None:
    """Hold every topic of the space against its declaration. Raises WrongShape."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await _verify(admin, shapes(space))
    finally:
        await admin.close()


async def _verify(admin: AIOKafkaAdminClient, wanted: list[Shape]) -> None:
    if not wanted:
        return
    existing = set(await admin.list_topics())
    missing = [shape.name for shape in wanted if shape.name not in existing]
    if missing:
        space = missing[0].split(".")[0]
        raise WrongShape(
            f"{len(missing)} topics are missing, {missing[0]} among them: run `ioc topics apply --space {space}`"
        )
    described = await admin.describe_topics([shape.name for shape in wanted])
    partitions = {topic["topic"]: len(topic["partitions"]) for topic in described}
    configs = await _configs(admin, [shape.name for shape in wanted])
    for shape in wanted:
        if partitions[shape.name] != shape.partitions:
            raise WrongShape(
                f"topic {shape.name} has {partitions[shape.name]} partitions and is declared with {shape.partitions}: "
                f"keys would change their partition; restore the count or use another space"
            )
        for name, value in shape.config.items():
            if (found := configs[shape.name].get(name)) != value:
                raise WrongShape(
                    f"topic {shape.name} has {name}={found} and is declared with {value}: "
                    f"change it with kafka-configs, or the declaration in ioc/events"
                )


async def _configs(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    replies = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in names])
    for reply in replies:
        for _code, _message, _kind, name, entries in reply.resources:
            found[name] = {entry[0]: entry[1] for entry in entries}
    return found
