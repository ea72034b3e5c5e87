"""A station disagrees with its neighbours as only an instrument can: a rain gauge that stays dry, wind in another unit.

For whoever looks after the stations; danger is rated by them meanwhile, and the alert says which of its numbers not to
believe. A gauge that is blocked gives a perfectly possible zero, and a firmware that begins to send metres a second
gives perfectly possible winds: one station alone cannot tell, and its neighbours in the commune can. Wind is held
against the same station's ratio to them of before, so that a sheltered place is no fault.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from math import log
from statistics import median
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from ioc.alerts.kind import FOREST_MODULE, AlertKind
from ioc.detector import Detector, Finding, Params, Raise, Resolve, Spec, State
from ioc.district import District
from ioc.events.base import AnyEvent, Moment
from ioc.events.forest import StationRated
from ioc.folds import FOREST_COMMUNE
from ioc.text import Text

#: Metres a second in a kilometre an hour, as a shift of logarithms.
SLIP = log(3.6)
#: A day's ratings come one by one; the day is judged when all that come in time are there.
GATHERED = timedelta(minutes=30)


class NeighbourPolicy(Params):
    """When a station disagrees."""

    neighbours: Annotated[int, Field(ge=2, description="so many others of the commune must be known that day")] = 2
    rain_days: Annotated[int, Field(ge=2, le=15, description="rain is compared over so many days")] = 10
    wet_mm: Annotated[float, Field(gt=0, description="a day is wet if half of the others had so much, mm")] = 5.0
    wet_days: Annotated[int, Field(ge=2, description="dry on so many wet days: the gauge is silent")] = 3
    trace_mm: Annotated[float, Field(ge=0, description="so much is as good as no rain, mm")] = 0.2
    wind_kmh: Annotated[float, Field(gt=0, description="wind is compared when the others have so much, km/h")] = 5.0
    recent_days: Annotated[int, Field(ge=2, le=7, description="the newest days that must all have slipped")] = 4
    before_days: Annotated[int, Field(ge=3, description="so many days before must be known")] = 6
    kept_days: Annotated[int, Field(ge=10, le=30, description="days that are remembered")] = 16


DISAGREES = AlertKind(
    "station_disagrees",
    FOREST_MODULE,
    "minor",
    Text("Trạm đo lệch với các trạm lân cận", "Station disagrees with its neighbours"),
    Text("{station}: {why}", "{station}: {why}"),
)
DRY = Text(
    "máy đo mưa không ghi mưa trong {days} ngày mưa, các trạm lân cận đo {mm} mm; có thể bị tắc",
    "its rain gauge was dry on {days} wet days on which its neighbours had {mm} mm; it may be blocked",
)
SLIPPED = Text(
    "gió giảm còn khoảng 1/3,6 so với các trạm lân cận; có thể đang gửi m/s thay cho km/h",
    "its wind fell to about 1/3.6 of what it was beside its neighbours; it may send m/s instead of km/h",
)
GREW = Text(
    "gió tăng gấp khoảng 3,6 lần so với các trạm lân cận; trước đây hoặc bây giờ gửi sai đơn vị",
    "its wind grew about 3.6 times beside its neighbours; its unit was wrong before, or is wrong now",
)


class Noon(NamedTuple):
    """What a station gave of one day."""

    day: date
    rain_mm: float | None
    wind_kmh: float | None


class Neighbours(State):
    """A commune's stations: their last days, and who disagrees in what; of wind, with the ratio it had before."""

    commune: str = ""
    days: dict[str, list[Noon]] = Field(default_factory=dict)
    dry: set[str] = Field(default_factory=set)
    slipped: dict[str, float] = Field(default_factory=dict)
    look: Moment | None = None


class StationNeighbours(Detector[Neighbours]):
    """Compares the stations of one commune, day by day."""

    def __init__(self, policy: NeighbourPolicy, district: District) -> None:
        self._policy, self._district = policy, district

    def new_state(self) -> Neighbours:
        return Neighbours()

    def on_event(self, state: Neighbours, event: AnyEvent) -> Iterable[Finding]:
        self._take(state, event.data)
        state.look = event.at + GATHERED
        return ()

    def on_late(self, state: Neighbours, event: AnyEvent) -> Iterable[Finding]:
        """Its day is set right; it is judged with the next one."""
        self._take(state, event.data)
        return ()

    def next_deadline(self, state: Neighbours) -> datetime | None:
        return state.look

    def on_deadline(self, state: Neighbours, at: datetime) -> Iterable[Finding]:
        state.look = None
        for station in sorted(state.days):
            yield from self._rain(state, station, at)
            yield from self._wind(state, station, at)

    def _take(self, state: Neighbours, rated: StationRated) -> None:
        state.commune = rated.commune
        kept = [noon for noon in state.days.get(rated.station, ()) if noon.day != rated.day]
        wind = None if rated.wind_kmh is None else round(rated.wind_kmh, 1)
        kept = sorted([*kept, Noon(rated.day, rated.rain_mm, wind)])
        state.days[rated.station] = kept[-self._policy.kept_days :]

    def _rain(self, state: Neighbours, station: str, at: datetime) -> Iterable[Finding]:
        """Rings when it stayed dry on every wet day lately; over as soon as it shows any rain."""
        policy = self._policy
        lately = state.days[station][-policy.rain_days :]
        wet = [
            (noon.rain_mm, others) for noon in lately
            if noon.rain_mm is not None and (others := self._others(state, station, noon.day, "rain_mm")) is not None
            and others >= policy.wet_mm
        ]  # fmt: skip
        newest = lately[-1].rain_mm
        if station in state.dry and newest is not None and newest > policy.trace_mm:
            state.dry.discard(station)
            yield from self._over(state, station, at)
        elif station not in state.dry and len(wet) >= policy.wet_days and all(mm <= policy.trace_mm for mm, _ in wet):
            state.dry.add(station)
            fallen = sum(others for _, others in wet)
            yield self._raise(state, station, at, DRY.format(days=len(wet), mm=fallen))

    def _wind(self, state: Neighbours, station: str, at: datetime) -> Iterable[Finding]:
        """Rings when its ratio to the others has moved by 3.6 on each of the newest days; over when it is back."""
        ratios = [
            log(noon.wind_kmh / others) for noon in state.days[station]
            if noon.wind_kmh and (others := self._others(state, station, noon.day, "wind_kmh")) is not None
            and others >= self._policy.wind_kmh
        ]  # fmt: skip
        recent, before = ratios[-self._policy.recent_days :], ratios[: -self._policy.recent_days]
        if station in state.slipped:
            if recent and all(abs(ratio - state.slipped[station]) < SLIP / 2 for ratio in recent[-2:]):
                del state.slipped[station]
                noons = state.days[station]  # the days in the wrong unit are no measure of what is usual
                state.days[station] = [*(noon._replace(wind_kmh=None) for noon in noons[:-2]), *noons[-2:]]
                yield from self._over(state, station, at)
        elif len(before) >= self._policy.before_days:
            usual = median(before)
            moved = [ratio - usual for ratio in recent]
            for sign, words in ((-1, SLIPPED), (1, GREW)):
                near = all(abs(each - sign * SLIP) < SLIP / 3 for each in moved)
                if near and abs(median(moved) - sign * SLIP) < SLIP / 5:
                    state.slipped[station] = round(usual, 3)
                    yield self._raise(state, station, at, words)

    def _others(
        self, state: Neighbours, station: str, day: date, what: Literal["rain_mm", "wind_kmh"]
    ) -> float | None:  # fmt: skip
        """The median of the other stations that day; None where too few are known."""
        found = [
            value for name, noons in state.days.items() if name != station
            for noon in noons if noon.day == day and (value := getattr(noon, what)) is not None
        ]  # fmt: skip
        return median(found) if len(found) >= self._policy.neighbours else None

    def _raise(self, state: Neighbours, station: str, at: datetime, why: Text) -> Raise:
        thing = self._district.things.get(station)
        return Raise(
            DISAGREES, station, at, state.commune, values={"station": thing.name if thing else station, "why": why}
        )

    def _over(self, state: Neighbours, station: str, at: datetime) -> Iterable[Resolve]:
        if station not in state.dry and station not in state.slipped:
            yield Resolve(DISAGREES, station, at, state.commune)


SPEC = Spec(
    "station_neighbours",
    Text("Trạm đo so với các trạm lân cận", "Stations against their neighbours"),
    folds=(FOREST_COMMUNE,),
    hears=(StationRated,),
    build=StationNeighbours,
    state=Neighbours,
    params=NeighbourPolicy,
    kinds=(DISAGREES,),
)
