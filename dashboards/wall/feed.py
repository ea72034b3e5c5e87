"""How one change in Redis reaches every screen: one reader a space, fanned out to bounded queues.

A screen says with ``Last-Event-ID`` what it has. If Redis still keeps that place, it gets what came after it;
else the whole present (``snapshot``). A screen that is too slow is cut, and comes back by itself. Heartbeats
tell a page that nothing happened from a page that hears nothing.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress

import orjson
import structlog
from prometheus_client import Counter, Gauge

from dashboards.wall.screen import Message, Screen, frame
from dashboards.wall.store import BEGINNING, Present, Store, Unavailable

#: Changes that a returning screen gets one by one; one that missed more gets the present.
RESUME_AT_MOST = 2_000
#: Alerts in a snapshot; a district with more open has lost control, and the page says that there are more.
SNAPSHOT_AT_MOST = 5_000
#: Seconds between two sendings of figures.
FIGURES_EVERY = 1.0

CLIENTS = Gauge("ioc_wall_screens", "Screens connected", ["space"])
CUT = Counter("ioc_wall_screens_cut", "Screens cut because they were too slow", ["space"])
SENT = Counter("ioc_wall_changes_sent", "Changes handed to screens", ["space"])
OPENED = Counter("ioc_wall_streams_opened", "Streams opened, by how they began", ["space", "start"])
REDIS_UP = Gauge("ioc_wall_redis_up", "1 while Redis answers")

log = structlog.get_logger()


class SpaceFeed:
    """Reads one space's streams and tells every screen that looks at it."""

    def __init__(self, space: str, store: Store, beat: float) -> None:
        self._space, self._store, self._beat = space, store, beat
        self._screens: set[Screen] = set()
        self._present = Present(None, None, None)
        self._up = True
        self._task = asyncio.create_task(self._run(), name=f"feed {space}")

    def __len__(self) -> int:
        return len(self._screens)

    def end(self) -> None:
        """Send every screen away; they come back by themselves, to whoever answers then."""
        for screen in self._screens:
            screen.put(None)

    async def close(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def screen(self, place: str | None) -> AsyncIterator[bytes]:
        """Everything one screen is told, from ``place`` on."""
        screen = Screen()
        self._screens.add(screen)
        CLIENTS.labels(self._space).inc()
        try:
            start, place = await self._start(place)
            for message in start:
                yield message
            async for message in screen.after(place):
                yield message
        finally:
            self._screens.discard(screen)
            CLIENTS.labels(self._space).dec()

    async def _start(self, place: str | None) -> tuple[list[bytes], str]:
        """What the screen missed; or the present, if that cannot be told one by one."""
        missed = await self._store.since(self._space, place, RESUME_AT_MOST) if place else None
        OPENED.labels(self._space, "snapshot" if missed is None else "resumed").inc()
        if place is None or missed is None:
            snapshot = await self._snapshot()
            return [snapshot.data], snapshot.place or BEGINNING
        changes = [frame("change", change.encode(), at) for at, change in missed]
        figures = await self._figures(await self._store.present(self._space))
        return [*changes, figures], missed[-1][0] if missed else place

    # -- what is said ----------------------------------------------------------------------------------------

    async def _snapshot(self) -> Message:
        """The whole present. Its place is read first: what changes meanwhile is told again, never missed."""
        place, _ = await self._store.newest(self._space)
        present = await self._store.present(self._space)
        alerts = await self._store.open_alerts(self._space)
        data = {
            **self._words(present),
            "open": len(alerts),
            "alerts": [orjson.Fragment(alert) for alert in alerts[:SNAPSHOT_AT_MOST]],
            "facts": await self._facts(),
        }
        return Message(frame("snapshot", orjson.dumps(data), place), place, renews=True)

    async def _figures(self, present: Present) -> bytes:
        return frame("figures", orjson.dumps({**self._words(present), "facts": await self._facts()}))

    async def _facts(self) -> list[dict[str, object]]:
        return [
            {"name": declared.name, "labels": labels, "value": value}
            for declared, labels, value in await self._store.facts(self._space)
        ]

    def _words(self, present: Present) -> dict[str, object]:
        state = present.state
        return {
            "server": time.time(),
            "beat": self._beat,
            "redis": self._up,
            "complete": present.build is not None,
            "now": present.now,
            "mode": state.mode if state else None,
            "speed": state.speed if state else None,
        }

    def _tell(self, message: Message) -> None:
        for screen in tuple(self._screens):
            screen.put(message)
            if screen.cut:
                self._screens.discard(screen)
                CUT.labels(self._space).inc()
        if message.place is not None:
            SENT.labels(self._space).inc(len(self._screens))

    def _tell_beat(self) -> None:
        self._tell(Message(frame("beat", orjson.dumps(self._words(self._present)))))

    # -- the one reader --------------------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            try:
                await self._follow()
            except Unavailable as reason:
                if self._up:
                    log.warning("feed stands still", space=self._space, reason=str(reason))
                self._up = False
                REDIS_UP.set(0)
                self._tell_beat()
                await asyncio.sleep(1)

    async def _follow(self) -> None:
        """Read until Redis goes away. Whatever happened while it was, every screen gets the present."""
        changes, pulse = await self._store.newest(self._space)
        back, self._up = not self._up, True
        REDIS_UP.set(1)
        if back:
            changes = await self._renew()
        clock = asyncio.get_running_loop()
        beaten = shown = clock.time()
        stale = True
        while True:
            news = await self._store.wait(self._space, changes, pulse, FIGURES_EVERY)
            for place, change in news.changes:
                self._tell(Message(frame("change", change.encode(), place), place))
                changes = place
            pulse, stale = news.pulse or pulse, stale or news.pulse is not None
            if stale and clock.time() - shown >= FIGURES_EVERY:
                stale, shown = False, clock.time()
                changes = await self._refresh(changes)
            if clock.time() - beaten >= self._beat:
                beaten = clock.time()
                self._present = await self._store.present(self._space)
                self._tell_beat()

    async def _refresh(self, changes: str) -> str:
        """Send the figures; or the whole present, where Redis has been filled anew. Returns the place."""
        before, self._present = self._present.build, await self._store.present(self._space)
        if before is not None and self._present.build not in (None, before):
            return await self._renew()
        self._tell(Message(await self._figures(self._present)))
        return changes

    async def _renew(self) -> str:
        """Give every screen the present anew."""
        snapshot = await self._snapshot()
        self._tell(snapshot)
        return snapshot.place or BEGINNING


class Feeds:
    """The feeds of all spaces that somebody looks at."""

    def __init__(self, store: Store, beat: float, most_clients: int) -> None:
        self._store, self._beat, self._most = store, beat, most_clients
        self._feeds: dict[str, SpaceFeed] = {}

    def of(self, space: str) -> SpaceFeed | None:
        """The feed of a space; None when no more screens are taken."""
        if sum(map(len, self._feeds.values())) >= self._most:
            return None
        if space not in self._feeds:
            self._feeds[space] = SpaceFeed(space, self._store, self._beat)
        return self._feeds[space]

    def end(self) -> None:
        for feed in self._feeds.values():
            feed.end()

    async def close(self) -> None:
        self.end()
        for feed in self._feeds.values():
            await feed.close()
