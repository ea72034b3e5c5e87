"""The dossiers of the demo, each with its whole life decided: who files what when, its term, and its result.

The story is in :func:`_fall_behind`: one desk's signing officer is away for a day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import count

from ioc.demo.chance import Random, chance
from ioc.demo.times import AFTERNOON, MORNING, Times, minutes, seconds, working_day
from ioc.events.dossiers import Channel, ServiceType


@dataclass(frozen=True)
class Procedure:
    """A procedure by its national code. A term of 0 days ends the same day, after 15:00 the next."""

    code: str
    term_days: int
    service: ServiceType
    fee_vnd: int
    often: int


PROCEDURES = (
    Procedure("2.000815", 0, "partial", 4_000, 34),  # chứng thực bản sao từ bản chính
    Procedure("2.000884", 0, "partial", 10_000, 12),  # chứng thực chữ ký
    Procedure("1.001193", 0, "full", 0, 8),  # đăng ký khai sinh
    Procedure("1.000656", 0, "full", 0, 3),  # đăng ký khai tử
    Procedure("2.000635", 0, "full", 8_000, 10),  # cấp bản sao trích lục hộ tịch
    Procedure("1.004873", 3, "full", 15_000, 14),  # cấp giấy xác nhận tình trạng hôn nhân
    Procedure("1.004859", 3, "partial", 15_000, 6),  # thay đổi, cải chính, bổ sung thông tin hộ tịch
    Procedure("1.001612", 3, "full", 100_000, 8),  # đăng ký thành lập hộ kinh doanh
)
THREE_DAYS = PROCEDURES[5]
#: Dossiers of an ordinary working day at each commune's desk.
A_DAY = {"20900": 52, "20908": 28, "20920": 30, "20923": 26, "20929": 22}

SLOW_DESK = "20923"
SLOW_FROM, SLOW_UNTIL = "08:30", "17:20"
#: Received three working days ago at the slow desk, and meant to be signed this morning.
CARRIED = ("08:10", "08:50", "09:40", "14:05", "15:20")
#: This many are still there when the overtime ends; they wait for the next working day.
LEFT_OVER = 3


@dataclass(frozen=True)
class Case:
    """One dossier's life. ``filed`` and refused, or received with a due time and resolved or withdrawn."""

    commune: str
    procedure: Procedure
    channel: Channel
    filed: datetime | None
    received: datetime
    due: datetime
    resolved: datetime
    ending: str = "resolved"
    supplement: tuple[datetime, datetime] | None = None
    code: str = ""

    @property
    def begins(self) -> datetime:
        return self.filed or self.received


def cases(times: Times, seed: int) -> list[Case]:
    """All dossiers that begin on the days told, numbered by desk and day as they come in."""
    told: list[Case] = []
    for commune in times.district.communes:
        draw = chance(seed, "dossiers", commune.code)
        desk = [case for day in times.days for case in _arrivals(times, commune.code, day, draw)]
        if commune.code == SLOW_DESK:
            desk = _fall_behind(times, desk, draw)
        told += _numbered(times, desk)
    return told


def appointed(times: Times, procedure: Procedure, received: datetime) -> datetime:
    """The time on the slip: the end of the office half-day in which the term ends."""
    local = times.district.local(received)
    if procedure.term_days:
        end = MORNING[1] if local.time() < MORNING[1] else AFTERNOON[1]
        return times.at(end, working_day(local.date(), procedure.term_days))
    return times.at(AFTERNOON[1], local.date() if local.time() <= time(15) else working_day(local.date(), 1))


def _arrivals(times: Times, commune: str, day: date, draw: Random) -> Iterator[Case]:
    working = day.weekday() < 5
    for _ in range(round(A_DAY[commune] * draw.uniform(0.9, 1.1)) if working else 3):
        procedure = draw.choices(PROCEDURES, [each.often for each in PROCEDURES])[0]
        if not working or draw.random() < 0.35:
            filed = times.at("06:30", day) + seconds(draw.triangular(0, 15 * 3600, 3 * 3600))
            received = times.work(filed, draw.uniform(0.1, 1.2))
            yield _case(times, commune, procedure, "online", filed, received, draw)
        else:
            channel: Channel = "post" if draw.random() < 0.06 else "in_person"
            received = times.work(times.at("07:30", day), draw.triangular(0.05, 7.4, 1.5))
            yield _case(times, commune, procedure, channel, None, received, draw)


def _case(
    times: Times, commune: str, procedure: Procedure, channel: Channel,
    filed: datetime | None, received: datetime, draw: Random,
) -> Case:  # fmt: skip
    # Nobody is received just before three: it could hardly be done before it counts as due soon.
    if time(14, 50) <= times.district.local(received).time() < time(15):
        received += minutes(10)
    due = appointed(times, procedure, received)
    supplement = None
    if procedure.term_days and draw.random() < 0.06:
        asked = times.work(received, draw.uniform(1, 3))
        supplement = asked, times.work(asked, draw.uniform(2, 8))
        slip = times.district.local(due)
        due = times.at(slip.time(), working_day(slip.date(), 1))
    shortest, longest = (0.1, 0.8) if not procedure.term_days else (14, 19) if supplement else (9, 19)
    # An orderly desk is done before the dossier counts as due soon.
    resolved = min(times.work(received, draw.uniform(shortest, longest)), due - minutes(123 + draw.uniform(0, 5)))
    chances = draw.random()
    ending = "refused" if filed and chances < 0.04 else "withdrawn" if chances > 0.99 else "resolved"
    return Case(commune, procedure, channel, filed, received, due, resolved, ending, supplement)


def _carried(times: Times) -> Iterator[Case]:
    for clock in CARRIED:
        received = times.at(clock, times.days[0])
        due = appointed(times, THREE_DAYS, received)
        yield Case(SLOW_DESK, THREE_DAYS, "in_person", None, received, due, times.at("09:00"))


def _fall_behind(times: Times, desk: list[Case], draw: Random) -> list[Case]:
    """While the officer is away, half of what is due today waits, and all that was carried over."""
    start, end = times.at(SLOW_FROM), times.at(SLOW_UNTIL)
    due_today = [case for case in desk if start <= case.resolved and case.due < end]
    waits = [case for case in due_today if case.ending == "resolved" and draw.random() < 0.5]
    waits = sorted([*waits, *_carried(times)], key=lambda case: (case.due, case.received))
    next_day = times.at("08:00", working_day(times.today, 1))
    overtime, left = waits[:-LEFT_OVER], waits[-LEFT_OVER:]
    return [
        *(case for case in desk if case not in waits),
        *(replace(case, resolved=end + minutes(6 * n)) for n, case in enumerate(overtime)),
        *(replace(case, resolved=next_day + minutes(15 * n)) for n, case in enumerate(left)),
    ]


def _numbered(times: Times, desk: list[Case]) -> Iterator[Case]:
    counts: dict[date, Iterator[int]] = {}
    for case in sorted(desk, key=lambda case: case.begins):
        day = times.district.day(case.begins)
        number = next(counts.setdefault(day, count(1)))
        yield replace(case, code=f"H17.{case.commune}-{day:%y%m%d}-{number:04}")
