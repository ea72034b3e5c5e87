"""Notices on their way: what is due to a receiver, the messages made of it, and what became of them."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ioc.agencies.parts import Role
from ioc.alerts.alert import About, Notice, Words2
from ioc.alerts.kind import Severity
from ioc.alerts.parts import Condition, Handling, Part
from ioc.events.base import Code, Data, Moment, Topic, Words
from ioc.text import Text

#: Why somebody is told, in the words of a message.
Reason = Literal[
    "first", "worse", "escalated", "deadline_near", "deadline_breached", "cleared", "repeat", "suppression_ended",
    "returned", "reminded", "extension_asked", "extension_answered",
]  # fmt: skip


class Receiver(Part):
    """Who is told: an agency or the centre, and there perhaps one who is on duty."""

    receiver: Annotated[Code, Field(description="an agency, or centre")]
    role: Annotated[Role | None, Field(description="who there; None: the agency as such")] = None


class Item(Part):
    """One change of one alert, as far as a message needs it."""

    alert_id: UUID
    version: Annotated[int, Field(ge=1)]
    notice: Notice
    reason: Reason = "first"
    kind: Code
    module: Code
    about: About
    severity: Severity
    condition: Condition
    handling: Handling
    title: Words2
    summary: Words2
    commune: Code | None = None
    lead: Code | None = None
    opened_at: Moment
    at: Moment
    due: Moment | None = None
    reminders: int = 0
    text: Words = ""
    incident_id: Annotated[UUID | None, Field(description="the incident that the alert is part of")] = None
    members: Annotated[int, Field(description="alerts of that incident so far")] = 1


class NoticeDue(Data):
    """Somebody must be told of a change: a receiver, and at an agency perhaps one who is on duty."""

    TYPE = "vn.ioc.notice.due"

    receiver: Annotated[Code, Field(description="an agency, or centre")]
    role: Annotated[Role | None, Field(description="who there; None: the agency as such")] = None
    item: Item

    @property
    def subject(self) -> str:
        return f"{self.receiver}/{self.role}" if self.role else self.receiver


class Message(Data):
    """What is sent to one receiver at once. The same id is the same message, however often it is sent."""

    TYPE = "vn.ioc.notice.message"

    message_id: UUID
    receiver: Code
    role: Role | None = None
    items: Annotated[tuple[Item, ...], Field(min_length=1)]

    @property
    def subject(self) -> str:
        return f"{self.receiver}/{self.role}" if self.role else self.receiver


class Delivery(Data):
    """What became of a message on one channel, once it is settled: nothing is tried after it."""

    TYPE = "vn.ioc.notice.delivery"

    message_id: UUID
    channel: Code
    outcome: Literal["sent", "refused", "expired"]
    attempts: int
    detail: Words = ""

    @property
    def subject(self) -> str:
        return f"{self.message_id}/{self.channel}"


class ChannelDown(Data):
    """A channel does not take messages: they are kept and tried again."""

    TYPE = "vn.ioc.channel.down"

    channel: Code
    attempts: int
    detail: Annotated[Words, Field(description="what it answered, without addresses or secrets")] = ""

    @property
    def subject(self) -> str:
        return self.channel


class ChannelUp(Data):
    """A channel that was down takes messages again."""

    TYPE = "vn.ioc.channel.up"

    channel: Code

    @property
    def subject(self) -> str:
        return self.channel


#: How the channels do, as the notifier says.
CHANNELS = Topic(
    "channels", Text("Tình trạng kênh thông báo", "How channels do"), (ChannelDown, ChannelUp), partitions=1
)
NOTICES_INBOX = Topic("notices.inbox", Text("Hộp nhận thông báo", "Notice inbox"), (NoticeDue,))
NOTICES_OUTBOX = Topic(
    "notices.outbox", Text("Thông báo chờ gửi", "Messages to be sent"), events=(Message,), retention=timedelta(days=7)
)
NOTICES_DELIVERIES = Topic(
    "notices.deliveries",
    Text("Kết quả gửi thông báo", "What became of messages"),
    events=(Delivery,),
    compacted=True,
    retention=None,
)
