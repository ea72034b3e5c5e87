"""Deadlines of keys: a heap that is cleaned lazily, as most deadlines move or vanish before they are due."""

import heapq
from datetime import datetime


class Timers:
    """At most one deadline a key."""

    def __init__(self) -> None:
        self._due: dict[str, datetime] = {}
        self._heap: list[tuple[datetime, str]] = []

    def __len__(self) -> int:
        return len(self._due)

    def set(self, key: str, due: datetime | None) -> None:
        if due is None:
            self._due.pop(key, None)
        elif self._due.get(key) != due:
            self._due[key] = due
            heapq.heappush(self._heap, (due, key))
            if len(self._heap) > 2 * len(self._due) + 64:
                self._heap = [(at, name) for name, at in self._due.items()]
                heapq.heapify(self._heap)

    def get(self, key: str) -> datetime | None:
        return self._due.get(key)

    def any_before(self, at: datetime) -> bool:
        """May there be a deadline before ``at``? Asked of every event, so it may say yes where :meth:`first` knows."""
        return bool(self._heap) and self._heap[0][0] < at

    def first(self) -> tuple[datetime, str] | None:
        """The earliest deadline and its key."""
        while self._heap:
            due, key = self._heap[0]
            if self._due.get(key) == due:
                return due, key
            heapq.heappop(self._heap)
        return None
