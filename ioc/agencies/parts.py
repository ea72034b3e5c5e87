"""What an alert carries of its way through the agencies: who held it, what was asked, who was called."""

from typing import Annotated, Literal

from pydantic import Field

from ioc.alerts.parts import ClockName, Part, Person
from ioc.events.base import Code, Moment, Words
from ioc.text import Text

#: Who is called at an agency, in this order (trực ban, người thay, lãnh đạo).
Role = Literal["duty", "deputy", "leader"]
ROLES: dict[Role, Text] = {
    "duty": Text("trực ban", "officer on duty"),
    "deputy": Text("người trực thay", "deputy"),
    "leader": Text("lãnh đạo trực", "leader on duty"),
}
CallOutcome = Literal["reached", "unreachable", "call_later"]
CALLS: dict[CallOutcome, Text] = {
    "reached": Text("đã gọi", "called"),
    "unreachable": Text("không liên lạc được", "could not be reached"),
    "call_later": Text("gọi lại sau", "to be called again"),
}


class Holding(Part):
    """An agency had to act from ``since`` to ``until``."""

    agency: Code
    since: Moment
    until: Moment


class Extension(Part):
    """More time that the agency asked for (xin gia hạn)."""

    clock: ClockName
    due_at: Annotated[Moment, Field(description="the due time that is asked for")]
    reason: Words
    by: Person
    asked_at: Moment
    state: Literal["asked", "granted", "refused"] = "asked"
    answer: Words = ""


class Call(Part):
    """A telephone call about the alert, as somebody at the centre logged it."""

    agency: Code
    role: Role
    outcome: CallOutcome
    at: Moment
    by: Person
    again_at: Annotated[Moment | None, Field(description="call again then")] = None


class Escalation(Part):
    """How far up it has been told, and when to whom next."""

    level: Annotated[int, Field(description="steps taken so far")] = 0
    to: Annotated[Role | None, Field(description="who was told last")] = None
    next_at: Annotated[Moment | None, Field(description="None: paused, or no step is left")] = None
    left: Annotated[float | None, Field(description="seconds that remained when it was paused")] = None
