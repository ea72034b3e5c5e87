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
    "dossiers_open", Text("Hồ sơ đang giải quyết", "Dossiers in hand"), ("commune", "term"), tile=DOSSIER_MODULE
)  # fmt: skip
DOSSIERS_RESOLVED = Tally(
    "dossiers_resolved", Text("Hồ sơ đã có kết quả", "Dossiers resolved"), ("commune", "timeliness")
)
DOSSIERS_RECEIVED = Tally("dossiers_received", Text("Hồ sơ đã tiếp nhận", "Dossiers received"), ("commune", "channel"))


class Dossier(State):
    """One dossier's term: it runs since ``started``; ``left`` is what remained of it when it was paused.

    ``turned`` is the newest pause or resumption; an older one that comes late, or again, changes nothing.
    """

    commune: str | None = None
    received: Evidence | None = None
    term: timedelta | None = None
    due: Moment | None = None
    started: Moment | None = None
    left: timedelta | None = None
    turned: Moment | None = None
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
                state.term = data.due - event.at if data.due else None
                if state.turned is None:
                    state.due, state.started = data.due, event.at
                yield Count(DOSSIERS_RECEIVED, self._day(event.at), (state.commune or "", data.channel))
            case SupplementRequested() if state.due is not None and state.closed_at is None:
                state.left = state.term if data.effect == "restart" and state.term else state.due - event.at
                state.due, state.turned = None, event.at
                yield from self._quieten(state, event.at)
            case SupplementSupplied() if state.closed_at is None and (data.due or state.left is not None):
                state.due, state.left = data.due or event.at + (state.left or timedelta(0)), None
                state.started = state.turned = event.at
                yield from self._quieten(state, event.at)
            case DossierResolved() if state.closed_at is None:
                labels = (state.commune or "", self._timeliness(state, event.at))
                yield Count(DOSSIERS_RESOLVED, self._day(event.at), labels)
                yield from self._close(state, event.at)
            case DossierRefused() | DossierWithdrawn() | DossierStopped() | DossierReturned() if not state.closed_at:
                yield from self._close(state, event.at)
            case _:
                pass

    def on_late(self, state: Dossier, event: AnyEvent) -> Iterable[Finding]:
        turn = isinstance(event.data, SupplementRequested | SupplementSupplied)
        if turn and state.turned is not None and event.at <= state.turned:
            return ()
        return super().on_late(state, event)

    def next_deadline(self, state: Dossier) -> datetime | None:
        if state.closed_at is not None:
            return None if state.forgotten else state.closed_at + self._policy.forget_after
        if state.due is None or state.said == "overdue":
            return None
        return self._over_at(state, state.due) if state.said == "soon" else self._soon_at(state, state.due)

    def on_deadline(self, state: Dossier, at: datetime) -> Iterable[Finding]:
        if state.closed_at is not None:
            state.forgotten = True
        elif state.due is not None and state.said == "" and at < self._over_at(state, state.due):
            state.said = "soon"
            yield self._raise(DUE_SOON, state, at)
        elif state.due is not None:
            yield from self._quieten(state, at)
            state.said = "overdue"
            yield self._raise(OVERDUE, state, at)

    def facts(self, state: Dossier) -> Iterable[Share]:
        if state.received is not None and state.closed_at is None:
            term = {"": "within", "soon": "due_soon", "overdue": "overdue"}[state.said]
            yield DOSSIERS_OPEN, (state.commune or "", term), 1

    def finished(self, state: Dossier) -> bool:
        return state.forgotten

    def _soon_at(self, state: Dossier, due: datetime) -> datetime:
        """Never before the term runs: a dossier that waits for papers is due for nobody."""
        started = state.started or due
        if due <= started:
            return started
        return max(due - min(self._policy.soon, (state.term or due - started) / 2), started)

    def _over_at(self, state: Dossier, due: datetime) -> datetime:
        return max(due, state.started or due)

    def _timeliness(self, state: Dossier, at: datetime) -> str:
        if state.left is not None:
            return "on_time" if state.left >= timedelta(0) else "late"
        return "no_due" if state.due is None else "late" if at > state.due else "on_time"

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
