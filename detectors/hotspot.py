"""A satellite's hotspot becomes a sign of fire in its commune; one that burns there all the year does not.

For ``fire``, which merges what belongs together. NASA FIRMS advises against using single pixels for decisions on
the ground: until a ranger has answered it is *điểm nghi cháy*. Low confidence (MODIS below 30 %, VIIRS ``low``) is
a weak sign. A cell of 0.005° that was hot on ten days within a year is a static source (kiln, flare, rubbish tip):
it is counted and gives no sign, as what the district file or the provider itself calls static. Hotspots come hours
after they were acquired, so late ones are judged like others.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from hashlib import blake2b
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ioc.alerts.alert import Evidence, Words2
from ioc.alerts.kind import FOREST_MODULE
from ioc.detector import Count, Detector, Emit, Finding, Params, Spec, State, Tally
from ioc.district import District, Duration
from ioc.events.base import AnyEvent
from ioc.events.forest import FIRE_SIGNS, FireSign, Hotspot
from ioc.events.requests import Latitude, Longitude
from ioc.fire.hotspots import LEAST_REACH_M, TOGETHER, reach_m
from ioc.folds import HOTSPOT
from ioc.geography import communes_of, distance_m
from ioc.text import Text, number


class StaticPlace(BaseModel):
    """A place that is hot and no forest fire: a kiln, a power plant, a rubbish tip."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(description="what people call it")]
    latitude: Annotated[Latitude, Field(description="degrees")]
    longitude: Annotated[Longitude, Field(description="degrees")]
    radius_m: Annotated[float, Field(gt=0, description="hotspots so near are its own, m")] = 750.0


class HotspotPolicy(Params):
    """Which hotspots are signs of fire."""

    static_days: Annotated[int, Field(ge=2, le=60, description="hot on so many days within a year: static")] = 10
    static_places: Annotated[tuple[StaticPlace, ...], Field(description="known static sources")] = ()
    least_reach_m: Annotated[float, Field(gt=0, description="a fire may be so far from its pixel, m")] = LEAST_REACH_M
    lasts: Annotated[Duration, Field(description="a hotspot speaks of a fire for so long")] = TOGETHER


HOTSPOTS_SEEN = Tally("hotspots", Text("Điểm nóng vệ tinh", "Satellite hotspots"), ("commune", "verdict"), words={
    "low": Text("tin cậy thấp", "low confidence"), "nominal": Text("tin cậy trung bình", "nominal confidence"),
    "high": Text("tin cậy cao", "high confidence"), "static": Text("nguồn cố định", "static source"),
    "outside": Text("ngoài địa bàn", "outside the district"),
})  # fmt: skip


class Cell(State):
    """One cell: the last days on which it was hot, with the names of that day's hotspots."""

    days: dict[date, list[str]] = Field(default_factory=dict)


class HotspotSigns(Detector[Cell]):
    """Watches one cell of 0.005°."""

    def __init__(self, policy: HotspotPolicy, district: District) -> None:
        self._policy, self._district = policy, district
        self._communes = communes_of(district)

    def new_state(self) -> Cell:
        return Cell()

    def on_event(self, state: Cell, event: AnyEvent) -> Iterable[Finding]:
        spot: Hotspot = event.data
        day, name = self._district.day(event.at), blake2b(event.id.encode(), digest_size=5).hexdigest()
        full = len(state.days) >= self._policy.static_days
        if name in state.days.get(day, ()) or (full and day < min(state.days)):
            return  # told again
        state.days.setdefault(day, []).append(name)
        found = self._communes.at(spot.latitude, spot.longitude)
        verdict = "outside" if found is None else "static" if self._static(state, spot) else spot.confidence
        yield Count(HOTSPOTS_SEEN, day, (found.commune.code if found else "", verdict))
        if found is not None and verdict != "static":
            yield Emit(FIRE_SIGNS, self._sign(spot, event, found.commune.code, found.approximate), event.at)

    def on_late(self, state: Cell, event: AnyEvent) -> Iterable[Finding]:
        """Hours late is usual."""
        return self.on_event(state, event)

    def _static(self, state: Cell, spot: Hotspot) -> bool:
        newest = max(state.days)
        kept = sorted(each for each in state.days if newest - each < timedelta(days=365))[-self._policy.static_days :]
        state.days = {each: state.days[each] for each in kept}
        known = any(
            distance_m((place.latitude, place.longitude), (spot.latitude, spot.longitude)) <= place.radius_m
            for place in self._policy.static_places
        )
        return known or spot.static or len(state.days) >= self._policy.static_days

    def _sign(self, spot: Hotspot, event: AnyEvent, commune: str, approximate: bool) -> FireSign:
        at = self._district.local(event.at).strftime("%H:%M %d/%m")
        power = spot.power_mw
        vi = f"vệ tinh {spot.satellite} ({spot.instrument}) lúc {at}" + (f", {number(power, 'vi')} MW" if power else "")
        en = f"satellite {spot.satellite} ({spot.instrument}) at {at}" + (
            f", {number(power, 'en')} MW" if power else ""
        )
        return FireSign(
            sign_source="hotspot",
            thing=spot.satellite,
            strength="weak" if spot.confidence == "low" else "firm",
            commune=commune,
            approximate=approximate,
            latitude=spot.latitude,
            longitude=spot.longitude,
            reach_m=reach_m(spot, self._policy.least_reach_m),
            lasts_s=self._policy.lasts.total_seconds(),
            says=Words2(vi=vi, en=en),
            evidence=(Evidence.of(event),),
        )


SPEC = Spec(
    "hotspot",
    Text("Điểm nóng vệ tinh", "Satellite hotspots"),
    folds=(HOTSPOT,),
    hears=(Hotspot,),
    build=HotspotSigns,
    state=Cell,
    params=HotspotPolicy,
    emits=(FIRE_SIGNS,),
    tallies=(HOTSPOTS_SEEN,),
    shown_with=FOREST_MODULE,
)
