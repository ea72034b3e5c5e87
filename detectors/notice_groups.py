"""Notices to one receiver, gathered into messages: nobody's telephone rings ten times for ten sensors of one fire.

The first notice waits a little for others; further ones wait longer. What is for a person on duty, and what is of the
highest severity, goes out at once with all that waits.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

from pydantic import Field

from ioc.agencies.parts import Role
from ioc.agencies.routing import CENTRE
from ioc.alerts.kind import PLATFORM_MODULE
from ioc.alerts.load import ANNUNCIATED, CALLS_PEOPLE
from ioc.detector import Count, Detector, Emit, Finding, Params, Spec, State
from ioc.district import District
from ioc.durations import Duration
from ioc.events.base import AnyEvent, Moment
from ioc.folds import NOTICE
from ioc.notices.events import NOTICES_OUTBOX, Item, Message, NoticeDue, Reason
from ioc.text import Text

#: Why a receiver is told again; the first time, that is the reason, whatever happened.
AGAIN: dict[str, Reason] = {
    "opened": "repeat", "recurred": "repeat", "reopened": "repeat", "assigned": "repeat", "repeat": "repeat",
    "worse": "worse", "suppression_ended": "suppression_ended", "deadline_near": "deadline_near",
    "deadline_breached": "deadline_breached", "cleared": "cleared", "escalated": "escalated",
    "returned": "returned", "reminded": "reminded", "extension_asked": "extension_asked",
    "extension_answered": "extension_answered",
}  # fmt: skip
#: Reasons that say more than that it is the first time.
SAY_MORE = frozenset({"escalated", "suppression_ended", "cleared"})


class GroupParams(Params):
    """How long notices are gathered."""

    wait: Annotated[Duration, Field(description="the first notice to a receiver waits this long for others")] = (
        timedelta(seconds=20)
    )
    interval: Annotated[Duration, Field(description="at least this between two messages to a receiver")] = timedelta(
        minutes=2
    )
    most: Annotated[int, Field(ge=1, le=200, description="at most so many in one message")] = 50
    remember: Annotated[Duration, Field(description="after this an alert is told as if for the first time")] = (
        timedelta(days=7)
    )


class Group(State):
    """What waits for one receiver, which alerts it was told of, and when it was last told."""

    receiver: str = ""
    role: Role | None = None
    waiting: list[Item] = Field(default_factory=list)
    due: Moment | None = None
    told_at: Moment | None = None
    told: dict[str, Moment] = Field(default_factory=dict)


class NoticeGroups(Detector[Group]):
    """One receiver."""

    def __init__(self, params: GroupParams, district: District) -> None:
        self._params, self._district = params, district

    def new_state(self) -> Group:
        return Group()

    def on_event(self, state: Group, event: AnyEvent) -> Iterable[Finding]:
        due: NoticeDue = event.data
        state.receiver, state.role = due.receiver, due.role
        item = self._reasoned(state, due.item, event.at)
        counted = [self._counted(item, event.at)] if due.receiver == CENTRE and item.notice in CALLS_PEOPLE else []
        if any((each.alert_id, each.version) == (item.alert_id, item.version) for each in state.waiting):
            return counted
        state.waiting = sorted([*state.waiting, item], key=lambda each: (each.at, each.alert_id, each.version))
        if len(state.waiting) >= self._params.most:
            return [*counted, *self._send(state, event.at)]
        at_once = due.role is not None or item.severity == "extreme"
        wait = event.at if at_once else self._earliest(state, event.at)
        state.due = min(state.due or wait, wait)
        return counted

    def _counted(self, item: Item, at: datetime) -> Count:
        labels = item.module, item.kind, item.severity
        return Count(ANNUNCIATED, self._district.day(at), labels)

    def _reasoned(self, state: Group, item: Item, at: datetime) -> Item:
        name = str(item.alert_id)
        state.told = {each: when for each, when in state.told.items() if at - when < self._params.remember}
        again = AGAIN[item.notice]
        reason: Reason = again if name in state.told or again in SAY_MORE else "first"
        state.told = dict(sorted((state.told | {name: at}).items()))
        return item.model_copy(update={"reason": reason})

    def _earliest(self, state: Group, at: datetime) -> datetime:
        soon = at + self._params.wait
        return soon if state.told_at is None else max(soon, state.told_at + self._params.interval)

    def next_deadline(self, state: Group) -> datetime | None:
        return state.due

    def on_deadline(self, state: Group, at: datetime) -> Iterable[Finding]:
        return self._send(state, at)

    @staticmethod
    def _send(state: Group, at: datetime) -> list[Finding]:
        first = state.waiting[0]
        place = f"{state.receiver}/{state.role}/{first.alert_id}/{first.version}"
        message = Message(
            message_id=uuid5(NAMESPACE_URL, place), receiver=state.receiver, role=state.role, items=tuple(state.waiting)
        )
        state.waiting, state.due, state.told_at = [], None, at
        return [Emit(NOTICES_OUTBOX, message, at)]


def _build(params: GroupParams, district: District) -> NoticeGroups:
    return NoticeGroups(params, district)


SPEC = Spec(
    "notice_groups",
    Text("Gộp thông báo", "Notices gathered into messages"),
    folds=(NOTICE,),
    hears=(NoticeDue,),
    build=_build,
    state=Group,
    params=GroupParams,
    emits=(NOTICES_OUTBOX,),
    tallies=(ANNUNCIATED,),
    shown_with=PLATFORM_MODULE,
)
