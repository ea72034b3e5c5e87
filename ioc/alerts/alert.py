"""An alert and its history line, and the findings it is made of, with the topics they travel on."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ioc.agencies.parts import Call, Escalation, Extension, Holding
from ioc.alerts.commands import COMMANDS, Matcher, SourceBack, SourceDark
from ioc.alerts.kind import Severity, dedupe_key
from ioc.alerts.parts import (
    AlertClock,
    ClockName,
    Condition,
    Handling,
    Owner,
    Person,
    Quiet,
    RefusalCode,
    Suppression,
)
from ioc.events.base import AnyEvent, Code, Data, Moment, Topic, Words
from ioc.events.requests import Latitude, Longitude
from ioc.text import Text


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
    snapshot: Annotated[Code | None, Field(description="name of the picture that a camera kept of it")] = None

    @classmethod
    def of(cls, event: AnyEvent) -> "Evidence":
        snapshot = getattr(event.data, "snapshot", None)
        return cls(source=event.source, id=event.id, at=event.at, snapshot=snapshot)


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
    detector: Annotated[Code | None, Field(description="the detector that found it")] = None
    legal_due: Annotated[Moment | None, Field(description="when law or promise wants the thing done")] = None
    legal_basis: Annotated[Words, Field(description="what that due time rests on")] = ""


class Resolved(FindingData):
    """The condition no longer holds."""

    TYPE = "vn.ioc.finding.resolved"

    evidence: tuple[Evidence, ...] = ()


def alert_id(key: str, opened_at: Moment) -> UUID:
    """Made of what happened and when, never of when it was processed: a replay gives the same id."""
    return uuid5(NAMESPACE_URL, f"{key}/{opened_at.isoformat()}")


#: Why people ought to be told of a change: what a notice is made for.
Notice = Literal[
    "opened", "worse", "reopened", "recurred", "suppression_ended", "deadline_near", "deadline_breached", "cleared",
    "escalated", "repeat", "assigned", "returned", "reminded", "extension_asked", "extension_answered",
]  # fmt: skip


class AlertData(Data):
    """What the present of an alert and each line of its history say alike.

    Three things change independently: ``condition`` is what the machine sees, ``handling`` what people have done,
    ``suppression`` why nobody is told. An alert is *open* (:attr:`open`) until it is closed or rejected: one that
    cleared before anybody had read it may well be open still.
    """

    alert_id: UUID
    dedupe_key: Code
    version: Annotated[int, Field(ge=1, description="counts the alert's lines from 1")]
    decisive_version: Annotated[
        int, Field(ge=1, description="the newest version that changed what people act on; an older one is outdated")
    ] = 1
    kind: Code
    module: Code
    detector: Annotated[Code | None, Field(description="the detector that found it")] = None
    about: Annotated[About, Field(serialization_alias="subject", validation_alias="subject")]
    commune: Code | None = None
    severity: Severity
    condition: Condition
    handling: Handling
    suppression: Annotated[tuple[Suppression, ...], Field(description="in force now; empty: people are told")] = ()
    owner: Annotated[Owner | None, Field(description="the agency that must act")] = None
    coordinating: Annotated[tuple[Code, ...], Field(description="agencies that help it")] = ()
    held: Annotated[tuple[Holding, ...], Field(description="agencies that had to act before, and how long")] = ()
    extension: Annotated[Extension | None, Field(description="the newest time asked for beyond a due time")] = None
    extensions: Annotated[int, Field(description="how often more time was asked for")] = 0
    calls: Annotated[tuple[Call, ...], Field(description="the newest telephone calls about it")] = ()
    escalation: Annotated[Escalation | None, Field(description="how far up it was told, and when to whom next")] = None
    clocks: Mapping[ClockName, AlertClock] = {}
    opened_at: Moment
    seen_at: Annotated[Moment, Field(description="newest finding that raised it")]
    cleared_at: Moment | None = None
    acked_by: Person | None = None
    acked_at: Moment | None = None
    closed_at: Annotated[Moment | None, Field(description="closed or rejected since then")] = None
    cause: Annotated[str, Field(description="why it was rejected, closed or reopened: a word for programs")] = ""
    duplicate_of: Annotated[UUID | None, Field(description="rejected as a duplicate: the alert that it repeats")] = None
    count: Annotated[int, Field(ge=1, description="findings that raised it, as far as told")]
    reopened: Annotated[int, Field(description="relapses in this episode")] = 0
    reminders: int = 0
    notes: Annotated[int, Field(description="comments; the texts are in the history")] = 0
    verified: Annotated[str, Field(description="outcome of the newest verification on the spot")] = ""
    flapping: Annotated[bool, Field(description="it relapses so often that clearing is held back")] = False
    previous_alert_id: Annotated[UUID | None, Field(description="the episode before, if it is remembered")] = None
    title: Words2
    summary: Words2
    value: float | None = None
    threshold: float | None = None
    unit: str = ""
    legal_basis: str = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    evidence_count: Annotated[int, Field(description="events that it rests on, as far as told")] = 0
    evidence_last: Evidence | None = None
    evidence_digest: Annotated[
        str, Field(description="of all of them: blake2b-128 over the digest before and the event's source, id and time")
    ] = ""

    @property
    def open(self) -> bool:
        """Is there something left for people to do or to know?"""
        return self.handling not in ("closed", "rejected")


class Alert(AlertData):
    """The full present of one alert: what ``alerts.state`` holds until it is forgotten, some time after closing.

    It follows from the alert's lines: it is the last one, and ``evidence`` the first 50 that they name.
    """

    TYPE = "vn.ioc.alert.state"

    evidence: Annotated[tuple[Evidence, ...], Field(description="samples: the first ones, as the lines gave them")] = ()

    @property
    def subject(self) -> str:
        return str(self.alert_id)


class AlertForgotten(Data):
    """An alert is over and no longer part of the present: written as a tombstone to ``alerts.state``."""

    TYPE = "vn.ioc.alert.forgotten"
    TOMBSTONE = True

    alert_id: UUID

    @property
    def subject(self) -> str:
        return str(self.alert_id)


class AlertChanged(AlertData):
    """One line of an alert's history: the transition's number, when, and the alert after it.

    ``at`` never goes back within an alert. Lines that a command made say ``by`` whom, the ``command``'s id and
    ``said_at``, the real time at which the person acted. ``notice`` says why people ought to be told now; None where
    they need not be, or must not be (then a :class:`NotNotified` of the same version says why).
    ``evidence`` is what this line adds.
    """

    TYPE = "vn.ioc.alert.changed"

    transition: Annotated[Code, Field(description="number, as in the table of transitions")]
    at: Moment
    by: Person | None = None
    command: Annotated[Code | None, Field(description="id of the command that made this line")] = None
    said_at: Moment | None = None
    text: Annotated[Words, Field(description="what the person, or the rule, gave as reason, result or note")] = ""
    clock: Annotated[ClockName | None, Field(description="the clock that this line is about")] = None
    due_before: Annotated[Moment | None, Field(description="where a due time moved: the one before")] = None
    notice: Notice | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def subject(self) -> str:
        return self.dedupe_key


class CommandRefused(Data):
    """A command was not done; ``reason`` is one sentence for the person who gave it."""

    TYPE = "vn.ioc.command.refused"

    command: Annotated[Code, Field(description="id of the command")]
    action: Annotated[Code, Field(description="its type: ack, assign, …")]
    code: RefusalCode
    reason: Words2
    by: Person
    alert_id: Annotated[UUID | None, Field(description="None: the command was to all alerts")] = None
    dedupe_key: Annotated[Code, Field(description="of the alert; of a silence, its id")]
    at: Moment
    said_at: Moment
    version: Annotated[int | None, Field(description="the alert's present version; None: there is no such alert")] = (
        None
    )

    @property
    def subject(self) -> str:
        return self.dedupe_key


class NotNotified(Data):
    """People would have been told of this line of the history, and were not: why."""

    TYPE = "vn.ioc.alert.not_notified"

    alert_id: UUID
    dedupe_key: Code
    version: int
    at: Moment
    notice: Notice
    because: Quiet
    ref: Annotated[Code, Field(description="id of the silence, incident, storm or causing alert")]
    reason: Words = ""
    by: Person | None = None
    until: Moment | None = None

    @property
    def subject(self) -> str:
        return self.dedupe_key


class QuietChanged(Data):
    """A silence or maintenance was set or changed (Q1), or ended before its time (Q2)."""

    TYPE = "vn.ioc.quiet.changed"

    transition: Code
    silence_id: Code
    kind: Literal["silenced", "maintenance"]
    matchers: tuple[Matcher, ...]
    reason: Words
    by: Person
    since: Moment
    until: Moment
    even_extreme: bool = False
    at: Moment
    command: Code
    said_at: Moment

    @property
    def subject(self) -> str:
        return self.silence_id


class IncidentChanged(Data):
    """An alert became part of an incident (G1); people joined its incident to another (G2), or took it out (G3)."""

    TYPE = "vn.ioc.incident.changed"

    transition: Code
    incident_id: Annotated[UUID, Field(description="the incident that it is part of now")]
    before: Annotated[UUID | None, Field(description="the one that it was part of")] = None
    alert_id: UUID
    dedupe_key: Code
    at: Moment
    command: Code | None = None
    by: Person | None = None
    said_at: Moment | None = None
    text: Words = ""

    @property
    def subject(self) -> str:
        return self.dedupe_key


M = TypeVar("M", bound=Data)


def made(model: type[M], values: dict[str, Any]) -> M:
    """A model of values that are known to be right. Pydantic's own ways cost ten times as much."""
    new = model.__new__(model)
    object.__setattr__(new, "__dict__", values)
    object.__setattr__(new, "__pydantic_fields_set__", set())
    object.__setattr__(new, "__pydantic_extra__", None)
    object.__setattr__(new, "__pydantic_private__", None)
    return new


ALERTS_INBOX = Topic(
    "alerts.inbox",
    Text("Hộp nhận cảnh báo", "Alert inbox"),
    events=(Raised, Resolved, *COMMANDS, SourceDark, SourceBack),
)
ALERTS_EVENTS = Topic(
    "alerts.events",
    Text("Lịch sử cảnh báo", "Alert history"),
    events=(AlertChanged, CommandRefused, NotNotified, QuietChanged, IncidentChanged),
    retention=None,
)
ALERTS_STATE = Topic(
    "alerts.state",
    Text("Cảnh báo hiện tại", "Present alerts"),
    events=(Alert, AlertForgotten),
    retention=None,
    compacted=True,
)
