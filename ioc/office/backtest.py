"""How good forecasts would have been: the past walked through day by day, each forecast held against what came.

On each working day, every open case that is due and not late yet gets its chance to be late, from the pace of the days
before alone, each queue by its own. The days before ``reported_from`` only teach the pace; what is reported was never
used to build it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from ioc.calendars.calendar import Calendar
from ioc.events.base import AnyEvent
from ioc.events.documents import DocumentArrived, DocumentDone
from ioc.events.dossiers import DossierReceived, DossierResolved
from ioc.events.requests import RequestClosed, RequestOpened
from ioc.office.forecast import Pace
from ioc.office.spans import FEWEST, Spans


class Memory(Protocol):
    """The settings of the forecast that is tried."""

    @property
    def days(self) -> int: ...
    @property
    def halflife(self) -> float: ...
    @property
    def halflife_lately(self) -> float: ...


@dataclass(frozen=True)
class Past:
    """One case: when it came in, when it was due, when it was first done, and the queue that it came into."""

    since: date
    due: date | None
    done: date | None
    queue: str = ""

    @property
    def late(self) -> bool:
        return self.due is not None and (self.done is None or self.done > self.due)


@dataclass(frozen=True)
class Bin:
    """Forecasts between two chances: how many, of how many cases, their mean, and the share that came true."""

    low: float
    high: float
    number: int
    cases: int
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


class _Said(NamedTuple):
    chance: float
    case: Past


def pasts(events: Iterable[AnyEvent], calendar: Calendar) -> list[Past]:
    """The cases of a log. Those that came back are taken until they were first done."""
    came: dict[str, Past] = {}
    done: dict[str, date] = {}
    for event in events:
        match event.data:
            case DossierReceived(due=due) | RequestOpened(due=due) | DocumentArrived(due=due):
                last = calendar.last_day(due) if due else None
                came.setdefault(event.data.subject, Past(calendar.day(event.at), last, None, _queue(event.data)))
            case DossierResolved() | RequestClosed() | DocumentDone():
                done.setdefault(event.data.subject, calendar.day(event.at))
    return [Past(each.since, each.due, done.get(name), each.queue) for name, each in came.items()]


def _queue(data: DossierReceived | RequestOpened | DocumentArrived) -> str:
    match data:
        case RequestOpened():
            return data.queue
        case DocumentArrived():
            return data.unit or ""
        case _:
            return data.commune or ""


def backtest(cases: Sequence[Past], calendar: Calendar, reported_from: date, memory: Memory) -> Backtest:
    """Walk through the past, queue by queue."""
    last = max(day for case in cases for day in (case.since, case.done) if day is not None)
    said, spans = list[_Said](), list[bool]()
    by_queue = defaultdict[str, list[Past]](list)
    for case in cases:
        if case.due is not None:
            by_queue[case.queue].append(case)
    for queue in by_queue.values():
        _Walk(calendar, last, memory, reported_from, said, spans).through(queue)
    bins = tuple(each for n in range(10) if (each := _bin(said, n / 10, (n + 1) / 10)))
    return Backtest(reported_from, last, bins, _bin(said, 0.75, 0.85), len(spans), sum(spans))


class _Walk:
    """One queue's past; adds to what was ``said``, and to whether ``spans`` held."""

    def __init__(
        self, calendar: Calendar, last: date, memory: Memory, reported: date, said: list[_Said], spans: list[bool]
    ) -> None:
        self._calendar, self._last, self._memory, self._reported = calendar, last, memory, reported
        self._said, self._held = said, spans
        self._pace, self._spans = Pace(), Spans()

    def through(self, cases: list[Past]) -> None:
        came, went, due = (defaultdict[date, list[int]](list) for _ in range(3))
        for number, case in enumerate(cases):
            came[case.since].append(number)
            if case.done is not None:
                went[max(case.done, case.since)].append(number)
            if case.due is not None and case.late:
                due[case.due].append(number)
        day, open_, done, late = min(came), set[int](), Counter[tuple[int, int]](), Counter[tuple[int, int]]()
        while day <= self._last:
            if self._calendar.is_working(day):
                self._spans, late = self._spans.settle(day.toordinal(), late), Counter()
                self._forecast([cases[number] for number in open_], day)
            open_ |= set(came[day])
            open_ -= set(went[day])
            done += self._places((cases[number] for number in went[day]), day)
            late += Counter((cases[number].since.toordinal(), day.toordinal()) for number in due[day])
            if self._calendar.is_working(day):
                still = self._places((cases[number] for number in open_), day)
                self._pace = self._pace.day(still, done, self._memory.halflife, self._memory.halflife_lately)
                done = Counter()
            day += timedelta(days=1)

    def _places(self, cases: Iterable[Past], day: date) -> Counter[tuple[int, int]]:
        working = self._calendar.working_days
        return Counter((working(case.since, day), working(day, case.due)) for case in cases if case.due)

    def _forecast(self, open_: Iterable[Past], day: date) -> None:
        """A morning: a chance for each case, and a span for the number of late ones among those due soon."""
        hazards, near = self._pace.hazards(), list[_Said]()
        for case in open_:
            if case.due is None or not day <= case.due <= self._last:  # what comes after the log's end nobody knows
                continue
            left = self._calendar.working_days(day, case.due)
            said = _Said(hazards.late(self._calendar.working_days(case.since, day), left), case)
            if day >= self._reported:
                self._said.append(said)
            if left < self._memory.days:
                near.append(said)
        until = self._calendar.shift(day, self._memory.days).toordinal() - 1
        span, self._spans = self._spans.say((each.chance for each in near), day.toordinal(), until)
        if day >= self._reported and len(near) >= FEWEST:
            self._held.append(span.low <= sum(each.case.late for each in near) <= span.high)


def _bin(said: list[_Said], low: float, high: float) -> Bin | None:
    among = [each for each in said if low <= each.chance < high or (high == 1 and each.chance == 1)]
    if not among:
        return None
    forecast = sum(each.chance for each in among) / len(among)
    observed = sum(each.case.late for each in among) / len(among)
    return Bin(low, high, len(among), len({id(each.case) for each in among}), forecast, observed)
