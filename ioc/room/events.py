"""Calls to people, on their way from the life of alerts to those who are told, and incidents (sự việc)."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ioc.alerts.alert import About, Words2
from ioc.alerts.kind import Severity
from ioc.alerts.parts import Person
from ioc.events.base import Code, Data, Moment, Topic, Words
from ioc.notices.events import Item, Receiver
from ioc.text import Text

#: All calls meet under one key: a flood is one wherever it comes from.
ROOM = "room"
#: What a line of an alert's history means to the room. ``opens`` and ``over``: what it is about is the case, or no
#: longer. A call stands from ``called``, when people ought to know, to ``answered``: somebody has it, or nobody need.
Turn = Literal["opens", "over", "called", "answered"]


class CallData(Data):
    """The alert that the room hears of, as far as it needs it."""

    alert_id: UUID
    dedupe_key: Code
    version: int
    kind: Code
    module: Code
    about: About
    commune: Code | None = None
    severity: Severity
    title: Words2
    opened_at: Moment

    @property
    def subject(self) -> str:
        return ROOM


class Call(CallData):
    """A line of an alert's history that people ought to be told of, or that ends what they were told."""

    TYPE = "vn.ioc.alert.called"

    turns: tuple[Turn, ...] = ()
    since: Annotated[Moment | None, Field(description="begin of the call that stands, or ends here")] = None
    called_as: Annotated[Severity | None, Field(description="severity when that call began")] = None
    item: Annotated[Item | None, Field(description="what is to be told; None: nothing")] = None
    receivers: tuple[Receiver, ...] = ()


class IncidentAsked(CallData):
    """A person wants an alert's incident joined to another, or (``into`` is None) the alert taken out of its own."""

    TYPE = "vn.ioc.incident.asked"

    into: UUID | None = None
    command: Code
    by: Person
    said_at: Moment
    text: Words = ""


class Withheld(Data):
    """Not told now; told when what ``ref`` names is over, if nobody has taken it by then."""

    TYPE = "vn.ioc.notice.withheld"

    ref: Code
    item: Item
    receivers: tuple[Receiver, ...]

    @property
    def subject(self) -> str:
        return str(self.item.alert_id)


class Answered(Data):
    """What was withheld of an alert need not be told any more."""

    TYPE = "vn.ioc.notice.answered"

    alert_id: UUID

    @property
    def subject(self) -> str:
        return str(self.alert_id)


class Released(Data):
    """A storm or a cause is over: what it withheld is told now."""

    TYPE = "vn.ioc.notice.released"
    TO_ALL = True

    ref: Code

    @property
    def subject(self) -> str:
        return self.ref


class Incident(Data):
    """Alerts that belong together by the district's rules, or because people said so."""

    TYPE = "vn.ioc.incident.state"

    incident_id: UUID
    rule: Annotated[Code, Field(description="the district's rule that made it; by a person: none")] = "-"
    module: Code
    commune: Code | None = None
    opened_at: Moment
    last_at: Annotated[Moment, Field(description="when the newest of its alerts opened")]
    members: Annotated[int, Field(description="alerts so far")]
    severity: Annotated[Severity, Field(description="of its worst alert")]
    kinds: Annotated[tuple[Code, ...], Field(description="kinds of its alerts, in the order they came")]
    title: Annotated[Words2, Field(description="of its first alert")]
    merged_into: Annotated[UUID | None, Field(description="the incident that it is part of now")] = None

    @property
    def subject(self) -> str:
        return str(self.incident_id)


CALLS = Topic(
    "alerts.calls",
    Text("Cảnh báo cần báo cho người trực", "Calls to people, before it is decided who is told of what"),
    events=(Call, IncidentAsked),
    partitions=1,
)
NOTICES_WITHHELD = Topic(
    "notices.withheld",
    Text("Thông báo giữ lại", "Notices that are withheld"),
    events=(Withheld, Answered, Released),
)
INCIDENTS = Topic(
    "incidents", Text("Sự việc", "Incidents"), events=(Incident,), partitions=1, retention=None, compacted=True
)
