"""A request is not answered in time; and what each request means for the queue it stands in.

For the desk that must answer. The time is the request's own ``due``, else the province's term for its category and
priority, else a house rule. Answered and closed both end the waiting; a reopened request waits again from then. Of
complaints and denunciations only a number is kept.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from ioc.alerts.alert import Evidence
from ioc.alerts.kind import REQUEST_MODULE, AlertKind
from ioc.calendars.clock import Clock, start
from ioc.calendars.terms import WallTime
from ioc.detector import (
    Count,
    Detector,
    Emit,
    Finding,
    Outlook,
    Params,
    Raise,
    Resolve,
    Share,
    Spec,
)
from ioc.district import District, Duration
from ioc.events.base import AnyEvent
from ioc.events.deadlines import DEADLINES
from ioc.events.requests import (
    COUNTED_ONLY,
    QUEUE_CHANGES,
    REQUEST_PLACES,
    Priority,
    QueueChanged,
    RequestAnswered,
    RequestAssigned,
    RequestClosed,
    RequestOpened,
    RequestReopened,
)
from ioc.folds import REQUEST
from ioc.office import request_figures as figures
from ioc.office.due import deadline_moved
from ioc.office.places import placed
from ioc.office.request import Request
from ioc.text import Text


class AnswerPolicy(Params):
    """How long a request may wait for its answer where neither it nor the province says."""

    answer_within: Annotated[
        Duration, Field(description="a request without its own due time waits at most this long")
    ] = timedelta(hours=24)
    answer_within_by_priority: Annotated[
        Mapping[Priority, Duration], Field(description="shorter or longer times for some priorities")
    ] = {}
    calendar: Annotated[str | None, Field(description="id of the calendar of terms; none: the district's first")] = None
    forget_after: Annotated[Duration, Field(description="a closed request is forgotten after this")] = timedelta(
        days=30
    )


UNANSWERED = AlertKind(
    "request_unanswered",
    REQUEST_MODULE,
    "moderate",
    Text("Phản ánh chưa được trả lời đúng hạn", "Request not answered in time"),
    Text(
        "Phản ánh {subject} ({queue}) chờ trả lời từ {opened}, hạn {due}",
        "Request {subject} ({queue}) waits since {opened}; it was due at {due}",
    ),
)


class RequestUnanswered(Detector[Request]):
    """Watches one request until it is answered, and tells its queue when it enters and leaves."""

    def __init__(self, policy: AnswerPolicy, district: District) -> None:
        self._policy, self._district = policy, district
        self._calendar = district.calendar(policy.calendar)

    def new_state(self) -> Request:
        return Request()

    def on_event(self, state: Request, event: AnyEvent) -> Iterable[Finding]:
        data = event.data
        match data:
            case RequestOpened() if state.opened is None:
                yield from self._open(state, data, event)
            case RequestAssigned():
                state.agency = data.agency or state.agency
                if data.queue:
                    state.moved = event.at
                    yield from self._move(state, data.queue, event.at)
            case RequestAnswered() | RequestClosed():
                state.ended = max(state.ended or event.at, event.at)
                yield from self._end(state, data, event.at)
            case RequestReopened():
                state.reopened = event.at
                yield from self._reopen(state, data, event.at)

    def on_late(self, state: Request, event: AnyEvent) -> Iterable[Finding]:
        return () if state.outdated(event) else super().on_late(state, event)

    def _open(self, state: Request, data: RequestOpened, event: AnyEvent) -> Iterable[Finding]:
        state.request, state.priority = data.request, data.priority
        state.stream, state.category = data.stream, data.category
        state.queue = state.queue or data.queue  # else it was moved before we heard that it was opened
        state.commune = self._district.commune(data.commune, event.at)
        if data.latitude is not None and data.longitude is not None:
            state.place = (data.latitude, data.longitude)
        state.opened = Evidence.of(event)
        labels = (self._district.commune_label(state.commune), self._label(data.queue), data.stream)
        yield Count(figures.OPENED, self._district.day(event.at), labels)
        yield from (Emit(REQUEST_PLACES, each, event.at) for each in placed(data, state.commune))
        if data.stream in COUNTED_ONLY:
            state.phase, state.closed_at = "closed", event.at
            return
        if state.queue != data.queue:
            yield self._left(state, data.queue, event.at, 1)
            yield self._left(state, state.queue, event.at, -1)
        if state.phase == "closed" and state.closed_at is not None:
            yield self._left(state, state.queue, state.closed_at, 1)
        if state.phase == "unknown":  # else it was closed before we heard that it was opened
            answered = state.ended is not None and event.at <= state.ended and state.reopened is None
            state.phase, state.since = "answered" if answered else "waiting", event.at
            state.clock = self._wait(state, event.at, data.due)
            yield from self._queue(state, 1, event.at)

    def _move(self, state: Request, queue: str, at: datetime) -> Iterable[Finding]:
        in_queue = state.phase in ("waiting", "answered") and queue != state.queue
        if in_queue:
            yield from self._queue(state, -1, at)
            yield self._left(state, state.queue, at, 1)
            yield from self._count_overdue(state, at, -1)
        state.queue = queue
        if in_queue:
            yield from self._queue(state, 1, at)
            yield self._left(state, queue, at, -1)
            yield from self._count_overdue(state, at, 1)

    def _end(self, state: Request, data: RequestAnswered | RequestClosed, at: datetime) -> Iterable[Finding]:
        before = state.phase
        if isinstance(data, RequestClosed) and before != "closed":
            state.phase, state.closed_at = "closed", at
            if state.opened is not None:
                yield from self._queue(state, -1, at, done=True)
                yield self._left(state, state.queue, at, 1)
        elif before == "waiting":
            state.phase = "answered"
        if before == "waiting" and state.clock is not None and state.clock.due is not None:
            late = "late" if at > state.clock.due else "on_time"
            yield Count(figures.ANSWERED, self._district.day(at), (self._label(state.queue), late))
        if state.phase != before:
            yield from self._quieten(state, at)

    def _reopen(self, state: Request, data: RequestReopened, at: datetime) -> Iterable[Finding]:
        if state.opened is None or state.phase not in ("answered", "closed"):
            return
        yield Count(figures.REOPENED, self._district.day(at), (self._label(state.queue),))
        back = state.phase == "closed"
        state.phase, state.since, state.closed_at = "waiting", at, None
        state.clock = self._wait(state, at, data.due)
        if back:
            yield from self._queue(state, 1, at)
            yield self._left(state, state.queue, at, -1)

    def next_deadline(self, state: Request) -> datetime | None:
        if state.phase == "closed" and state.closed_at is not None:
            return None if state.forgotten else state.closed_at + self._policy.forget_after
        if state.phase != "waiting" or state.raised or state.clock is None or state.clock.due is None:
            return None
        return max(state.clock.due, state.since or state.clock.due)  # never before it waits

    def on_deadline(self, state: Request, at: datetime) -> Iterable[Finding]:
        if state.phase == "closed":
            state.forgotten = True
            return
        state.raised, state.overdue_on = True, self._district.day(at)
        yield from self._count_overdue(state, at, 1)
        assert state.opened is not None and state.clock is not None and state.clock.due is not None
        values = {
            "queue": self._named(state),
            "opened": self._district.told(state.opened.at),
            "due": self._district.told(state.clock.due),
        }
        yield Raise(
            UNANSWERED,
            state.request,
            at,
            state.commune,
            values=values,
            place=state.place,
            evidence=(state.opened,),
        )

    def on_rules(self, state: Request, at: datetime) -> Iterable[Finding]:
        """A calendar that changed moves what waits; both due times are kept."""
        if state.clock is None or state.phase != "waiting":
            return
        before, state.clock = state.clock, state.clock.by(self._calendar)
        if before.due != state.clock.due:
            yield deadline_moved("request", state.request, before, state.clock, at)
            yield from self._quieten(state, at)

    def outlook(self, state: Request, at: datetime, event: AnyEvent | None = None) -> Iterable[Outlook]:
        due = state.clock.due if state.clock else None
        if due is None or state.opened is None:
            return
        phases = {"answered": Text("đã trả lời", "it was answered"), "closed": Text("đã đóng", "it was closed")}
        why = phases.get(state.phase, Text("chưa đến hạn trả lời", "its answer is not due yet"))
        begun = state.since or state.opened.at
        share = (at - begun) / (due - begun) if due > begun else 1.0
        saw, needs = f"{state.phase} since {self._district.told(begun)}", f"waiting at {self._district.told(due)}"
        yield Outlook(UNANSWERED, state.request, share, saw, needs, why)

    def facts(self, state: Request) -> Iterable[Share]:
        if state.phase in ("waiting", "answered"):
            answer = "answered" if state.phase == "answered" else "late" if state.raised else "waiting"
            yield figures.REQUESTS_OPEN, (self._district.commune_label(state.commune), answer), 1

    def finished(self, state: Request) -> bool:
        return state.forgotten

    def _wait(self, state: Request, at: datetime, due: datetime | None) -> Clock:
        """The clock of its answer: as appointed, by the province's terms, or by the house rule."""
        province = self._district.request_term(state.stream, state.category, state.priority)
        patience = self._policy.answer_within_by_priority.get(state.priority, self._policy.answer_within)
        term = province.answer if province else WallTime(patience)
        return start(self._calendar, at, term=term, appointed=due)

    def _quieten(self, state: Request, at: datetime) -> Iterable[Finding]:
        if state.raised:
            yield Resolve(UNANSWERED, state.request, at, state.commune)
            yield from self._count_overdue(state, at, -1)
        state.raised, state.overdue_on = False, None

    def _queue(self, state: Request, by: Literal[1, -1], at: datetime, done: bool = False) -> Iterable[Finding]:
        if state.queue is not None:
            yield Emit(QUEUE_CHANGES, QueueChanged(
                queue=state.queue, case=state.request, by=by, commune=state.commune, done=done,
                since=state.opened.at if state.opened else None, due=state.clock.due if state.clock else None,
            ), at)  # fmt: skip

    def _left(self, state: Request, queue: str | None, at: datetime, by: int) -> Count:
        """It left a queue (``by`` 1), or came back into one, so many days after it was opened."""
        assert state.opened is not None
        days = max(0, (self._district.day(at) - self._district.day(state.opened.at)).days)
        return Count(figures.LEFT_AFTER, self._district.day(at), (self._label(queue), str(days)), by)

    def _count_overdue(self, state: Request, at: datetime, by: int) -> Iterable[Count]:
        if state.overdue_on is not None:
            yield Count(
                figures.OVERDUE_CHANGE, max(self._district.day(at), state.overdue_on), (self._label(state.queue),), by
            )

    def _named(self, state: Request) -> str:
        """The queue, and who must act."""
        queue = self._district.queue(state.queue)
        agency = state.agency or (queue.agency if queue else None)
        name = queue.name if queue else state.queue or ""
        return f"{name}, {agency}" if agency else name

    def _label(self, queue: str | None) -> str:
        return self._district.queue_label(queue)


SPEC = Spec(
    "request_unanswered",
    Text("Phản ánh chưa trả lời", "Request not answered"),
    folds=(REQUEST,),
    hears=(RequestOpened, RequestAssigned, RequestAnswered, RequestClosed, RequestReopened),
    build=RequestUnanswered,
    state=Request,
    params=AnswerPolicy,
    kinds=(UNANSWERED,),
    emits=(QUEUE_CHANGES, DEADLINES, REQUEST_PLACES),
    facts=(figures.REQUESTS_OPEN,),
    ratios=(figures.ANSWER_LATE,),
    tallies=(figures.OPENED, figures.ANSWERED, figures.REOPENED, figures.LEFT_AFTER, figures.OVERDUE_CHANGE),
)
