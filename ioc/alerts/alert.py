"""An alert and its history line, and the findings it is made of, with the topics they travel on."""

from hashlib import blake2b
from typing import Annotated, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ioc.alerts.kind import Severity
from ioc.events.base import AnyEvent, Code, Data, Moment, Topic
from ioc.events.requests import Latitude, Longitude
from ioc.text import Text

Condition = Literal["firing", "cleared"]  # đang diễn ra, đã hết
Handling = Literal["new"]  # mới, chưa nhận tin


class Words2(BaseModel):
    """A text in both languages, ready to be read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    vi: str
    en: str

    @classmethod
    def of(cls, text: Text) -> "Words2":
        return cls(vi=text.vi, en=text.en)


class Evidence(BaseModel):
    """An event that an alert rests on, named so that it can be found again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    id: str
    at: Moment

    @classmethod
    def of(cls, event: AnyEvent) -> "Evidence":
        return cls(source=event.source, id=event.id, at=event.at)


#: What an alert is about: a thing of outside or a part of it, as in ``camera/zone``.
About = Annotated[str, StringConstraints(min_length=1, max_length=250, pattern=r"^[^\x00-\x1f\x7f]+$")]


class FindingData(Data):
    """What a detector says of one subject. The dedupe key has no severity, value or text in it."""

    kind: Code
    about: About
    commune: Code | None = None

    @property
    def subject(self) -> str:
        return dedupe_key(self.kind, self.about)


class Raised(FindingData):
    """The condition holds; said again, it brings the alert up to date."""

    TYPE = "vn.ioc.finding.raised"

    module: Code
    severity: Severity
    title: Words2
    summary: Words2
    value: float | None = None
    threshold: float | None = None
    unit: str = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    evidence: tuple[Evidence, ...] = ()


class Resolved(FindingData):
    """The condition no longer holds."""

    TYPE = "vn.ioc.finding.resolved"

    evidence: tuple[Evidence, ...] = ()


def dedupe_key(kind: str, about: str) -> str:
    """What makes two findings one alert: the kind and the thing it is about (blake2b, 128 bits, hex)."""
    return blake2b(f"{kind}\x1f{about}".encode(), digest_size=16).hexdigest()


def alert_id(key: str, opened_at: Moment) -> UUID:
    """Made of what happened and when, never of when it was processed: a replay gives the same id."""
    return uuid5(NAMESPACE_URL, f"{key}/{opened_at.isoformat()}")


class AlertData(Data):
    """What the present of an alert and each line of its history say alike."""

    alert_id: UUID
    dedupe_key: Code
    version: Annotated[int, Field(ge=1, description="counts the alert's changes from 1")]
    kind: Code
    module: Code
    about: Annotated[About, Field(serialization_alias="subject", validation_alias="subject")]
    commune: Code | None = None
    severity: Severity
    condition: Condition
    handling: Handling
    opened_at: Moment
    seen_at: Moment
    cleared_at: Moment | None = None
    count: Annotated[int, Field(ge=1, description="findings that raised it")]
    title: Words2
    summary: Words2
    value: float | None = None
    threshold: float | None = None
    unit: str = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class Alert(AlertData):
    """The full present of one alert: what ``alerts.state`` holds."""

    TYPE = "vn.ioc.alert.state"

    evidence: tuple[Evidence, ...] = ()

    @property
    def subject(self) -> str:
        return str(self.alert_id)


class AlertChanged(AlertData):
    """One line of an alert's history: the transition's number, when, and the alert after it."""

    TYPE = "vn.ioc.alert.changed"

    transition: Code
    at: Moment

    @property
    def subject(self) -> str:
        return self.dedupe_key


ALERTS_INBOX = Topic(
    "alerts.inbox",
    Text("Hộp nhận cảnh báo", "Alert inbox"),
    events=(Raised, Resolved),
)
ALERTS_EVENTS = Topic(
    "alerts.events",
    Text("Lịch sử cảnh báo", "Alert history"),
    events=(AlertChanged,),
    retention=None,
)
ALERTS_STATE = Topic(
    "alerts.state",
    Text("Cảnh báo hiện tại", "Present alerts"),
    events=(Alert,),
    retention=None,
    compacted=True,
)
