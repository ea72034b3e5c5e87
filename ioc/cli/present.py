"""What a running system's read model holds, for commands that ask it once."""

import asyncio
from collections.abc import Coroutine
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import typer

from ioc.alerts.alert import AlertChanged, Evidence, NotNotified
from ioc.cli import fail

R = TypeVar("R")
#: Local time of what is printed, and of moments that are given without an offset.
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


async def alerts(redis: str, space: str, closed: bool) -> list[AlertChanged]:
    """Open alerts, oldest first; or all that are kept, newest first."""
    from dashboards.wall.store import Store

    async with aclosing(Store(redis)) as store:
        found = [text async for text in store.all_alerts(space, None)] if closed else await store.open_alerts(space)
        return [AlertChanged.model_validate_json(text) for text in found]


async def story(redis: str, space: str, named: str) -> tuple[list[AlertChanged], list[Evidence], list[NotNotified]]:
    """History, evidence and untold lines of the one alert whose id begins so."""
    from dashboards.wall.store import Store

    found = [each for each in await alerts(redis, space, closed=True) if str(each.alert_id).startswith(named)]
    if len(found) != 1:
        why = "no alert" if not found else f"{len(found)} alerts"
        raise fail(f"{why} of space {space} begin with {named!r}: see `ioc alerts list --all`")
    name = str(found[0].alert_id)
    async with aclosing(Store(redis)) as store:
        told = await store.alert(space, name)
        assert told is not None
        return (*told, await store.untold(space, name))


def run(asked: Coroutine[Any, Any, R]) -> R:
    """Do it; a system that does not answer is a sentence."""
    from dashboards.wall.store import NotSent, Unavailable

    try:
        return asyncio.run(asked)
    except (Unavailable, NotSent, OSError) as error:
        raise fail(f"the system does not answer: {error}") from None


async def now_of(redis: str, space: str) -> datetime:
    """What time it is in the space."""
    from dashboards.wall.store import Store

    async with aclosing(Store(redis)) as store:
        now = (await store.present(space)).now
        return datetime.now(UTC) if now is None else datetime.fromtimestamp(now, UTC)


def unknown(space: str) -> typer.Exit:
    """Redis holds nothing of a space: ``raise unknown(space)``."""
    return fail(f"space {space!r} is not known to Redis: is `ioc read-model --space {space}` running?")


def local(at: datetime) -> str:
    """A moment as people read it."""
    return at.astimezone(ZONE).strftime("%d/%m/%Y %H:%M")
