"""What a calendar file says: the week's office hours, national holidays, and the days that are otherwise.

The State moves working days at short notice: a Friday off, the Saturday after made up (*làm bù*). So a file's
``[[days]]`` come before whatever the library of holidays knows, and say by which decision.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from functools import cache, cached_property
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import holidays
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ioc.events.base import Code
from ioc.text import complaint

#: Where the calendars lie that are found by plain name.
SHIPPED = Path(__file__).parent / "shipped"
#: Years that a calendar knows. Terms and appointments beyond are slips of the pen.
FIRST_YEAR, LAST_YEAR = 1970, 2100
DAY = timedelta(days=1)
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


class BadCalendar(ValueError):
    """The calendar file cannot be used; the message says where and what to change."""


class Span(BaseModel):
    """Office hours without a break, in seconds of the local day; written ``07:30-11:30``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: int
    until: int

    @property
    def seconds(self) -> int:
        return self.until - self.since


def seconds(at: time) -> int:
    """Seconds since midnight."""
    return at.hour * 3600 + at.minute * 60 + at.second


def _span(value: object) -> object:
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)", value)
    if match is None:
        raise ValueError(f"{value!r}: write office hours as 07:30-11:30, at the latest until 24:00")
    since = int(match[1]) * 60 + int(match[2])
    until = int(match[3]) * 60 + int(match[4]) if match[3] else 24 * 60
    if since >= until:
        raise ValueError(f"{value!r} ends before it starts")
    return {"since": since * 60, "until": until * 60}


def _in_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    for before, after in pairwise(spans):
        if before.until > after.since:
            raise ValueError("office hours of a day overlap or are out of order")
    return spans


#: The spans of one day, in order; the gap between two is the lunch break.
Spans = tuple[Annotated[Span, BeforeValidator(_span)], ...]


class Day(BaseModel):
    """A day that is not as the week and the holidays would have it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: Annotated[date, Field(description="which day")]
    working: Annotated[bool, Field(description="true: worked all the same (làm bù); false: off")]
    name: Annotated[str, Field(description="what people call it")]
    basis: Annotated[str, Field(description="by which decision: number, date, who")] = ""
    hours: Annotated[Spans | None, Field(description="hours of that day, if not the week's")] = None


class CalendarFile(BaseModel):
    """A calendar as data."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[Code, Field(description="short name, by which terms and clocks call it")]
    version: Annotated[Code, Field(description="raised with every change; stands beside each due time")]
    country: Annotated[str | None, Field(description="whose national holidays are off: an ISO code such as VN")] = None
    hours: Annotated[Spans, Field(description="office hours of a working day")]
    week: Annotated[
        Mapping[Weekday, Spans], Field(description="weekdays with hours of their own; an empty list is off")
    ] = {"saturday": (), "sunday": ()}
    days_end: Annotated[
        Literal["office", "midnight"],
        Field(description="a term in days ends with the office day, or at 24:00 as the Civil Code says"),
    ] = "office"
    days: Annotated[tuple[Day, ...], Field(description="days that are otherwise: swapped, made up, local")] = ()

    @model_validator(mode="after")
    def _makes_sense(self) -> "CalendarFile":
        for spans in (self.hours, *self.week.values(), *(day.hours or () for day in self.days)):
            _in_order(spans)
        if not self.hours:
            raise ValueError("hours is empty: no day would ever be worked")
        if len({day.date for day in self.days}) < len(self.days):
            twice = next(day.date for day in self.days if [each.date for each in self.days].count(day.date) > 1)
            raise ValueError(f"{twice} stands twice under [[days]]: keep the newer decision")
        if self.country is not None:
            _national(self.country)
        return self

    @cached_property
    def stamp(self) -> str:
        """Version and digest of all that the calendar says, the library's holidays included."""
        said = repr((self.model_dump(mode="json"), sorted(self.national.items())))
        return f"{self.id} {self.version} {blake2b(said.encode(), digest_size=4).hexdigest()}"

    @property
    def national(self) -> Mapping[date, str]:
        """National holidays by date, in the country's language; those that ``days`` overrides too."""
        return _national(self.country)[0] if self.country else {}

    @property
    def made_up(self) -> frozenset[date]:
        """Days off by the week that the library knows to be worked."""
        return _national(self.country)[1] if self.country else frozenset()

    def spans(self, day: date) -> Spans:
        """The office hours of a day; none where it is off."""
        if (otherwise := self._otherwise.get(day)) is not None:
            if not otherwise.working:
                return ()
            return otherwise.hours if otherwise.hours is not None else self._weekly(day) or self.hours
        if day in self.made_up:
            return self._weekly(day) or self.hours
        return () if day in self.national else self._weekly(day)

    def why(self, day: date) -> str:
        """Why a day is off, or worked although the week says off; empty where there is nothing to say."""
        if (otherwise := self._otherwise.get(day)) is not None:
            return f"{otherwise.name} ({otherwise.basis})" if otherwise.basis else otherwise.name
        return self.national.get(day, "làm bù" if day in self.made_up else "")

    def _weekly(self, day: date) -> Spans:
        return self._by_weekday[day.weekday()]

    @cached_property
    def _by_weekday(self) -> tuple[Spans, ...]:
        return tuple(self.week.get(name, self.hours) for name in WEEKDAYS)

    @cached_property
    def _otherwise(self) -> Mapping[date, Day]:
        return {day.date: day for day in self.days}


@cache
def _national(country: str) -> tuple[Mapping[date, str], frozenset[date]]:
    """A country's holidays and made-up working days, of every year that a calendar knows."""
    try:
        known = holidays.country_holidays(country, years=range(FIRST_YEAR, LAST_YEAR + 1))
    except NotImplementedError:
        raise ValueError(f"country {country!r}: the library of holidays does not know it") from None
    return dict(known), frozenset(getattr(known, "weekend_workdays", ()))


def compose(said: Mapping[str, Any]) -> CalendarFile:
    """A calendar from what a file says; ``base`` names a shipped one that it changes. Raises BadCalendar.

    Single fields replace those of the base; ``days`` are added, and replace the base's of the same date.
    """
    own = dict(said)
    base = own.pop("base", None)
    if base is not None:
        below = _read(SHIPPED / f"{base}.toml")
        own["days"] = _merged(below.get("days", ()), own.get("days", ()))
        own = {**below, **own}
        own["version"] = f"{below['version']}+{said['version']}" if "version" in said else below["version"]
    try:
        return CalendarFile.model_validate(own)
    except ValidationError as error:
        raise BadCalendar(f"calendar {said.get('id', base)!r}: {complaint(error)}") from None


def _merged(below: Iterable[Mapping[str, Any]], above: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    above = list(above)
    changed = {day.get("date") for day in above}
    return [*(day for day in below if day["date"] not in changed), *above]


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        shipped = ", ".join(sorted(file.stem for file in SHIPPED.glob("*.toml")))
        raise BadCalendar(f"there is no calendar {path.stem!r}; there are: {shipped}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadCalendar(f"{path}: not TOML: {error}") from None
