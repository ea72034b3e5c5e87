"""Redis, and what people see of each space in it."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from aiokafka import TopicPartition
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from ioc.district import District
from ioc.doctor import machine, shown
from ioc.doctor.finding import Finding
from ioc.events.figures import Mode, SpaceState
from ioc.read_model import key
from streams.names import topic_name
from streams.read_model import TOPICS

PATIENCE = 5.0


@dataclass
class Seen:
    """What was found, and the modes of the spaces."""

    findings: list[Finding] = field(default_factory=list)
    modes: dict[str, Mode] = field(default_factory=dict)


async def look(url: str, spaces: Sequence[str], district: District) -> Seen:
    """Everything about Redis; one finding only where it does not answer."""
    seen, where = Seen(), _without_secrets(url)
    redis = _connect(url)
    try:
        seen.findings.append(await _server(redis, where))
        seen.findings.append(machine.clock("Redis", await _ahead(redis)))
        for space in spaces:
            await _space(redis, space, district, seen)
    except (RedisError, OSError) as error:
        seen.findings.append(shown.redis_away(where, type(error).__name__))
    finally:
        await redis.aclose()
    return seen


async def read_models(url: str, spaces: Sequence[str], ends: Mapping[TopicPartition, int]) -> list[Finding]:
    """How far what people see is behind these ends of Kafka's logs, which it has had a moment to reach."""
    async with _connect(url) as redis:
        return [await _read_model(redis, space, ends) for space in spaces]


async def _read_model(redis: "Redis", space: str, ends: Mapping[TopicPartition, int]) -> Finding:
    stored = await redis.hgetall(key(space, "positions"))
    partitions = [
        TopicPartition(topic_name(space, topic), number) for topic in TOPICS for number in range(topic.partitions)
    ]
    behind = sum(max(0, ends.get(tp, 0) - int(stored.get(f"{tp.topic}/{tp.partition}", 0))) for tp in partitions)
    return shown.read_model(space, bool(await redis.exists(key(space, "build"))), behind)


def _connect(url: str) -> "Redis":
    return Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=True)


async def _server(redis: "Redis", where: str) -> Finding:
    info = await redis.info()
    policy = None
    with suppress(ResponseError):  # a server that somebody else runs may not say
        policy = (await redis.config_get("maxmemory-policy")).get("maxmemory-policy")
    return shown.redis(where, info["redis_version"], policy, info["used_memory"], info.get("maxmemory", 0))


async def _ahead(redis: "Redis") -> timedelta:
    """By how much its clock is ahead of ours, half of the way there and back allowed for."""
    asked = time.time()
    seconds, micros = await redis.time()
    return timedelta(seconds=seconds + micros / 1e6 - (asked + time.time()) / 2)


async def _space(redis: "Redis", space: str, district: District, seen: Seen) -> None:
    said, now = await redis.get(key(space, "space")), await redis.get(key(space, "now"))
    mode: Mode = SpaceState.model_validate_json(said).mode if said else "wall"
    seen.modes[space] = mode
    at = district.local(datetime.fromtimestamp(float(now), UTC)) if now else None
    seen.findings.append(shown.time_of(space, mode, at, datetime.now(UTC)))


def _without_secrets(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 6379}"
