"""A document or assigned task is due soon, overdue, or given to nobody.

For the unit that has it; never for a person in public: no alert and no figure names an officer. The time is that of the
leader's note (*bút phê*), else that of arrival, else of the urgency mark (*khẩn, thượng khẩn, hỏa tốc*). A document
without a due time is counted as such, and never as on time. What waits for a leader's note has a clock of its own.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from ioc.alerts.alert import Evidence
from ioc.alerts.kind import DOCUMENT_MODULE, AlertKind, Severity
from ioc.calendars.clock import Clock, start
from ioc.calendars.terms import Term, WallTime, WorkingDays, WorkingHours
from ioc.detector import Count, Detector, Emit, Finding, Params, Raise, Resolve, Share, Spec
from ioc.district import District, Duration
from ioc.events.base import AnyEvent
from ioc.events.deadlines import DEADLINES
from ioc.events.documents import (
    DocumentArrived,
    DocumentAssigned,
    DocumentData,
    DocumentDone,
    DocumentSent,
    DocumentSigned,
    Urgency,
)
from ioc.events.requests import QUEUE_CHANGES, QueueChanged
from ioc.folds import DOCUMENT
from ioc.office import document_figures as figures
from ioc.office.document import Document
from ioc.office.due import age_label, ages_at, deadline_moved, soon_from
from ioc.text import Text


class DocumentPolicy(Params):
    """When a document is due where nobody said, and when it counts as due soon."""

    terms: Annotated[Mapping[Urgency, Term], Field(description="due within this by urgency, where nobody said")] = {
        "most_urgent": WallTime(timedelta(hours=4)), "very_urgent": WorkingHours(8), "urgent": WorkingDays(2),
    }  # fmt: skip
    assign_within: Annotated[Term, Field(description="an incoming document is assigned within this")] = WorkingHours(8)
    soon_days: Annotated[int, Field(ge=0, description="due soon from so many working days before it is due")] = 1
    soon_share: Annotated[float, Field(ge=0, le=1, description="or from this share of its term, if longer")] = 0.2
    soon_hours: Annotated[
        float, Field(ge=0, description="or from so many hours of work, if longer; a same-day term: these alone")
    ] = 2
    calendar: Annotated[str | None, Field(description="id of the offices' calendar; none: the district's first")] = None
    forget_after: Annotated[Duration, Field(description="a document that is done is forgotten after this")] = timedelta(
        days=30
    )


DUE_SOON = AlertKind(
    "document_due_soon",
    DOCUMENT_MODULE,
    "minor",
    Text("Văn bản sắp đến hạn", "Document due soon"),
    Text("{what} {subject} ({unit}) đến hạn lúc {due}", "{what} {subject} ({unit}) is due at {due}"),
)
OVERDUE = AlertKind(
    "document_overdue",
    DOCUMENT_MODULE,
    "moderate",
    Text("Văn bản quá hạn", "Document overdue"),
    Text("{what} {subject} ({unit}) quá hạn từ {due}", "{what} {subject} ({unit}) is overdue since {due}"),
)
UNASSIGNED = AlertKind(
    "document_unassigned",
    DOCUMENT_MODULE,
    "minor",
    Text("Văn bản đến chưa được giao", "Document given to nobody"),
    Text(
        "{what} {subject} đến lúc {arrived}, sau {within} chưa giao cho đơn vị nào",
        "{what} {subject} arrived at {arrived} and was given to nobody within {within}",
    ),
)
KINDS: Mapping[str, AlertKind] = {"soon": DUE_SOON, "overdue": OVERDUE}
WHAT = {
    "incoming": Text("Văn bản đến", "Incoming document"), "outgoing": Text("Văn bản đi", "Outgoing document"),
    "task": Text("Nhiệm vụ giao", "Assigned task"),
}  # fmt: skip
MARKS: Mapping[Urgency, Text] = {
    "normal": Text("", ""), "urgent": Text(" khẩn", ", urgent"), "very_urgent": Text(" thượng khẩn", ", very urgent"),
    "most_urgent": Text(" hỏa tốc", ", most urgent"),
}  # fmt: skip


class DocumentDue(Detector[Document]):
    """Watches one document until it is done or issued."""

    def __init__(self, policy: DocumentPolicy, district: District) -> None:
        self._policy, self._district = policy, district
        self._calendar = district.calendar(policy.calendar)

    def new_state(self) -> Document:
        return Document()

    def on_event(self, state: Document, event: AnyEvent) -> Iterable[Finding]:
        data: DocumentData = event.data
        state.document = data.document
        state.commune = self._district.commune(data.commune, event.at) or state.commune
        match data:
            case DocumentArrived() if state.arrived is None:
                yield from self._arrive(state, data, event)
            case DocumentAssigned() if state.assigned is None or event.at > state.assigned:
                yield from self._assign(state, data, event.at)
            case DocumentSigned() if data.by not in state.signed:
                state.signed = (*state.signed, data.by)
            case DocumentSent() if not state.sent:
                state.sent = True
                signs = ("yes" if by in state.signed else "no" for by in ("office", "leader"))
                labels = (self._label(data.unit or state.unit), *signs, "yes" if data.electronic else "no")
                yield Count(figures.SENT, self._district.day(event.at), labels)
                yield self._form(labels[0], "issued", data.electronic, event.at)
                if state.kind == "outgoing" and state.closed_at is None:
                    yield from self._close(state, event.at)
            case DocumentDone() if state.closed_at is None:
                yield from self._close(state, event.at)
            case _:
                pass

    # -- what happens to it ----------------------------------------------------------------------------------

    def _arrive(self, state: Document, data: DocumentArrived, event: AnyEvent) -> Iterable[Finding]:
        state.arrived, state.kind, state.urgency = Evidence.of(event), data.kind, data.urgency
        state.unit = state.unit or data.unit
        yield Count(figures.ARRIVED, self._district.day(event.at), (self._label(state.unit), data.kind))
        if data.kind == "incoming":
            yield self._form(self._label(state.unit), "incoming", data.electronic, event.at)
        if state.closed_at is not None:  # done before we heard that it had come
            yield self._left(state, state.closed_at, 1)
            return
        term = self._policy.terms.get(data.urgency)
        if state.clock is None and (data.due or term):
            state.clock = start(self._calendar, event.at, term=term, appointed=data.due)
        yield self._queue(state, 1, event.at)

    def _assign(self, state: Document, data: DocumentAssigned, at: datetime) -> Iterable[Finding]:
        moved = state.open and data.unit is not None and data.unit != state.unit
        if state.open:
            yield self._queue(state, -1, at)
        if moved:
            yield self._left(state, at, 1)
            yield from self._count_overdue(state, at, -1)
        state.unit, state.assigned = data.unit or state.unit, at
        if moved:
            yield self._left(state, at, -1)
            yield from self._count_overdue(state, at, 1)
        if data.due is not None and state.closed_at is None:
            state.clock = start(self._calendar, at, appointed=data.due)
            yield from self._quieten(state, at)
        if state.waits:
            state.waits = False
            yield Resolve(UNASSIGNED, state.document, at, state.commune)
        if state.open:
            yield self._queue(state, 1, at)

    def _close(self, state: Document, at: datetime) -> Iterable[Finding]:
        if state.open:
            yield self._queue(state, -1, at, done=True)
        state.closed_at = at
        due = state.clock.due if state.clock else None
        timeliness = "no_due" if due is None else "late" if at > due else "on_time"
        yield Count(figures.DONE, self._district.day(at), (self._label(state.unit), state.kind, timeliness))
        if state.arrived is not None:
            yield self._left(state, at, 1)
        yield from self._quieten(state, at)
        if state.waits:
            state.waits = False
            yield Resolve(UNASSIGNED, state.document, at, state.commune)

    # -- time passes -----------------------------------------------------------------------------------------

    def next_deadline(self, state: Document) -> datetime | None:
        if state.closed_at is not None:
            return None if state.forgotten else state.closed_at + self._policy.forget_after
        moments = (self._rings_from(state), self._waits_from(state), self._ages_at(state))
        return min((at for at in moments if at is not None), default=None)

    def on_deadline(self, state: Document, at: datetime) -> Iterable[Finding]:
        if state.closed_at is not None:
            state.forgotten = True
            return
        if (aged := self._ages_at(state)) is not None and aged <= at:
            state.aged += 1
        if (waits := self._waits_from(state)) is not None and waits <= at and state.arrived is not None:
            state.waits = True
            said = {"arrived": self._district.told(state.arrived.at), "within": self._policy.assign_within.words}
            yield self._raise(UNASSIGNED, state, at, said)
        if (rings := self._rings_from(state)) is not None and rings <= at:
            yield from self._ring(state, at)

    def on_rules(self, state: Document, at: datetime) -> Iterable[Finding]:
        """A calendar that changed moves what is open; both due times are kept."""
        if state.clock is None or state.closed_at is not None:
            return
        before, after = state.clock, state.clock.by(self._calendar)
        if before.due != after.due:
            yield deadline_moved("document", state.document, before, after, at)
            yield from [self._queue(state, -1, at)] if state.open else []
            state.clock = after
            yield from [self._queue(state, 1, at)] if state.open else []
            yield from self._quieten(state, at)
        state.clock = after

    def _ring(self, state: Document, at: datetime) -> Iterable[Finding]:
        assert state.clock is not None and state.clock.due is not None
        if state.said == "soon":
            yield Resolve(DUE_SOON, state.document, at, state.commune)
        if state.said == "" and at < self._over_at(state.clock):
            state.said = "soon"
        else:
            state.said, state.overdue_on = "overdue", self._district.day(at)
            yield from self._count_overdue(state, at, 1)
        # A most urgent telegram that is late belongs on the wall.
        severity: Severity | None = "severe" if state.said == "overdue" and state.urgency == "most_urgent" else None
        yield self._raise(KINDS[state.said], state, at, {"due": self._district.told(state.clock.due)}, severity)

    def _rings_from(self, state: Document) -> datetime | None:
        if state.clock is None or state.clock.due is None or state.said == "overdue":
            return None
        policy = self._policy
        if state.said == "soon":
            return self._over_at(state.clock)
        return soon_from(
            state.clock, self._calendar, days=policy.soon_days, share=policy.soon_share, hours=policy.soon_hours
        )  # fmt: skip

    @staticmethod
    def _over_at(clock: Clock) -> datetime:
        assert clock.due is not None
        return max(clock.due, clock.running_since)

    def _waits_from(self, state: Document) -> datetime | None:
        given = state.unit is not None or state.assigned is not None
        if state.arrived is None or state.kind != "incoming" or given or state.waits:
            return None
        return self._policy.assign_within.due(self._calendar, state.arrived.at)

    @staticmethod
    def _ages_at(state: Document) -> datetime | None:
        return ages_at(state.arrived.at, state.aged) if state.arrived else None

    # -- what is said ----------------------------------------------------------------------------------------

    def facts(self, state: Document) -> Iterable[Share]:
        if state.open:
            unit = self._label(state.unit)
            term = {"": "within", "soon": "due_soon", "overdue": "overdue"}[state.said] if state.clock else "no_due"
            yield figures.DOCUMENTS_OPEN, (unit, term), 1
            yield figures.DOCUMENTS_BY_AGE, (unit, age_label(state.aged)), 1

    def finished(self, state: Document) -> bool:
        return state.forgotten

    def _quieten(self, state: Document, at: datetime) -> Iterable[Finding]:
        if state.said:
            yield Resolve(KINDS[state.said], state.document, at, state.commune)
        yield from self._count_overdue(state, at, -1)
        state.said, state.overdue_on = "", None

    def _raise(
        self, kind: AlertKind, state: Document, at: datetime, values: dict[str, object],
        severity: Severity | None = None,
    ) -> Raise:  # fmt: skip
        what, mark = WHAT[state.kind], MARKS[state.urgency]
        named = {"what": Text(what.vi + mark.vi, what.en + mark.en), "unit": self._district.unit_name(state.unit)}
        evidence = (state.arrived,) if state.arrived else ()
        return Raise(
            kind, state.document, at, state.commune, severity, values={**named, **values}, evidence=evidence
        )  # fmt: skip

    def _queue(self, state: Document, by: Literal[1, -1], at: datetime, done: bool = False) -> Emit:
        assert state.arrived is not None
        return Emit(QUEUE_CHANGES, QueueChanged(
            work="document", queue=state.unit or "none", case=state.document, by=by, commune=state.commune,
            since=state.arrived.at, due=state.clock.due if state.clock else None, done=done,
        ), at)  # fmt: skip

    def _left(self, state: Document, at: datetime, by: int) -> Count:
        assert state.arrived is not None
        days = max(0, (self._district.day(at) - self._district.day(state.arrived.at)).days)
        return Count(figures.LEFT_AFTER, self._district.day(at), (self._label(state.unit), str(days)), by)

    def _count_overdue(self, state: Document, at: datetime, by: int) -> Iterable[Count]:
        if state.overdue_on is not None:
            yield Count(
                figures.OVERDUE_CHANGE, max(self._district.day(at), state.overdue_on), (self._label(state.unit),), by
            )

    def _form(self, unit: str, way: str, electronic: bool, at: datetime) -> Count:
        return Count(figures.BY_FORM, self._district.day(at), (unit, way, "yes" if electronic else "no"))

    def _label(self, unit: str | None) -> str:
        return self._district.unit_label(unit)


SPEC = Spec(
    "document_due",
    Text("Văn bản, nhiệm vụ sắp đến hạn và quá hạn", "Documents and tasks due soon and overdue"),
    folds=(DOCUMENT,),
    hears=(DocumentArrived, DocumentAssigned, DocumentSigned, DocumentSent, DocumentDone),
    build=DocumentDue,
    state=Document,
    params=DocumentPolicy,
    kinds=(DUE_SOON, OVERDUE, UNASSIGNED),
    emits=(QUEUE_CHANGES, DEADLINES),
    facts=(figures.DOCUMENTS_OPEN, figures.DOCUMENTS_BY_AGE),
    ratios=(figures.DOCUMENTS_OVERDUE,),
    tallies=(figures.ARRIVED, figures.DONE, figures.SENT, figures.BY_FORM, figures.LEFT_AFTER, figures.OVERDUE_CHANGE),
)
