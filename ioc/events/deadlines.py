"""Due times that moved because a calendar or a rule changed: both are kept, for whoever must answer for them."""

from typing import Literal

from ioc.events.base import Code, Data, Moment, Topic
from ioc.events.requests import Work
from ioc.text import Text


class DeadlineMoved(Data):
    """An open due time was reckoned anew. ``None``: there was, or is, none."""

    TYPE = "vn.ioc.deadline.moved"

    work: Work
    case: Code
    cause: Literal["calendar", "rules"] = "calendar"
    old_due: Moment | None
    new_due: Moment | None
    old_calendar: str
    new_calendar: str

    @property
    def subject(self) -> str:
        return f"{self.work}/{self.case}"


DEADLINES = Topic(
    "deadlines",
    Text("Hạn được tính lại khi lịch thay đổi", "Due times reckoned anew when a calendar changed"),
    events=(DeadlineMoved,),
    retention=None,
)
