"""One dossier's life as the desk tells it: its term, what interrupted it, and how it ended."""

from datetime import date, datetime
from typing import Literal

from ioc.alerts.alert import Evidence
from ioc.calendars.calendar import Calendar
from ioc.calendars.clock import Clock
from ioc.detector import State
from ioc.events.base import Moment


class Dossier(State):
    """What is known of one dossier.

    ``turned`` is the newest interruption or resumption; an older one that comes late, or again, changes nothing.
    ``said`` is what rings; ``overdue_on`` to ``over_until`` is its last time of being overdue; ``aged`` counts the
    limits of age that it has passed while open.
    """

    dossier: str = ""
    commune: str | None = None
    procedure: str | None = None
    received: Evidence | None = None
    clock: Clock | None = None
    turned: Moment | None = None
    apologised: Moment | None = None
    new_due: Moment | None = None
    said: Literal["", "soon", "overdue", "again"] = ""
    overdue_on: date | None = None
    over_until: date | None = None
    unapologised: bool = False
    aged: int = 0
    closed_at: Moment | None = None
    timeliness: str = ""
    forgotten: bool = False

    @property
    def open(self) -> bool:
        return self.received is not None and self.closed_at is None

    def is_received_at(self, at: datetime) -> bool:
        return self.received is not None and self.received.at == at

    @property
    def due(self) -> datetime | None:
        """When it must be done; None where nobody said, and while it waits for papers."""
        return self.clock.due if self.clock else None

    @property
    def due_from(self) -> datetime | None:
        """When it counts as overdue: never before its term runs."""
        return max(self.clock.due, self.clock.running_since) if self.clock and self.clock.due else None


def timeliness(state: Dossier, calendar: Calendar, at: datetime) -> str:
    """``early`` (trước hạn: on a day before), ``on_time``, ``late``, or ``no_due``. An apology moves nothing.

    A result that comes while papers are missing is judged by the day on which they were asked for.
    """
    clock = state.clock
    if clock is None:
        return "no_due"
    if clock.paused:
        at, clock = clock.pauses[-1].since, clock.unpaused(calendar)
    assert clock.due is not None
    if at > clock.due:
        return "late"
    last = calendar.last_day(clock.due)
    return "early" if calendar.day(at) < last else "on_time"


def apology_by(clock: Clock, calendar: Calendar) -> datetime | None:
    """The last moment for an apology with a new date: the end of the working day before the last one.

    None where the term has no such day.
    """
    assert clock.due is not None
    last = calendar.last_day(clock.due)
    by = calendar.end_of(calendar.shift(last, -1))
    return by if by > clock.running_since else None
