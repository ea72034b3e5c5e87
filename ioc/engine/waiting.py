"""Events that wait for the watermark: sorted by (time, source, id), each once, with the offset it came from."""

import heapq
from collections.abc import Iterable
from datetime import datetime

from ioc.events.base import AnyEvent

_Identity = tuple[datetime, str, str]


class Waiting:
    """A heap of events not yet released, and what was released at the newest instant.

    An event that comes again is known while it waits, and at the very instant of the watermark; below that
    it is late, and detectors see it as such.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[_Identity, int, AnyEvent]] = []
        self._pending: set[_Identity] = set()
        self._instant: datetime | None = None
        self._newest: AnyEvent | None = None
        #: Filled from the second event of an instant on: most instants have one.
        self._released: set[_Identity] = set()

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, event: AnyEvent, offset: int) -> bool:
        """Put an event in; False if it waits here already, or was released at this very instant."""
        identity = event[:3]
        if identity in self._pending or (event.at == self._instant and identity in self._known()):
            return False
        self._pending.add(identity)
        heapq.heappush(self._heap, (identity, offset, event))
        return True

    def at_once(self, event: AnyEvent) -> bool:
        """Let an event through without waiting; False if it was released at this very instant already."""
        at = event.at
        if at != self._instant:
            self._instant, self._newest = at, event
            if self._released:
                self._released = set()
            return True
        known, identity = self._known(), event[:3]
        if identity in known:
            return False
        known.add(identity)
        return True

    def _known(self) -> set[_Identity]:
        """What was released at the newest instant."""
        if not self._released and self._newest is not None:
            self._released.add(self._newest[:3])
        return self._released

    def pop_before(self, moment: datetime) -> tuple[AnyEvent, int] | None:
        """The earliest that happened before then, and the offset it came from; None if none did."""
        if not self._heap or self._heap[0][0][0] >= moment:
            return None
        identity, offset, event = heapq.heappop(self._heap)
        self._pending.discard(identity)
        self.at_once(event)
        return event, offset

    def released(self) -> list[list[str]]:
        """For the checkpoint: time, source and id of what was released at the newest instant."""
        return [[at.isoformat(), source, id_] for at, source, id_ in sorted(self._known())]

    def load(self, released: list[list[str]]) -> None:
        self._released = {(datetime.fromisoformat(at), source, id_) for at, source, id_ in released}
        self._instant, self._newest = max((at for at, _, _ in self._released), default=None), None

    def offsets(self) -> list[list[int]]:
        """The offsets still held, as inclusive ranges."""
        ranges: list[list[int]] = []
        for offset in sorted(entry[1] for entry in self._heap):
            if ranges and offset == ranges[-1][1] + 1:
                ranges[-1][1] = offset
            else:
                ranges.append([offset, offset])
        return ranges


def within(ranges: Iterable[list[int]], offset: int) -> bool:
    """Is this offset in one of the inclusive ranges?"""
    return any(first <= offset <= last for first, last in ranges)
