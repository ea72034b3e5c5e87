"""A theme is mentioned online far more than usual, or more of what is said is negative than usual.

For the communications officer. Mentions of four hours are held against the same hours of other days of the same kind
(working days; days off, Tết among them, by the offices' calendar), and it rings as soon as they exceed what the whole
four hours may have. The day's negative mentions are held against the days before, each out of all of that day. The
limits are ``ioc.usual``'s; what is negative is said by whoever sends the mentions, and is no better than that.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Annotated

from pydantic import Field

from ioc.alerts.kind import ONLINE_MODULE, AlertKind
from ioc.detector import (
    Count,
    Detector,
    Fact,
    Finding,
    Outlook,
    Params,
    Raise,
    Ratio,
    Resolve,
    Share,
    Spec,
    State,
    Tally,
)
from ioc.district import District
from ioc.events.base import AnyEvent, Moment
from ioc.events.online import MentionSeen
from ioc.folds import MENTION
from ioc.text import Text
from ioc.usual import TOO_LITTLE, usual

#: Hours that are counted together.
BLOCK = timedelta(hours=4)
#: The share of negative mentions is looked at again after so many mentions.
EVERY = 10
SURGE = AlertKind(
    "mentions_surge",
    ONLINE_MODULE,
    "moderate",
    Text("Tin trên mạng tăng đột biến", "Surge of mentions online"),
    Text(
        "Chủ đề {name}: {value} lượt nhắc từ {since}, {usually}",
        "Theme {name}: {value} mentions since {since}, {usually}",
    ),
)
NEGATIVE = AlertKind(
    "mentions_negative",
    ONLINE_MODULE,
    "moderate",
    Text("Tin tiêu cực nhiều bất thường", "Unusually many negative mentions"),
    Text(
        "Chủ đề {name}: {value}/{all} lượt nhắc trong ngày {day} là tiêu cực, thường không quá {threshold}",
        "Theme {name}: {value} of {all} mentions on {day} are negative, usually no more than {threshold}",
    ),
)
TODAY = Fact("mentions_today", Text("Lượt nhắc trong ngày", "Mentions today"), ("theme",), tile=ONLINE_MODULE)
MENTIONS = Tally(
    "mentions",
    Text("Lượt nhắc trên mạng", "Mentions online"),
    ("theme", "channel", "tone"),
    words={
        "positive": Text("tích cực", "positive"),
        "neutral": Text("trung lập", "neutral"),
        "negative": Text("tiêu cực", "negative"),
        "press": Text("báo chí", "press"),
        "social": Text("mạng xã hội", "social media"),
        "video": Text("video ngắn", "short videos"),
        "forum": Text("diễn đàn", "forums"),
        "other": Text("khác", "other"),
    },
)
SHARE = Ratio(
    "mentions_negative",
    Text("Tỷ lệ tin tiêu cực", "Share of negative mentions"),
    MENTIONS,
    "tone",
    ("negative",),
    good="low",
    amber=0.3,
    red=0.5,
)


class MentionPolicy(Params):
    """When mentions are more than usual."""

    alpha: Annotated[float, Field(gt=0, lt=0.5, description="more comes by chance in this share of cases at most")] = (
        0.001
    )
    at_least: Annotated[int, Field(ge=1, description="never rings below so many mentions in four hours")] = 10
    days: Annotated[int, Field(ge=7, le=40, description="days of one kind that are compared")] = 20
    known_after: Annotated[int, Field(ge=2, description="so many of them must be known")] = 8
    until_known: Annotated[int, Field(ge=1, description="until then, so many mentions in four hours ring")] = 40
    negative_of: Annotated[int, Field(ge=1, description="the share is judged from so many mentions a day on")] = 20


class Theme(State):
    """The four hours and the day that are counted, and those before them.

    ``past``: counts by kind of day and block, ``days``: (negative, all) of days with mentions; the newest last.
    """

    theme: str = ""
    block: Moment | None = None
    count: int = 0
    limit: int | None = None
    negative: int = 0
    all: int = 0
    past: dict[str, list[int]] = Field(default_factory=dict)
    days: list[tuple[int, int]] = Field(default_factory=list)
    surging: bool = False
    souring: bool = False


class MentionSurge(Detector[Theme]):
    """Watches one theme."""

    def __init__(self, policy: MentionPolicy, district: District) -> None:
        self._policy, self._district = policy, district
        self._calendar = district.calendar()

    def new_state(self) -> Theme:
        return Theme()

    def on_event(self, state: Theme, event: AnyEvent) -> Iterable[Finding]:
        seen: MentionSeen = event.data
        if state.block is None:
            state.theme, state.block = seen.theme, self._block_of(event.at)
            state.limit = self._limit(state)
        state.count += 1
        state.all += 1
        state.negative += seen.tone == "negative"
        yield self._counted(seen, event.at)
        if state.limit is not None and state.count > state.limit and not state.surging:
            yield self._surge(state, event.at)
        if not state.souring and state.all % EVERY == 0 and state.all >= self._policy.negative_of:
            yield from self._sour(state, event.at)

    def on_late(self, state: Theme, event: AnyEvent) -> Iterable[Finding]:
        """Counted on its day; four hours that are over are not judged again."""
        return (self._counted(event.data, event.at),)

    def next_deadline(self, state: Theme) -> datetime | None:
        return state.block + BLOCK if state.block else None

    def on_deadline(self, state: Theme, at: datetime) -> Iterable[Finding]:
        """Four hours are over; at midnight the day is."""
        assert state.block is not None
        if state.surging and state.limit is not None and state.count <= state.limit:
            state.surging = False
            yield Resolve(SURGE, state.theme, at)
        name = self._name(state.block)
        state.past = {**state.past, name: [*state.past.get(name, []), state.count][-self._policy.days :]}
        if self._district.day(at) != self._district.day(state.block):
            if state.souring and not self._is_sour(state):
                state.souring = False
                yield Resolve(NEGATIVE, state.theme, at)
            if state.all:
                state.days = [*state.days, (state.negative, state.all)][-self._policy.days :]
            state.negative = state.all = 0
        state.block, state.count = at, 0
        state.limit = self._limit(state)

    def facts(self, state: Theme) -> Iterable[Share]:
        if state.block is not None:
            yield TODAY, (self._district.theme_label(state.theme),), state.all

    def outlook(self, state: Theme, at: datetime, event: AnyEvent | None = None) -> Iterable[Outlook]:
        if state.limit is not None:
            yield Outlook(
                SURGE, state.theme, state.count / (state.limit + 1), f"{state.count} mentions",
                f"{state.limit + 1} in four hours", self._usually(state),
            )  # fmt: skip

    def _counted(self, seen: MentionSeen, at: datetime) -> Count:
        return Count(
            MENTIONS, self._district.day(at), (self._district.theme_label(seen.theme), seen.channel, seen.tone)
        )

    def _surge(self, state: Theme, at: datetime) -> Raise:
        assert state.block is not None
        state.surging = True
        values = {
            "name": self._district.theme_name(state.theme), "usually": self._usually(state),
            "since": f"{self._district.local(state.block):%H:%M %d/%m}",
        }  # fmt: skip
        return Raise(SURGE, state.theme, at, value=state.count, threshold=state.limit, values=values)

    def _sour(self, state: Theme, at: datetime) -> Iterable[Finding]:
        limit = self._most_negative(state)
        if limit is not None and state.negative > limit:
            state.souring = True
            values = {
                "name": self._district.theme_name(state.theme), "all": state.all,
                "day": f"{self._district.day(at):%d/%m/%Y}",
            }  # fmt: skip
            yield Raise(NEGATIVE, state.theme, at, value=state.negative, threshold=limit, values=values)

    def _is_sour(self, state: Theme) -> bool:
        limit = self._most_negative(state)
        return limit is not None and state.all >= self._policy.negative_of and state.negative > limit

    def _most_negative(self, state: Theme) -> int | None:
        """How many of today's mentions may be negative; None where too few days are known."""
        if len(state.days) < self._policy.known_after or not state.all:
            return None
        negative, sizes = [bad for bad, _ in state.days], [float(of) for _, of in state.days]
        return usual(negative, self._policy.alpha, sizes, state.all).limit

    def _known(self, state: Theme) -> list[int]:
        assert state.block is not None
        past = state.past.get(self._name(state.block), [])
        return past if len(past) >= self._policy.known_after else []

    def _limit(self, state: Theme) -> int:
        known = self._known(state)
        if not known:
            return self._policy.until_known - 1
        return max(usual(known, self._policy.alpha).limit, self._policy.at_least - 1)

    def _usually(self, state: Theme) -> Text:
        if not self._known(state):
            return TOO_LITTLE
        return Text(
            f"các ngày khác cùng khung giờ không quá {state.limit}",
            f"no more than {state.limit} in the same four hours of other days",
        )

    def _name(self, block: datetime) -> str:
        local = self._district.local(block)
        return f"{'work' if self._calendar.is_working(local.date()) else 'off'}/{local.hour // 4}"

    def _block_of(self, at: datetime) -> datetime:
        local = self._district.local(at)
        return self._district.moment(local.date(), time(local.hour // 4 * 4))


SPEC = Spec(
    "mention_surge",
    Text("Tin trên mạng tăng đột biến", "Mentions online"),
    folds=(MENTION,),
    hears=(MentionSeen,),
    build=MentionSurge,
    state=Theme,
    params=MentionPolicy,
    kinds=(SURGE, NEGATIVE),
    facts=(TODAY,),
    tallies=(MENTIONS,),
    ratios=(SHARE,),
)
