"""One request's wait for its answer, as the desk tells it."""

from datetime import date
from typing import Literal

from ioc.alerts.alert import Evidence
from ioc.calendars.clock import Clock
from ioc.detector import State
from ioc.events.base import AnyEvent, Moment
from ioc.events.requests import (
    Priority,
    RequestAnswered,
    RequestAssigned,
    RequestClosed,
    RequestReopened,
    Stream,
)


class Request(State):
    """One request's wait, which began at ``since``.

    ``moved``, ``reopened`` and ``ended`` are the newest of each: an older one that comes late, or again, changes
    nothing. ``agency`` must act.
    """

    request: str = ""
    queue: str | None = None
    agency: str | None = None
    stream: Stream = "site_report"
    category: str | None = None
    commune: str | None = None
    place: tuple[float, float] | None = None
    priority: Priority = "normal"
    opened: Evidence | None = None
    clock: Clock | None = None
    since: Moment | None = None
    moved: Moment | None = None
    reopened: Moment | None = None
    ended: Moment | None = None
    phase: Literal["unknown", "waiting", "answered", "closed"] = "unknown"
    raised: bool = False
    overdue_on: date | None = None
    closed_at: Moment | None = None
    forgotten: bool = False

    def outdated(self, event: AnyEvent) -> bool:
        """Was something heard already that happened later and makes this one void?"""
        match event.data:
            case RequestAssigned():
                return self.moved is not None and event.at <= self.moved
            case RequestReopened() if self.ended is not None and event.at < self.ended:
                return True
            case RequestAnswered() | RequestClosed() | RequestReopened():
                return self.reopened is not None and event.at <= self.reopened
        return False
