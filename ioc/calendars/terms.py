"""Terms (thời hạn) as the law counts them, and as a rule writes them: ``working_days(5)``, ``same_day(cutoff=15:00)``.

Civil Code 2015, Articles 147 and 148: the first day is not counted; a term whose last day is off ends with the next
working day. A term that is interrupted goes on in its own unit: days by days, the day of the interruption counted as
used up, hours by hours. What ``left`` returns means something to the same term's ``resume`` only.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any, Protocol

from pydantic import GetPydanticSchema
from pydantic_core import core_schema

from ioc.calendars.calendar import Calendar
from ioc.text import Text

#: The longest term: a slip of the pen in a file must not become a due time nobody lives to see.
LONGEST_DAYS = 3660


class Kind(Protocol):
    """What every kind of term can be asked."""

    def due(self, calendar: Calendar, at: datetime) -> datetime:
        """When a term that begins at this moment ends."""

    def left(self, calendar: Calendar, at: datetime, due: datetime) -> int:
        """What remains of it at this moment, in the term's own unit; negative once it is over."""

    def resume(self, calendar: Calendar, at: datetime, left: int) -> datetime:
        """When it ends, going on at this moment with what remained."""

    @property
    def words(self) -> Text:
        """How people say it."""


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """``n`` working days (ngày làm việc)."""

    n: int

    def due(self, calendar: Calendar, at: datetime) -> datetime:
        return self.resume(calendar, at, self.n)

    def left(self, calendar: Calendar, at: datetime, due: datetime) -> int:
        days = calendar.working_days(calendar.day(at), calendar.last_day(due))
        return days if at <= due else min(days, -1)  # overdue since this afternoon is overdue too

    def resume(self, calendar: Calendar, at: datetime, left: int) -> datetime:
        return calendar.end_of(calendar.shift(calendar.day(at), left))

    def __str__(self) -> str:
        return f"working_days({self.n})"

    @property
    def words(self) -> Text:
        return Text(f"{self.n} ngày làm việc", f"{self.n} working days")


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """``n`` days, off or not (ngày); the last one is rolled to the next working day."""

    n: int

    def due(self, calendar: Calendar, at: datetime) -> datetime:
        return self.resume(calendar, at, self.n)

    def left(self, calendar: Calendar, at: datetime, due: datetime) -> int:
        days = (calendar.last_day(due) - calendar.day(at)).days
        return days if at <= due else min(days, -1)

    def resume(self, calendar: Calendar, at: datetime, left: int) -> datetime:
        last = calendar.day(at) + timedelta(days=left)
        return calendar.end_of(last if left < 0 else calendar.shift(last, 0))

    def __str__(self) -> str:
        return f"calendar_days({self.n})"

    @property
    def words(self) -> Text:
        return Text(f"{self.n} ngày", f"{self.n} calendar days")


@dataclass(frozen=True, slots=True)
class SameDay:
    """Within the day (ngay trong ngày), or the next working day where received after the cut-off.

    Received on a day off, or interrupted and complete again, it counts as received on that later moment.
    """

    cutoff: time = time(15)

    def due(self, calendar: Calendar, at: datetime) -> datetime:
        day = calendar.day(at)
        after = calendar.local(at).time() > self.cutoff
        return calendar.end_of(calendar.shift(day, 1 if after and calendar.is_working(day) else 0))

    def left(self, calendar: Calendar, at: datetime, due: datetime) -> int:
        return min(0, calendar.between(at, due)) if at > due else 0

    def resume(self, calendar: Calendar, at: datetime, left: int) -> datetime:
        return calendar.add(at, left) if left < 0 else self.due(calendar, at)

    def __str__(self) -> str:
        return f"same_day(cutoff={self.cutoff:%H:%M})"

    @property
    def words(self) -> Text:
        at = f"{self.cutoff:%H:%M}"
        return Text(f"trong ngày, sau {at} thì ngày làm việc tiếp theo", f"same day; after {at}, the next working day")


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """``n`` hours of office time (giờ làm việc)."""

    n: float

    def due(self, calendar: Calendar, at: datetime) -> datetime:
        return calendar.add(at, round(self.n * 3600))

    def left(self, calendar: Calendar, at: datetime, due: datetime) -> int:
        return calendar.between(at, due)

    def resume(self, calendar: Calendar, at: datetime, left: int) -> datetime:
        return calendar.add(at, left)

    def __str__(self) -> str:
        return f"working_hours({self.n:g})"

    @property
    def words(self) -> Text:
        return Text(f"{self.n:g} giờ làm việc".replace(".", ","), f"{self.n:g} working hours")


@dataclass(frozen=True, slots=True)
class WallTime:
    """So long by the wall clock, office or not."""

    length: timedelta

    def due(self, calendar: Calendar, at: datetime) -> datetime:
        return (at + self.length).astimezone(UTC)

    def left(self, calendar: Calendar, at: datetime, due: datetime) -> int:
        return round((calendar.local(due) - calendar.local(at)).total_seconds())

    def resume(self, calendar: Calendar, at: datetime, left: int) -> datetime:
        return (at + timedelta(seconds=left)).astimezone(UTC)

    def __str__(self) -> str:
        return f"wall({_written(self.length)})"

    @property
    def words(self) -> Text:
        number, (vi, en) = _parted(self.length)
        return Text(f"{number} {vi}", f"{number} {en}")


_UNITS = {"d": (86_400, ("ngày", "days")), "h": (3_600, ("giờ", "hours")), "m": (60, ("phút", "minutes")),
          "s": (1, ("giây", "seconds"))}  # fmt: skip


def _parted(length: timedelta) -> tuple[int, tuple[str, str]]:
    whole = int(length.total_seconds())
    size, words = next(unit for unit in _UNITS.values() if whole % unit[0] == 0)
    return whole // size, words


def _written(length: timedelta) -> str:
    whole = int(length.total_seconds())
    letter = next(letter for letter, (size, _) in _UNITS.items() if whole % size == 0)
    return f"{whole // _UNITS[letter][0]}{letter}"


def _days(said: str) -> int:
    if not 0 < int(said) <= LONGEST_DAYS:
        raise ValueError(f"a term has 1 to {LONGEST_DAYS} days, not {said}")
    return int(said)


def _hours(said: str) -> float:
    if not 0 < float(said) <= LONGEST_DAYS:
        raise ValueError(f"a term has more than 0 and at most {LONGEST_DAYS} hours, not {said}")
    return float(said)


def _cutoff(said: str) -> SameDay:
    return SameDay(time.fromisoformat(said))


def _wall(said: str) -> WallTime:
    length = timedelta(seconds=int(said[:-1]) * _UNITS[said[-1]][0])
    if not timedelta(0) < length <= timedelta(days=LONGEST_DAYS):
        raise ValueError(f"wall({said}): more than nothing and at most {LONGEST_DAYS} days")
    return WallTime(length)


_FORMS: Mapping[str, Callable[[str], Kind]] = {
    r"working_days\((\d{1,6})\)": lambda said: WorkingDays(_days(said)),
    r"calendar_days\((\d{1,6})\)": lambda said: CalendarDays(_days(said)),
    r"same_day\((?:cutoff=)?((?:[01]\d|2[0-3]):[0-5]\d)\)": _cutoff,
    r"working_hours\((\d{1,6}(?:\.\d{1,2})?)\)": lambda said: WorkingHours(_hours(said)),
    r"wall\((\d{1,6}[smhd])\)": _wall,
}


def term(said: object) -> Kind:
    """A term from how a rule writes it. Raises ValueError with the forms there are."""
    if isinstance(said, WorkingDays | CalendarDays | SameDay | WorkingHours | WallTime):
        return said
    for form, build in _FORMS.items():
        if isinstance(said, str) and (match := re.fullmatch(form, said.replace(" ", ""))):
            return build(match[1])
    raise ValueError(
        f"{said!r} is no term: write working_days(5), calendar_days(10), same_day(cutoff=15:00), working_hours(8) "
        "or wall(15m)"
    )


def _schema(_source: Any, _handler: Any) -> core_schema.CoreSchema:
    written = core_schema.plain_serializer_function_ser_schema(str, return_schema=core_schema.str_schema())
    return core_schema.no_info_before_validator_function(
        term, core_schema.any_schema(), serialization=written, json_schema_input_schema=core_schema.str_schema()
    )


#: A term as a field of a model: read from, and written as, its short form.
Term = Annotated[Kind, GetPydanticSchema(_schema)]
