"""A dossier is due soon, and overdue, by the time appointed on its slip.

For the desk's clerk, who can still act before the term ends, and for whoever answers for it afterwards. Basis:
the appointed time on *giấy tiếp nhận hồ sơ và hẹn trả kết quả*; a request to supplement pauses the term or lets
it start again; an apology with a new date does not move the first one. *Sắp đến hạn* has no legal definition:
here it is the last ``soon`` before the appointed time, and never more than half of the term.

Limits: a paused term goes on by calendar time; working time comes with the calendars.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from ioc.alerts.alert import Evidence
from ioc.alerts.kind import DOSSIER_MODULE, AlertKind
from ioc.detector import Count, Detector, Fact, Finding, Params, Raise, Resolve, Share, Spec, State, Tally
from ioc.district import District, Duration
from ioc.events.base import AnyEvent, Moment
from ioc.events.dossiers import (
    DossierData,
    DossierReceived,
    DossierRefused,
    DossierResolved,
    DossierReturned,
    DossierStopped,
    DossierWithdrawn,
    SupplementRequested,
    SupplementSupplied,
)
from ioc.folds import DOSSIER
from ioc.text import Text


class DuePolicy(Params):
    """When a dossier counts as due soon."""

    soon: Annotated[Duration, Field(description="due soon from this long before the appointed time")] = timedelta(
        days=1
    )
    forget_after: Annotated[Duration, Field(description="a finished dossier is forgotten after this")] = timedelta(
        days=30
    )


DUE_SOON = AlertKind(
    "dossier_due_soon",
    DOSSIER_MODULE,
    "minor",
    Text("Hồ sơ sắp đến hạn", "Dossier due soon"),
    Text(
        "Hồ sơ {subject} hẹn trả lúc {due}, chưa có kết quả",
        "Dossier {subject} is due at {due} and has no result",
    ),
)
OVERDUE = AlertKind(
    "dossier_overdue",
    DOSSIER_MODULE,
    "moderate",
    Text("Hồ sơ quá hạn", "Dossier overdue"),
    Text("Hồ sơ {subject} đã quá hẹn trả {due}", "Dossier {subject} is past its appointed time {due}"),
)
DOSSIERS_OPEN = Fact(
    "dossiers_open", Text("Hồ sơ đang giải quyết", "Dossiers in hand"), ("commune", "term")
)  # fmt: skip
DOSSIERS_RESOLVED = Tally(
    "dossiers_resolved", Text("Hồ sơ đã có kết quả", "Dossiers resolved"), ("commune", "timeliness")
)
DOSSIERS_RECEIVED = Tally("dossiers_received", Text("Hồ sơ đã tiếp nhận", "Dossiers received"), ("commune", "channel"))


class Dossier(State):
    """One dossier's term. ``left`` is what remained of it when it was paused."""

    commune: str | None = None
    received: Evidence | None = None
    term: timedelta | None = None
    due: Moment | None = None
    left: timedelta | None = None
    said: Literal["", "soon", "overdue"] = ""
    closed_at: Moment | None = None
    forgotten: bool = False
    dossier: str = ""


class DossierDue(Detector[Dossier]):
    """Watches one dossier from reception to result."""

    def __init__(self, policy: DuePolicy, district: District) -> None:
        self._policy, self._district = policy, district

    def new_state(self) -> Dossier:
        return Dossier()

    def on_event(self, state: Dossier, event: AnyEvent) -> Iterable[Finding]:
        data: DossierData = event.data
        state.dossier = data.dossier
        state.commune = self._district.commune(data.commune, event.at)
        match data:
            case DossierReceived() if state.received is None:
                state.received = Evidence.of(event)
                state.due, state.term = data.due, data.due - event.at if data.due else None
                yield Count(DOSSIERS_RECEIVED, self._day(event.at), (state.commune or "", data.channel))
            case SupplementRequested() if state.due is not None and state.closed_at is None:
                state.left = state.term if data.effect == "restart" else state.due - event.at
                state.due = None
                yield from self._quieten(state, event.at)
            case SupplementSupplied() if state.left is not None:
                state.due, state.left = data.due or event.at + state.left, None
            case DossierResolved() if state.closed_at is None:
                timeliness = "no_due" if state.due is None else "late" if event.at > state.due else "on_time"
                yield Count(DOSSIERS_RESOLVED, self._day(event.at), (state.commune or "", timeliness))
                yield from self._close(state, event.at)
            case DossierRefused() | DossierWithdrawn() | DossierStopped() | DossierReturned() if not state.closed_at:
                yield from self._close(state, event.at)
            case _:
                pass

    def next_deadline(self, state: Dossier) -> datetime | None:
        if state.closed_at is not None:
            return None if state.forgotten else state.closed_at + self._policy.forget_after
        if state.due is None or state.said == "overdue":
            return None
        return state.due if state.said == "soon" else state.due - self._lead(state)

    def on_deadline(self, state: Dossier, at: datetime) -> Iterable[Finding]:
        if state.closed_at is not None:
            state.forgotten = True
        elif state.due is not None and state.said == "":
            state.said = "soon"
            yield self._raise(DUE_SOON, state, at)
        elif state.due is not None:
            state.said = "overdue"
            yield Resolve(DUE_SOON, state.dossier, at, state.commune)
            yield self._raise(OVERDUE, state, at)

    def facts(self, state: Dossier) -> Iterable[Share]:
        if state.received is not None and state.closed_at is None:
            term = {"": "within", "soon": "due_soon", "overdue": "overdue"}[state.said]
            yield DOSSIERS_OPEN, (state.commune or "", term), 1

    def finished(self, state: Dossier) -> bool:
        return state.forgotten

    def _lead(self, state: Dossier) -> timedelta:
        return min(self._policy.soon, (state.term or timedelta(0)) / 2)

    def _day(self, at: datetime) -> date:
        return self._district.local(at).date()

    def _raise(self, kind: AlertKind, state: Dossier, at: datetime) -> Raise:
        assert state.due is not None
        due = self._district.local(state.due).strftime("%H:%M %d/%m/%Y")
        evidence = (state.received,) if state.received else ()
        return Raise(kind, state.dossier, at, state.commune, values={"due": due}, evidence=evidence)

    def _quieten(self, state: Dossier, at: datetime) -> Iterable[Finding]:
        if state.said:
            yield Resolve(DUE_SOON if state.said == "soon" else OVERDUE, state.dossier, at, state.commune)
        state.said = ""

    def _close(self, state: Dossier, at: datetime) -> Iterable[Finding]:
        state.closed_at = at
        yield from self._quieten(state, at)


SPEC = Spec(
    "dossier_due",
    Text("Hồ sơ sắp đến hạn và quá hạn", "Dossier due soon and overdue"),
    folds=(DOSSIER,),
    hears=(
        DossierReceived, SupplementRequested, SupplementSupplied, DossierResolved, DossierRefused,
        DossierWithdrawn, DossierStopped, DossierReturned,
    ),
    build=DossierDue,
    state=Dossier,
    params=DuePolicy,
    kinds=(DUE_SOON, OVERDUE),
    facts=(DOSSIERS_OPEN,),
    tallies=(DOSSIERS_RECEIVED, DOSSIERS_RESOLVED),
)  # fmt: skip
