"""What people can do to an alert: one event type a command, sent to ``alerts.inbox``.

How to send one: make a CloudEvent whose ``id`` is new and random (it names the command), whose ``source`` is the
sender (``/wall``, ``/cli``), whose ``time`` is the real time at which the person acted, and whose key is the data's
``subject``; write it to ``{space}.alerts.inbox`` without a ``lane`` header. It takes its place in the log: the fold
applies it at the inbox's watermark, in order with the findings. A command to all alerts (``TO_ALL``) is written to
every partition, with the same id. The same id twice is one command.

How its answer is known: ``alerts.events`` gets either an ``AlertChanged`` (for a silence, a ``QuietChanged``) whose
``command`` is that id, or a ``CommandRefused`` with it. The read model keeps both under ``answer:{id}``.

``version`` is the alert's version that the person saw. It is outdated when it is older than the alert's
``decisive_version``: then something changed that people act on (who handles it, how, or that it is worse).
"""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from ioc.agencies.parts import CallOutcome, Role
from ioc.alerts.calls import Caller, CallKind
from ioc.alerts.kind import Severity, dedupe_key
from ioc.alerts.parts import ClockName, Person
from ioc.events.base import Code, Data, Moment, Words
from ioc.events.requests import Latitude, Longitude

#: Words without which a command says nothing.
Reason = Annotated[Words, Field(min_length=1)]


class Command(Data):
    """A command to one alert. ``WEIGHTY`` ones are refused where the version that was seen is outdated."""

    WEIGHTY: ClassVar[bool] = True

    alert_id: UUID
    dedupe_key: Code
    version: Annotated[int, Field(ge=1, description="the alert's version that the person saw")]
    by: Person

    @property
    def subject(self) -> str:
        return self.dedupe_key


class Acknowledge(Command):
    """Đã nhận tin: somebody has read it and thinks about it. Stops the acknowledge clock."""

    TYPE = "vn.ioc.command.ack"
    text: Words = ""


class Unacknowledge(Command):
    """Bỏ nhận tin: takes the last acknowledgement back."""

    TYPE = "vn.ioc.command.unack"
    text: Words = ""


class Assign(Command):
    """Giao xử lý: an agency must act; it has not accepted yet. Starts the respond clock."""

    TYPE = "vn.ioc.command.assign"
    agency: Code
    person: Code | None = None
    text: Words = ""


class Accept(Command):
    """Tiếp nhận xử lý: the agency takes it on. Stops the respond clock, starts the resolve clock."""

    TYPE = "vn.ioc.command.accept"
    agency: Code
    person: Code | None = None
    text: Words = ""


class Return(Command):
    """Chuyển trả: the agency gives it back to the centre, with the reason."""

    TYPE = "vn.ioc.command.return"
    reason: Reason


class Transfer(Command):
    """Chuyển cơ quan khác: another agency must act. The due times stay."""

    TYPE = "vn.ioc.command.transfer"
    agency: Code
    person: Code | None = None
    reason: Reason


class Resolve(Command):
    """Báo cáo kết quả, đã xử lý xong. Looked at again later where the condition still holds."""

    TYPE = "vn.ioc.command.resolve"
    text: Reason


class Close(Command):
    """Kết thúc: the centre agrees that nothing is left to do."""

    TYPE = "vn.ioc.command.close"
    text: Words = ""


class Reject(Command):
    """Loại bỏ: báo sai, trùng, … The cause is what rules are tuned by."""

    TYPE = "vn.ioc.command.reject"
    cause: Literal["false_alarm", "duplicate", "not_ours", "test", "permitted"]
    duplicate_of: UUID | None = None
    text: Words = ""


class Reopen(Command):
    """Mở lại: it is not done after all, for instance because a citizen says so."""

    TYPE = "vn.ioc.command.reopen"
    reason: Reason


class Shelve(Command):
    """Tạm gác đến ``until``, by a person, for this one alert."""

    TYPE = "vn.ioc.command.shelve"
    until: Moment
    reason: Reason


class Unshelve(Command):
    """Bỏ tạm gác."""

    TYPE = "vn.ioc.command.unshelve"
    WEIGHTY = False


class Comment(Command):
    """Ghi chú, ý kiến chỉ đạo."""

    TYPE = "vn.ioc.command.comment"
    WEIGHTY = False
    text: Reason


class Seen(Command):
    """Đã xem: somebody at the agency that must act has opened it."""

    TYPE = "vn.ioc.command.seen"
    WEIGHTY = False
    agency: Code


class Remind(Command):
    """Đôn đốc: a formal reminder to the agency that must act; they are counted."""

    TYPE = "vn.ioc.command.remind"
    WEIGHTY = False
    text: Words = ""


class Verify(Command):
    """Xác minh: what somebody found on the spot."""

    TYPE = "vn.ioc.command.verify"
    WEIGHTY = False
    outcome: Literal["true", "not_true", "unclear", "controlled", "unreachable"]
    text: Words = ""


class PauseClock(Command):
    """Tạm dừng tính thời hạn, with the reason."""

    TYPE = "vn.ioc.command.pause_clock"
    clock: ClockName
    reason: Reason


class ResumeClock(Command):
    """Tính tiếp thời hạn: what was left of it runs on."""

    TYPE = "vn.ioc.command.resume_clock"
    clock: ClockName


class ExtendClock(Command):
    """Gia hạn: a later due time; the first one stays visible."""

    TYPE = "vn.ioc.command.extend_clock"
    clock: ClockName
    due_at: Moment
    reason: Reason


class Coordinate(Command):
    """Giao phối hợp: these agencies help the one that must act; no others do."""

    TYPE = "vn.ioc.command.coordinate"
    agencies: tuple[Code, ...]
    text: Words = ""


class AskExtension(Command):
    """Xin gia hạn: the agency that must act asks for more time."""

    TYPE = "vn.ioc.command.ask_extension"
    agency: Code
    clock: ClockName = "resolve"
    due_at: Moment
    reason: Reason


class AnswerExtension(Command):
    """Đồng ý hoặc không đồng ý gia hạn. The first due time stays visible."""

    TYPE = "vn.ioc.command.answer_extension"
    granted: bool
    text: Words = ""


class LogCall(Command):
    """Ghi nhận cuộc gọi: đã gọi, không liên lạc được (the next one is told at once), gọi lại sau."""

    TYPE = "vn.ioc.command.log_call"
    WEIGHTY = False
    agency: Code
    role: Role = "duty"
    outcome: CallOutcome
    again_at: Moment | None = None
    text: Words = ""


class JoinIncident(Command):
    """Gộp sự việc: the alert's incident and another are one from now on."""

    TYPE = "vn.ioc.command.join_incident"
    WEIGHTY = False
    incident_id: UUID
    text: Words = ""


class LeaveIncident(Command):
    """Tách khỏi sự việc: the alert is an incident of its own."""

    TYPE = "vn.ioc.command.leave_incident"
    WEIGHTY = False
    text: Words = ""


ALERT_COMMANDS: tuple[type[Command], ...] = (
    Acknowledge, Unacknowledge, Assign, Accept, Return, Transfer, Resolve, Close, Reject, Reopen, Shelve, Unshelve,
    Comment, Seen, Remind, Verify, PauseClock, ResumeClock, ExtendClock,
    Coordinate, AskExtension, AnswerExtension, LogCall, JoinIncident, LeaveIncident,
)  # fmt: skip


class Report(Data):
    """Ghi nhận tin báo: news that came by telephone; it opens an alert of its own.

    Nobody's name or number is part of it: what it says goes to agencies. Two reports are two alerts, also where they
    are about one event: people see both, and say so.
    """

    TYPE = "vn.ioc.command.report"

    report: Annotated[UUID, Field(description="a new random id; the alert is about it")]
    kind: CallKind
    severity: Severity
    text: Annotated[Words, Field(min_length=1, description="what was said")]
    where: Annotated[str, Field(max_length=200, description="the place in words: hamlet, road, what is near")] = ""
    commune: Code | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    caller: Caller
    by: Person

    @property
    def subject(self) -> str:
        return dedupe_key(self.kind, str(self.report))


class Matcher(BaseModel):
    """One field of an alert against some values; ``*`` stands for any letters (``tm-*``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: Literal["kind", "module", "commune", "subject", "severity"]
    values: Annotated[tuple[Code, ...], Field(min_length=1)]
    negated: Annotated[bool, Field(description="matches what has none of the values")] = False


class Silence(Data):
    """Tắt báo có thời hạn, or bảo trì: nobody is told of alerts that match, from ``since`` to ``until``.

    Written again under its id, it is changed. Alerts of the highest severity are told of all the same, unless
    ``even_extreme``. All matchers must match.
    """

    TYPE = "vn.ioc.command.silence"
    TO_ALL = True

    silence_id: Code
    kind: Literal["silenced", "maintenance"] = "silenced"
    matchers: Annotated[tuple[Matcher, ...], Field(min_length=1)]
    reason: Reason
    by: Person
    since: Moment
    until: Moment
    even_extreme: bool = False

    @property
    def subject(self) -> str:
        return self.silence_id


class EndSilence(Data):
    """Ends a silence or maintenance before its time."""

    TYPE = "vn.ioc.command.end_silence"
    TO_ALL = True

    silence_id: Code
    by: Person
    reason: Words = ""

    @property
    def subject(self) -> str:
        return self.silence_id


COMMANDS: tuple[type[Data], ...] = (*ALERT_COMMANDS, Report, Silence, EndSilence)


class SourceDark(Data):
    """A source that alerts rest on sends nothing any more: what it found is unknown until it is back."""

    TYPE = "vn.ioc.source.dark"
    TO_ALL = True

    source: Code

    @property
    def subject(self) -> str:
        return self.source


class SourceBack(Data):
    """A dark source sends again."""

    TYPE = "vn.ioc.source.back"
    TO_ALL = True

    source: Code

    @property
    def subject(self) -> str:
        return self.source
