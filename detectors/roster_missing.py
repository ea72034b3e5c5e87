"""An agency that must have somebody on duty has no roster for tonight.

For the shift leader, at 16:00 of office time: at 03:00 it is too late to find out that nobody knows whom to ring.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import Field

from ioc.agencies.roster import RosterFiled
from ioc.alerts.kind import PLATFORM_MODULE, AlertKind
from ioc.detector import Detector, Finding, Params, Raise, Resolve, Spec, State
from ioc.district import District
from ioc.events.base import AnyEvent, Declared, Moment
from ioc.folds import AGENCY
from ioc.text import Text

MISSING = AlertKind(
    "roster_missing",
    PLATFORM_MODULE,
    "moderate",
    Text("Chưa có lịch trực đêm nay", "No duty roster for tonight"),
    Text("{name} chưa gửi lịch trực cho đêm {night}", "{name} has filed no duty roster for the night of {night}"),
)


class RosterParams(Params):
    """When tonight's roster is looked for."""

    look_at: Annotated[time, Field(description="local time of day at which it must be there")] = time(16, 0)
    night: Annotated[time, Field(description="local time of the evening at which somebody must be on duty")] = time(
        22, 0
    )


class Duties(State):
    """The duties that are known and not over, and the day that was looked at last."""

    agency: str = ""
    duties: dict[str, tuple[Moment, Moment]] = Field(default_factory=dict)
    heard: Moment | None = None
    looked: date | None = None
    missing: date | None = None


class RosterMissing(Detector[Duties]):
    """One agency's rosters."""

    def __init__(self, params: RosterParams, district: District) -> None:
        self._params, self._district = params, district
        self._names = {agency.id: agency for agency in district.agencies if agency.on_duty}

    def new_state(self) -> Duties:
        return Duties()

    def on_event(self, state: Duties, event: AnyEvent) -> Iterable[Finding]:
        state.agency = event.subject
        state.heard = max(state.heard or event.at, event.at)
        if isinstance(event.data, Declared):
            return
        filed: RosterFiled = event.data
        kept = {day: span for day, span in state.duties.items() if span[1] > event.at}
        state.duties = kept | {filed.day.isoformat(): (filed.since, filed.until)}
        tonight = self._district.day(event.at)
        if state.missing is not None and (self._covered(state, state.missing) or self._covered(state, tonight)):
            state.missing = None
            yield Resolve(MISSING, state.agency, event.at)

    def next_deadline(self, state: Duties) -> datetime | None:
        if state.agency not in self._names or state.heard is None:
            return None
        if state.looked is None:
            day = self._district.day(state.heard)
            look = self._district.moment(day, self._params.look_at)
            return look if look >= state.heard else look + timedelta(days=1)
        return self._district.moment(state.looked + timedelta(days=1), self._params.look_at)

    def on_deadline(self, state: Duties, at: datetime) -> Iterable[Finding]:
        today = self._district.day(at)
        state.looked = today
        if self._covered(state, today):
            if state.missing is not None:
                state.missing = None
                yield Resolve(MISSING, state.agency, at)
            return
        state.missing = today
        name = self._district.agency_name(state.agency)
        commune = self._names[state.agency].commune
        yield Raise(MISSING, state.agency, at, commune, values={"name": name, "night": today.strftime("%d/%m/%Y")})

    def _covered(self, state: Duties, day: date) -> bool:
        night = self._district.moment(day, self._params.night)
        return any(since <= night < until for since, until in state.duties.values())


def _build(params: RosterParams, district: District) -> RosterMissing:
    return RosterMissing(params, district)


SPEC = Spec(
    "roster_missing",
    Text("Chưa có lịch trực", "Roster missing"),
    folds=(AGENCY,),
    hears=(Declared, RosterFiled),
    build=_build,
    state=Duties,
    params=RosterParams,
    kinds=(MISSING,),
)
