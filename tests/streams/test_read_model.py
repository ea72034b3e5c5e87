"""The read model against a real Kafka and a real Redis: restarts, lost data and refused writes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import redis.asyncio
from prometheus_client import CollectorRegistry, generate_latest

from ioc.events.figures import FactTotal
from ioc.known_districts import Districts
from ioc.read_model import key
from streams import read_model, topics
from streams.embedded.kafka import Kafka
from streams.embedded.redis import Redis
from streams.exporter import ReadModelCollector
from tests.streams.alert_log import NOON, changed, facts, id_of, present, state, tally, write

_number = count(1)
Server = redis.asyncio.Redis
FIRE, FIRE_WORSE = changed("tram-1/smoke"), changed("tram-1/smoke", 2, severity="extreme")
FLOOD, FLOOD_OVER = changed("tram-2/rain"), changed("tram-2/rain", 2, "cleared")


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[Redis]:
    """A Redis that the test may stop, fill up or empty."""
    with Redis(tmp_path) as server:
        yield server


@pytest.fixture
async def server(own_redis: Redis) -> AsyncIterator[Server]:
    async with redis.asyncio.Redis.from_url(own_redis.url, decode_responses=True) as client:
        yield client


@pytest.fixture
async def space(kafka: Kafka) -> str:
    name = f"rm{next(_number)}"
    await topics.apply(kafka.bootstrap, name)
    return name


@asynccontextmanager
async def following(space: str, kafka: Kafka, own_redis: Redis) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(read_model.run(space, kafka.bootstrap, own_redis.url, stop))
    try:
        yield
        assert not task.done(), task.exception()
    finally:
        stop.set()
        await task


async def eventually(look: Callable[[], Awaitable[Any]], wanted: object, patience: float = 20) -> None:
    """Wait until what is seen is what is wanted."""
    seen: object = None
    try:
        async with asyncio.timeout(patience):
            while (seen := await look()) != wanted:  # noqa: ASYNC110  # servers set no events
                await asyncio.sleep(0.05)
    except TimeoutError:
        assert seen == wanted


async def dump(server: Server, space: str) -> dict[str, Any]:
    """All that people can see, to be compared."""
    found: dict[str, Any] = {}
    for name in ("alerts", "evidence", "facts", "tallies", "totals"):
        found[name] = await server.hgetall(key(space, name))
    for name in ("open", "opened"):
        found[name] = await server.zrange(key(space, name), 0, -1)
    for id_ in found["alerts"]:
        found[f"history {id_}"] = await server.hgetall(key(space, f"history:{id_}"))
    changes: Any = await server.xrange(key(space, "changes"))
    found["changes"] = [fields["change"] for _, fields in changes]
    found["now"] = await server.get(key(space, "now"))
    return found


async def test_what_is_in_kafka_is_seen_in_redis(space: str, kafka: Kafka, own_redis: Redis, server: Server) -> None:
    await write(kafka.bootstrap, space, [FIRE, present(FIRE), FLOOD], [FLOOD_OVER, state(space)])
    async with following(space, kafka, own_redis):
        await eventually(lambda: server.exists(key(space, "build")), 1)
        seen = await dump(server, space)
        assert seen["open"] == [str(id_of(FIRE))]
        assert set(seen["opened"]) == {str(id_of(FIRE)), str(id_of(FLOOD))}
        assert set(seen[f"history {id_of(FLOOD)}"]) == {"1", "2"}
        assert list(seen["evidence"]) == [str(id_of(FIRE))]
        assert len(seen["changes"]) == 3
        assert await server.smembers("ioc:spaces") == {space}

        await write(kafka.bootstrap, space, [FIRE_WORSE])
        await eventually(lambda: server.xlen(key(space, "changes")), 4)


async def test_a_restart_goes_on_where_it_was(space: str, kafka: Kafka, own_redis: Redis, server: Server) -> None:
    await write(kafka.bootstrap, space, [FIRE, tally(5)])
    async with following(space, kafka, own_redis):
        await eventually(lambda: server.exists(key(space, "build")), 1)
    await write(kafka.bootstrap, space, [FIRE_WORSE, tally(7), tally(2, NOON + timedelta(days=1))])
    async with following(space, kafka, own_redis):
        await eventually(lambda: server.xlen(key(space, "changes")), 2)
        await eventually(lambda: server.hvals(key(space, "totals")), ["9"])


async def test_an_emptied_redis_is_filled_with_the_same(
    space: str, kafka: Kafka, own_redis: Redis, server: Server
) -> None:
    await write(kafka.bootstrap, space, [FIRE, FLOOD, tally(5), state(space)], [FLOOD_OVER, tally(7)])
    async with following(space, kafka, own_redis):
        await eventually(lambda: server.exists(key(space, "build")), 1)
        before = await dump(server, space)
        await server.flushall()
        await eventually(lambda: server.exists(key(space, "build")), 1)
        after = await dump(server, space)
    assert sorted(before.pop("changes")) == sorted(after.pop("changes"))
    assert before == after


async def test_a_partition_that_redis_forgot_is_told_again_without_repeating(
    space: str, kafka: Kafka, own_redis: Redis, server: Server
) -> None:
    await write(kafka.bootstrap, space, [FIRE, FLOOD], [FLOOD_OVER, tally(7)])
    async with following(space, kafka, own_redis):
        await eventually(lambda: server.exists(key(space, "build")), 1)
        before = await dump(server, space)
        positions = await server.hgetall(key(space, "positions"))
        await server.delete(key(space, "positions"))
        await eventually(lambda: server.hgetall(key(space, "positions")), positions)
        assert await dump(server, space) == before


async def test_a_redis_that_refuses_writes_is_waited_for(
    space: str, kafka: Kafka, own_redis: Redis, server: Server
) -> None:
    async with following(space, kafka, own_redis):
        await eventually(lambda: server.exists(key(space, "build")), 1)
        await server.config_set("maxmemory", 1)
        await write(kafka.bootstrap, space, [FIRE], [FIRE_WORSE])
        refused = read_model.ERRORS.labels(space, "OutOfMemoryError")
        await eventually(lambda: _true(refused._value.get() > 1), True)
        assert await server.hlen(key(space, "alerts")) == 0
        await server.config_set("maxmemory", 0)
        await eventually(lambda: server.xlen(key(space, "changes")), 2)


async def test_a_redis_that_is_away_is_waited_for(space: str, kafka: Kafka, own_redis: Redis, server: Server) -> None:
    await write(kafka.bootstrap, space, [FIRE])
    async with following(space, kafka, own_redis):
        await eventually(lambda: server.exists(key(space, "build")), 1)
        own_redis.kill()
        await write(kafka.bootstrap, space, [FIRE_WORSE])
        own_redis.start()
        await server.connection_pool.disconnect()
        await eventually(lambda: server.exists(key(space, "build")), 1)
        await eventually(lambda: server.xlen(key(space, "changes")), 2)


async def test_a_redis_filled_from_another_kafka_is_started_over(
    space: str, kafka: Kafka, own_redis: Redis, server: Server
) -> None:
    await server.hset(key(space, "positions"), f"{space}.alerts.events/0", "1000000")
    await server.hset(key(space, "alerts"), "a ghost", "{}")
    await server.set(key(space, "cluster"), "another")
    await write(kafka.bootstrap, space, [FIRE])
    async with following(space, kafka, own_redis):
        await eventually(lambda: server.hkeys(key(space, "alerts")), [str(id_of(FIRE))])


async def test_figures_are_summed_for_prometheus(space: str, kafka: Kafka, own_redis: Redis, server: Server) -> None:
    def newest(at: int) -> FactTotal:
        return FactTotal(name="source_newest_seconds", labels=("station", "tram-1"), value=at)

    def queue(value: int) -> FactTotal:
        return FactTotal(name="queue_open_requests", labels=("Đường sá",), value=value)

    unknown = FactTotal(name="queue_open_requests", labels=("too", "many"), value=1)
    await write(
        kafka.bootstrap,
        space,
        [facts(newest(100), queue(4)), facts(newest(90), queue(3), unknown, partition=1)],
        [tally(5), tally(6), tally(4, partition=1), tally(1, NOON + timedelta(days=1))],
    )
    async with following(space, kafka, own_redis):
        await eventually(lambda: server.exists(key(space, "build")), 1)
    registry = CollectorRegistry()
    registry.register(ReadModelCollector(own_redis.url, [space], Districts()))
    said = generate_latest(registry).decode().splitlines()
    assert f'ioc_queue_open_requests{{queue="Đường sá",space="{space}"}} 7.0' in said
    assert f'ioc_source_newest_seconds{{source="tram-1",source_kind="station",space="{space}"}} 100.0' in said
    assert (
        f'ioc_dossiers_received_total{{channel="online",commune="20900",service="full",space="{space}"}} 11.0' in said
    )
    assert registry.get_sample_value("ioc_space_now_timestamp_seconds", {"space": space}) == NOON.timestamp()
    own_redis.kill()
    assert "ioc_read_model_redis_up 0.0" in generate_latest(registry).decode()


async def _true(value: bool) -> bool:
    return value
