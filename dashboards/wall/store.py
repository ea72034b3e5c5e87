"""All that knows Redis: reads the space's read model, whose keys ``ioc.read_model`` names."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError

import detectors
from ioc.agencies.roster import RosterFiled
from ioc.alerts.alert import AlertChanged, Evidence, NotNotified, QuietChanged
from ioc.events.figures import SpaceState
from ioc.office.shares import Row
from ioc.read_model import (
    SPACES,
    Figure,
    declared_facts,
    declared_tallies,
    key,
    read_totals,
    sum_facts,
    tally_rows,
)

P = ParamSpec("P")
R = TypeVar("R")
Entries = list[tuple[str, dict[str, str]]]
#: Ids read from the index in one step.
STRIDE = 500
#: A place in the stream of changes before all others.
BEGINNING = "0-0"


class Unavailable(Exception):
    """Redis does not answer: what is asked for cannot be known now."""


class NotSent(Exception):
    """Kafka did not take the command: it was not done, and may be given again."""


def _asked(call: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    @wraps(call)
    async def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await call(*args, **kwargs)
        except (RedisError, OSError) as error:
            raise Unavailable("the read model does not answer") from error

    return asked


@dataclass(frozen=True)
class Present:
    """What holds for a space as a whole; ``build`` is None while Redis is being filled."""

    state: SpaceState | None
    now: float | None
    build: str | None


@dataclass(frozen=True)
class News:
    """What came in on a space's streams: changes with their places, and the newest pulse if there was one."""

    changes: Sequence[tuple[str, str]]
    pulse: str | None


class Store:
    """Reads one Redis. Every method raises Unavailable while it does not answer."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(
            redis_url, decode_responses=True, protocol=2, socket_timeout=5, socket_connect_timeout=2
        )
        self._facts = declared_facts(detectors.ALL)
        self._tallies = declared_tallies(detectors.ALL)

    async def aclose(self) -> None:
        await self._redis.aclose()

    @_asked
    async def ping(self) -> None:
        await self._redis.ping()

    @_asked
    async def spaces(self) -> list[str]:
        return sorted(await cast(Awaitable[set[str]], self._redis.smembers(SPACES)))

    @_asked
    async def present(self, space: str) -> Present:
        names = [key(space, name) for name in ("space", "now", "build")]
        state, now, build = cast(list[str | None], await self._redis.mget(names))
        return Present(
            SpaceState.model_validate_json(state) if state else None,
            float(now) if now else None,
            build,
        )

    @_asked
    async def facts(self, space: str) -> list[Figure]:
        stored = await cast(Awaitable[list[str]], self._redis.hvals(key(space, "facts")))
        return sum_facts(stored, self._facts)

    @_asked
    async def tallies(self, space: str) -> list[Figure]:
        stored = await cast(Awaitable[dict[str, str]], self._redis.hgetall(key(space, "totals")))
        return read_totals(stored, self._tallies)

    @_asked
    async def tally_rows(self, space: str) -> list[Row]:
        """Every tally by day and labels, over all partitions: what reports and targets are computed from."""
        stored = await cast(Awaitable[dict[str, str]], self._redis.hgetall(key(space, "tallies")))
        return tally_rows(stored)

    # -- alerts ----------------------------------------------------------------------------------------------

    @_asked
    async def open_alerts(self, space: str) -> list[str]:
        """The JSON of every open alert, oldest first."""
        ids = cast(list[str], await self._redis.zrange(key(space, "open"), 0, -1))
        found: list[str] = []
        for start in range(0, len(ids), STRIDE):
            found += await self._alerts(space, ids[start : start + STRIDE])
        return found

    async def all_alerts(self, space: str, before: tuple[int, str] | None) -> AsyncIterator[str]:
        """The JSON of every alert, newest opening first, from just after ``before`` (opening, id) on."""
        offset = 0
        while ids := await self._ids(space, before, offset):
            offset += len(ids)
            later = [id_ for id_, at in ids if before is None or (int(at), id_) < before]
            for alert in await _asked(self._alerts)(space, later):
                yield alert

    @_asked
    async def _ids(self, space: str, before: tuple[int, str] | None, offset: int) -> list[tuple[str, float]]:
        newest = "+inf" if before is None else before[0]
        found = await self._redis.zrevrangebyscore(
            key(space, "opened"), newest, "-inf", start=offset, num=STRIDE, withscores=True
        )
        return cast(list[tuple[str, float]], found)

    async def _alerts(self, space: str, ids: Sequence[str]) -> list[str]:
        if not ids:
            return []
        found = await cast(Awaitable[list[str | None]], self._redis.hmget(key(space, "alerts"), list(ids)))
        return [alert for alert in found if alert is not None]

    @_asked
    async def alert(self, space: str, id_: str) -> tuple[list[AlertChanged], list[Evidence]] | None:
        """One alert's history, oldest first, and what it rests on; None if there is no such alert."""
        lines = await cast(Awaitable[dict[str, str]], self._redis.hgetall(key(space, f"history:{id_}")))
        if not lines:
            return None
        named = await cast(Awaitable[str | None], self._redis.hget(key(space, "evidence"), id_))
        evidence = [Evidence.model_validate(one) for one in orjson.loads(named or b"[]")]
        history = [AlertChanged.model_validate_json(lines[version]) for version in sorted(lines, key=int)]
        return history, evidence

    @_asked
    async def newest_line(self, space: str, id_: str) -> AlertChanged | None:
        """An alert as it is now; None if there is no such alert."""
        found = await self._alerts(space, [id_])
        return AlertChanged.model_validate_json(found[0]) if found else None

    @_asked
    async def answer(self, space: str, command: str) -> str | None:
        """What came of a command, as JSON; None: nothing yet."""
        return cast(str | None, await self._redis.get(key(space, f"answer:{command}")))

    @_asked
    async def silences(self, space: str) -> list[QuietChanged]:
        """Silences and maintenance, as they were last set."""
        stored = await cast(Awaitable[list[str]], self._redis.hvals(key(space, "silences")))
        return [QuietChanged.model_validate_json(text) for text in stored]

    @_asked
    async def rosters(self, space: str, fields: Sequence[str]) -> list[RosterFiled]:
        """The rosters that are known of these (``agency/day``)."""
        stored = await cast(Awaitable[list[str | None]], self._redis.hmget(key(space, "rosters"), list(fields)))
        return [RosterFiled.model_validate_json(text) for text in stored if text is not None]

    @_asked
    async def untold(self, space: str, id_: str) -> list[NotNotified]:
        """Why nobody was told of lines of an alert's history."""
        stored = await cast(Awaitable[list[str]], self._redis.hvals(key(space, f"untold:{id_}")))
        return [NotNotified.model_validate_json(text) for text in stored]

    # -- the live feed ---------------------------------------------------------------------------------------

    @_asked
    async def newest(self, space: str) -> tuple[str, str]:
        """The places that the streams of changes and of pulses have reached."""
        return await self._last(space, "changes"), await self._last(space, "pulse")

    async def _last(self, space: str, stream: str) -> str:
        found = cast(Entries, await self._redis.xrevrange(key(space, stream), count=1))
        return found[0][0] if found else BEGINNING

    @_asked
    async def since(self, space: str, place: str, at_most: int) -> list[tuple[str, str]] | None:
        """The changes after ``place``; None where that place is not kept any more, or too far back."""
        found = cast(Entries, await self._redis.xrange(key(space, "changes"), min=place, count=at_most + 2))
        if not found or found[0][0] != place or len(found) > at_most + 1:
            return None
        return _changes(found[1:])

    @_asked
    async def wait(self, space: str, changes: str, pulse: str, patience: float) -> News:
        """What comes after those places; nothing, if nothing comes for ``patience`` seconds."""
        streams = {key(space, "changes"): changes, key(space, "pulse"): pulse}
        reply: Any = await self._redis.xread(cast(Any, streams), count=1000, block=int(patience * 1000))
        found: dict[str, Entries] = dict(reply or ())
        beats = found.get(key(space, "pulse"), [])
        return News(_changes(found.get(key(space, "changes"), [])), beats[-1][0] if beats else None)


def _changes(entries: Entries) -> list[tuple[str, str]]:
    return [(place, fields["change"]) for place, fields in entries]
