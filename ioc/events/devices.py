"""Devices (thiết bị cơ sở): loudspeakers, meeting-room systems, village Wi-Fi, schools' lines; and planned meetings."""

from datetime import timedelta
from typing import Literal

from pydantic import model_validator

from ioc.events.base import Code, Data, Moment, Topic
from ioc.text import Text

#: Loa truyền thanh, hệ thống họp trực tuyến, Wi-Fi nhà văn hóa thôn, đường truyền của trường học.
DeviceKind = Literal["loudspeaker", "meeting", "wifi", "school_internet"]


class DeviceData(Data):
    device: Code

    @property
    def subject(self) -> str:
        return self.device


class DeviceSeen(DeviceData):
    """A device says how it is, or what watches over it does: ``fault`` answers and does not work."""

    TYPE = "vn.ioc.device.seen"

    status: Literal["up", "down", "fault"]


class MeetingPlanned(DeviceData):
    """A meeting (cuộc họp trực tuyến) needs a device. Planned again, its times are replaced."""

    TYPE = "vn.ioc.device.meeting-planned"

    meeting: Code
    starts: Moment
    ends: Moment

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "MeetingPlanned":
        if self.ends <= self.starts:
            raise ValueError("a meeting ends after it starts")
        return self


class MeetingCancelled(DeviceData):
    TYPE = "vn.ioc.device.meeting-cancelled"

    meeting: Code


DEVICES = Topic(
    "devices",
    Text("Thiết bị cơ sở", "Devices"),
    events=(DeviceSeen, MeetingPlanned, MeetingCancelled),
    partitions=1,
    lateness=timedelta(seconds=2),
    idle_lag=timedelta(seconds=30),
)
