"""What an alert is made of besides its findings: people, agencies, clocks, and what keeps it quiet."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ioc.calendars.clock import Clock
from ioc.events.base import Code, Moment, Words
from ioc.text import Text

#: What the machine sees. ``pending`` is known to the fold alone: such an alert is shown to nobody yet.
Condition = Literal["pending", "firing", "clearing", "cleared", "unknown"]
CONDITIONS: dict[Condition, Text] = {
    "pending": Text("đang theo dõi, chưa đủ điều kiện", "pending"),
    "firing": Text("đang diễn ra", "firing"),
    "clearing": Text("đang giảm", "clearing"),
    "cleared": Text("đã hết", "cleared"),
    "unknown": Text("chưa rõ (mất dữ liệu)", "unknown (no data)"),
}

#: What people have done about it.
Handling = Literal["new", "acked", "assigned", "working", "resolved", "closed", "rejected"]
HANDLINGS: dict[Handling, Text] = {
    "new": Text("mới, chưa nhận tin", "new"),
    "acked": Text("đã nhận tin", "acknowledged"),
    "assigned": Text("đã giao, chờ tiếp nhận", "assigned, not accepted yet"),
    "working": Text("đang xử lý", "working"),
    "resolved": Text("đã xử lý xong", "resolved"),
    "closed": Text("đã kết thúc", "closed"),
    "rejected": Text("đã loại bỏ", "rejected"),
}

#: Why nobody is told of it.
Quiet = Literal["silenced", "maintenance", "inhibited", "shelved", "storm", "grouped"]
QUIETS: dict[Quiet, Text] = {
    "silenced": Text("tắt báo có thời hạn", "silenced"),
    "maintenance": Text("bảo trì", "under maintenance"),
    "inhibited": Text("ẩn theo nguyên nhân gốc", "inhibited by its cause"),
    "shelved": Text("tạm gác", "shelved"),
    "storm": Text("gom vào bão cảnh báo", "folded into a storm"),
    "grouped": Text("gom vào sự việc đã báo", "part of an incident that was told"),
}

ClockName = Literal["ack", "respond", "resolve", "legal"]
CLOCKS: dict[ClockName, Text] = {
    "ack": Text("nhận tin", "acknowledge"),
    "respond": Text("tiếp nhận xử lý", "accept"),
    "resolve": Text("xử lý xong", "resolve"),
    "legal": Text("hạn theo quy định", "legal term"),
}


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(Part):
    """Who gave a command: for the audit and the desk, never for a public screen."""

    user: Annotated[Code, Field(description="name under which the person signed in")]
    name: Annotated[Words, Field(description="as people call the person")] = ""
    agency: Annotated[Code | None, Field(description="the person's agency, if not the centre itself")] = None


class Owner(Part):
    """The agency that must act (cơ quan chủ trì)."""

    agency: Code
    person: Code | None = None
    since: Moment
    seen_at: Annotated[Moment | None, Field(description="first opened by somebody there")] = None
    accepted_at: Moment | None = None


class Suppression(Part):
    """One reason why nobody is told. Recording, and legal clocks, go on."""

    kind: Quiet
    ref: Annotated[Code, Field(description="id of the silence, storm, incident or causing alert")]
    reason: Words = ""
    by: Person | None = None
    since: Moment
    until: Annotated[Moment | None, Field(description="None: until what caused it is over")] = None


class AlertClock(Clock):
    """A time within which something must be done; ``due`` is None while it is paused.

    A clock that was breached stays so, with ``met_at`` once the thing was done after all.
    """

    near: Annotated[Moment | None, Field(description="from then on it is near")] = None
    state: Literal["running", "near", "breached", "met"] = "running"
    met_at: Moment | None = None
    reason: Annotated[Words, Field(description="why it is paused, or was extended")] = ""
    first_due: Annotated[Moment | None, Field(description="due time before any extension or recomputation")] = None


#: Why a command was refused, for programs.
RefusalCode = Literal[
    "unknown_alert", "unknown_silence", "outdated", "not_possible", "not_yours", "already", "bad_time",
    "unknown_clock", "clock_paused", "unknown_agency", "no_more_time", "unknown_commune", "known_report",
    "unknown_incident", "already_joined", "alone",
]  # fmt: skip
