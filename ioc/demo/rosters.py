"""Who is on duty in the demo: made-up people with numbers that nobody can have, filed ahead by each agency."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from ioc.agencies.parts import Role
from ioc.agencies.roster import Officer, RosterFiled
from ioc.demo.times import Times
from ioc.events.base import AnyEvent, Event

SOURCE = "/rosters/demo"
#: Days that are known ahead.
AHEAD = 14
#: Files tonight's roster only after the room has noticed that it is missing.
LATE, LATE_AT = "ubnd-tra-giap", "16:35"
#: Each name says that it is made up (thí dụ, ví dụ, mẫu, thử: an example, a sample, a try).
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đinh", "Hồ", "Võ")
GIVEN: dict[Role, tuple[str, ...]] = {
    "duty": ("Văn Thí Dụ", "Thị Mẫu", "Văn Thử"),
    "deputy": ("Thị Ví Dụ", "Văn Mẫu", "Thị Thử"),
    "leader": ("Văn Lãnh Đạo Mẫu", "Thị Lãnh Đạo Thử"),
}
BEGINS = time(7, 0)


def events(times: Times) -> Iterator[AnyEvent]:
    """What is filed before the day and in it."""
    for number, agency in enumerate(times.district.agencies):
        for ahead in range((times.today - times.days[0]).days + AHEAD):
            day = times.days[0] + timedelta(days=ahead)
            late = agency.id == LATE and day == times.today
            at = times.at(LATE_AT) if late else times.begins + timedelta(seconds=number)
            yield _filed(times, number, day, at)


def ahead(times: Times, at: datetime) -> Iterator[AnyEvent]:
    """What is filed each morning: one day more."""
    for number in range(len(times.district.agencies)):
        yield _filed(times, number, times.district.day(at) + timedelta(days=AHEAD - 1), at)


def _filed(times: Times, number: int, day: date, at: datetime) -> AnyEvent:
    agency = times.district.agencies[number].id
    officers = tuple(_officer(number, day, role, place) for place, role in enumerate(GIVEN))
    since, until = times.at(BEGINS, day), times.at(BEGINS, day + timedelta(days=1))
    filed = RosterFiled(agency=agency, day=day, since=since, until=until, officers=officers)
    return Event(at, SOURCE, f"{agency}/{day}", filed)


def _officer(number: int, day: date, role: Role, place: int) -> Officer:
    turn = number + day.toordinal()
    name = f"{FAMILIES[(turn + 3 * place) % len(FAMILIES)]} {GIVEN[role][turn % len(GIVEN[role])]}"
    return Officer(role=role, name=name, phone=f"0000000{10 * number + place:03}")
