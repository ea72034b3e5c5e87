"""Meetings (hội nghị, cuộc họp) that were held, online or not. What is planned is told with the rooms: devices."""

from typing import Literal

from ioc.events.base import Code, Data, Topic
from ioc.text import Text

Level = Literal["central", "province", "district", "commune"]


class MeetingHeld(Data):
    """A meeting took place. ``levels`` are those whose offices took part (trực tuyến liên thông)."""

    TYPE = "vn.ioc.meeting.held"
    meeting: Code
    online: bool
    levels: tuple[Level, ...] = ()

    @property
    def subject(self) -> str:
        return self.meeting


MEETINGS = Topic("meetings", Text("Hội nghị, cuộc họp", "Meetings"), events=(MeetingHeld,))
