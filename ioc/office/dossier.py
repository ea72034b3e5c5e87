"""One dossier's life as the desk tells it: its term, what interrupted it, and how it ended."""

from datetime import date, datetime
from typing import Literal

from ioc.alerts.alert import Evidence
from ioc.calendars.calendar import Calendar
from ioc.calendars.clock import Clock
from ioc.calendars.terms import SameDay
from ioc.detector import State
from ioc.events.base import Moment

#: Ages by which open work is counted, in calendar days: at most 1, 3, 7, … and beyond.
AGES = (1, 3, 7, 15, 30, 60)


class Dossier(State):
    """What is known of one dossier.

    ``turned`` is the newest interruption or resumption; an older one that comes late, or again, changes nothing.
    ``said`` is what rings; ``overdue_on`` to ``over_until`` is its last time of being overdue; ``aged`` counts the
    limits of :data:`AGES` that it has passed while open.
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


def soon_from(clock: Clock, calendar: Calendar, *, days: int, share: float, hours: float) -> datetime:
    """When a dossier begins to be due soon: the longest of ``days`` working days, a share of the term, and hours
    of work before it is due; of a term that ends the day it begins, hours alone. Never before half of the term.
    """
    assert clock.due is not None
    since, due = clock.running_since, clock.due
    if due <= since:
        return since
    worked = calendar.between(since, due)
    leads = [calendar.add(due, -round(hours * 3600))]
    if calendar.day(since) != calendar.day(due) and not isinstance(clock.term, SameDay):
        last = calendar.last_day(due)
        leads.append(calendar.end_of(calendar.shift(last, -days)))
        leads.append(calendar.add(due, -round(share * worked)))
    half = calendar.add(since, worked // 2) if worked > 1 else since
    return min(due, max(since, half, min(leads)))


def apology_by(clock: Clock, calendar: Calendar) -> datetime | None:
    """The last moment for an apology with a new date: the end of the working day before the last one.

    None where the term has no such day.
    """
    assert clock.due is not None
    last = calendar.last_day(clock.due)
    by = calendar.end_of(calendar.shift(last, -1))
    return by if by > clock.running_since else None


def age_label(passed: int) -> str:
    """How the age is called after so many limits: ``0-1``, ``1-3``, … ``60+`` days."""
    if passed == len(AGES):
        return f"{AGES[-1]}+"
    return f"{AGES[passed - 1] if passed else 0}-{AGES[passed]}"
