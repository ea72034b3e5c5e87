"""The one-stop desk deals with a dossier otherwise than its rules ask: not received in time, appointed later than the
law allows, papers asked for once too often.

For the head of the desk. Basis: each procedure's own term and number of requests to supplement, from the district file;
how long reception may take is a house rule (eight working hours are usual).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from ioc.alerts.alert import Evidence
from ioc.alerts.kind import DOSSIER_MODULE, AlertKind
from ioc.calendars.terms import Term, WorkingHours
from ioc.detector import Detector, Finding, Params, Raise, Resolve, Spec, State
from ioc.district import District, Duration
from ioc.events.base import AnyEvent, Moment
from ioc.events.dossiers import (
    DossierData,
    DossierFiled,
    DossierReceived,
    DossierRefused,
    DossierResolved,
    DossierReturned,
    DossierStopped,
    DossierWithdrawn,
    SupplementRequested,
)
from ioc.folds import DOSSIER
from ioc.text import Text


class DeskPolicy(Params):
    """What the desk is held to."""

    receive_within: Annotated[Term, Field(description="what is filed is received or refused within this")] = (
        WorkingHours(8)
    )
    calendar: Annotated[str | None, Field(description="id of the desks' calendar; none: the district's first")] = None
    forget_after: Annotated[Duration, Field(description="a finished dossier is forgotten after this")] = timedelta(
        days=30
    )


UNRECEIVED = AlertKind(
    "dossier_not_received",
    DOSSIER_MODULE,
    "minor",
    Text("Hồ sơ nộp chưa được tiếp nhận", "Filed dossier not received"),
    Text(
        "Hồ sơ {subject} nộp lúc {filed}, sau {within} chưa được tiếp nhận hoặc từ chối",
        "Dossier {subject} was filed at {filed} and neither received nor refused within {within}",
    ),
)
APPOINTED_LATE = AlertKind(
    "dossier_appointed_late",
    DOSSIER_MODULE,
    "minor",
    Text("Hẹn trả muộn hơn thời hạn của thủ tục", "Appointment later than the procedure's term"),
    Text(
        "Hồ sơ {subject} hẹn trả {due}; thời hạn của thủ tục {procedure} là {term}, đến {legal}",
        "Dossier {subject} is appointed for {due}; the term of procedure {procedure} is {term}, until {legal}",
    ),
)
ASKED_AGAIN = AlertKind(
    "dossier_asked_again",
    DOSSIER_MODULE,
    "minor",
    Text("Yêu cầu bổ sung quá số lần cho phép", "Papers asked for more often than allowed"),
    Text(
        "Hồ sơ {subject} bị yêu cầu bổ sung lần thứ {value}, thủ tục cho phép {threshold} lần",
        "Papers were asked for {value} times for dossier {subject}; its procedure allows {threshold}",
    ),
)
KINDS = {kind.name: kind for kind in (UNRECEIVED, APPOINTED_LATE, ASKED_AGAIN)}


class Handled(State):
    """How one dossier has been dealt with; ``asked`` is the newest request to supplement, ``times`` their number."""

    dossier: str = ""
    commune: str | None = None
    procedure: str | None = None
    filed: Moment | None = None
    received: Evidence | None = None
    asked: Moment | None = None
    times: int = 0
    raised: tuple[str, ...] = ()
    closed_at: Moment | None = None
    forgotten: bool = False


class DossierDesk(Detector[Handled]):
    """Watches how one dossier is dealt with."""

    def __init__(self, policy: DeskPolicy, district: District) -> None:
        self._policy, self._district = policy, district
        self._calendar = district.calendar(policy.calendar)

    def new_state(self) -> Handled:
        return Handled()

    def on_event(self, state: Handled, event: AnyEvent) -> Iterable[Finding]:
        data: DossierData = event.data
        state.dossier, state.commune = data.dossier, self._district.commune(data.commune, event.at)
        if state.closed_at is not None:
            return
        match data:
            case DossierFiled() if state.filed is None:
                state.filed = event.at
            case DossierReceived() if state.received is None or data.corrects:
                state.received, state.procedure = Evidence.of(event), data.procedure
                yield from self._settle(state, UNRECEIVED, event.at)
                yield from self._appointed(state, data, event.at)
            case SupplementRequested() if state.asked is None or event.at > state.asked:
                state.asked, state.times = event.at, state.times + 1
                procedure = self._district.procedure(state.procedure)
                allowed = procedure.supplements if procedure else 1
                if state.times > allowed:
                    yield self._raise(state, ASKED_AGAIN, event.at, {"value": state.times, "threshold": allowed})
            case (
                DossierResolved() | DossierRefused() | DossierWithdrawn() | DossierStopped() | DossierReturned()
            ):  # fmt: skip
                state.closed_at = event.at
                for name in state.raised:
                    yield Resolve(KINDS[name], state.dossier, event.at, state.commune)
                state.raised = ()

    def next_deadline(self, state: Handled) -> datetime | None:
        if state.closed_at is not None:
            return None if state.forgotten else state.closed_at + self._policy.forget_after
        if state.filed is None or state.received is not None or UNRECEIVED.name in state.raised:
            return None
        return self._policy.receive_within.due(self._calendar, state.filed)

    def on_deadline(self, state: Handled, at: datetime) -> Iterable[Finding]:
        if state.closed_at is not None:
            state.forgotten = True
            return
        assert state.filed is not None
        said = {"filed": self._district.told(state.filed), "within": self._policy.receive_within.words}
        yield self._raise(state, UNRECEIVED, at, said)

    def finished(self, state: Handled) -> bool:
        return state.forgotten

    def _appointed(self, state: Handled, data: DossierReceived, at: datetime) -> Iterable[Finding]:
        """Later than the term allows, by the day: within it the desk is free in its hour."""
        procedure = self._district.procedure(data.procedure)
        late = False
        if data.due and procedure and procedure.term:
            legal = procedure.term.due(self._calendar, at)
            late = self._calendar.last_day(data.due) > self._calendar.last_day(legal)
        if late and procedure and procedure.term and data.due:
            yield self._raise(state, APPOINTED_LATE, at, {
                "due": self._district.told(data.due), "procedure": procedure.code, "term": procedure.term.words,
                "legal": self._district.told(legal),
            })  # fmt: skip
        else:
            yield from self._settle(state, APPOINTED_LATE, at)

    def _raise(self, state: Handled, kind: AlertKind, at: datetime, values: dict[str, object]) -> Raise:
        state.raised = (*(name for name in state.raised if name != kind.name), kind.name)
        evidence = (state.received,) if state.received and kind is not ASKED_AGAIN else ()
        return Raise(kind, state.dossier, at, state.commune, values=values, evidence=evidence)

    def _settle(self, state: Handled, kind: AlertKind, at: datetime) -> Iterable[Finding]:
        if kind.name in state.raised:
            state.raised = tuple(name for name in state.raised if name != kind.name)
            yield Resolve(kind, state.dossier, at, state.commune)


SPEC = Spec(
    "dossier_desk",
    Text("Bộ phận Một cửa làm đúng quy định", "The one-stop desk keeps its rules"),
    folds=(DOSSIER,),
    hears=(
        DossierFiled, DossierReceived, SupplementRequested, DossierResolved, DossierRefused, DossierWithdrawn,
        DossierStopped, DossierReturned,
    ),
    build=DossierDesk,
    state=Handled,
    params=DeskPolicy,
    kinds=(UNRECEIVED, APPOINTED_LATE, ASKED_AGAIN),
)  # fmt: skip
