"""A commune has more cases of a notifiable disease in a week than is usual there for that week.

For the health station and the leaders. A week (Monday to Sunday) is held against the same weeks of up to five years,
three weeks before and after (the window of Farrington's method); where fewer than two years are known, against the
eight weeks that end three weeks before it (EARS C2's baseline, with its guard band); where those are too few, against
nothing, and it says so. The limit is ``ioc.usual``'s. Weeks of Tết and other long holidays, when stations report
little, are judged but are nobody's measure; nor is a week without any report, which is not a week without cases. It
rings as soon as the days of a week exceed what the whole week may have, and is over once a reported week does not.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import Field

from ioc.alerts.kind import HEALTH_MODULE, AlertKind
from ioc.detector import Count, Detector, Fact, Finding, Outlook, Params, Raise, Resolve, Share, Spec, State, Tally
from ioc.district import OTHER, District
from ioc.events.base import AnyEvent
from ioc.events.health import DISEASES, CasesReported
from ioc.folds import HEALTH_REPORT
from ioc.text import Text
from ioc.usual import Usual, usual

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
#: Weeks around the same week of each year before, and how many years back.
AROUND, YEARS, YEAR_WEEKS = 3, 5, 52
#: The weeks before: so many, after so many that are left out; and how many of them must have been reported.
RECENT, GUARD, RECENT_KNOWN = 8, 2, 6
#: Reports of a week come until Tuesday; days of so many weeks may still be set right.
CLOSES, CORRECTED = timedelta(days=9), 5
UNUSUAL = AlertKind(
    "cases_unusual",
    HEALTH_MODULE,
    "moderate",
    Text("Số ca bệnh cao hơn thường lệ", "More cases than usual"),
    Text(
        "Xã {name} có {value} ca {disease} trong tuần từ {week}, {usually}",
        "{name} has {value} cases of {disease} in the week of {week}, {usually}",
    ),
)
NAMES = {code: name for code, name in DISEASES.items()} | {OTHER: Text("Bệnh khác", "Other diseases")}
CASES_WEEK = Fact(
    "notifiable_cases_week",
    Text("Ca bệnh trong tuần", "Cases of the week"),
    ("commune", "disease"),
    tile=HEALTH_MODULE,
    words=NAMES,
)
Basis = Literal["seasonal", "recent", "none"]
SERIES = Fact(
    "notifiable_series",
    Text("Chuỗi số liệu bệnh theo cơ sở so sánh", "Series of cases by what they are held against"),
    ("basis",),
    words={
        "seasonal": Text("cùng kỳ các năm", "the same weeks of other years"),
        "recent": Text("các tuần trước", "the weeks before"),
        "none": Text("chưa đủ số liệu", "too little is known"),
    },
)
CASES = Tally("notifiable_cases", Text("Ca bệnh truyền nhiễm", "Notifiable cases"), ("commune", "disease"), words=NAMES)


class CasesPolicy(Params):
    """When a week's cases are more than usual."""

    alpha: Annotated[float, Field(gt=0, lt=0.5, description="more comes by chance in this share of weeks at most")] = (
        0.005
    )
    at_least: Annotated[int, Field(ge=1, description="never rings below so many cases in a week")] = 3
    one_is_enough: Annotated[
        tuple[str, ...], Field(description="diseases (ICD-10) of which one case rings, whatever is usual")
    ] = ("A00", "A20", "A22", "A36", "A80", "A82", "J09")


class Cases(State):
    """Reported cases by day, of weeks that may change; closed weeks before, None if nobody reported; the newest over.

    ``week`` is the Monday of the oldest week that is not closed.
    """

    commune: str = ""
    disease: str = ""
    week: date | None = None
    days: dict[date, int] = Field(default_factory=dict)
    weeks: list[int | None] = Field(default_factory=list)
    over: date | None = None


class CasesUnusual(Detector[Cases]):
    """Watches one disease in one commune."""

    def __init__(self, policy: CasesPolicy, district: District) -> None:
        self._policy, self._district = policy, district
        self._calendar = district.calendar()

    def new_state(self) -> Cases:
        return Cases()

    def on_event(self, state: Cases, event: AnyEvent) -> Iterable[Finding]:
        if self._takes(state, event):
            yield from self._taken(state, event.data)
            yield from self._judge(state, monday(event.data.day), event.at)

    def on_late(self, state: Cases, event: AnyEvent) -> Iterable[Finding]:
        """It fills a gap, and replaces nothing that was said since."""
        known = event.data.day in state.days or not self._takes(state, event)
        return () if known else self._taken(state, event.data)

    def _taken(self, state: Cases, report: CasesReported) -> Iterable[Finding]:
        assert state.week is not None
        by = report.cases - state.days.get(report.day, 0)
        state.days[report.day] = report.cases
        week = monday(report.day)
        back = (state.week - week) // WEEK
        if 0 < back <= len(state.weeks):  # a closed week is set right
            state.weeks[-back] = self._cases(state, week)
        if by:
            yield Count(CASES, report.day, self._labels(state), by)

    def next_deadline(self, state: Cases) -> datetime | None:
        return None if state.week is None else self._district.moment(state.week + CLOSES, time())

    def on_deadline(self, state: Cases, at: datetime) -> Iterable[Finding]:
        """A week is closed."""
        assert state.week is not None
        closed, state.week = state.week, state.week + WEEK
        cases = self._cases(state, closed)
        if state.over is not None and closed > state.over and cases is not None:
            state.over = None
            yield Resolve(UNUSUAL, f"{state.commune}/{state.disease}", at, state.commune)
        state.weeks = [*state.weeks, cases][-(YEARS * YEAR_WEEKS + AROUND + 1) :]
        oldest = state.week - CORRECTED * WEEK
        state.days = {day: cases for day, cases in state.days.items() if day >= oldest}

    def facts(self, state: Cases) -> Iterable[Share]:
        if state.days:
            newest = monday(max(state.days))
            yield CASES_WEEK, self._labels(state), self._cases(state, newest) or 0
            yield SERIES, (self._known(state, newest)[0],), 1

    def outlook(self, state: Cases, at: datetime, event: AnyEvent | None = None) -> Iterable[Outlook]:
        if state.days:
            newest = monday(max(state.days))
            cases, (basis, known) = self._cases(state, newest) or 0, self._known(state, newest)
            needs = self._limit(state, known)
            yield Outlook(
                UNUSUAL, f"{state.commune}/{state.disease}", 0.0 if needs is None else cases / (needs + 1),
                f"{cases} cases", "a known usual level" if needs is None else f"{needs + 1} in a week",
                usually(basis, needs),
            )  # fmt: skip

    def _takes(self, state: Cases, event: AnyEvent) -> bool:
        """Neither too old to be set right nor of a day to come."""
        report: CasesReported = event.data
        heard = self._district.day(event.at)
        if state.week is None:
            state.commune, state.disease = report.commune, report.disease
            state.week = monday(min(report.day, heard))
        return max(monday(heard), state.week) - CORRECTED * WEEK <= report.day <= heard + DAY

    def _judge(self, state: Cases, week: date, at: datetime) -> Iterable[Finding]:
        cases, (basis, known) = self._cases(state, week) or 0, self._known(state, week)
        limit = self._limit(state, known)
        if limit is None or cases <= limit:
            return
        first, state.over = state.over is None, max(state.over or week, week)
        if first:
            single = state.disease in self._policy.one_is_enough
            values = {
                "name": self._district.commune_name(state.commune), "week": f"{week:%d/%m/%Y}",
                "disease": DISEASES.get(state.disease, state.disease), "usually": usually(basis, limit),
            }  # fmt: skip
            yield Raise(
                UNUSUAL, f"{state.commune}/{state.disease}", at, state.commune, "severe" if single else None,
                value=cases, threshold=limit, values=values,
            )  # fmt: skip

    def _limit(self, state: Cases, known: Usual | None) -> int | None:
        if state.disease in self._policy.one_is_enough:
            return 0
        return None if known is None else max(known.limit, self._policy.at_least - 1)

    def _known(self, state: Cases, week: date) -> tuple[Basis, Usual | None]:
        """What is usual in that week, and by what."""
        same = [
            week - (years * YEAR_WEEKS + shift) * WEEK
            for years in range(1, YEARS + 1)
            for shift in range(-AROUND, AROUND + 1)
        ]
        seasonal = self._past(state, same)
        if len(seasonal) >= 2 * (2 * AROUND):
            return "seasonal", usual(seasonal, self._policy.alpha)
        recent = self._past(state, [week - back * WEEK for back in range(GUARD + 1, GUARD + RECENT + 1)])
        if len(recent) >= RECENT_KNOWN:
            return "recent", usual(recent, self._policy.alpha)
        return "none", None

    def _past(self, state: Cases, weeks: Iterable[date]) -> list[int]:
        """Cases of closed weeks that were reported and had working days enough."""
        assert state.week is not None
        found = []
        for week in weeks:
            back = (state.week - week) // WEEK
            cases = state.weeks[-back] if 0 < back <= len(state.weeks) else None
            if cases is not None and self._calendar.working_days(week - DAY, week + 6 * DAY) >= 3:
                found.append(cases)
        return found

    def _cases(self, state: Cases, week: date) -> int | None:
        days = [state.days[day] for day in (week + shift * DAY for shift in range(7)) if day in state.days]
        return sum(days) if days else None

    def _labels(self, state: Cases) -> tuple[str, str]:
        disease = state.disease if state.disease in DISEASES else OTHER
        return self._district.commune_label(state.commune), disease


def monday(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def usually(basis: Basis, limit: int | None) -> Text:
    """What a week is held against, in words."""
    if limit is None:
        return Text("chưa đủ số liệu để so sánh", "too little is known to compare")
    if basis == "none" or limit == 0:
        return Text("bệnh phải báo ngay từ ca đầu", "a disease of which each case is told")
    if basis == "seasonal":
        return Text(f"cùng kỳ các năm không quá {limit}", f"no more than {limit} in these weeks of other years")
    return Text(f"các tuần trước không quá {limit}", f"no more than {limit} in the weeks before")


SPEC = Spec(
    "cases_unusual",
    Text("Ca bệnh cao hơn thường lệ", "Cases more than usual"),
    folds=(HEALTH_REPORT,),
    hears=(CasesReported,),
    build=CasesUnusual,
    state=Cases,
    params=CasesPolicy,
    kinds=(UNUSUAL,),
    facts=(CASES_WEEK, SERIES),
    tallies=(CASES,),
)
