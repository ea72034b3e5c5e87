"""One running term: when it began, how it was interrupted, and what follows by a calendar.

A clock holds facts. Its due time follows from them and a calendar, so that a changed calendar moves it, and the
move can be told with the time before and after.
"""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from ioc.calendars.calendar import Calendar
from ioc.calendars.terms import Kind, Term, WorkingHours
from ioc.events.base import Moment

#: An appointment without a term is interrupted and resumed by working time.
_BY_WORKING_TIME = WorkingHours(1)


class Pause(BaseModel):
    """An interruption, over since ``until``. ``restart``: the term begins again from there; ``due``: as appointed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: Moment
    until: Moment | None = None
    restart: bool = False
    due: Moment | None = None


class Clock(BaseModel):
    """A term that runs, or waits. ``due`` is None while it waits; ``calendar`` is the stamp it was reckoned by.

    ``appointed`` is a due time that somebody set, on a slip say, and goes before what ``term`` gives.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    term: Term | None = None
    appointed: Moment | None = None
    started: Moment
    pauses: tuple[Pause, ...] = ()
    due: Moment | None = None
    calendar: str = ""

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].until is None

    @property
    def running_since(self) -> datetime:
        """When it began, or went on the last time."""
        until = self.pauses[-1].until if self.pauses else None
        return until or self.started

    def pause(self, calendar: Calendar, at: datetime, *, restart: bool = False) -> Self:
        """Wait from now on; a clock that waits already stays as it is."""
        if self.paused:
            return self
        return self._with(calendar, (*self.pauses, Pause(since=at, restart=restart)))

    def resume(self, calendar: Calendar, at: datetime, *, due: datetime | None = None) -> Self:
        """Go on, with what was left, from the beginning, or to a newly appointed due time."""
        if not self.paused:
            return self
        over = self.pauses[-1].model_copy(update={"until": at, "due": due})
        return self._with(calendar, (*self.pauses[:-1], over))

    def by(self, calendar: Calendar) -> Self:
        """The same clock by another, or a changed, calendar."""
        return self if calendar.stamp == self.calendar else self._with(calendar, self.pauses)

    def unpaused(self, calendar: Calendar) -> "Clock":
        """The clock as it was before the interruption that it waits for, if any."""
        return self._with(calendar, self.pauses[:-1]) if self.paused else self

    def left(self, calendar: Calendar, at: datetime) -> int:
        """Seconds of working time until it is due (what was left when it was interrupted); negative when overdue."""
        due = self.unpaused(calendar).due
        assert due is not None
        return calendar.between(self.pauses[-1].since if self.paused else at, due)

    def _with(self, calendar: Calendar, pauses: tuple[Pause, ...]) -> Self:
        due = None if pauses and pauses[-1].until is None else self._until(calendar, pauses)
        return self.model_copy(update={"pauses": pauses, "due": due, "calendar": calendar.stamp})

    def _until(self, calendar: Calendar, pauses: tuple[Pause, ...]) -> datetime:
        kind: Kind = self.term or _BY_WORKING_TIME
        due = self.appointed or kind.due(calendar, self.started)
        for pause in pauses:
            assert pause.until is not None
            if pause.due is not None:
                due = pause.due
            elif pause.restart:
                due = self._afresh(calendar, kind, pause.until)
            else:
                due = kind.resume(calendar, pause.until, kind.left(calendar, pause.since, due))
        return due

    def _afresh(self, calendar: Calendar, kind: Kind, at: datetime) -> datetime:
        """The whole term again; of an appointment without one, as much time as it had left at the beginning."""
        if self.term is not None or self.appointed is None:
            return kind.due(calendar, at)
        return kind.resume(calendar, at, kind.left(calendar, self.started, self.appointed))


def start(
    calendar: Calendar, at: datetime, *, term: Kind | None = None, appointed: datetime | None = None
) -> Clock:  # fmt: skip
    """A clock that runs from ``at``. Raises ValueError without a term and an appointment."""
    if term is None and appointed is None:
        raise ValueError("a clock needs a term, an appointed time, or both")
    clock = Clock(term=term, appointed=appointed, started=at)
    return clock.by(calendar)
