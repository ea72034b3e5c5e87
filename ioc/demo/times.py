"""The demo's clock: the day played, the days before it, office hours, and when each story happens.

The day is played at :data:`SPEED`, so one hour takes two seconds, and from 03:00, so what happens at ``h``
o'clock is on the wall after ``2 * (h - 3)`` seconds:

====== ===== =================================================================
 clock  wall  what happens
====== ===== =================================================================
 03:00    0 s  night: sensors and cameras speak, nothing rings
 07:35    9 s  a loudspeaker has failed for a quarter of an hour; 08:05 (10 s) a school misses a third of its pupils
 08:40   11 s  a water main breaks: the request storm; its queue rings about 09:00 (12 s)
 09:30   13 s  a desk has fallen behind: dossiers due soon; overdue at 11:30 (17 s) and 17:00 (28 s)
 09:05   12 s  a vaccine runs out; 09:20 a post is still online a day after its removal was asked for
 10:12   14 s  a machine of an office shows signs of malware; it is cleaned at 15:20 (25 s)
 11:10   16 s  a station is noticed to be silent; it is back at 16:30 (27 s)
 13:30   21 s  a meeting room is not ready for 14:00
 13:38   21 s  fire near two stations, seen by a satellite at 14:12, confirmed at 14:45, out at 16:20 (27 s)
 15:00   24 s  bulletins: fire danger rises to III; at 17:00 (28 s) one commune has no duty roster
 14:05   22 s  its smoke blinds a camera; in the evening (18:05, 30 s) the rendered one follows
 03:00   48 s  the day is over; from here on at real pace
====== ===== =================================================================

So dossiers, requests, sensors and cameras have all rung after 22 s, and the rendered camera well before 40 s.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from ioc.district import District

SPEED = 1800
LASTS = timedelta(hours=24)
#: Tuesday to Friday without a weekend or holiday between; April is the dry season of this side of the hills.
START = datetime(2026, 4, 17, 3, 0, tzinfo=timezone(timedelta(hours=7)))
#: Where the recording of the rendered video belongs in the day: after its yard's guard begins at 18:00.
RECORDED_AT = START.replace(hour=18, minute=5)
RECORDED_CAMERA = "cam-cho-tra-my-01"

#: How many working days are told before the day, so that some of their dossiers come due in it.
WORKING_DAYS_BEFORE = 3
MORNING = (time(7, 30), time(11, 30))
AFTERNOON = (time(13, 0), time(17, 0))


class BadDay(ValueError):
    """The demo's day cannot be told so; the message says why."""


@dataclass(frozen=True)
class Times:
    """Moments of the demo, asked for by the local clock and given in UTC."""

    district: District
    opens: datetime
    closes: datetime
    today: date
    #: Every calendar day that is told, the day itself last.
    days: tuple[date, ...]

    @classmethod
    def of(cls, district: District, start: datetime) -> "Times":
        """The times of the day that begins at ``start``: on a working day, before its office hours."""
        local = district.local(start)
        if local.weekday() > 4 or local.time() > time(7):
            raise BadDay(f"the day must begin on a working day before 07:00, not at {local:%Y-%m-%d %H:%M}")
        first = working_day(local.date(), -WORKING_DAYS_BEFORE)
        days = tuple(first + timedelta(n) for n in range((local.date() - first).days + 1))
        return cls(district, start.astimezone(UTC), (start + LASTS).astimezone(UTC), local.date(), days)

    def at(self, clock: str | time, day: date | None = None) -> datetime:
        """A local clock time of ``day``, by default of today."""
        moment = time.fromisoformat(clock) if isinstance(clock, str) else clock
        zone = self.district.local(self.opens).tzinfo
        return datetime.combine(day or self.today, moment, zone).astimezone(UTC)

    @property
    def begins(self) -> datetime:
        """The first moment told at all."""
        return self.at("00:00", self.days[0])

    def office(self, at: datetime) -> datetime:
        """``at`` if the offices are open then, else when they next open."""
        return next(max(at, start) for start, end in self._sessions(at) if at < end)

    def work(self, at: datetime, hours: float) -> datetime:
        """The moment when so many office hours have passed."""
        left = timedelta(seconds=round(hours * 3600))
        for start, end in self._sessions(at):
            if (here := max(at, start)) < end:
                if here + left < end:
                    return here + left
                left -= end - here
        raise AssertionError("office sessions never end")

    def _sessions(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = self.district.day(at)
        while True:
            if day.weekday() < 5:
                for start, end in (MORNING, AFTERNOON):
                    yield self.at(start, day), self.at(end, day)
            day += timedelta(1)


def working_day(day: date, count: int) -> date:
    """The working day that lies ``count`` working days after ``day`` (before it, if negative)."""
    step = timedelta(1 if count > 0 else -1)
    while count:
        day += step
        if day.weekday() < 5:
            count -= step.days
    return day


def every(start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
    """Moments from ``start`` until before ``end``."""
    at = start
    while at < end:
        yield at
        at += step


def seconds(count: float) -> timedelta:
    """A whole number of seconds: no source here is more exact."""
    return timedelta(seconds=round(count))


def minutes(count: float) -> timedelta:
    return seconds(60 * count)
