"""Arithmetic in working time: which day comes n working days later, how much work lies between two moments."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from ioc.calendars.days import DAY, FIRST_YEAR, LAST_YEAR, CalendarFile, Spans, seconds

_FIRST, _LAST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
#: A day within these years in every time zone.
_BEGIN, _END = datetime(FIRST_YEAR, 1, 3, tzinfo=UTC), datetime(LAST_YEAR, 12, 30, tzinfo=UTC)


class _Year(NamedTuple):
    """The working days of one year, and the seconds worked before each of them; one more entry for the whole."""

    days: tuple[date, ...]
    worked: tuple[int, ...]


class Calendar:
    """One calendar in one time zone. Moments come back in UTC; days are local days.

    Whatever lies before 1970 or after 2100, a slip of the pen, counts as the first or last moment of these years.
    """

    def __init__(self, said: CalendarFile, zone: tzinfo) -> None:
        self.said, self._zone = said, zone
        self._years: dict[int, _Year] = {}
        #: Working days and seconds before each year, as far as was asked.
        self._before: list[tuple[int, int]] = [(0, 0)]

    @cached_property
    def stamp(self) -> str:
        """Id, version and digest: what a due time was reckoned by."""
        return self.said.stamp

    def local(self, at: datetime) -> datetime:
        """The same instant as the offices' clocks show it."""
        return min(max(at, _BEGIN), _END).astimezone(self._zone)

    def day(self, at: datetime) -> date:
        """The local day of a moment."""
        return self.local(at).date()

    def last_day(self, due: datetime) -> date:
        """The day that a due time belongs to: midnight ends the day before it."""
        return (self.local(due) - timedelta(seconds=1)).date()

    # -- days ------------------------------------------------------------------------------------------------

    def is_working(self, day: date) -> bool:
        """Is this day worked at all?"""
        return bool(self.spans(day))

    def spans(self, day: date) -> Spans:
        """The hours worked on a day."""
        return self.said.spans(day)

    def shift(self, day: date, by: int) -> date:
        """The ``by``-th working day after ``day`` (before, if negative), which is itself not counted.

        By 0: the day itself, or the next working day where it is off.
        """
        place = self._through(day) if by > 0 else self._through(day - DAY) + 1
        return self._nth(place + by)

    def working_days(self, after: date, through: date) -> int:
        """Working days after one day up to and with another; negative the other way round."""
        return self._through(through) - self._through(after)

    def end_of(self, day: date) -> datetime:
        """When a term ends whose last day this is: with the office day, or at 24:00, as the calendar says."""
        spans = self.spans(day)
        if self.said.days_end == "midnight" or not spans:
            return self._moment(day + DAY, 0)
        return self._moment(day, spans[-1].until)

    def begin_of(self, day: date) -> datetime:
        """When the office opens on a day; midnight where it does not."""
        spans = self.spans(day)
        return self._moment(day, spans[0].since if spans else 0)

    # -- hours -----------------------------------------------------------------------------------------------

    def between(self, start: datetime, end: datetime) -> int:
        """Seconds of working time from one moment to another; negative the other way round."""
        return self._worked(end) - self._worked(start)

    def add(self, at: datetime, worked: int) -> datetime:
        """The moment at which so many seconds more (fewer, if negative) have been worked.

        The earliest such moment: what is worked up by the evening ends that evening, not next morning. Nothing
        added: the moment itself, or the next opening where the office is closed.
        """
        wanted = self._worked(at) + worked
        if worked == 0:
            return self._opening(at)
        return self._at(wanted)

    def _opening(self, at: datetime) -> datetime:
        local = self.local(at)
        day, clock = self.day(at), seconds(local.time())
        for span in self.spans(day):
            if clock < span.until:
                return at.astimezone(UTC) if clock >= span.since else self._moment(day, span.since)
        later = self.shift(day, 1)
        return self._moment(later, self.spans(later)[0].since)

    def _worked(self, at: datetime) -> int:
        """Seconds worked since the calendar's beginning."""
        day, local = self.day(at), self.local(at)
        year = self._year(day.year)
        clock = seconds(local.time())
        today = sum(max(0, min(clock, span.until) - span.since) for span in self.spans(day))
        return self._until(day.year)[1] + year.worked[bisect_left(year.days, day)] + today

    def _at(self, worked: int) -> datetime:
        number = self._year_of(worked, of=1)
        year, rest = self._year(number), worked - self._until(number)[1]
        place = bisect_left(year.worked, rest) - 1
        place = min(max(place, 0), len(year.days) - 1)
        day, rest = year.days[place], max(0, rest - year.worked[place])
        for span in self.spans(day):
            if rest <= span.seconds:
                return self._moment(day, span.since + rest)
            rest -= span.seconds
        return _END

    # -- tables ----------------------------------------------------------------------------------------------

    def _through(self, day: date) -> int:
        """Working days since the calendar's beginning, with this one."""
        day = min(max(day, _FIRST), _LAST)
        return self._until(day.year)[0] + bisect_right(self._year(day.year).days, day)

    def _nth(self, place: int) -> date:
        """The working day with this number, counted from 1."""
        number = self._year_of(place, of=0)
        days, rest = self._year(number).days, place - self._until(number)[0]
        return days[min(max(rest, 1), len(days)) - 1]

    def _until(self, year: int) -> tuple[int, int]:
        """Working days and seconds before a year."""
        while len(self._before) <= year - FIRST_YEAR:
            days, worked = self._before[-1]
            whole = self._year(FIRST_YEAR + len(self._before) - 1)
            self._before.append((days + len(whole.days), worked + whole.worked[-1]))
        return self._before[year - FIRST_YEAR]

    def _year_of(self, value: int, of: int) -> int:
        """The year in which the count of days (``of`` 0) or seconds (1) reaches a value."""
        while len(self._before) <= LAST_YEAR - FIRST_YEAR and self._before[-1][of] < value:
            self._until(FIRST_YEAR + len(self._before))
        found = FIRST_YEAR + bisect_left(self._before, value, key=itemgetter(of)) - 1
        return min(max(found, FIRST_YEAR), LAST_YEAR)

    def _year(self, number: int) -> _Year:
        if number not in self._years:
            days = tuple(day for day in _days_of(number) if self.is_working(day))
            worked = [0]
            for day in days:
                worked.append(worked[-1] + sum(span.seconds for span in self.spans(day)))
            self._years[number] = _Year(days, tuple(worked))
        return self._years[number]

    def _moment(self, day: date, clock: int) -> datetime:
        midnight = datetime(day.year, day.month, day.day, tzinfo=self._zone)
        return (midnight + timedelta(seconds=clock)).astimezone(UTC)


def _days_of(year: int) -> Iterable[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += DAY
