"""A request is not answered in time; and what each request means for the queue it stands in.

For the desk that must answer. The time is the request's own ``due``, else a house rule by priority. Answered and
closed both end the waiting; a reopened request waits again from then.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from ioc.alerts.alert import Evidence
from ioc.alerts.kind import REQUEST_MODULE, AlertKind
from ioc.detector import Detector, Emit, Fact, Finding, Params, Raise, Ratio, Resolve, Share, Spec, State
from ioc.district import District, Duration
from ioc.events.base import AnyEvent, Moment
from ioc.events.requests import (
    QUEUE_CHANGES,
    Priority,
    QueueChanged,
    RequestAnswered,
    RequestAssigned,
    RequestClosed,
    RequestOpened,
    RequestReopened,
)
from ioc.folds import REQUEST
from ioc.text import Text


class AnswerPolicy(Params):
    """How long a request may wait for its answer."""

    answer_within: Annotated[
        Duration, Field(description="a request without its own due time waits at most this long")
    ] = timedelta(hours=24)
    answer_within_by_priority: Annotated[
        Mapping[Priority, Duration], Field(description="shorter or longer times for some priorities")
    ] = {}
    forget_after: Annotated[Duration, Field(description="a closed request is forgotten after this")] = timedelta(
        days=30
    )


UNANSWERED = AlertKind(
    "request_unanswered",
    REQUEST_MODULE,
    "moderate",
    Text("Phản ánh chưa được trả lời đúng hạn", "Request not answered in time"),
    Text(
        "Phản ánh {subject} ({queue}) chờ trả lời từ {opened}",
        "Request {subject} ({queue}) waits since {opened}",
    ),
)
REQUESTS_OPEN = Fact(
    "requests_open",
    Text("Phản ánh chưa kết thúc", "Open requests"),
    ("commune", "answer"),
    tile=REQUEST_MODULE,
    words={
        "waiting": Text("chờ trả lời", "waiting for an answer"),
        "late": Text("quá hạn trả lời", "late"),
        "answered": Text("đã trả lời", "answered"),
    },
)
ANSWER_LATE = Ratio(
    "requests_answer_late",
    Text("Tỷ lệ phản ánh quá hạn trả lời", "Share of unanswered requests that are late"),
    REQUESTS_OPEN,
    "answer",
    values=("late",),
    among=("waiting", "late"),
    good="low",
    amber=0.05,
    red=0.2,
)


class Request(State):
    """One request's wait, which began at ``since``.

    ``moved``, ``reopened`` and ``ended`` are the newest of each: an older one that comes late, or again, changes
    nothing.
    """

    request: str = ""
    queue: str | None = None
    commune: str | None = None
    place: tuple[float, float] | None = None
    priority: Priority = "normal"
    opened: Evidence | None = None
    due: Moment | None = None
    since: Moment | None = None
    moved: Moment | None = None
    reopened: Moment | None = None
    ended: Moment | None = None
    phase: Literal["unknown", "waiting", "answered", "closed"] = "unknown"
    raised: bool = False
    closed_at: Moment | None = None
    forgotten: bool = False


class RequestUnanswered(Detector[Request]):
    """Watches one request until it is answered, and tells its queue when it enters and leaves."""

    def __init__(self, policy: AnswerPolicy, district: District) -> None:
        self._policy, self._district = policy, district

    def new_state(self) -> Request:
        return Request()

    def on_event(self, state: Request, event: AnyEvent) -> Iterable[Finding]:
        data = event.data
        match data:
            case RequestOpened() if state.opened is None:
                yield from self._open(state, data, event)
            case RequestAssigned() if data.queue:
                state.moved = event.at
                yield from self._move(state, data.queue, event.at)
            case RequestAnswered() | RequestClosed():
                state.ended = max(state.ended or event.at, event.at)
                yield from self._end(state, data, event.at)
            case RequestReopened():
                state.reopened = event.at
                yield from self._reopen(state, data, event.at)

    def on_late(self, state: Request, event: AnyEvent) -> Iterable[Finding]:
        return () if self._outdated(state, event) else super().on_late(state, event)

    def _outdated(self, state: Request, event: AnyEvent) -> bool:
        """Was something heard already that happened later and makes this one void?"""
        match event.data:
            case RequestAssigned():
                return state.moved is not None and event.at <= state.moved
            case RequestReopened() if state.ended is not None and event.at < state.ended:
                return True
            case RequestAnswered() | RequestClosed() | RequestReopened():
                return state.reopened is not None and event.at <= state.reopened
        return False

    def _open(self, state: Request, data: RequestOpened, event: AnyEvent) -> Iterable[Finding]:
        state.request, state.priority = data.request, data.priority
        state.queue = state.queue or data.queue  # else it was moved before we heard that it was opened
        state.commune = self._district.commune(data.commune, event.at)
        if data.latitude is not None and data.longitude is not None:
            state.place = (data.latitude, data.longitude)
        state.opened = Evidence.of(event)
        if state.phase == "unknown":  # else it was closed before we heard that it was opened
            answered = state.ended is not None and event.at <= state.ended and state.reopened is None
            state.phase, state.since = "answered" if answered else "waiting", event.at
            state.due = data.due or event.at + self._patience(state)
            yield from self._queue(state, 1, event.at)

    def _move(self, state: Request, queue: str, at: datetime) -> Iterable[Finding]:
        in_queue = state.phase in ("waiting", "answered") and queue != state.queue
        if in_queue:
            yield from self._queue(state, -1, at)
        state.queue = queue
        if in_queue:
            yield from self._queue(state, 1, at)

    def _end(self, state: Request, data: RequestAnswered | RequestClosed, at: datetime) -> Iterable[Finding]:
        before = state.phase
        if isinstance(data, RequestClosed) and before != "closed":
            state.phase, state.closed_at = "closed", at
            if state.opened is not None:
                yield from self._queue(state, -1, at)
        elif before == "waiting":
            state.phase = "answered"
        if state.phase != before:
            yield from self._quieten(state, at)

    def _reopen(self, state: Request, data: RequestReopened, at: datetime) -> Iterable[Finding]:
        if state.opened is None or state.phase not in ("answered", "closed"):
            return
        if state.phase == "closed":
            yield from self._queue(state, 1, at)
        state.phase, state.since, state.closed_at = "waiting", at, None
        state.due = data.due or at + self._patience(state)

    def next_deadline(self, state: Request) -> datetime | None:
        if state.phase == "closed" and state.closed_at is not None:
            return None if state.forgotten else state.closed_at + self._policy.forget_after
        if state.phase != "waiting" or state.raised or state.due is None:
            return None
        return max(state.due, state.since or state.due)  # never before it waits

    def on_deadline(self, state: Request, at: datetime) -> Iterable[Finding]:
        if state.phase == "closed":
            state.forgotten = True
            return
        state.raised = True
        assert state.opened is not None
        opened = self._district.local(state.opened.at).strftime("%H:%M %d/%m/%Y")
        values = {"queue": state.queue or "", "opened": opened}
        yield Raise(
            UNANSWERED,
            state.request,
            at,
            state.commune,
            values=values,
            place=state.place,
            evidence=(state.opened,),
        )

    def facts(self, state: Request) -> Iterable[Share]:
        if state.phase in ("waiting", "answered"):
            answer = "answered" if state.phase == "answered" else "late" if state.raised else "waiting"
            yield REQUESTS_OPEN, (self._district.commune_label(state.commune), answer), 1

    def finished(self, state: Request) -> bool:
        return state.forgotten

    def _patience(self, state: Request) -> timedelta:
        return self._policy.answer_within_by_priority.get(state.priority, self._policy.answer_within)

    def _quieten(self, state: Request, at: datetime) -> Iterable[Finding]:
        if state.raised:
            yield Resolve(UNANSWERED, state.request, at, state.commune)
        state.raised = False

    def _queue(self, state: Request, by: Literal[1, -1], at: datetime) -> Iterable[Finding]:
        if state.queue is not None:
            data = QueueChanged(queue=state.queue, case=state.request, by=by, commune=state.commune)
            yield Emit(QUEUE_CHANGES, data, at)


SPEC = Spec(
    "request_unanswered",
    Text("Phản ánh chưa trả lời", "Request not answered"),
    folds=(REQUEST,),
    hears=(RequestOpened, RequestAssigned, RequestAnswered, RequestClosed, RequestReopened),
    build=RequestUnanswered,
    state=Request,
    params=AnswerPolicy,
    kinds=(UNANSWERED,),
    emits=(QUEUE_CHANGES,),
    facts=(REQUESTS_OPEN,),
    ratios=(ANSWER_LATE,),
)
