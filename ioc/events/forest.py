"""Forest fire beyond the stations: hotspots from satellites, words of rangers, and what is derived from all of them."""

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field

from ioc.alerts.alert import Evidence, Words2
from ioc.events.base import AnyEvent, Code, Data, Moment, Topic, Words
from ioc.events.requests import Latitude, Longitude
from ioc.text import Text

Confidence = Literal["low", "nominal", "high"]
Positive = Annotated[float, Field(ge=0, le=1e6)]
#: *có cháy, không cháy, đốt có kiểm soát, không tiếp cận được*.
Answer = Literal["fire", "no_fire", "controlled_burn", "unreachable"]
#: Independent of one another: a sensor that errs does not make a satellite err.
SignSource = Literal["sensor", "hotspot", "camera", "citizen"]
#: Side of a cell in which the days of static sources are counted, degrees (about 550 m).
CELL_DEGREES = 0.005


class Hotspot(Data):
    """A thermal anomaly (điểm nóng) that a satellite saw, as NASA FIRMS tells it. It happened when it was acquired."""

    TYPE = "vn.ioc.hotspot.seen"

    satellite: Code
    instrument: Code
    latitude: Latitude
    longitude: Longitude
    confidence: Confidence
    confidence_pct: Annotated[float, Field(ge=0, le=100, description="MODIS says it in percent")] | None = None
    brightness_k: Annotated[float, Field(ge=0, le=2000, description="brightness temperature, K")] | None = None
    power_mw: Annotated[float, Field(ge=0, le=1e6, description="fire radiative power, MW")] | None = None
    scan_km: Annotated[float, Field(ge=0, le=20, description="pixel along the scan, km")] = 1.0
    track_km: Annotated[float, Field(ge=0, le=20, description="pixel along the track, km")] = 1.0
    night: bool | None = None
    static: Annotated[bool, Field(description="the provider holds it for a static source on land")] = False

    @property
    def subject(self) -> str:
        """Its cell, so that those of one place keep their order."""
        row, column = (round(degrees // CELL_DEGREES) for degrees in (self.latitude, self.longitude))
        return f"{row}/{column}"


HOTSPOTS = Topic("hotspots", Text("Điểm nóng vệ tinh", "Satellite hotspots"), events=(Hotspot,), partitions=1)


class ForestReport(Data):
    """What rangers and the room report of a commune's forest."""

    commune: Code

    @property
    def subject(self) -> str:
        return self.commune


class FireAnswered(ForestReport):
    """A ranger has looked (xác minh): what there is, for a suspected fire by its name, or at the ranger's place."""

    TYPE = "vn.ioc.fire.answered"

    fire: Code | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    answer: Answer
    by: Code | None = None
    note: Words = ""


class BurnPermitted(ForestReport):
    """A burn (đốt nương, xử lý thực bì) was permitted at a place and for hours. Registered again, it is replaced."""

    TYPE = "vn.ioc.fire.burn-permitted"

    permit: Code
    latitude: Latitude
    longitude: Longitude
    radius_m: Annotated[float, Field(ge=10, le=5000)] = 300.0
    begins: Moment
    ends: Moment
    holder: Words = ""


class DutyRostered(ForestReport):
    """The duty roster (lịch trực) of a commune for one night is there."""

    TYPE = "vn.ioc.fire.duty-rostered"

    night: date
    people: Annotated[int, Field(ge=1, le=1000)]
    by: Code | None = None


REPORTS: tuple[type[ForestReport], ...] = (FireAnswered, BurnPermitted, DutyRostered)
FOREST_REPORTS = Topic(
    "forest-reports",
    Text("Báo cáo về rừng", "Reports of rangers and the room"),
    events=REPORTS,
    partitions=1,
)


class StationRated(Data):
    """A station's danger rating of one day (at 13:00 local), with the weather that it rests on."""

    TYPE = "vn.ioc.fire.station-rated"

    station: Code
    commune: Code
    day: date
    missing: bool = False
    level: Annotated[int, Field(ge=1, le=5)] | None = None
    p: Positive | None = None
    p_low: Positive | None = None
    p_high: Positive | None = None
    fwi: Positive | None = None
    dry_days: int = 0
    temperature_c: float | None = None
    humidity_pct: float | None = None
    wind_kmh: float | None = None
    rain_mm: float | None = None
    bridged: bool = False
    recomputed_from: Annotated[date | None, Field(description="late data changed the days from this one on")] = None
    refused: Words2 | None = None

    @property
    def subject(self) -> str:
        return self.commune


class DangerRated(Data):
    """A commune's danger level and the bulletin (bản tin) that tells it: as text, and as figures."""

    TYPE = "vn.ioc.fire.danger-rated"

    commune: Code
    day: date
    level: Annotated[int, Field(ge=1, le=5)] | None = None
    before: Annotated[int | None, Field(description="the level of the day before")] = None
    roman: str = ""
    certain: bool = True
    official: bool = False
    basis: Words2
    p: Positive | None = None
    fwi: Positive | None = None
    dry_days: int = 0
    cause: Words2
    bulletin: Words2
    duties: tuple[Words2, ...] = ()
    continuous: Annotated[bool, Field(description="published again and again, as IV and V must be")] = False
    stations: tuple[Code, ...] = ()
    latitude: Latitude | None = None
    longitude: Longitude | None = None

    @property
    def subject(self) -> str:
        return self.commune


COMMUNE_DANGER = Topic(
    "commune-danger",
    Text("Cấp cháy theo xã", "Danger by commune"),
    events=(StationRated, *REPORTS),
    partitions=1,
)
BULLETINS = Topic(
    "forest-bulletins",
    Text("Bản tin cháy rừng", "Forest fire bulletins"),
    events=(DangerRated,),
    partitions=1,
    retention=None,
    compacted=True,
)


class FireSign(Data):
    """Something that speaks of a fire near a place; those of one fire are told as one.

    ``firm`` speaks for itself, ``weak`` only beside another, ``over`` takes back what the same thing said before.
    """

    TYPE = "vn.ioc.fire.sign"

    sign_source: SignSource
    thing: Annotated[Code, Field(description="the station, satellite, camera or request that says so")]
    strength: Literal["firm", "weak", "over"]
    commune: Code | None = None
    approximate: Annotated[bool, Field(description="the commune is that of the nearest centre")] = False
    latitude: Latitude
    longitude: Longitude
    reach_m: Annotated[float, Field(ge=0, le=50_000, description="the fire may be so far from this place")]
    lasts_s: Annotated[float, Field(ge=0, le=2_592_000, description="speaks of a fire for so long, s")]
    says: Words2
    evidence: tuple[Evidence, ...] = ()

    @property
    def subject(self) -> str:
        return self.thing

    @property
    def lasts(self) -> timedelta:
        return timedelta(seconds=self.lasts_s)


def one_place(_: AnyEvent) -> str:
    """A fire knows no border: all signs of the area are weighed together."""
    return "area"


FIRE_SIGNS = Topic(
    "fire-signs",
    Text("Dấu hiệu cháy", "Signs of fire"),
    events=(FireSign, DangerRated, *REPORTS),
    key=one_place,
    partitions=1,
)
