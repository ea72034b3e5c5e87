"""Redis away, emptied and full while alerts come: processing never stops, and the wall is right again at once."""

import asyncio
import time
from itertools import count
from pathlib import Path

import orjson
import pytest
import redis.asyncio

from dashboards.wall.store import Store, Unavailable
from streams import read_model
from streams.embedded.kafka import Kafka
from streams.embedded.redis import Redis
from tests.streams.faults.field import Field, Oracle
from tests.streams.faults.stories import told

pytestmark = pytest.mark.fault
_number = count(1)


@pytest.mark.timeout(400)
async def test_the_wall_is_right_again_within_seconds_whatever_befalls_redis(kafka: Kafka, tmp_path: Path) -> None:
    events = told(81, 3000)
    oracle = asyncio.get_running_loop().run_in_executor(None, Oracle, events)
    stop, back = asyncio.Event(), dict[str, float]()
    with Redis(tmp_path / "redis") as server:
        async with Field(kafka.bootstrap, f"redis{next(_number)}", tmp_path, 81) as field:
            store, client = Store(server.url), redis.asyncio.Redis.from_url(server.url)
            follower = asyncio.create_task(read_model.run(field.place.space, kafka.bootstrap, server.url, stop))
            field.start("a")
            async with asyncio.TaskGroup() as group:
                group.create_task(field.publish(events, seconds=200))
                await field.processed(0.02, events)
                await asyncio.to_thread(server.stop)
                await more_lines(field)
                await asyncio.to_thread(server.start)  # it keeps nothing on disk
                back["stopped, and started empty"] = await right(field, store)
                await client.config_set("maxmemory", 1)
                await more_lines(field)
                await client.config_set("maxmemory", 0)
                back["refused writes"] = await right(field, store)
                await client.flushall()
                back["emptied"] = await right(field, store)
                field.hurry.set()
            verdict = await field.judged(await oracle, events[-1].at)
            back["the end of the story"] = await right(field, store)
            stop.set()
            await follower
            await store.aclose()
            await client.aclose()
    print("seconds until the wall was right:", back)
    assert verdict.right, verdict
    assert max(back.values()) < 10, back


async def more_lines(field: Field, lines: int = 20) -> None:
    """Alerts go on changing."""
    wanted, deadline = len(field.reader.lines) + lines, time.monotonic() + 60
    while len(field.reader.lines) < wanted:
        assert time.monotonic() < deadline, "processing has stopped"
        await asyncio.sleep(0.05)


async def right(field: Field, store: Store) -> float:
    """Seconds until the wall's list shows every alert that is open now, as it is now or later."""
    begun = time.monotonic()
    wanted = {name: alert.version for name, alert in field.reader.alerts.items() if alert.open}
    while time.monotonic() < begun + 60:
        try:
            shown = {each["alert_id"]: each["version"] for each in map(orjson.loads, await _shown(field, store))}
        except Unavailable:
            shown = {}
        alerts = field.reader.alerts
        left = {name for name in wanted if name not in alerts or not alerts[name].open}  # closed meanwhile
        if all(shown.get(name, 0) >= version for name, version in wanted.items() if name not in left):
            break
        await asyncio.sleep(0.05)
    return time.monotonic() - begun


async def _shown(field: Field, store: Store) -> list[str]:
    return await store.open_alerts(field.place.space)
