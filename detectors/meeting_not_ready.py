"""A meeting begins soon and a system that it needs is not ready.

For whoever prepares the room: half an hour before, a device that is down, faulty or was not heard of late rings, and so
does one that fails from then on. It is over when the device works again, or the meeting is.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from ioc.alerts.kind import DEVICE_MODULE, AlertKind
from ioc.detector import Detector, Finding, Params, Raise, Resolve, Spec, State
from ioc.district import District
from ioc.durations import Duration
from ioc.events.base import AnyEvent, Moment
from ioc.events.devices import DeviceSeen, MeetingCancelled, MeetingPlanned
from ioc.folds import DEVICE
from ioc.text import Text

#: Meetings that are remembered of one device, the soonest first.
MOST = 30
NOT_READY = AlertKind(
    "meeting_not_ready",
    DEVICE_MODULE,
    "severe",
    Text("Chưa sẵn sàng cho cuộc họp", "Not ready for a meeting"),
    Text(
        "{name} chưa sẵn sàng cho cuộc họp {meeting} lúc {starts}: {trouble}",
        "{name} is not ready for the meeting {meeting} at {starts}: {trouble}",
    ),
)


class MeetingPolicy(Params):
    """When a device must be ready."""

    lead: Annotated[Duration, Field(description="so long before a meeting its devices must be ready")] = timedelta(
        minutes=30
    )
    fresh: Annotated[Duration, Field(description="that it works must have been heard within this long")] = timedelta(
        minutes=15
    )


class Meeting(State):
    """One meeting; ``looked``: its time to be ready has come."""

    starts: Moment
    ends: Moment
    looked: bool = False
    raised: bool = False


class Meetings(State):
    """How the device was when last heard, and its meetings that are not over."""

    device: str = ""
    status: str = ""
    heard: Moment | None = None
    meetings: dict[str, Meeting] = Field(default_factory=dict)


class MeetingNotReady(Detector[Meetings]):
    """Watches one device."""

    def __init__(self, policy: MeetingPolicy, district: District) -> None:
        self._policy, self._district = policy, district
        self._devices = {device.id: device for device in district.devices}

    def new_state(self) -> Meetings:
        return Meetings()

    def on_event(self, state: Meetings, event: AnyEvent) -> Iterable[Finding]:
        state.device = event.subject
        match event.data:
            case DeviceSeen(status=status):
                state.status, state.heard = status, event.at
                for name, meeting in state.meetings.items():
                    if meeting.looked:
                        yield from self._look(state, name, meeting, event.at)
            case MeetingPlanned() as planned if planned.ends > event.at:
                yield from self._forget(state, planned.meeting, event.at)
                plans = {**state.meetings, planned.meeting: Meeting(starts=planned.starts, ends=planned.ends)}
                state.meetings = dict(sorted(plans.items(), key=lambda plan: (plan[1].starts, plan[0]))[:MOST])
            case MeetingCancelled(meeting=meeting):
                yield from self._forget(state, meeting, event.at)

    def on_late(self, state: Meetings, event: AnyEvent) -> Iterable[Finding]:
        """A plan that comes late may still be of a meeting to come; how the device was says nothing of now."""
        return () if isinstance(event.data, DeviceSeen) else super().on_late(state, event)

    def next_deadline(self, state: Meetings) -> datetime | None:
        moments = (
            meeting.ends if meeting.looked else meeting.starts - self._policy.lead
            for meeting in state.meetings.values()
        )
        return min(moments, default=None)

    def on_deadline(self, state: Meetings, at: datetime) -> Iterable[Finding]:
        for name, meeting in list(state.meetings.items()):
            if not meeting.looked and meeting.starts - self._policy.lead <= at:
                meeting.looked = True
                yield from self._look(state, name, meeting, at)
            if meeting.looked and meeting.ends <= at:
                yield from self._forget(state, name, at)

    def _look(self, state: Meetings, name: str, meeting: Meeting, at: datetime) -> Iterable[Finding]:
        device = self._devices.get(state.device)
        commune = device.commune if device else None
        fresh = state.heard is not None and at - state.heard <= self._policy.fresh
        ready, about = state.status == "up" and fresh, f"{state.device}/{name}"
        if ready and meeting.raised:
            meeting.raised = False
            yield Resolve(NOT_READY, about, at, commune)
        elif not ready and not meeting.raised:
            meeting.raised = True
            values = {
                "name": device.name if device else state.device, "meeting": name,
                "starts": self._district.told(meeting.starts),
                "trouble": _trouble(state.status if fresh else ""),
            }  # fmt: skip
            yield Raise(NOT_READY, about, at, commune, values=values)

    def _forget(self, state: Meetings, name: str, at: datetime) -> Iterable[Finding]:
        meeting = state.meetings.pop(name, None)
        if meeting is not None and meeting.raised:
            device = self._devices.get(state.device)
            yield Resolve(NOT_READY, f"{state.device}/{name}", at, device.commune if device else None)


def _trouble(status: str) -> Text:
    match status:
        case "down":
            return Text("mất kết nối", "it is not connected")
        case "fault":
            return Text("thiết bị báo lỗi", "it reports a fault")
        case _:
            return Text("không có tín hiệu mới", "it was not heard of late")


SPEC = Spec(
    "meeting_not_ready",
    Text("Chưa sẵn sàng cho cuộc họp", "Not ready for a meeting"),
    folds=(DEVICE,),
    hears=(DeviceSeen, MeetingPlanned, MeetingCancelled),
    build=MeetingNotReady,
    state=Meetings,
    params=MeetingPolicy,
    kinds=(NOT_READY,),
)
