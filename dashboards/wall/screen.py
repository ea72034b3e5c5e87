"""One connected page: what waits for it, and how that is written as server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

#: Messages that wait for one screen before it is cut.
QUEUE = 1_000


class Message(NamedTuple):
    """What a screen is told, and its place in the stream of changes if it has one."""

    data: bytes
    place: str | None = None
    renews: bool = False


class Screen:
    """One connected page: what waits for it. ``None`` in the queue is the end."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Message | None] = asyncio.Queue(QUEUE)
        self.cut = False

    def put(self, message: Message | None) -> None:
        """Hand it over, or cut the screen."""
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self.cut = True

    async def after(self, place: str) -> AsyncIterator[bytes]:
        """What comes, without the changes up to ``place``: those it was told already."""
        while not self.cut and (message := await self.queue.get()) is not None:
            if message.place is None or message.renews or order(message.place) > order(place):
                place = message.place or place
                yield message.data


def frame(event: str, data: bytes, place: str | None = None) -> bytes:
    """One server-sent event; JSON has no line breaks, so its data is one line."""
    id_ = f"id: {place}\n".encode() if place else b""
    return b"%sevent: %s\ndata: %s\n\n" % (id_, event.encode(), data)


def order(place: str) -> tuple[int, int]:
    """A place in a Redis stream, to be compared."""
    high, _, low = place.partition("-")
    return int(high), int(low or 0)
