"""When work counts as due soon, and how its age is called."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from ioc.calendars.calendar import Calendar
from ioc.calendars.clock import Clock
from ioc.calendars.terms import SameDay
from ioc.detector import Emit
from ioc.events.deadlines import DEADLINES, DeadlineMoved
from ioc.events.requests import Work
from ioc.text import Text

#: Ages by which open work is counted, in calendar days: at most 1, 3, 7, … and beyond.
AGES = (1, 3, 7, 15, 30, 60)

#: How the state of a term is called on boards.
TERM_WORDS: Mapping[str, Text] = {
    "within": Text("trong hạn", "within the term"),
    "due_soon": Text("sắp đến hạn", "due soon"),
    "overdue": Text("quá hạn", "overdue"),
}


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


def deadline_moved(work: Work, case: str, before: Clock, after: Clock, at: datetime) -> Emit:
    """A calendar that changed moved what was due: both times are kept."""
    return Emit(DEADLINES, DeadlineMoved(
        work=work, case=case, old_due=before.due, new_due=after.due, old_calendar=before.calendar,
        new_calendar=after.calendar,
    ), at)  # fmt: skip


def ages_at(since: datetime, passed: int) -> datetime | None:
    """When open work passes its next limit of age; None beyond the last."""
    return None if passed == len(AGES) else since + timedelta(days=AGES[passed])


def age_label(passed: int) -> str:
    """How the age is called after so many limits: ``0-1``, ``1-3``, … ``60+`` days."""
    if passed == len(AGES):
        return f"{AGES[-1]}+"
    return f"{AGES[passed - 1] if passed else 0}-{AGES[passed]}"
