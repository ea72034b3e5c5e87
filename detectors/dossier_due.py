"""A dossier is due soon, or overdue, by the time appointed on its slip or by its procedure's legal term.

For the desk's clerk, who can still act before the term ends, and for whoever answers for it afterwards. Basis: the
appointed time on *giấy tiếp nhận hồ sơ và hẹn trả kết quả*; without one, the procedure's term in working time. A
request to supplement pauses the term or lets it begin again, as the procedure has it. An apology with a new date moves
nothing: the dossier stays overdue against the first. *Sắp đến hạn* has no legal definition: here it is the last working
day or fifth of the term, whichever is longer, and of a same-day term the last two hours.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from ioc.alerts.alert import Evidence
from ioc.alerts.kind import DOSSIER_MODULE, AlertKind, Severity
from ioc.calendars.clock import start
from ioc.detector import Count, Detector, Emit, Finding, Params, Raise, Resolve, Share, Spec
from ioc.district import District, Duration
from ioc.events.base import AnyEvent
from ioc.events.deadlines import DEADLINES
from ioc.events.dossiers import (
    ApologySent,
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
from ioc.events.requests import QUEUE_CHANGES, QueueChanged
from ioc.folds import DOSSIER
from ioc.office import dossier_figures as figures
from ioc.office.dossier import Dossier, apology_by, timeliness
from ioc.office.dossier_counting import DossierCounting
from ioc.office.due import age_label, ages_at, deadline_moved, soon_from
from ioc.text import Text


class DuePolicy(Params):
    """When a dossier counts as due soon."""

    soon_days: Annotated[int, Field(ge=0, description="due soon from so many working days before it is due")] = 1
    soon_share: Annotated[float, Field(ge=0, le=1, description="or from this share of its term, if longer")] = 0.2
    soon_hours: Annotated[
        float, Field(ge=0, description="or from so many hours of work, if longer; a same-day term: these alone")
    ] = 2
    calendar: Annotated[str | None, Field(description="id of the desks' calendar; none: the district's first")] = None
    forget_after: Annotated[Duration, Field(description="a finished dossier is forgotten after this")] = timedelta(
        days=30
    )


DUE_SOON = AlertKind(
    "dossier_due_soon",
    DOSSIER_MODULE,
    "minor",
    Text("Hồ sơ sắp đến hạn", "Dossier due soon"),
    Text(
        "Hồ sơ {subject} hẹn trả lúc {due}, chưa có kết quả{apology}",
        "Dossier {subject} is due at {due} and has no result{apology}",
    ),
)
APOLOGISE = Text(
    "; nếu không kịp, gửi phiếu xin lỗi và hẹn lại trước {by}",
    "; if it cannot be done, send an apology with a new date by {by}",
)
OVERDUE = AlertKind(
    "dossier_overdue",
    DOSSIER_MODULE,
    "moderate",
    Text("Hồ sơ quá hạn", "Dossier overdue"),
    Text("Hồ sơ {subject} đã quá hẹn trả {due}{again}", "Dossier {subject} is past its appointed time {due}{again}"),
)
AGAIN = Text(" và quá cả ngày hẹn lại {by}", " and past the new date {by} too")
NO_APOLOGY = AlertKind(
    "dossier_without_apology",
    DOSSIER_MODULE,
    "minor",
    Text("Hồ sơ quá hạn chưa có phiếu xin lỗi", "Dossier overdue without an apology"),
    Text(
        "Hồ sơ {subject} quá hạn {due}, chưa có phiếu xin lỗi và hẹn lại (phải gửi trước {by})",
        "Dossier {subject} was due at {due}; no apology with a new date was sent (it was due by {by})",
    ),
)
TERMS = {"": "within", "soon": "due_soon", "overdue": "overdue", "again": "overdue"}


class DossierDue(Detector[Dossier]):
    """Watches one dossier from reception to result."""

    def __init__(self, policy: DuePolicy, district: District) -> None:
        self._policy, self._district = policy, district
        self._calendar = district.calendar(policy.calendar)
        self._counted = DossierCounting(self._calendar, district)

    def new_state(self) -> Dossier:
        return Dossier()

    def on_event(self, state: Dossier, event: AnyEvent) -> Iterable[Finding]:
        data: DossierData = event.data
        state.dossier, state.commune = data.dossier, self._district.commune(data.commune, event.at)
        match data:
            case DossierReceived() if state.received is None:
                yield from self._receive(state, data, event)
            case DossierReceived() if data.corrects and state.open and not state.is_received_at(event.at):
                yield from self._leave_queue(state, event.at)
                yield from self._receive(state, data, event)
            case SupplementRequested() if state.clock and not state.clock.paused and state.closed_at is None:
                yield from self._ask(state, data, event.at)
            case SupplementSupplied() if state.closed_at is None:
                yield from self._supply(state, data, event.at)
            case ApologySent() if state.apologised is None:
                yield from self._apologise(state, data, event.at)
            case DossierResolved() if state.closed_at is None:
                yield from self._resolve(state, event.at)
            case DossierResolved() if data.corrects and state.timeliness and state.closed_at != event.at:
                yield from self._counted.set_right(state, event.at)
            case DossierRefused() | DossierWithdrawn() | DossierStopped() | DossierReturned() if not state.closed_at:
                yield from self._close(state, event.at)
                yield from self._counted.days(state)
            case _:
                pass

    def on_late(self, state: Dossier, event: AnyEvent) -> Iterable[Finding]:
        turn = isinstance(event.data, SupplementRequested | SupplementSupplied)
        if turn and state.turned is not None and event.at <= state.turned:
            return ()
        return super().on_late(state, event)

    # -- what happens to it ----------------------------------------------------------------------------------

    def _receive(self, state: Dossier, data: DossierReceived, event: AnyEvent) -> Iterable[Finding]:
        state.received, state.procedure = Evidence.of(event), data.procedure
        if state.closed_at is not None:  # it was finished before we heard that it had come in
            yield from self._counted.days(state)
            return
        procedure = self._district.procedure(data.procedure)
        term = procedure.term if procedure else None
        if state.turned is None and (data.due or term):
            state.clock = start(self._calendar, event.at, term=term, appointed=data.due)
        yield from self._quieten(state, event.at)
        yield self._queue(state, 1, event.at)

    def _ask(self, state: Dossier, data: SupplementRequested, at: datetime) -> Iterable[Finding]:
        assert state.clock is not None
        procedure = self._district.procedure(state.procedure)
        effect = data.effect or (procedure.supplement if procedure else "pause")
        yield from self._leave_queue(state, at)
        state.clock, state.turned = state.clock.pause(self._calendar, at, restart=effect == "restart"), at
        yield from self._quieten(state, at)

    def _supply(self, state: Dossier, data: SupplementSupplied, at: datetime) -> Iterable[Finding]:
        if state.clock is not None and state.clock.paused:
            state.clock = state.clock.resume(self._calendar, at, due=data.due)
        elif data.due is not None:  # that it waited, or that it was received, was not heard
            yield from self._leave_queue(state, at)
            waiting = state.clock or start(self._calendar, at, appointed=data.due)
            state.clock = waiting.pause(self._calendar, at).resume(self._calendar, at, due=data.due)
        else:
            return
        state.turned = at
        yield from self._quieten(state, at)
        if state.open:
            yield self._queue(state, 1, at)

    def _apologise(self, state: Dossier, data: ApologySent, at: datetime) -> Iterable[Finding]:
        by = apology_by(state.clock, self._calendar) if state.clock and state.clock.due else None
        state.apologised, state.new_due = at, data.new_due
        sent = "late" if by is None or at > by else "in_time"
        yield Count(figures.APOLOGIES, self._district.day(at), (self._counted.label(state), sent))
        yield from self._settle(state, at)

    def _resolve(self, state: Dossier, at: datetime) -> Iterable[Finding]:
        state.timeliness = timeliness(state, self._calendar, at)
        yield from self._close(state, at)
        yield from self._counted.result(state)

    # -- time passes -----------------------------------------------------------------------------------------

    def next_deadline(self, state: Dossier) -> datetime | None:
        if state.closed_at is not None:
            return None if state.forgotten else state.closed_at + self._policy.forget_after
        rings, ages = self._rings_from(state), self._ages_at(state)
        return rings if ages is None else ages if rings is None else min(rings, ages)

    def on_deadline(self, state: Dossier, at: datetime) -> Iterable[Finding]:
        if state.closed_at is not None:
            state.forgotten = True
            return
        if (aged := self._ages_at(state)) is not None and aged <= at:
            state.aged += 1
        if (rings := self._rings_from(state)) is not None and rings <= at:
            yield from self._ring(state, at)

    def on_rules(self, state: Dossier, at: datetime) -> Iterable[Finding]:
        """A calendar that changed moves what is open; both due times are kept."""
        if state.clock is None or state.closed_at is not None:
            return
        before, after = state.clock, state.clock.by(self._calendar)
        if before.due != after.due:
            yield deadline_moved("dossier", state.dossier, before, after, at)
            yield from self._leave_queue(state, at)
            state.clock = after
            yield from self._quieten(state, at)
            if state.open:
                yield self._queue(state, 1, at)
        state.clock = after

    def _ring(self, state: Dossier, at: datetime) -> Iterable[Finding]:
        over = state.due_from
        assert state.clock is not None and state.clock.due is not None and over is not None
        due, by = self._district.told(state.clock.due), apology_by(state.clock, self._calendar)
        if state.said == "overdue" and state.new_due is not None:
            state.said = "again"
            again = AGAIN.format(by=self._district.told(state.new_due))
            yield self._raise(OVERDUE, state, at, {"due": due, "again": again}, "severe")
        elif state.said == "" and at < over:
            state.said = "soon"
            remind = by is not None and by > at and state.apologised is None
            apology = APOLOGISE.format(by=self._district.told(by)) if remind and by else ""
            yield self._raise(DUE_SOON, state, at, {"due": due, "apology": apology})
        else:
            if state.said == "soon":
                yield Resolve(DUE_SOON, state.dossier, at, state.commune)
            state.said, state.overdue_on, state.over_until = "overdue", self._district.day(at), None
            yield from self._counted.overdue(state, state.overdue_on, 1)
            yield self._raise(OVERDUE, state, at, {"due": due, "again": ""})
            if by is not None and state.apologised is None:
                state.unapologised = True
                yield self._raise(NO_APOLOGY, state, at, {"due": due, "by": self._district.told(by)})

    def _rings_from(self, state: Dossier) -> datetime | None:
        """When the next of due soon, overdue, and past the new date too begins."""
        over, policy = state.due_from, self._policy
        if over is None or state.said == "again":
            return None
        if state.said == "overdue":
            return max(state.new_due, over) if state.new_due is not None else None
        if state.said == "soon":
            return over
        assert state.clock is not None
        return soon_from(
            state.clock, self._calendar, days=policy.soon_days, share=policy.soon_share, hours=policy.soon_hours
        )  # fmt: skip

    @staticmethod
    def _ages_at(state: Dossier) -> datetime | None:
        return ages_at(state.received.at, state.aged) if state.received else None

    # -- what is said ----------------------------------------------------------------------------------------

    def facts(self, state: Dossier) -> Iterable[Share]:
        if state.open:
            term = "paused" if state.clock and state.clock.paused else TERMS[state.said]
            yield figures.DOSSIERS_OPEN, (self._counted.label(state), term), 1
            yield figures.DOSSIERS_BY_AGE, (self._counted.label(state), age_label(state.aged)), 1

    def finished(self, state: Dossier) -> bool:
        return state.forgotten

    def _close(self, state: Dossier, at: datetime) -> Iterable[Finding]:
        yield from self._leave_queue(state, at, done=True)
        state.closed_at = at
        yield from self._quieten(state, at)

    def _quieten(self, state: Dossier, at: datetime) -> Iterable[Finding]:
        """What was said no longer holds: it is done, waits for papers, or its due time moved."""
        if state.said:
            yield Resolve(DUE_SOON if state.said == "soon" else OVERDUE, state.dossier, at, state.commune)
        if state.overdue_on is not None and state.over_until is None:
            state.over_until = max(self._district.day(at), state.overdue_on)
            yield from self._counted.overdue(state, state.over_until, -1)
        yield from self._settle(state, at)
        state.said = ""

    def _settle(self, state: Dossier, at: datetime) -> Iterable[Finding]:
        if state.unapologised:
            yield Resolve(NO_APOLOGY, state.dossier, at, state.commune)
        state.unapologised = False

    def _raise(
        self, kind: AlertKind, state: Dossier, at: datetime, values: dict[str, object], severity: Severity | None = None
    ) -> Raise:  # fmt: skip
        evidence = (state.received,) if state.received else ()
        return Raise(kind, state.dossier, at, state.commune, severity, values=values, evidence=evidence)

    def _queue(self, state: Dossier, by: Literal[1, -1], at: datetime, done: bool = False) -> Emit:
        assert state.received is not None
        return Emit(QUEUE_CHANGES, QueueChanged(
            work="dossier", queue=state.commune or "", case=state.dossier, by=by, commune=state.commune,
            since=state.received.at, due=state.due, done=done,
        ), at)  # fmt: skip

    def _leave_queue(self, state: Dossier, at: datetime, done: bool = False) -> Iterable[Emit]:
        """A dossier that waits for papers stands in no queue."""
        if state.open and not (state.clock and state.clock.paused):
            yield self._queue(state, -1, at, done)


SPEC = Spec(
    "dossier_due",
    Text("Hồ sơ sắp đến hạn và quá hạn", "Dossier due soon and overdue"),
    folds=(DOSSIER,),
    hears=(
        DossierReceived, SupplementRequested, SupplementSupplied, ApologySent, DossierResolved, DossierRefused,
        DossierWithdrawn, DossierStopped, DossierReturned,
    ),
    build=DossierDue,
    state=Dossier,
    params=DuePolicy,
    kinds=(DUE_SOON, OVERDUE, NO_APOLOGY),
    emits=(QUEUE_CHANGES, DEADLINES),
    facts=(figures.DOSSIERS_OPEN, figures.DOSSIERS_BY_AGE),
    tallies=(figures.RESOLVED, figures.CLOSED_AFTER, figures.OVERDUE_CHANGE, figures.APOLOGIES),
    ratios=(figures.ON_TIME, figures.OVERDUE_NOW),
)  # fmt: skip
