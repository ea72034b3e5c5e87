"""Cases of a queue will be late at today's pace, said while there is time: on each morning of a working day.

For whoever can give a desk help before it is late. What counts are the cases due within the next working days; each has
a chance to be late from how fast cases of its age, and with so many days left, got done lately
(:mod:`ioc.office.forecast`). The alert says between which numbers the late ones will lie, in eight of ten times
(:mod:`ioc.office.spans`), and rings when even the lower one is many. Which cases these are, the alerts of what is due
soon say one by one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from ioc.alerts.kind import DOCUMENT_MODULE, DOSSIER_MODULE, REQUEST_MODULE, AlertKind
from ioc.detector import Detector, Fact, Finding, Params, Raise, Resolve, Share, Spec, State
from ioc.district import District
from ioc.events.base import AnyEvent, Moment
from ioc.events.requests import QueueChanged, Work
from ioc.folds import QUEUE
from ioc.office.forecast import Pace
from ioc.office.spans import Spans
from ioc.text import Text


class ForecastPolicy(Params):
    """How far it looks, and when it rings."""

    days: Annotated[int, Field(ge=1, le=20, description="cases due within so many working days, today among them")] = 5
    at_least: Annotated[int, Field(ge=1, description="rings when at least so many of them will be late")] = 5
    halflife: Annotated[
        float, Field(gt=0, description="of how chances differ by age and days left, in working days")
    ] = 60
    halflife_lately: Annotated[float, Field(gt=0, description="of how fast the whole queue goes, in working days")] = 20
    known_for: Annotated[int, Field(ge=1, description="says nothing before so many working days are known")] = 5
    calendar: Annotated[str | None, Field(description="id of the offices' calendar; none: the district's first")] = None


_TITLE = Text("Dự báo trễ hạn", "Will be late")
_SENTENCE = Text(
    "{name}: {due} việc đến hạn trong {days} ngày làm việc tới, dự báo trễ {low}–{high} (xác suất 80 %); "
    "{today} việc phải xong hôm nay",
    "{name}: {due} cases are due in the next {days} working days; {low} to {high} of them will be late (80 % sure); "
    "{today} must be done today",
)
WILL_BE_LATE: Mapping[Work, AlertKind] = {
    "dossier": AlertKind("dossiers_will_be_late", DOSSIER_MODULE, "moderate", _TITLE, _SENTENCE),
    "document": AlertKind("documents_will_be_late", DOCUMENT_MODULE, "moderate", _TITLE, _SENTENCE),
    "request": AlertKind("requests_will_be_late", REQUEST_MODULE, "moderate", _TITLE, _SENTENCE),
}
DUE = Fact(
    "queue_due_cases", Text("Việc đến hạn trong các ngày tới", "Cases due in the next days"), ("work", "queue")
)  # fmt: skip
DUE_TODAY = Fact(
    "queue_due_today_cases", Text("Việc phải xong hôm nay", "Cases that must be done today"), ("work", "queue")
)
EXPECTED = Fact(
    "queue_expected_late_cases",
    Text("Việc dự báo trễ hạn", "Cases that will be late at today's pace"),
    ("work", "queue"),
    scale=100,
)


class Ahead(State):
    """The open cases of one queue by day of arrival and day due (ordinals), its pace up to ``day``, and its spans."""

    work: Work = "request"
    queue: str = ""
    commune: str | None = None
    open: dict[str, int] = Field(default_factory=dict)
    done: dict[str, int] = Field(default_factory=dict)
    pace: Pace = Pace()
    spans: Spans = Spans()
    day: date | None = None
    days: int = 0
    look: Moment | None = None
    due: int = 0
    today: int = 0
    expected: int = 0
    raised: bool = False


class QueueForecast(Detector[Ahead]):
    """Looks ahead for one queue, each working morning."""

    def __init__(self, policy: ForecastPolicy, district: District) -> None:
        self._policy, self._district = policy, district
        self._calendar = district.calendar(policy.calendar)

    def new_state(self) -> Ahead:
        return Ahead()

    def on_event(self, state: Ahead, event: AnyEvent) -> Iterable[Finding]:
        data: QueueChanged = event.data
        state.work, state.queue = data.work, data.queue
        state.commune = data.commune if data.work == "dossier" else None
        if data.since is None:
            return ()
        since = self._calendar.day(data.since).toordinal()
        case = f"{since}:{self._calendar.last_day(data.due).toordinal() if data.due else ''}"
        state.open[case] = state.open.get(case, 0) + data.by
        if not state.open[case]:
            del state.open[case]
        if data.done:
            state.done[case] = state.done.get(case, 0) + 1
        if state.look is None:
            state.day = self._calendar.day(event.at)
            state.look = self._morning(state.day)
        return ()

    def next_deadline(self, state: Ahead) -> datetime | None:
        return state.look

    def on_deadline(self, state: Ahead, at: datetime) -> Iterable[Finding]:
        """A working morning: what the day before showed of the pace, and what today promises."""
        assert state.day is not None
        today, yesterday = self._calendar.day(at), state.day
        if self._calendar.is_working(yesterday):
            still, done = self._cases(state.open, yesterday), self._cases(state.done, yesterday)
            state.pace = state.pace.day(still, done, self._policy.halflife, self._policy.halflife_lately)
            state.days += 1
            state.done = {}
        state.spans = state.spans.settle(today.toordinal(), _became_late(state.open, yesterday, today))
        yield from self._judge(state, today, at)
        state.day = today
        idle = not state.open and not state.done and not state.raised
        state.look = None if idle else self._morning(today)

    def facts(self, state: Ahead) -> Iterable[Share]:
        labels = (state.work, self._label(state))
        yield DUE, labels, state.due
        yield DUE_TODAY, labels, state.today
        yield EXPECTED, labels, state.expected

    def _judge(self, state: Ahead, today: date, at: datetime) -> Iterable[Finding]:
        hazards = state.pace.hazards()
        due = {case: n for case, n in self._cases(state.open, today).items() if 0 <= case[1] < self._policy.days}
        chances = [hazards.late(*case) for case, number in due.items() for _ in range(number)]
        until = self._calendar.shift(today, self._policy.days).toordinal() - 1
        late, state.spans = state.spans.say(chances, today.toordinal(), until)
        known = state.days >= self._policy.known_for
        state.due, state.today = sum(due.values()), sum(n for (_, left), n in due.items() if left == 0)
        state.expected = round(100 * late.expected) if known else 0
        kind = WILL_BE_LATE[state.work]
        if known and late.low >= self._policy.at_least:
            state.raised = True
            values = {
                "name": self._name(state), "due": state.due, "days": self._policy.days, "low": late.low,
                "high": late.high, "today": state.today,
            }  # fmt: skip
            yield Raise(
                kind, f"{state.work}/{state.queue}", at, state.commune, value=round(late.expected, 1),
                threshold=self._policy.at_least, values=values,
            )  # fmt: skip
        elif state.raised:
            state.raised = False
            yield Resolve(kind, f"{state.work}/{state.queue}", at, state.commune)

    def _cases(self, counted: Mapping[str, int], day: date) -> Counter[tuple[int, int]]:
        """The cases by age and days left, in working days; those without a due time have no end to run to."""
        found: Counter[tuple[int, int]] = Counter()
        for (since, due), number in _days(counted):
            age = self._calendar.working_days(date.fromordinal(since), day)
            left = self._calendar.working_days(day, date.fromordinal(due))
            found[max(0, age), left] += number
        return found

    def _morning(self, day: date) -> datetime:
        """When the next working day begins."""
        return self._calendar.begin_of(self._calendar.shift(day, 1))

    def _name(self, state: Ahead) -> str:
        match state.work:
            case "dossier":
                return f"Một cửa {self._district.commune_name(state.queue)}"
            case "document":
                return self._district.unit_name(state.queue)
            case _:
                queue = self._district.queue(state.queue)
                return queue.name if queue else state.queue

    def _label(self, state: Ahead) -> str:
        match state.work:
            case "dossier":
                return self._district.commune_label(state.queue)
            case "document":
                return self._district.unit_label(state.queue)
            case _:
                return self._district.queue_label(state.queue)


def _days(counted: Mapping[str, int]) -> Iterable[tuple[tuple[int, int], int]]:
    """Day of arrival and day due of the cases that have one, and how many they are."""
    for case, number in counted.items():
        since, _, due = case.partition(":")
        if due and number > 0:
            yield (int(since), int(due)), number


def _became_late(open_: Mapping[str, int], since: date, today: date) -> dict[tuple[int, int], int]:
    """What is still open of what was due from a day on, before today."""
    return {days: n for days, n in _days(open_) if since.toordinal() <= days[1] < today.toordinal()}


SPEC = Spec(
    "queue_forecast",
    Text("Dự báo trễ hạn theo hàng đợi", "What a queue will be late with"),
    folds=(QUEUE,),
    hears=(QueueChanged,),
    build=QueueForecast,
    state=Ahead,
    params=ForecastPolicy,
    kinds=tuple(WILL_BE_LATE.values()),
    facts=(DUE, DUE_TODAY, EXPECTED),
)
