"""A commune's forest fire danger of the day: the highest of its stations', told by a bulletin at its hour.

For the duty room, which has duties from level III on (Nghị định 156/2018/NĐ-CP, Điều 46; what a province asks for
besides is the district file's). A rise is an event, told with its cause in words; staying at IV or V for weeks is a
state, in bulletins that are then repeated through the day, and no alert. From III on, tonight's duty roster must be
there by its hour. A commune without a rating says so: that is no level I.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from ioc.alerts.alert import Evidence, Words2
from ioc.alerts.kind import FOREST_MODULE, AlertKind, Severity
from ioc.detector import Detector, Emit, Fact, Finding, Params, Raise, Resolve, Share, Spec, State
from ioc.district import District, Duration
from ioc.events.base import AnyEvent, Code, Declared, Moment
from ioc.events.forest import BULLETINS, FIRE_SIGNS, DangerRated, DutyRostered, StationRated
from ioc.fire import tables
from ioc.fire.bulletin import Told, bulletin, cause
from ioc.fire.levels import LEVELS
from ioc.folds import FOREST_COMMUNE
from ioc.text import Text

Number = Literal[1, 2, 3, 4, 5]
SEVERITY: dict[int, Severity] = {1: "minor", 2: "minor", 3: "minor", 4: "moderate", 5: "severe"}


class Duty(BaseModel):
    """One line of a level's checklist."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    vi: Annotated[str, Field(description="what is to be done, in Vietnamese")]
    en: Annotated[str, Field(description="what is to be done, in English")]


class BulletinPolicy(Params):
    """When bulletins go out, and what a level obliges."""

    table: Annotated[str, Field(description="table that the levels rest on, as in station_danger")] = "tham_khao"
    at: Annotated[time, Field(description="local time of the daily bulletin")] = time(15)
    again: Annotated[Duration, Field(description="at IV and V it is repeated this often")] = timedelta(hours=3)
    roster_by: Annotated[time, Field(description="tonight's duty roster must be there by this local time")] = time(17)
    roster_from: Annotated[Number, Field(description="level from which a duty roster is needed")] = 3
    forest_communes: Annotated[tuple[Code, ...], Field(description="communes with forest; none named: all")] = ()
    duties: Annotated[
        Mapping[Literal["1", "2", "3", "4", "5"], tuple[Duty, ...]],
        Field(description="checklist by level, in the province's words"),
    ] = {}


ROSE = AlertKind(
    "fire_danger_rose",
    FOREST_MODULE,
    "moderate",
    Text("Cấp dự báo cháy rừng tăng", "Fire danger has risen"),
    Text(
        "Xã {commune}: cấp dự báo cháy rừng tăng từ {before} lên {level} ({name}); {cause}",
        "{commune}: forest fire danger has risen from {before} to {level} ({name}); {cause}",
    ),
)
NO_ROSTER = AlertKind(
    "fire_roster_missing",
    FOREST_MODULE,
    "moderate",
    Text("Chưa có lịch trực cháy rừng", "No duty roster for tonight"),
    Text(
        "Xã {commune}: cấp {level}, chưa có lịch trực phòng cháy rừng đêm {night}",
        "{commune}: level {level}, and no fire duty roster for the night of {night}",
    ),
)
LEVEL = Fact(
    "fire_danger_level", Text("Cấp dự báo cháy rừng (1–5)", "Fire danger level (1 to 5)"), ("commune",), aggregate="max"
)
P = Fact("fire_danger_p", Text("Chỉ số P", "Index P"), ("commune",), aggregate="max")


class Danger(State):
    """A commune's newest ratings by station, and what was told last; ``known`` is the last level that there was."""

    commune: str = ""
    ratings: dict[str, StationRated] = Field(default_factory=dict)
    day: date | None = None
    level: int | None = None
    known: int | None = None
    p: float | None = None
    told_at: Moment | None = None
    look: Moment | None = None
    rosters: list[date] = Field(default_factory=list)
    rose: bool = False
    unrostered: bool = False


class FireDanger(Detector[Danger]):
    """Watches one commune. Its one deadline is the next bulletin, its repetition, or the hour of the roster."""

    def __init__(self, policy: BulletinPolicy, district: District) -> None:
        self._policy, self._district = policy, district
        self._zone, self._table = ZoneInfo(district.timezone), tables.load(policy.table)

    def new_state(self) -> Danger:
        return Danger()

    def on_event(self, state: Danger, event: AnyEvent) -> Iterable[Finding]:
        state.commune = event.subject
        if state.look is None and self._wooded(state):
            state.look = self._next(state, event.at - timedelta(microseconds=1))
        match event.data:
            case StationRated() as rated:
                known = state.ratings.get(rated.station)
                if known is None or known.day <= rated.day:
                    state.ratings[rated.station] = rated
                    if state.day == rated.day and known != rated:  # told already: what is told now corrects it
                        yield from self._tell(state, event.at, Evidence.of(event))
            case DutyRostered() as roster:
                state.rosters = sorted({*state.rosters, roster.night})[-3:]
                if state.unrostered and roster.night >= self._district.day(event.at):
                    state.unrostered = False
                    yield Resolve(NO_ROSTER, state.commune, event.at, state.commune)

    def on_late(self, state: Danger, event: AnyEvent) -> Iterable[Finding]:
        """A station's late rating corrects what was told."""
        return self.on_event(state, event) if state.look is not None else ()

    def _wooded(self, state: Danger) -> bool:
        named = self._policy.forest_communes or {commune.code for commune in self._district.communes}
        return state.commune in named

    # -- time ------------------------------------------------------------------------------------------------

    def _next(self, state: Danger, after: datetime) -> datetime:
        """The next moment of a bulletin, of its repetition, or of the roster."""
        day = self._district.day(after)
        hours = (self._policy.at, self._policy.roster_by)
        moments = [datetime.combine(day + timedelta(days=n), hour, self._zone) for n in (0, 1) for hour in hours]
        if state.told_at is not None and (state.level or 0) >= 4:
            passed = max(0, int((after - state.told_at) / self._policy.again))
            moments.append(state.told_at + (passed + 1) * self._policy.again)
        return min(moment for moment in moments if moment > after)

    def next_deadline(self, state: Danger) -> datetime | None:
        return state.look

    def on_deadline(self, state: Danger, at: datetime) -> Iterable[Finding]:
        local = self._district.local(at)
        if local.time() == self._policy.at:
            yield from self._daily(state, at)
        elif state.told_at is not None and (state.level or 0) >= 4 and not (at - state.told_at) % self._policy.again:
            yield from self._publish(state, at, state.level)
        if local.time() == self._policy.roster_by:
            yield from self._check_roster(state, at)
        state.look = self._next(state, at) if self._wooded(state) else None

    def _check_roster(self, state: Danger, at: datetime) -> Iterable[Finding]:
        tonight = self._district.day(at)
        needed = (state.level or 0) >= self._policy.roster_from and tonight not in state.rosters
        if needed and not state.unrostered:
            state.unrostered = True
            level = LEVELS[(state.level or 1) - 1]
            yield self._raise(state, NO_ROSTER, at, None, {"level": level.roman, "night": f"{tonight:%d/%m/%Y}"})
        elif state.unrostered and not needed:
            state.unrostered = False
            yield Resolve(NO_ROSTER, state.commune, at, state.commune)

    # -- what is told ----------------------------------------------------------------------------------------

    def _daily(self, state: Danger, at: datetime) -> Iterable[Finding]:
        state.told_at, state.day = at, self._district.day(at)
        if state.rose:
            state.rose = False
            yield Resolve(ROSE, state.commune, at, state.commune)
        if state.unrostered:  # that night is over
            state.unrostered = False
            yield Resolve(NO_ROSTER, state.commune, at, state.commune)
        yield from self._tell(state, at, None)

    def _tell(self, state: Danger, at: datetime, evidence: Evidence | None) -> Iterable[Finding]:
        """Rate the commune, say what changed, and publish."""
        before, highest = state.known, self._highest(state)
        state.level, state.p = (highest.level, highest.p) if highest else (None, None)
        state.known = state.level or state.known
        yield from self._publish(state, at, before)
        if highest and state.level and state.level >= self._policy.roster_from and state.level > (before or 1):
            state.rose = True
            level, said = LEVELS[state.level - 1], cause(self._told(state, highest))
            values = {"level": level.roman, "name": level.name, "cause": said,
                      "before": LEVELS[(before or 1) - 1].roman if before else Text("chưa rõ", "unknown")}  # fmt: skip
            yield self._raise(state, ROSE, at, SEVERITY[state.level], values, highest.p, evidence)
        elif state.rose and (state.level or 0) <= (before or 0) and (state.level or 0) < self._policy.roster_from:
            state.rose = False
            yield Resolve(ROSE, state.commune, at, state.commune)
        if state.unrostered and (state.level or 0) < self._policy.roster_from:
            state.unrostered = False
            yield Resolve(NO_ROSTER, state.commune, at, state.commune)

    def _highest(self, state: Danger) -> StationRated | None:
        """The station that the commune's level is taken from: the highest of today's."""
        rated = [each for each in state.ratings.values() if each.day == state.day and each.level is not None]
        return max(rated, key=lambda each: (each.level or 0, each.p or 0.0, each.station), default=None)

    def _told(self, state: Danger, highest: StationRated | None) -> Told:
        today = [each for each in state.ratings.values() if each.day == state.day]
        refused = next((each.refused for each in today if each.refused), None)
        return Told(
            self._district.commune_name(state.commune), state.day, highest, self._table, refused,
            tuple(each.station for each in today if not each.missing),
        )  # fmt: skip

    def _publish(self, state: Danger, at: datetime, before: int | None) -> Iterable[Emit]:
        if state.day is None:
            return
        highest = self._highest(state)
        told = self._told(state, highest)
        level = LEVELS[state.level - 1] if state.level else None
        centre = next((each for each in self._district.communes if each.code == state.commune), None)
        duties = self._policy.duties.get(_key(state.level), ()) if state.level else ()
        data = DangerRated(
            commune=state.commune,
            day=state.day,
            level=state.level,
            before=before,
            roman=level.roman if level else "",
            certain=highest is not None and highest.p_low == highest.p_high,
            official=self._table.status == "official",
            basis=Words2.of(self._table.basis),
            p=highest.p if highest else None,
            fwi=highest.fwi if highest else None,
            dry_days=highest.dry_days if highest else 0,
            cause=Words2.of(cause(told)),
            bulletin=Words2.of(bulletin(told, before)),
            duties=tuple(Words2(vi=duty.vi, en=duty.en) for duty in duties),
            continuous=(state.level or 0) >= 4,
            stations=told.stations,
            latitude=centre.latitude if centre else None,
            longitude=centre.longitude if centre else None,
        )
        yield Emit(BULLETINS, data, at)
        yield Emit(FIRE_SIGNS, data, at)

    def _raise(
        self, state: Danger, kind: AlertKind, at: datetime, severity: Severity | None,
        values: Mapping[str, object], value: float | None = None, evidence: Evidence | None = None,
    ) -> Raise:  # fmt: skip
        centre = next((each for each in self._district.communes if each.code == state.commune), None)
        return Raise(
            kind, state.commune, at, state.commune, severity, value=value,
            values={"commune": self._district.commune_name(state.commune), **values},
            place=(centre.latitude, centre.longitude) if centre else None,
            evidence=(evidence,) if evidence else (),
        )  # fmt: skip

    def facts(self, state: Danger) -> Iterable[Share]:
        if state.level is not None:
            yield LEVEL, (state.commune,), state.level
        if state.p is not None:
            yield P, (state.commune,), round(state.p)


def _key(level: int) -> Literal["1", "2", "3", "4", "5"]:
    keys: tuple[Literal["1", "2", "3", "4", "5"], ...] = ("1", "2", "3", "4", "5")
    return keys[level - 1]


SPEC = Spec(
    "fire_danger",
    Text("Cấp dự báo cháy rừng của xã", "Fire danger of a commune"),
    folds=(FOREST_COMMUNE,),
    hears=(Declared, StationRated, DutyRostered),
    build=FireDanger,
    state=Danger,
    params=BulletinPolicy,
    kinds=(ROSE, NO_ROSTER),
    emits=(BULLETINS, FIRE_SIGNS),
    facts=(LEVEL, P),
)
