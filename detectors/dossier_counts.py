"""What the one-stop desk did, counted by day: received by channel and service, fees and how they were paid, digitised
papers and results, answers to the survey, and what ended without a result.

For the periodic reports. A figure belongs to the day of what happened: what comes late, or sets an earlier event right,
changes that day's figure, and is counted as a correction. Whether a fee was paid online is told of the day on which it
fell due, so that a share is never more than the whole.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from ioc.alerts.kind import DOSSIER_MODULE
from ioc.detector import Count, Detector, Finding, Params, Spec, State, Tally
from ioc.district import OTHER, District, Duration
from ioc.events.base import AnyEvent, Moment
from ioc.events.dossiers import (
    DossierData,
    DossierReceived,
    DossierRefused,
    DossierResolved,
    DossierReturned,
    DossierStopped,
    DossierWithdrawn,
    FeeDue,
    FeePaid,
    SurveyAnswered,
)
from ioc.folds import DOSSIER
from ioc.office import dossier_figures as figures
from ioc.text import Text

#: What each event is called that ends a dossier without a result; of a returned one nobody told us the result.
ENDINGS: dict[type[DossierData], str] = {
    DossierRefused: "refused", DossierWithdrawn: "withdrawn", DossierStopped: "stopped", DossierReturned: "returned",
}  # fmt: skip


class CountPolicy(Params):
    """How long a dossier is remembered, so that nothing is counted twice."""

    forget_after: Annotated[Duration, Field(description="a finished dossier is forgotten after this")] = timedelta(
        days=30
    )


class Counted(State):
    """What has been counted of one dossier: when, and of what was received or resolved also how."""

    received_at: Moment | None = None
    received_as: tuple[str, str, str] = ("", "", "")
    procedure: str = ""
    resolved_at: Moment | None = None
    resolved_as: str = ""
    fee_at: Moment | None = None
    paid: bool = False
    surveyed: bool = False
    ended_at: Moment | None = None
    forgotten: bool = False


class DossierCounts(Detector[Counted]):
    """Counts one dossier's steps, each once."""

    def __init__(self, policy: CountPolicy, district: District) -> None:
        self._policy, self._district = policy, district

    def new_state(self) -> Counted:
        return Counted()

    def on_event(self, state: Counted, event: AnyEvent) -> Iterable[Finding]:
        data: DossierData = event.data
        commune = self._district.commune_label(data.commune, event.at)
        before = state.model_copy()
        yield from self._counts(state, data, event.at, commune)
        if data.corrects and state != before:
            yield self._count(figures.CORRECTIONS, event.at, (commune, "corrected"))

    def on_late(self, state: Counted, event: AnyEvent) -> Iterable[Finding]:
        before = state.model_copy()
        yield from self.on_event(state, event)
        if not event.data.corrects and state != before:
            commune = self._district.commune_label(event.data.commune, event.at)
            yield self._count(figures.CORRECTIONS, event.at, (commune, "late"))

    def next_deadline(self, state: Counted) -> datetime | None:
        ended = state.resolved_at or state.ended_at
        return None if ended is None or state.forgotten else ended + self._policy.forget_after

    def on_deadline(self, state: Counted, at: datetime) -> Iterable[Finding]:
        state.forgotten = True
        return ()

    def finished(self, state: Counted) -> bool:
        return state.forgotten

    def _counts(self, state: Counted, data: DossierData, at: datetime, commune: str) -> Iterable[Count]:
        match data:
            case DossierReceived() if state.received_at is None or data.corrects:
                yield from self._receive(state, data, at, commune)
            case FeeDue() | FeePaid():
                yield from self._fee(state, data, at, commune)
            case DossierResolved() if state.resolved_at is None or data.corrects:
                yield from self._resolve(state, data, at, commune)
            case SurveyAnswered() if not state.surveyed:
                state.surveyed = True
                yield self._count(figures.SURVEYS, at, (commune, data.answer))
            case _ if type(data) in ENDINGS and state.ended_at is None and state.resolved_at is None:
                state.ended_at = at
                yield self._count(figures.ENDED, at, (commune, ENDINGS[type(data)]))

    def _receive(self, state: Counted, data: DossierReceived, at: datetime, commune: str) -> Iterable[Count]:
        procedure = self._district.procedure(data.procedure)
        service = data.service or (procedure.service(self._district.day(at)) if procedure else None) or "none"
        now, code = (data.channel, service, _yes(data.digitised)), procedure.code if procedure else OTHER
        if (state.received_at, state.received_as, state.procedure) == (at, now, code):
            return
        if state.received_at is not None:
            yield from self._received(state, commune, -1)
        state.received_at, state.received_as, state.procedure = at, now, code
        yield from self._received(state, commune, 1)

    def _received(self, state: Counted, commune: str, by: int) -> Iterable[Count]:
        assert state.received_at is not None
        at, (channel, service, digitised) = state.received_at, state.received_as
        yield self._count(figures.RECEIVED, at, (commune, channel, service), by)
        yield self._count(figures.RECEIVED_OF, at, (state.procedure, channel), by)
        if digitised:
            yield self._count(figures.DIGITISED, at, (commune, "papers", digitised), by)
        if state.resolved_at is not None:
            yield self._count(figures.RESOLVED_AS, state.resolved_at, (commune, channel, service), by)

    def _resolve(self, state: Counted, data: DossierResolved, at: datetime, commune: str) -> Iterable[Count]:
        now = _yes(data.electronic)
        if (state.resolved_at, state.resolved_as) == (at, now):
            return
        if state.resolved_at is not None:
            yield from self._resolved(state, commune, -1)
        state.resolved_at, state.resolved_as = at, now
        yield from self._resolved(state, commune, 1)

    def _resolved(self, state: Counted, commune: str, by: int) -> Iterable[Count]:
        assert state.resolved_at is not None
        if state.resolved_as:
            yield self._count(figures.DIGITISED, state.resolved_at, (commune, "result", state.resolved_as), by)
        if state.received_at is not None:
            yield self._count(figures.RESOLVED_AS, state.resolved_at, (commune, *state.received_as[:2]), by)

    def _fee(self, state: Counted, data: FeeDue | FeePaid, at: datetime, commune: str) -> Iterable[Count]:
        if state.fee_at is None:  # one that was paid before anybody said that it was due fell due then
            state.fee_at = at
            yield self._count(figures.FEES, at, (commune, "open"))
        if isinstance(data, FeePaid) and not state.paid:
            state.paid = True
            yield self._count(figures.FEES, state.fee_at, (commune, "open"), -1)
            yield self._count(figures.FEES, state.fee_at, (commune, "online" if data.online else "otherwise"))

    def _count(self, tally: Tally, at: datetime, labels: tuple[str, ...], by: int = 1) -> Count:
        return Count(tally, self._district.day(at), labels, by)


def _yes(said: bool | None) -> str:
    return "" if said is None else "yes" if said else "no"


SPEC = Spec(
    "dossier_counts",
    Text("Số liệu hồ sơ theo ngày", "Figures of dossiers by day"),
    folds=(DOSSIER,),
    hears=(
        DossierReceived, FeeDue, FeePaid, DossierResolved, SurveyAnswered, DossierRefused, DossierWithdrawn,
        DossierStopped, DossierReturned,
    ),
    build=DossierCounts,
    state=Counted,
    params=CountPolicy,
    tallies=(
        figures.RECEIVED, figures.RECEIVED_OF, figures.RESOLVED_AS, figures.ENDED, figures.FEES,
        figures.DIGITISED, figures.SURVEYS, figures.CORRECTIONS,
    ),
    ratios=(figures.ONLINE,),
    shown_with=DOSSIER_MODULE,
)  # fmt: skip
