"""A queue grows beyond its own recent level: more is open than usual here, not more than some fixed number.

For the shift leader, who can send help before answers are late. The level is the exponential average of the
number of open requests over event time; the alert rings at ``factor`` times it and clears at ``clear_factor``.
A moment is judged once all its events are in: a request that moves on at once never makes a queue longer.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from ioc.alerts.alert import Evidence
from ioc.alerts.kind import REQUEST_MODULE, AlertKind
from ioc.detector import Detector, Fact, Finding, Outlook, Params, Raise, Resolve, Share, Spec, State
from ioc.district import District, Duration
from ioc.events.base import AnyEvent, Moment
from ioc.events.requests import QueueChanged
from ioc.folds import QUEUE
from ioc.text import Text


class GrowthPolicy(Params):
    """When a queue counts as growing."""

    window: Annotated[Duration, Field(description="a queue is judged once it has been known for this long")] = (
        timedelta(hours=1)
    )
    level_halflife: Annotated[Duration, Field(description="after this, half of the level is newer")] = timedelta(
        hours=24
    )
    factor: Annotated[float, Field(gt=1, description="rings at this many times the level")] = 2.0
    clear_factor: Annotated[float, Field(gt=0, description="clears below this many times the level")] = 1.3
    at_least: Annotated[int, Field(ge=1, description="never rings below this many open requests")] = 10
    look_again: Annotated[Duration, Field(description="while it rings, looked at this often without events")] = (
        timedelta(hours=1)
    )


GROWING = AlertKind(
    "queue_growing",
    REQUEST_MODULE,
    "moderate",
    Text("Hàng đợi tăng bất thường", "Queue growing"),
    Text(
        "Hàng đợi {subject} có {value} phản ánh đang mở, mức thường ngày {level}",
        "Queue {subject} has {value} open requests, its usual level is {level}",
    ),
)
QUEUE_OPEN = Fact("queue_open_requests", Text("Phản ánh đang mở theo hàng đợi", "Open requests by queue"), ("queue",))


class Queue(State):
    """How many requests are open, and how many usually are."""

    queue: str = ""
    open: int = 0
    level: float = 0.0
    since: Moment | None = None
    at: Moment | None = None
    look: Moment | None = None
    newest: Evidence | None = None
    raised: bool = False


class QueueGrowing(Detector[Queue]):
    """Watches one queue."""

    def __init__(self, policy: GrowthPolicy, district: District) -> None:
        self._policy, self._district = policy, district

    def new_state(self) -> Queue:
        return Queue()

    def on_event(self, state: Queue, event: AnyEvent) -> Iterable[Finding]:
        data: QueueChanged = event.data
        if data.work != "request":
            return ()
        self._pass_time(state, event.at)
        state.queue, state.open, state.look = data.queue, max(0, state.open + data.by), event.at
        before = state.newest
        if before is None or (before.at, before.source, before.id) < (event.at, event.source, event.id):
            state.newest = Evidence.of(event)
        return ()

    def on_late(self, state: Queue, event: AnyEvent) -> Iterable[Finding]:
        """Counted, but the level of a past moment is not computed again."""
        if event.data.work == "request":
            state.queue, state.open = event.data.queue, max(0, state.open + event.data.by)
        return ()

    def next_deadline(self, state: Queue) -> datetime | None:
        return state.look

    def on_deadline(self, state: Queue, at: datetime) -> Iterable[Finding]:
        self._pass_time(state, at)
        yield from self._judge(state, at)
        known = (state.since or at) + self._policy.window
        state.look = known if at < known else at + self._policy.look_again if state.raised else None

    def facts(self, state: Queue) -> Iterable[Share]:
        if state.queue:
            yield QUEUE_OPEN, (self._district.queue_label(state.queue),), state.open

    def _pass_time(self, state: Queue, at: datetime) -> None:
        """Move the level towards what was open since the last look."""
        if state.at is None:
            state.since = at
        else:
            kept = 0.5 ** ((at - state.at) / self._policy.level_halflife)
            state.level = state.open + (state.level - state.open) * kept
        state.at = at

    def outlook(self, state: Queue, at: datetime, event: AnyEvent | None = None) -> Iterable[Outlook]:
        known = at - state.since if state.since is not None else timedelta(0)
        threshold = max(self._policy.factor * state.level, self._policy.at_least)
        young = Text("hàng đợi mới biết chưa đủ lâu", "the queue has not been known for long enough")
        few = Text("chưa đủ nhiều so với mức thường ngày", "not enough beyond its usual level")
        yield Outlook(
            GROWING, state.queue, state.open / threshold, f"{state.open} open, usually {state.level:.1f}",
            f"{threshold:.1f} open", young if known < self._policy.window else few,
        )  # fmt: skip

    def _judge(self, state: Queue, at: datetime) -> Iterable[Finding]:
        policy = self._policy
        if state.raised and state.open < max(policy.clear_factor * state.level, 1):
            state.raised = False
            yield Resolve(GROWING, state.queue, at)
        elif not state.raised and state.since is not None and at - state.since >= policy.window:
            threshold = max(policy.factor * state.level, policy.at_least)
            if state.open >= threshold:
                state.raised = True
                yield Raise(
                    GROWING,
                    state.queue,
                    at,
                    value=state.open,
                    threshold=round(threshold, 1),
                    values={"level": round(state.level, 1)},
                    evidence=(state.newest,) if state.newest else (),
                )


SPEC = Spec(
    "queue_growing",
    Text("Hàng đợi tăng", "Queue growing"),
    folds=(QUEUE,),
    hears=(QueueChanged,),
    build=QueueGrowing,
    state=Queue,
    params=GrowthPolicy,
    kinds=(GROWING,),
    facts=(QUEUE_OPEN,),
)
