"""How one change in Redis reaches every screen: one reader a space, fanned out to bounded queues.

A screen says with ``Last-Event-ID`` what it has. If Redis still keeps that place, it gets what came after it;
else the whole present (``snapshot``). A screen that is too slow is cut, and comes back by itself. Heartbeats
tell a page that nothing happened from a page that hears nothing.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from functools import cache

import orjson
import structlog
from prometheus_client import Counter, Gauge

from dashboards.wall.access.mutes import Mutes
from dashboards.wall.screen import Message, Screen
from dashboards.wall.sight import Sight
from dashboards.wall.store import BEGINNING, Present, Store, Unavailable

#: Changes that a returning screen gets one by one; one that missed more gets the present.
RESUME_AT_MOST = 2_000
#: Alerts in a snapshot; a district with more open has lost control, and the page says that there are more.
SNAPSHOT_AT_MOST = 5_000
#: Seconds between two sendings of figures.
FIGURES_EVERY = 1.0

SCREENS = Gauge("ioc_wall_screens", "Screens connected", ["space"])
CUT = Counter("ioc_wall_screens_cut", "Screens cut because they were too slow", ["space"])
SENT = Counter("ioc_wall_changes_sent", "Changes handed to screens", ["space"])
OPENED = Counter("ioc_wall_streams_opened", "Streams opened, by how they began", ["space", "start"])
REDIS_UP = Gauge("ioc_wall_redis_up", "1 while Redis answers")

log = structlog.get_logger()


class SpaceFeed:
    """Reads one space's streams and tells every screen that looks at it."""

    def __init__(self, space: str, store: Store, mutes: Mutes, beat: float) -> None:
        self._space, self._store, self._mutes, self._beat = space, store, mutes, beat
        self._screens: set[Screen] = set()
        self._present = Present(None, None, None)
        self._up = True
        CUT.labels(space)  # told as zero from the start
        self._task = asyncio.create_task(self._run(), name=f"feed {space}")

    async def close(self) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    def leave(self, screen: Screen) -> None:
        self._screens.discard(screen)
        SCREENS.labels(self._space).set(len(self._screens))

    async def join(self, screen: Screen, place: str | None) -> list[Message]:
        """Tell the screen from now on; returns what it must hear first.

        That is what it missed since ``place``; or the present, if that cannot be told one by one.
        """
        self._screens.add(screen)
        SCREENS.labels(self._space).set(len(self._screens))
        # Whoever sees only some alerts is told the present: what it has and may no longer see is not in the log.
        resumes = place is not None and screen.sight.agency is None
        missed = await self._store.since(self._space, place, RESUME_AT_MOST) if place and resumes else None
        OPENED.labels(self._space, "snapshot" if missed is None else "resumed").inc()
        if place is None or missed is None:
            return [await self._snapshot()]
        screen.places[self._space] = place
        changes = [self._change(at, change) for at, change in missed]
        return [*changes, await self._figures(await self._store.present(self._space))]

    # -- what is said ----------------------------------------------------------------------------------------

    async def _snapshot(self) -> Message:
        """The whole present. Its place is read first: what changes meanwhile is told again, never missed."""
        place, _ = await self._store.newest(self._space)
        present = await self._store.present(self._space)
        alerts = [orjson.loads(alert) for alert in await self._store.open_alerts(self._space)]
        words = {**self._words(present), "facts": await self._facts()}

        @cache
        def data(sight: Sight) -> bytes:
            seen = [sight.shown_raw(alert) for alert in alerts if sight.sees_raw(alert)]
            return orjson.dumps({**words, "open": len(seen), "alerts": seen[:SNAPSHOT_AT_MOST]})

        return Message(self._space, "snapshot", data, place, renews=True)

    def _change(self, place: str, change: str) -> Message:
        alert = orjson.loads(change)

        @cache
        def data(sight: Sight) -> bytes:
            if not sight.sees_raw(alert):
                return b""
            return orjson.dumps({"space": self._space, "alert": sight.shown_raw(alert)})

        return Message(self._space, "change", data, place, alert=alert["alert_id"])

    async def _figures(self, present: Present) -> Message:
        return self._said("figures", {**self._words(present), "facts": await self._facts()})

    def _said(self, event: str, words: dict[str, object]) -> Message:
        """What everybody is told alike."""
        data = orjson.dumps(words)
        return Message(self._space, event, lambda _: data)

    async def _facts(self) -> list[dict[str, object]]:
        return [
            {"name": declared.name, "labels": labels, "value": value}
            for declared, labels, value in await self._store.facts(self._space)
        ]

    def _words(self, present: Present) -> dict[str, object]:
        state = present.state
        return {
            "space": self._space,
            "server": time.time(),
            "beat": self._beat,
            "redis": self._up,
            "complete": present.build is not None,
            "now": present.now,
            "district": state.district if state else None,
            "mode": state.mode if state else None,
            "speed": state.speed if state else None,
            "mute": vars(mute) if (mute := self._mutes.of(self._space)) else None,
        }

    def _tell(self, message: Message) -> None:
        for screen in tuple(self._screens):
            screen.put(message)
            if screen.cut:
                self.leave(screen)
                CUT.labels(self._space).inc()
        if message.place is not None:
            SENT.labels(self._space).inc(len(self._screens))

    def tell_beat(self, spaces: Sequence[str] = ()) -> None:
        self._tell(self._said("beat", {**self._words(self._present), "spaces": spaces}))

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
                self.tell_beat()
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
                self._tell(self._change(place, change))
                changes = place
            pulse, stale = news.pulse or pulse, stale or news.pulse is not None
            if stale and clock.time() - shown >= FIGURES_EVERY:
                stale, shown = False, clock.time()
                changes = await self._refresh(changes)
            if clock.time() - beaten >= self._beat:
                beaten = clock.time()
                self._present = await self._store.present(self._space)
                self.tell_beat(await self._store.spaces())

    async def _refresh(self, changes: str) -> str:
        """Send the figures; or the whole present, where Redis has been filled anew. Returns the place."""
        before, self._present = self._present.build, await self._store.present(self._space)
        if before is not None and self._present.build not in (None, before):
            return await self._renew()
        self._tell(await self._figures(self._present))
        return changes

    async def _renew(self) -> str:
        """Give every screen the present anew."""
        snapshot = await self._snapshot()
        self._tell(snapshot)
        return snapshot.place or BEGINNING


class TooMany(Exception):
    """No more screens are taken."""


class Feeds:
    """The feeds of all spaces that somebody looks at."""

    def __init__(self, store: Store, mutes: Mutes, beat: float, most_screens: int) -> None:
        self._store, self._mutes, self._beat, self._most = store, mutes, beat, most_screens
        self._feeds: dict[str, SpaceFeed] = {}
        self._screens: set[Screen] = set()

    async def stream(self, spaces: Sequence[str], places: Mapping[str, str], sight: Sight) -> AsyncIterator[bytes]:
        """Everything one screen is told of these spaces. Raises TooMany, or Unavailable at the beginning."""
        if len(self._screens) >= self._most:
            raise TooMany
        screen, feeds = Screen(sight), [self._of(space) for space in spaces]
        self._screens.add(screen)
        try:
            for space, feed in zip(spaces, feeds, strict=True):
                for first in await feed.join(screen, places.get(space)):
                    yield screen.write(first)
            while (message := await screen.next()) is not None:
                yield screen.write(message)
        finally:
            self._screens.discard(screen)
            for feed in feeds:
                feed.leave(screen)

    def _of(self, space: str) -> SpaceFeed:
        if space not in self._feeds:
            self._feeds[space] = SpaceFeed(space, self._store, self._mutes, self._beat)
        return self._feeds[space]

    def tell(self, space: str) -> None:
        """Something that every message says has changed: say it now."""
        if feed := self._feeds.get(space):
            feed.tell_beat()

    def end(self) -> None:
        """Send every screen away; they come back by themselves, to whoever answers then."""
        for screen in self._screens:
            screen.put(None)

    async def close(self) -> None:
        self.end()
        for feed in self._feeds.values():
            await feed.close()
