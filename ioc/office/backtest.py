"""How good forecasts would have been: the past walked through day by day, each forecast held against what came.

On each working day, every open case that is due and not late yet gets its chance to be late, from the pace of the days
before alone. The days before ``reported_from`` only teach the pace; what is reported was never used to build it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ioc.calendars.calendar import Calendar
from ioc.events.base import AnyEvent
from ioc.events.documents import DocumentArrived, DocumentDone
from ioc.events.dossiers import DossierReceived, DossierResolved
from ioc.events.requests import RequestClosed, RequestOpened
from ioc.office.forecast import Pace, told


@dataclass(frozen=True)
class Past:
    """One case: when it came in, when it was due, and when it was first done."""

    since: date
    due: date | None
    done: date | None


@dataclass(frozen=True)
class Bin:
    """Forecasts between two chances: how many, their mean, and the share of them that came true."""

    low: float
    high: float
    number: int
    forecast: float
    observed: float


@dataclass(frozen=True)
class Backtest:
    """What came of the forecasts: chances by tenths, those about 80 %, and how often the 80 % span held the number."""

    first: date
    last: date
    bins: tuple[Bin, ...]
    about_80: Bin | None
    spans: int
    spans_held: int


def pasts(events: Iterable[AnyEvent], calendar: Calendar) -> list[Past]:
    """The cases of a log. Those that came back are taken until they were first done."""
    since: dict[str, tuple[date, date | None]] = {}
    done: dict[str, date] = {}
    for event in events:
        match event.data:
            case DossierReceived(due=due) | RequestOpened(due=due) | DocumentArrived(due=due):
                last = calendar.last_day(due) if due else None
                since.setdefault(event.data.subject, (calendar.day(event.at), last))
            case DossierResolved() | RequestClosed() | DocumentDone():
                done.setdefault(event.data.subject, calendar.day(event.at))
    return [Past(day, due, done.get(name)) for name, (day, due) in since.items()]


def backtest(cases: list[Past], calendar: Calendar, reported_from: date, halflife: float, days: int = 5) -> Backtest:
    """Walk through the past; the number of late ones is forecast among those due within ``days`` working days."""
    came, went = defaultdict[date, list[int]](list), defaultdict[date, list[int]](list)
    for number, case in enumerate(cases):
        came[case.since].append(number)
        if case.done is not None:
            went[max(case.done, case.since)].append(number)
    day, last = min(came), max([*came, *went])
    walk, open_, pace = _Walk(calendar, last, days), set[int](), Pace()
    done: Counter[tuple[int, int]] = Counter()
    while day <= last:
        if calendar.is_working(day) and day >= reported_from:
            walk.forecast(pace, [cases[number] for number in open_], day)
        open_ |= set(came[day])
        open_ -= set(went[day])
        done += walk.places((cases[number] for number in went[day]), day)
        if calendar.is_working(day):
            pace = pace.day(walk.places((cases[number] for number in open_), day), done, halflife)
            done = Counter()
        day += timedelta(days=1)
    return walk.result(reported_from)


class _Walk:
    """Gathers forecasts and what came of them."""

    def __init__(self, calendar: Calendar, last: date, days: int) -> None:
        self._calendar, self._last, self._days = calendar, last, days
        self._said: list[tuple[float, bool]] = []
        self._spans = self._held = 0

    def places(self, cases: Iterable[Past], day: date) -> Counter[tuple[int, int]]:
        working = self._calendar.working_days
        return Counter((working(case.since, day), working(day, case.due)) for case in cases if case.due)

    def forecast(self, pace: Pace, open_: Iterable[Past], day: date) -> None:
        hazards, near = pace.hazards(), list[tuple[float, bool]]()
        for case in open_:
            if case.due is None or not day <= case.due <= self._last:  # what comes after the log's end nobody knows
                continue
            left = self._calendar.working_days(day, case.due)
            chance = hazards.late(self._calendar.working_days(case.since, day), left)
            said = (chance, case.done is None or case.done > case.due)
            self._said.append(said)
            if left < self._days:
                near.append(said)
        if len(near) >= 5:
            span = told(chance for chance, _ in near)
            self._spans += 1
            self._held += span.low <= sum(late for _, late in near) <= span.high

    def result(self, first: date) -> Backtest:
        tenths = [self._bin(n / 10, (n + 1) / 10) for n in range(10)]
        bins = tuple(each for each in tenths if each is not None)
        return Backtest(first, self._last, bins, self._bin(0.75, 0.85), self._spans, self._held)

    def _bin(self, low: float, high: float) -> Bin | None:
        among = [said for said in self._said if low <= said[0] < high or (high == 1 and said[0] == 1)]
        if not among:
            return None
        forecast = sum(chance for chance, _ in among) / len(among)
        return Bin(low, high, len(among), forecast, sum(late for _, late in among) / len(among))
