"""One document's way through the office as the document system tells it."""

from datetime import date
from typing import Literal

from ioc.alerts.alert import Evidence
from ioc.calendars.clock import Clock
from ioc.detector import State
from ioc.events.base import Moment
from ioc.events.documents import Urgency


class Document(State):
    """One document's way through the office; ``assigned`` is the newest note, an older one changes nothing."""

    document: str = ""
    commune: str | None = None
    unit: str | None = None
    kind: Literal["incoming", "outgoing", "task"] = "incoming"
    urgency: Urgency = "normal"
    arrived: Evidence | None = None
    clock: Clock | None = None
    assigned: Moment | None = None
    signed: tuple[Literal["office", "leader"], ...] = ()
    said: Literal["", "soon", "overdue"] = ""
    overdue_on: date | None = None
    waits: bool = False
    aged: int = 0
    sent: bool = False
    closed_at: Moment | None = None
    forgotten: bool = False

    @property
    def open(self) -> bool:
        return self.arrived is not None and self.closed_at is None
