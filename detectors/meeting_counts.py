"""Meetings that were held, counted by day: online or not, for the periodic reports (số cuộc họp trực tuyến)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from ioc.alerts.kind import TARGET_MODULE
from ioc.detector import Count, Detector, Finding, Params, Spec, State, Tally
from ioc.district import District, Duration
from ioc.events.base import AnyEvent, Moment
from ioc.events.meetings import MeetingHeld
from ioc.folds import MEETING
from ioc.text import Text

HELD = Tally(
    "meetings_held",
    Text("Cuộc họp đã tổ chức", "Meetings held"),
    ("online",),
    words={"yes": Text("trực tuyến", "online"), "no": Text("trực tiếp", "in person")},
)


class MeetingParams(Params):
    """How long a meeting is remembered, so that it is counted once."""

    forget_after: Annotated[Duration, Field(description="a meeting is forgotten after this")] = timedelta(days=30)


class Held(State):
    """When it was held."""

    at: Moment | None = None
    forgotten: bool = False


class MeetingCounts(Detector[Held]):
    """Counts one meeting."""

    def __init__(self, params: MeetingParams, district: District) -> None:
        self._params, self._district = params, district

    def new_state(self) -> Held:
        return Held()

    def on_event(self, state: Held, event: AnyEvent) -> Iterable[Finding]:
        if state.at is None:
            state.at = event.at
            day = self._district.day(event.at)
            yield Count(HELD, day, ("yes" if event.data.online else "no",))

    def next_deadline(self, state: Held) -> datetime | None:
        return None if state.at is None or state.forgotten else state.at + self._params.forget_after

    def on_deadline(self, state: Held, at: datetime) -> Iterable[Finding]:
        state.forgotten = True
        return ()

    def finished(self, state: Held) -> bool:
        return state.forgotten


SPEC = Spec(
    "meeting_counts",
    Text("Số cuộc họp theo ngày", "Meetings by day"),
    folds=(MEETING,),
    hears=(MeetingHeld,),
    build=MeetingCounts,
    state=Held,
    params=MeetingParams,
    tallies=(HELD,),
    shown_with=TARGET_MODULE,
)
