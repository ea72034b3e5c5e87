"""One connected page: what waits for it, where it is in each space, and server-sent events as bytes."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

import orjson

from dashboards.wall.sight import EVERYTHING, Sight

#: Messages that wait for one screen before it is cut.
QUEUE = 1_000


class Message(NamedTuple):
    """What a screen is told of one space, and its place in that space's stream of changes if it has one.

    ``data`` makes the words for a sight; empty ones are not for it. A change says which ``alert`` it is about.
    """

    space: str
    event: str
    data: Callable[[Sight], bytes]
    place: str | None = None
    renews: bool = False
    alert: str | None = None


class Screen:
    """A page may look at several spaces over one connection: browsers allow few to one server.

    The id of an event therefore names the place in every space: ``demo:1767-0 other:1770-3``.
    """

    def __init__(self, sight: Sight = EVERYTHING) -> None:
        self._queue: asyncio.Queue[Message | None] = asyncio.Queue(QUEUE)
        self.sight = sight
        self.places: dict[str, str] = {}
        self.cut = False
        self._has: set[str] = set()

    def put(self, message: Message | None) -> None:
        """Hand it over, or cut the screen. None is the end."""
        try:
            self._queue.put_nowait(message)
        except asyncio.QueueFull:
            self.cut = True

    async def next(self) -> Message | None:
        """What comes next; None at the end, or once the screen is cut."""
        return None if self.cut else await self._queue.get()

    def write(self, message: Message) -> bytes:
        """The message as bytes; nothing, if it is a change that this screen was told already."""
        place, known = message.place, self.places.get(message.space)
        if place is None:
            return frame(message.event, message.data(self.sight), "")
        if known is not None and not message.renews and order(place) <= order(known):
            return b""
        self.places[message.space] = place
        id_ = " ".join(f"{space}:{at}" for space, at in self.places.items())
        data = message.data(self.sight)
        if self.sight.agency is not None and not self._remember(message, data):
            return b""
        if data:
            return frame(message.event, data, id_)
        return frame("gone", orjson.dumps({"space": message.space, "alert_id": message.alert}), id_)

    def _remember(self, message: Message, data: bytes) -> bool:
        """Note which alerts this screen has; False for news of one that it neither has nor may see."""
        if message.alert is None:
            self._has = {alert["alert_id"] for alert in orjson.loads(data)["alerts"]}
        elif data:
            self._has.add(message.alert)
        elif message.alert in self._has:
            self._has.remove(message.alert)
        else:
            return False
        return True


def frame(event: str, data: bytes, id_: str) -> bytes:
    """One server-sent event; JSON has no line breaks, so its data is one line."""
    head = f"id: {id_}\n" if id_ else ""
    return b"%sevent: %s\ndata: %s\n\n" % (head.encode(), event.encode(), data)


def order(place: str) -> tuple[int, int]:
    """A place in a Redis stream, to be compared."""
    high, _, low = place.partition("-")
    return int(high), int(low)


def read_places(last_event_id: str | None) -> dict[str, str]:
    """The places that an id names; what is not one is left out, and that space is told from its present."""
    found: dict[str, str] = {}
    for part in (last_event_id or "")[:2_000].split():
        space, _, place = part.rpartition(":")
        high, _, low = place.partition("-")
        if all(number.isdecimal() and number.isascii() and len(number) <= 19 for number in (high, low)):
            found[space] = place
    return found
