"""A request was answered, but is not settled in the time that the province gives: the second clock of a request.

For the agency that must act. The term is that of its category and priority, from the district file, with the decision's
number; where there is none, nothing is awaited. A reopened request has its whole term again. Basis: the province's
rules on site reports, which differ from province to province.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from ioc.alerts.alert import Evidence
from ioc.alerts.kind import REQUEST_MODULE, AlertKind
from ioc.calendars.clock import Clock, start
from ioc.detector import Count, Detector, Finding, Params, Raise, Resolve, Spec, State
from ioc.district import District, Duration
from ioc.events.base import AnyEvent, Moment
from ioc.events.requests import (
    COUNTED_ONLY,
    RequestAssigned,
    RequestClosed,
    RequestOpened,
    RequestReopened,
)
from ioc.folds import REQUEST
from ioc.office import request_figures as figures
from ioc.office.requests import RequestTerm
from ioc.text import Text


class SettlePolicy(Params):
    """By which calendar, and how long a settled request is remembered."""

    calendar: Annotated[str | None, Field(description="id of the calendar of terms; none: the district's first")] = None
    forget_after: Annotated[Duration, Field(description="a closed request is forgotten after this")] = timedelta(
        days=30
    )


UNSETTLED = AlertKind(
    "request_unsettled",
    REQUEST_MODULE,
    "moderate",
    Text("Phản ánh chưa giải quyết xong đúng hạn", "Request not settled in time"),
    Text(
        "Phản ánh {subject} ({queue}) chưa giải quyết xong, hạn {due} (thời hạn {term}{decision})",
        "Request {subject} ({queue}) is not settled; it was due at {due} (term {term}{decision})",
    ),
)


class Unsettled(State):
    """One request's way to its end; ``turned`` is the newest end or reopening."""

    request: str = ""
    queue: str | None = None
    commune: str | None = None
    place: tuple[float, float] | None = None
    opened: Evidence | None = None
    rule: RequestTerm | None = None
    clock: Clock | None = None
    turned: Moment | None = None
    closed_at: Moment | None = None
    raised: bool = False
    forgotten: bool = False


class RequestUnsettled(Detector[Unsettled]):
    """Watches one request until it is closed."""

    def __init__(self, policy: SettlePolicy, district: District) -> None:
        self._policy, self._district = policy, district
        self._calendar = district.calendar(policy.calendar)

    def new_state(self) -> Unsettled:
        return Unsettled()

    def on_event(self, state: Unsettled, event: AnyEvent) -> Iterable[Finding]:
        data = event.data
        match data:
            case RequestOpened() if state.opened is None and data.stream not in COUNTED_ONLY:
                state.request, state.queue, state.opened = data.request, state.queue or data.queue, Evidence.of(event)
                state.commune = self._district.commune(data.commune, event.at)
                if data.latitude is not None and data.longitude is not None:
                    state.place = (data.latitude, data.longitude)
                state.rule = self._district.request_term(data.stream, data.category, data.priority)
                self._begin(state, event.at)
            case RequestAssigned() if data.queue:
                state.queue = data.queue
            case RequestClosed() if state.closed_at is None:
                state.closed_at = state.turned = event.at
                yield from self._settled(state, event.at)
            case RequestReopened() if state.closed_at is not None:
                state.turned, state.closed_at = event.at, None
                self._begin(state, event.at)

    def on_late(self, state: Unsettled, event: AnyEvent) -> Iterable[Finding]:
        turn = isinstance(event.data, RequestClosed | RequestReopened)
        if turn and state.turned is not None and event.at <= state.turned:
            return ()
        return super().on_late(state, event)

    def next_deadline(self, state: Unsettled) -> datetime | None:
        if state.closed_at is not None:
            return None if state.forgotten else state.closed_at + self._policy.forget_after
        return None if state.clock is None or state.raised else state.clock.due

    def on_deadline(self, state: Unsettled, at: datetime) -> Iterable[Finding]:
        if state.closed_at is not None:
            state.forgotten = True
            return
        assert state.clock is not None and state.clock.due is not None and state.clock.term is not None
        state.raised = True
        queue = self._district.queue(state.queue)
        values = {
            "queue": queue.name if queue else state.queue or "",
            "due": self._district.told(state.clock.due),
            "term": state.clock.term.words,
            "decision": f", {state.rule.decision}" if state.rule and state.rule.decision else "",
        }
        evidence = (state.opened,) if state.opened else ()
        yield Raise(
            UNSETTLED, state.request, at, state.commune, values=values, place=state.place, evidence=evidence
        )  # fmt: skip

    def on_rules(self, state: Unsettled, at: datetime) -> Iterable[Finding]:
        """A calendar that changed moves what is open."""
        if state.clock is not None and state.closed_at is None:
            before, state.clock = state.clock, state.clock.by(self._calendar)
            if before.due != state.clock.due:
                yield from self._quieten(state, at)

    def finished(self, state: Unsettled) -> bool:
        return state.forgotten

    def _begin(self, state: Unsettled, at: datetime) -> None:
        settle = state.rule.settle if state.rule else None
        state.clock = start(self._calendar, at, term=settle) if settle and state.closed_at is None else None

    def _settled(self, state: Unsettled, at: datetime) -> Iterable[Finding]:
        if state.clock is not None and state.clock.due is not None:
            late = "late" if at > state.clock.due else "on_time"
            yield Count(figures.SETTLED, self._district.day(at), (self._district.queue_label(state.queue), late))
        yield from self._quieten(state, at)

    def _quieten(self, state: Unsettled, at: datetime) -> Iterable[Finding]:
        if state.raised:
            yield Resolve(UNSETTLED, state.request, at, state.commune)
        state.raised = False


SPEC = Spec(
    "request_unsettled",
    Text("Phản ánh chưa giải quyết xong", "Request not settled"),
    folds=(REQUEST,),
    hears=(RequestOpened, RequestAssigned, RequestClosed, RequestReopened),
    build=RequestUnsettled,
    state=Unsettled,
    params=SettlePolicy,
    kinds=(UNSETTLED,),
    tallies=(figures.SETTLED,),
)
