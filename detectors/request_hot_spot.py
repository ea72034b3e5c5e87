"""More requests came from one place in a day than is usual there: a commune, or a square of about a kilometre.

For the shift leader: one cause behind many requests, before each of them is late. A day is held against the days before
it (``ioc.usual``), so that a busy commune does not ring each day and a quiet one does not hide. It says what most of
them are about and who must act. The commune rings with its cells: the map shows where.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import Field

from ioc.alerts.alert import Evidence
from ioc.alerts.kind import REQUEST_MODULE, AlertKind
from ioc.detector import Detector, Finding, Outlook, Params, Raise, Resolve, Spec, State
from ioc.district import District
from ioc.events.base import AnyEvent
from ioc.events.requests import RequestPlaced
from ioc.folds import REQUEST_PLACE
from ioc.office.places import centre
from ioc.text import Text
from ioc.usual import Usual, in_words, usual_day

DAY = timedelta(days=1)
HOT_SPOT = AlertKind(
    "request_hot_spot",
    REQUEST_MODULE,
    "moderate",
    Text("Điểm nóng phản ánh", "Hot spot of requests"),
    Text(
        "{where} có {value} phản ánh trong ngày {day}, {usually}; nhiều nhất: {most}. Phải xử lý: {who}",
        "{where}: {value} requests on {day}, {usually}; most: {most}. Who must act: {who}",
    ),
)


class HotSpotPolicy(Params):
    """When a day's requests are more than usual."""

    alpha: Annotated[float, Field(gt=0, lt=0.5, description="more comes by chance on this share of days at most")] = (
        0.001
    )
    at_least: Annotated[int, Field(ge=2, description="never rings below so many requests in a day")] = 5
    days: Annotated[int, Field(ge=7, le=60, description="a day is held against so many days before it")] = 28
    known_after: Annotated[int, Field(ge=2, description="so many days must be known to know what is usual")] = 14
    until_known: Annotated[int, Field(ge=2, description="until then, so many of a commune in a day ring")] = 30
    until_known_cell: Annotated[int, Field(ge=2, description="and so many of a square of a kilometre")] = 10


class Spot(State):
    """Requests by day since the ``first`` heard of; today's by queue and by what they are about."""

    area: str = ""
    grain: Literal["commune", "cell", "edge"] = "commune"
    commune: str = ""
    first: date | None = None
    today: date | None = None
    days: dict[date, int] = Field(default_factory=dict)
    queues: dict[str, int] = Field(default_factory=dict)
    about: dict[str, int] = Field(default_factory=dict)
    raised: bool = False


class RequestHotSpot(Detector[Spot]):
    """Watches one commune, or one cell, day by day."""

    def __init__(self, policy: HotSpotPolicy, district: District) -> None:
        self._policy, self._district = policy, district

    def new_state(self) -> Spot:
        return Spot()

    def on_event(self, state: Spot, event: AnyEvent) -> Iterable[Finding]:
        data: RequestPlaced = event.data
        if data.grain == "edge":
            return
        day = self._district.day(event.at)
        if state.first is None or state.today is None:
            state.area, state.grain, state.commune = data.area, data.grain, data.commune
            state.first = state.today = day
        self._count(state, data, day)
        if state.raised or day != state.today:
            return
        known = self._known(state)
        if state.days[day] > self._limit(state, known):
            state.raised = True
            yield self._raise(state, event, known)

    def on_late(self, state: Spot, event: AnyEvent) -> Iterable[Finding]:
        """Counted on its own day; no past day is judged again."""
        if event.data.grain != "edge" and state.first is not None:
            self._count(state, event.data, self._district.day(event.at))
        return ()

    def next_deadline(self, state: Spot) -> datetime | None:
        return None if state.today is None else self._district.moment(state.today + DAY, time())

    def on_deadline(self, state: Spot, at: datetime) -> Iterable[Finding]:
        """A day is over; one that was no more than usual ends what rang."""
        assert state.today is not None and state.first is not None
        usual_day = state.days.get(state.today, 0) <= self._limit(state, self._known(state))
        if state.raised and usual_day:
            state.raised = False
            yield Resolve(HOT_SPOT, state.area, at, state.commune)
        oldest = state.today - (self._policy.days - 1) * DAY
        state.today, state.queues, state.about = state.today + DAY, {}, {}
        state.days = {day: number for day, number in state.days.items() if day >= oldest}
        if not state.days and not state.raised:
            state.first = state.today = None

    def finished(self, state: Spot) -> bool:
        return state.today is None

    def outlook(self, state: Spot, at: datetime, event: AnyEvent | None = None) -> Iterable[Outlook]:
        if state.today is None:
            return
        number, known = state.days.get(state.today, 0), self._known(state)
        needs = self._limit(state, known) + 1
        yield Outlook(HOT_SPOT, state.area, number / needs, f"{number} requests", f"{needs} in a day", in_words(known))

    def _count(self, state: Spot, data: RequestPlaced, day: date) -> None:
        assert state.first is not None
        state.first = min(state.first, day)
        state.days[day] = state.days.get(day, 0) + 1
        if day == state.today:
            state.queues = _most({**state.queues, data.queue: state.queues.get(data.queue, 0) + 1})
            about = data.category or "–"
            state.about = _most({**state.about, about: state.about.get(about, 0) + 1})

    def _known(self, state: Spot) -> Usual | None:
        """What is usual by the days before; None where too few are known."""
        assert state.first is not None and state.today is not None
        policy, days = self._policy, state.days
        return usual_day(
            lambda each: days.get(each, 0), state.first, state.today,
            days=policy.days, known_after=policy.known_after, alpha=policy.alpha,
        )  # fmt: skip

    def _limit(self, state: Spot, known: Usual | None) -> int:
        policy = self._policy
        if known is None:
            return (policy.until_known if state.grain == "commune" else policy.until_known_cell) - 1
        return max(known.limit, policy.at_least - 1)

    def _raise(self, state: Spot, event: AnyEvent, known: Usual | None) -> Raise:
        assert state.today is not None
        name = self._district.commune_name(state.commune)
        cell = state.grain == "cell"
        where = Text(f"Một khu vực của xã {name}", f"One area of {name}") if cell else Text(f"Xã {name}", name)
        about, number = max(state.about.items(), key=lambda each: (each[1], each[0]))
        values = {
            "where": where, "day": f"{state.today:%d/%m}", "usually": in_words(known), "most": f"{about} ({number})",
            "who": self._who(state),
        }  # fmt: skip
        return Raise(
            HOT_SPOT, state.area, event.at, state.commune, value=state.days[state.today],
            threshold=self._limit(state, known), values=values, place=centre(state.area) if cell else None,
            evidence=(Evidence.of(event),),
        )  # fmt: skip

    def _who(self, state: Spot) -> Text:
        """The queue in which most of today's stand, and its agency."""
        most = max(state.queues.items(), key=lambda each: (each[1], each[0]))[0]
        queue = self._district.queue(most)
        if queue is None:
            return Text(most, most)
        agency = self._district.agency_name(queue.agency) if queue.agency else None
        return (
            Text(f"{queue.name}, {agency.vi}", f"{queue.name}, {agency.en}") if agency else Text(queue.name, queue.name)
        )


def _most(counted: dict[str, int]) -> dict[str, int]:
    """The ten that occur most: what comes from outside never makes a state large."""
    return dict(Counter(counted).most_common(10))


SPEC = Spec(
    "request_hot_spot",
    Text("Điểm nóng phản ánh", "Hot spots of requests"),
    folds=(REQUEST_PLACE,),
    hears=(RequestPlaced,),
    build=RequestHotSpot,
    state=Spot,
    params=HotSpotPolicy,
    kinds=(HOT_SPOT,),
)
