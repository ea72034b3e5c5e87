"""A post that a platform was asked to remove is still there when it must be gone.

For the communications officer. The time is the request's own, or the district's: a day unless it says otherwise, which
is to be held against the law in force before use.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from ioc.alerts.kind import ONLINE_MODULE, AlertKind
from ioc.detector import Detector, Fact, Finding, Outlook, Params, Raise, Resolve, Share, Spec, State
from ioc.district import District
from ioc.durations import Duration
from ioc.events.base import AnyEvent, Code, Moment
from ioc.events.online import TakedownAsked, TakedownEnded
from ioc.folds import MENTION
from ioc.text import Text

LATE = AlertKind(
    "takedown_late",
    ONLINE_MODULE,
    "moderate",
    Text("Quá hạn gỡ bỏ thông tin", "Takedown overdue"),
    Text(
        "{platform} chưa gỡ {post}, yêu cầu từ {asked}, hạn {due}",
        "{platform} has not removed {post}, asked for {asked}, due {due}",
    ),
)
OPEN = Fact(
    "takedowns_open",
    Text("Yêu cầu gỡ chưa xong", "Takedowns not done"),
    ("standing",),
    tile=ONLINE_MODULE,
    words={"within": Text("trong hạn", "within term"), "late": Text("quá hạn", "overdue")},
)


class TakedownPolicy(Params):
    """How long a platform has."""

    within: Annotated[Duration, Field(description="so long after it was asked a post must be gone")] = timedelta(
        hours=24
    )
    within_by_platform: Annotated[dict[Code, Duration], Field(description="other times, by platform")] = Field(
        default_factory=dict
    )


class Takedown(State):
    """One request: asked when, due when, ended when."""

    post: str = ""
    platform: str = ""
    asked: Moment | None = None
    due: Moment | None = None
    ended: Moment | None = None
    late: bool = False


class TakedownLate(Detector[Takedown]):
    """Watches one post."""

    def __init__(self, policy: TakedownPolicy, district: District) -> None:
        self._policy, self._district = policy, district

    def new_state(self) -> Takedown:
        return Takedown()

    def on_event(self, state: Takedown, event: AnyEvent) -> Iterable[Finding]:
        match event.data:
            case TakedownAsked() as asked if state.asked is None or (state.ended and event.at > state.ended):
                within = self._policy.within_by_platform.get(asked.platform, self._policy.within)
                state.post, state.platform, state.asked = asked.post, asked.platform, event.at
                state.due = asked.due or event.at + within
                state.ended = state.ended if state.ended and state.ended >= event.at else None
            case TakedownEnded() if state.ended is None or event.at > state.ended:
                state.ended = event.at
                if state.late:
                    state.late = False
                    yield Resolve(LATE, state.post, event.at)

    def next_deadline(self, state: Takedown) -> datetime | None:
        return None if state.ended or state.late else state.due

    def on_deadline(self, state: Takedown, at: datetime) -> Iterable[Finding]:
        assert state.asked is not None and state.due is not None
        state.late = True
        asked, due = (self._district.told(moment) for moment in (state.asked, state.due))
        values = {"platform": state.platform, "post": state.post, "asked": asked, "due": due}
        yield Raise(LATE, state.post, at, values=values)

    def facts(self, state: Takedown) -> Iterable[Share]:
        if state.asked is not None:
            yield OPEN, ("late" if state.late else "within",), int(state.ended is None)

    def outlook(self, state: Takedown, at: datetime, event: AnyEvent | None = None) -> Iterable[Outlook]:
        if state.asked is not None and state.due is not None and state.ended is None:
            share = (at - state.asked) / max(state.due - state.asked, timedelta(seconds=1))
            yield Outlook(
                LATE,
                state.post,
                share,
                f"{at - state.asked}",
                f"{state.due - state.asked}",
                Text("còn hạn", "within term"),
            )


SPEC = Spec(
    "takedown_late",
    Text("Quá hạn gỡ bỏ thông tin", "Takedown overdue"),
    folds=(MENTION,),
    hears=(TakedownAsked, TakedownEnded),
    build=TakedownLate,
    state=Takedown,
    params=TakedownPolicy,
    kinds=(LATE,),
    facts=(OPEN,),
)
