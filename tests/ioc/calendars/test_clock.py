"""A running term: interrupted, gone on with, appointed anew, and moved by a calendar that changes."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from ioc.calendars.calendar import Calendar
from ioc.calendars.clock import Clock, start
from ioc.calendars.days import BadCalendar, compose
from ioc.calendars.terms import term
from ioc.district import BadDistrict, District

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
OFFICE = Calendar(compose({"base": "vn_state"}), HERE)
#: The day the 24th of November was announced to be off, this one had not heard of it.
BEFORE = Calendar(compose({"base": "vn_state", "version": "old", "days": [
    {"date": "2026-11-24", "working": True, "name": "chưa được nghỉ"},
]}), HERE)  # fmt: skip


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=HERE)


def due(clock: Clock) -> str | None:
    return None if clock.due is None else OFFICE.local(clock.due).strftime("%Y-%m-%d %H:%M")


def test_a_request_to_supplement_pauses_the_term() -> None:
    clock = start(OFFICE, at("2026-11-16 09:00"), term=term("working_days(5)"))
    waiting = clock.pause(OFFICE, at("2026-11-18 10:00"))
    on = waiting.resume(OFFICE, at("2026-11-26 15:00"))

    assert due(clock) == "2026-11-23 17:00"
    assert (due(waiting), waiting.paused) == (None, True)
    assert (due(on), on.paused, on.running_since) == ("2026-12-01 17:00", False, at("2026-11-26 15:00"))
    assert waiting.left(OFFICE, at("2026-11-26 15:00")) == clock.left(OFFICE, at("2026-11-18 10:00"))


def test_or_lets_it_begin_again() -> None:
    clock = start(OFFICE, at("2026-11-16 09:00"), term=term("working_days(5)"))
    on = clock.pause(OFFICE, at("2026-11-18 10:00"), restart=True).resume(OFFICE, at("2026-11-26 15:00"))

    assert due(on) == "2026-12-03 17:00"


def test_a_new_appointment_goes_before_what_is_reckoned() -> None:
    clock = start(OFFICE, at("2026-11-16 09:00"), term=term("working_days(5)"), appointed=at("2026-11-20 11:00"))
    on = clock.pause(OFFICE, at("2026-11-18 10:00")).resume(
        OFFICE, at("2026-11-26 15:00"), due=at("2026-11-30 10:00")
    )  # fmt: skip

    assert due(clock) == "2026-11-20 11:00"
    assert due(on) == "2026-11-30 10:00"


def test_an_appointment_without_a_term_is_interrupted_by_working_time() -> None:
    clock = start(OFFICE, at("2026-11-16 09:00"), appointed=at("2026-11-18 11:00"))
    paused = clock.pause(OFFICE, at("2026-11-17 16:00"))  # four and a half hours before
    again = clock.pause(OFFICE, at("2026-11-17 16:00"), restart=True)

    assert due(paused.resume(OFFICE, at("2026-11-26 16:00"))) == "2026-11-27 11:00"
    assert due(again.resume(OFFICE, at("2026-11-26 09:00"))) == "2026-11-30 11:00"


def test_a_calendar_that_changes_moves_what_is_open_and_both_times_can_be_told() -> None:
    clock = start(BEFORE, at("2026-11-20 09:00"), term=term("working_days(3)"))
    moved = clock.by(OFFICE)

    assert (due(clock), due(moved)) == ("2026-11-25 17:00", "2026-11-26 17:00")
    assert (clock.calendar, moved.calendar) == (BEFORE.stamp, OFFICE.stamp)
    assert moved.by(OFFICE) is moved


def test_also_the_days_before_an_interruption_are_counted_anew() -> None:
    clock = start(BEFORE, at("2026-11-23 09:00"), term=term("working_days(3)"))
    on = clock.pause(BEFORE, at("2026-11-25 10:00")).resume(BEFORE, at("2026-11-30 10:00"))

    assert due(on) == "2026-12-01 17:00"
    assert due(on.by(OFFICE)) == "2026-12-02 17:00"
    assert on.pause(BEFORE, at("2026-11-30 11:00")).by(OFFICE).due is None


def test_a_clock_is_saved_and_read_back() -> None:
    clock = start(OFFICE, at("2026-11-16 09:00"), term=term("same_day(15:00)")).pause(OFFICE, at("2026-11-16 10:00"))

    assert Clock.model_validate_json(clock.model_dump_json()) == clock
    with pytest.raises(ValueError, match="a term, an appointed time, or both"):
        start(OFFICE, at("2026-11-16 09:00"))


def test_a_district_has_calendars_of_its_own() -> None:
    said = {"id": "d", "name": "d", "name_en": "d", "calendars": [
        {"base": "vn_state", "id": "mot-cua", "version": "1", "week": {"sunday": [], "saturday": ["07:30-11:30"]},
         "days": [{"date": "2026-11-21", "working": False, "name": "Lễ hội của xã", "basis": "QĐ 12/QĐ-UBND"}]},
        {"base": "all_hours"},
    ]}  # fmt: skip
    district = District.model_validate(said)
    desk = district.calendar("mot-cua")

    assert district.calendar() is desk
    assert desk.said.version == "2026-11-24+1"
    assert due(start(desk, at("2026-11-20 09:00"), term=term("working_days(2)"))) == "2026-11-25 17:00"
    assert due(start(desk, at("2026-11-27 09:00"), term=term("working_days(1)"))) == "2026-11-28 11:30"
    assert desk.said.why(at("2026-11-21 00:00").date()) == "Lễ hội của xã (QĐ 12/QĐ-UBND)"
    assert due(start(district.calendar("all-hours"), at("2026-11-20 09:00"), term=term("working_hours(30)"))) == (
        "2026-11-21 15:00"
    )
    with pytest.raises(BadDistrict, match=r"'nope'.*there are: mot-cua, all-hours"):
        district.calendar("nope")


@pytest.mark.parametrize(("said", "complaint"), [
    ({"base": "vn"}, "there is no calendar 'vn'; there are: all_hours, vn_state"),
    ({"base": "vn_state", "country": "XX"}, "'XX'.*does not know it"),
    ({"base": "vn_state", "hours": ["07:30-11:30", "11:00-17:00"]}, "overlap or are out of order"),
    ({"base": "vn_state", "hours": ["17:00-07:30"]}, "ends before it starts"),
    ({"base": "vn_state", "hours": ["7h30"]}, "write office hours as 07:30-11:30"),
    ({"base": "vn_state", "hours": []}, "no day would ever be worked"),
    ({"base": "vn_state", "days": [{"date": "2026-11-21", "working": True, "name": "a"}] * 2}, "2026-11-21 .* twice"),
    ({"base": "vn_state", "week": {"funday": []}}, "week"),
])  # fmt: skip
def test_a_calendar_that_makes_no_sense_is_refused_with_its_place(said: dict[str, object], complaint: str) -> None:
    with pytest.raises((BadCalendar, ValidationError), match=complaint):
        District.model_validate({"id": "d", "name": "d", "name_en": "d", "calendars": [said]})


def test_the_stamp_follows_what_the_calendar_says() -> None:
    assert compose({"base": "vn_state"}).stamp == compose({"base": "vn_state"}).stamp == OFFICE.stamp
    assert OFFICE.stamp != BEFORE.stamp
    assert OFFICE.stamp.startswith("vn-state 2026-11-24 ")


def test_every_hour_of_every_day_has_no_holidays() -> None:
    always = Calendar(compose({"base": "all_hours"}), HERE)

    assert due(start(always, at("2026-02-15 09:00"), term=term("calendar_days(2)"))) == "2026-02-18 00:00"
    assert due(start(always, at("2026-02-15 09:00"), term=term("working_days(2)"))) == "2026-02-18 00:00"
    assert always.between(at("2026-02-15 09:00"), at("2026-02-18 09:00")) == 3 * 86_400
