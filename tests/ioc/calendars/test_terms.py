"""Terms as offices count them, day by day, on the calendar of Vietnamese State offices."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from ioc.calendars.calendar import Calendar
from ioc.calendars.days import compose
from ioc.calendars.terms import CalendarDays, SameDay, Term, WallTime, WorkingDays, WorkingHours, term

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
OFFICE = Calendar(compose({"base": "vn_state"}), HERE)


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=HERE)


#: Received, term, due. Office hours are 07:30-11:30 and 13:30-17:00.
TABLE = [
    # Friday 2 January 2026 was moved to Saturday 10 January, on 25 December 2025.
    ("2025-12-31 09:00", "working_days(3)", "2026-01-07 17:00"),
    ("2026-01-08 09:00", "working_days(2)", "2026-01-10 17:00"),
    ("2026-01-09 16:00", "same_day(cutoff=15:00)", "2026-01-10 17:00"),
    ("2026-01-09 16:00", "working_hours(2)", "2026-01-10 08:30"),
    # Monday 31 August 2026 was moved to Saturday 22 August; 1 and 2 September are National Day.
    ("2026-08-20 09:00", "working_days(2)", "2026-08-22 17:00"),
    ("2026-08-28 09:00", "working_days(1)", "2026-09-03 17:00"),
    ("2026-08-28 16:00", "working_hours(1.5)", "2026-09-03 08:00"),
    ("2026-08-28 09:00", "calendar_days(3)", "2026-09-03 17:00"),
    # Tết 2026: off from Monday 16 to Friday 20 February.
    ("2026-02-13 10:00", "working_days(1)", "2026-02-23 17:00"),
    ("2026-02-12 10:00", "working_days(5)", "2026-02-26 17:00"),
    ("2026-02-13 16:30", "working_hours(1)", "2026-02-23 08:00"),
    ("2026-02-10 10:00", "calendar_days(7)", "2026-02-23 17:00"),
    # Tết 2027 takes Saturday and Sunday: their days off are given back on 10 February.
    ("2027-02-03 10:00", "working_days(1)", "2027-02-11 17:00"),
    # 24 November 2026, a Tuesday: Vietnam Cultural Day, off for the first time.
    ("2026-11-23 10:00", "working_days(1)", "2026-11-25 17:00"),
    ("2026-11-23 15:01", "same_day(cutoff=15:00)", "2026-11-25 17:00"),
    ("2025-11-23 10:00", "working_days(1)", "2025-11-24 17:00"),
    # The day of reception is not counted, be it off itself or after hours.
    ("2026-11-20 16:59", "working_days(1)", "2026-11-23 17:00"),
    ("2026-11-20 23:59", "working_days(1)", "2026-11-23 17:00"),
    ("2026-11-21 10:00", "working_days(1)", "2026-11-23 17:00"),
    # Days off count in calendar days; only a last day that is off rolls.
    ("2026-11-16 10:00", "calendar_days(4)", "2026-11-20 17:00"),
    ("2026-11-16 10:00", "calendar_days(5)", "2026-11-23 17:00"),
    ("2026-11-16 10:00", "calendar_days(8)", "2026-11-25 17:00"),
    # The cut-off itself is still in time.
    ("2026-11-18 14:59", "same_day(cutoff=15:00)", "2026-11-18 17:00"),
    ("2026-11-18 15:00", "same_day(cutoff=15:00)", "2026-11-18 17:00"),
    ("2026-11-18 15:01", "same_day(cutoff=15:00)", "2026-11-19 17:00"),
    ("2026-11-20 15:01", "same_day(cutoff=15:00)", "2026-11-23 17:00"),
    ("2026-11-22 09:00", "same_day(cutoff=15:00)", "2026-11-23 17:00"),
    # Hours stop for lunch and overnight.
    ("2026-11-18 10:30", "working_hours(2)", "2026-11-18 14:30"),
    ("2026-11-18 10:30", "working_hours(1)", "2026-11-18 11:30"),
    ("2026-11-18 12:00", "working_hours(1)", "2026-11-18 14:30"),
    ("2026-11-18 05:00", "working_hours(7.5)", "2026-11-18 17:00"),
    ("2026-11-18 18:00", "working_hours(8)", "2026-11-20 08:00"),
    # The wall clock knows no office.
    ("2026-11-21 23:50", "wall(15m)", "2026-11-22 00:05"),
]


@pytest.mark.parametrize(("received", "said", "due"), TABLE)
def test_a_term_ends_when_the_office_says(received: str, said: str, due: str) -> None:
    ends = term(said).due(OFFICE, at(received))

    assert OFFICE.local(ends).strftime("%Y-%m-%d %H:%M") == due
    assert ends.tzinfo is UTC


@pytest.mark.parametrize(("asked", "supplied", "said", "due"), [
    # Of five days from Monday 16 November, two are used up on Wednesday; three remain from Thursday week.
    ("2026-11-18 10:00", "2026-11-26 15:00", "working_days(5)", "2026-12-01 17:00"),
    ("2026-11-18 10:00", "2026-11-18 11:00", "working_days(5)", "2026-11-23 17:00"),
    ("2026-11-18 10:00", "2026-11-27 10:00", "calendar_days(10)", "2026-12-07 17:00"),
    ("2026-11-16 10:00", "2026-11-18 10:00", "working_hours(8)", "2026-11-19 09:30"),
    ("2026-11-16 10:00", "2026-11-18 15:01", "same_day(cutoff=15:00)", "2026-11-19 17:00"),
    # Overdue when it was interrupted: overdue when it goes on.
    ("2026-11-23 18:00", "2026-11-26 10:00", "working_days(5)", "2026-11-25 17:00"),
    ("2026-11-30 10:00", "2026-12-07 10:00", "calendar_days(10)", "2026-12-03 17:00"),
])  # fmt: skip
def test_an_interrupted_term_goes_on_in_its_own_unit(asked: str, supplied: str, said: str, due: str) -> None:
    of = term(said)
    left = of.left(OFFICE, at(asked), of.due(OFFICE, at("2026-11-16 09:00")))
    resumed = OFFICE.local(of.resume(OFFICE, at(supplied), left))

    assert resumed.strftime("%Y-%m-%d %H:%M") == due


def test_a_term_may_end_at_midnight_as_the_civil_code_says() -> None:
    midnight = Calendar(compose({"base": "vn_state", "days_end": "midnight"}), HERE)

    assert WorkingDays(2).due(midnight, at("2026-11-16 09:00")) == at("2026-11-19 00:00")
    assert WorkingDays(2).left(midnight, at("2026-11-16 09:00"), at("2026-11-19 00:00")) == 2


moments = st.integers(0, 5 * 365 * 86_400).map(lambda n: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=n))


def counted(after: date, through: date) -> int:
    """One by one, as a clerk does it with a wall calendar."""
    days = [after + timedelta(n + 1) for n in range((through - after).days)]
    return sum(OFFICE.is_working(day) for day in days)


@given(moments, st.integers(1, 60))
def test_working_days_are_those_that_a_clerk_counts(received: datetime, n: int) -> None:
    due = WorkingDays(n).due(OFFICE, received)
    first, last = OFFICE.day(received), OFFICE.day(due)

    assert OFFICE.is_working(last)
    assert counted(first, last) == n
    assert WorkingDays(n).left(OFFICE, received, due) == n


@given(moments, st.integers(1, 200))
def test_calendar_days_end_on_the_first_working_day_from_the_last_on(received: datetime, n: int) -> None:
    due = OFFICE.day(CalendarDays(n).due(OFFICE, received))
    last = OFFICE.day(received) + timedelta(n)

    assert due >= last
    assert OFFICE.is_working(due)
    assert not any(OFFICE.is_working(last + timedelta(d)) for d in range((due - last).days))


@given(moments, st.integers(60, 400_000))
def test_working_time_added_is_working_time_between(start: datetime, worked: int) -> None:
    end = OFFICE.add(start, worked)

    assert OFFICE.between(start, end) == worked
    assert OFFICE.between(end, start) == -worked
    assert OFFICE.between(start, end - timedelta(seconds=1)) < worked


@given(moments, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_working_time_is_the_minutes_that_the_office_is_open(start: datetime, length: timedelta) -> None:
    start = start.replace(second=0, microsecond=0)
    minutes = int(length.total_seconds()) // 60
    opened = (start + timedelta(minutes=n) for n in range(minutes))

    assert OFFICE.between(start, start + timedelta(minutes=minutes)) == 60 * sum(
        OFFICE.is_working(OFFICE.local(minute).date())
        and (time(7, 30) <= OFFICE.local(minute).time() < time(11, 30)
             or time(13, 30) <= OFFICE.local(minute).time() < time(17))
        for minute in opened
    )  # fmt: skip


@given(moments, st.integers(-80, 80), st.integers(-80, 80))
def test_shifting_there_and_on_is_shifting_once(start: datetime, first: int, then: int) -> None:
    day = OFFICE.shift(OFFICE.day(start), 0)

    assert OFFICE.shift(OFFICE.shift(day, first), then) == OFFICE.shift(day, first + then)


@pytest.mark.parametrize("said", [row[1] for row in TABLE])
def test_a_term_is_written_as_it_is_read(said: str) -> None:
    class Holds(BaseModel):
        term: Term

    held = Holds.model_validate({"term": said})

    assert held.model_dump_json() == f'{{"term":"{said}"}}'
    assert Holds.model_validate_json(held.model_dump_json()) == held
    assert held.term.words.vi != held.term.words.en


@pytest.mark.parametrize("said", [
    "5", "", "days(5)", "working_days(0)", "working_days(-1)", "working_days(99999)", "working_hours(0)",
    "same_day(25:00)", "wall(0m)", "wall(15)", "working_days(5); import os", 5, None,
])  # fmt: skip
def test_what_is_no_term_is_refused_with_the_forms_there_are(said: object) -> None:
    class Holds(BaseModel):
        term: Term

    with pytest.raises(ValidationError, match=r"no term: write working_days|a term has|more than nothing"):
        Holds.model_validate({"term": said})


def test_what_lies_beyond_all_years_is_taken_as_their_end() -> None:
    """A slip says 9999 where nobody knew; an appointment in the year 1 is overdue, and nothing more."""
    never, once = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
    now = at("2026-01-05 08:00")

    assert OFFICE.between(now, never) > 70 * 240 * 7 * 3600
    assert OFFICE.between(now, once) < 0
    assert WorkingDays(3600).due(OFFICE, at("2095-01-05 08:00")) <= at("2101-01-01 00:00")
    for due in (never, once):
        for of in (term(row[1]) for row in TABLE):
            resumed = of.resume(OFFICE, now, of.left(OFFICE, now, due))
            assert (resumed > now) == (due > now)


def test_kinds_of_terms() -> None:
    assert term("working_days( 5 )") == WorkingDays(5)
    assert term("same_day(15:00)") == SameDay(time(15))
    assert term("working_hours(0.5)") == WorkingHours(0.5)
    assert term("wall(2h)") == WallTime(timedelta(hours=2))
    assert term("wall(120m)").words.en == "2 hours"
