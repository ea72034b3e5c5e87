"""A commune's stock of a vaccine will not last until the next delivery.

For the health station. What is used a day is learnt from how the counts fall over eight weeks; what is delivered in
between is not use. Until three counts over two weeks are known, only the district's own minimum rings, and zero.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from ioc.alerts.kind import HEALTH_MODULE, AlertKind, Severity
from ioc.detector import Detector, Fact, Finding, Outlook, Params, Raise, Resolve, Share, Spec, State
from ioc.district import District
from ioc.events.base import AnyEvent
from ioc.events.health import VaccineCounted
from ioc.folds import HEALTH_REPORT
from ioc.text import Text

#: Counts are remembered for so long and so often; use is known from so many, over so long.
REMEMBERED, MOST = timedelta(weeks=8), 60
KNOWN, KNOWN_OVER = 3, timedelta(weeks=2)
LOW = AlertKind(
    "vaccine_low",
    HEALTH_MODULE,
    "moderate",
    Text("Vắc xin sắp hết", "Vaccine low"),
    Text(
        "Trạm y tế xã {name} còn {value} liều {vaccine}, {lasts}",
        "The health station of {name} has {value} doses of {vaccine}, {lasts}",
    ),
)
STOCKS_LOW = Fact(
    "vaccine_stocks_low",
    Text("Loại vắc xin sắp hết", "Vaccines low"),
    ("commune",),
    tile=HEALTH_MODULE,
)


class StockPolicy(Params):
    """When a stock is low."""

    days: Annotated[int, Field(ge=1, le=365, description="rings where doses last for fewer days than this")] = 14
    clear_days: Annotated[int, Field(ge=1, le=365, description="clears where they last for at least so many days")] = 21
    minimum: Annotated[dict[str, int], Field(description="rings below so many doses, by vaccine")] = Field(
        default_factory=dict
    )


class Stock(State):
    """Doses by day, the oldest first."""

    commune: str = ""
    vaccine: str = ""
    counts: dict[date, int] = Field(default_factory=dict)
    raised: bool = False


class VaccineLow(Detector[Stock]):
    """Watches one vaccine at one station."""

    def __init__(self, policy: StockPolicy, district: District) -> None:
        self._policy, self._district = policy, district

    def new_state(self) -> Stock:
        return Stock()

    def on_event(self, state: Stock, event: AnyEvent) -> Iterable[Finding]:
        counted: VaccineCounted = event.data
        self._remember(state, counted, self._district.day(event.at))
        about, lasts = f"{state.commune}/{state.vaccine}", self.lasts(state)
        if self._low(counted, lasts, self._policy.days):
            values = {
                "name": self._district.commune_name(state.commune), "vaccine": state.vaccine,
                "lasts": _said(counted.doses, lasts),
            }  # fmt: skip
            severity: Severity | None = None if counted.doses else "severe"
            if not state.raised or not counted.doses:
                yield Raise(LOW, about, event.at, state.commune, severity, value=counted.doses, values=values)
            state.raised = True
        elif state.raised and not self._low(counted, lasts, self._policy.clear_days):
            state.raised = False
            yield Resolve(LOW, about, event.at, state.commune)

    def on_late(self, state: Stock, event: AnyEvent) -> Iterable[Finding]:
        """It tells what was used, but not what there is."""
        day = self._district.day(event.at)
        if state.counts and day < max(state.counts):
            self._remember(state, event.data, day)
        return ()

    @staticmethod
    def _remember(state: Stock, counted: VaccineCounted, day: date) -> None:
        state.commune, state.vaccine = counted.commune, counted.vaccine
        oldest = max([*state.counts, day]) - REMEMBERED
        kept = {each: doses for each, doses in (state.counts | {day: counted.doses}).items() if each > oldest}
        state.counts = dict(sorted(kept.items())[-MOST:])

    def facts(self, state: Stock) -> Iterable[Share]:
        if state.counts:
            yield STOCKS_LOW, (self._district.commune_label(state.commune),), int(state.raised)

    def outlook(self, state: Stock, at: datetime, event: AnyEvent | None = None) -> Iterable[Outlook]:
        if state.counts:
            doses, lasts = state.counts[max(state.counts)], self.lasts(state)
            share = 0.0 if lasts is None else min(1.0, self._policy.days / max(lasts, 1))
            saw = f"{doses} doses"
            yield Outlook(
                LOW, f"{state.commune}/{state.vaccine}", share, saw, f"{self._policy.days} days", _said(doses, lasts)
            )

    @staticmethod
    def lasts(state: Stock) -> int | None:
        """For how many days the newest count is enough; None where use is not known, or there is none."""
        days = list(state.counts)
        span = days[-1] - days[0]
        if len(days) < KNOWN or span < KNOWN_OVER:
            return None
        used = sum(max(0, before - after) for before, after in pairwise(state.counts.values()))
        return state.counts[days[-1]] * span.days // used if used else None

    def _low(self, counted: VaccineCounted, lasts: int | None, days: int) -> bool:
        least = max(1, self._policy.minimum.get(counted.vaccine, 0))
        return counted.doses < least or (lasts is not None and lasts < days)


def _said(doses: int, lasts: int | None) -> Text:
    if not doses:
        return Text("đã hết", "none is left")
    if lasts is None:
        return Text("chưa rõ đủ dùng bao lâu", "how long they last is not known")
    return Text(f"đủ dùng khoảng {lasts} ngày", f"enough for about {lasts} days")


SPEC = Spec(
    "vaccine_low",
    Text("Vắc xin sắp hết", "Vaccine low"),
    folds=(HEALTH_REPORT,),
    hears=(VaccineCounted,),
    build=VaccineLow,
    state=Stock,
    params=StockPolicy,
    kinds=(LOW,),
    facts=(STOCKS_LOW,),
)
