"""A district (địa bàn): communes with dates, and the stations, cameras and feeds that it expects to hear.

A district is a configured area, not a level of government. A commune's code may mean another unit at another
date, so areas are looked up by code *and* day, and never by name.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, IPvAnyNetwork, ValidationError, model_validator

from ioc import toml_file
from ioc.agencies.routing import CENTRE, Agency, Route, unknown
from ioc.alerts.policy import AlertPolicy
from ioc.calendars.calendar import Calendar
from ioc.calendars.days import CalendarFile, compose
from ioc.durations import Duration as Duration
from ioc.events.base import Code
from ioc.events.cameras import Fraction
from ioc.events.devices import DeviceKind
from ioc.events.requests import Latitude, Longitude, Priority, Stream
from ioc.office import periods
from ioc.office.procedures import Procedure
from ioc.office.requests import RequestTerm
from ioc.targets.entries import Figure, Form, Head, Indicator, Plan, Scoring, Target, unknown_names
from ioc.text import Text, complaint

#: The label of everything that the district file does not name: what comes from outside never makes a series.
OTHER = "other"


class BadDistrict(Exception):
    """The district file cannot be used; the message says where and what to change."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FormerCommune(_Entry):
    """A unit that became part of today's commune."""

    code: Annotated[Code, Field(description="its code at the time")]
    name: Annotated[str, Field(description="its name at the time, with the kind of unit")]


class Commune(_Entry):
    """A commune (xã) of today, with its centre and the units it was made from."""

    code: Annotated[Code, Field(description="code of the General Statistics Office")]
    name: Annotated[str, Field(description="name in Vietnamese, without the kind of unit")]
    latitude: Annotated[Latitude, Field(description="centre, degrees")]
    longitude: Annotated[Longitude, Field(description="centre, degrees")]
    valid_from: Annotated[date, Field(description="first day of this unit")]
    formerly: Annotated[tuple[FormerCommune, ...], Field(description="units before that day")] = ()


class Station(_Entry):
    """A sensor station (trạm đo)."""

    id: Annotated[Code, Field(description="the name it sends under")]
    name: Annotated[str, Field(description="what people call it")]
    commune: Annotated[Code, Field(description="code of its commune")]
    latitude: Annotated[Latitude, Field(description="degrees")]
    longitude: Annotated[Longitude, Field(description="degrees")]
    silent_after: Annotated[Duration, Field(description="no reading for this long is an alert")] = timedelta(minutes=30)
    devices: Annotated[tuple[Code, ...], Field(description="other names under which its devices send")] = ()


class Hours(_Entry):
    """A daily span of local time; one that ends before it starts runs over midnight."""

    start: Annotated[time, Field(alias="from", description="first minute")]
    end: Annotated[time, Field(alias="to", description="first minute after")]

    def hold(self, at: time) -> bool:
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


Corners = Annotated[
    tuple[tuple[Fraction, Fraction], ...], Field(min_length=3, description="corners as fractions of the frame")
]


class Crowd(_Entry):
    """When a zone is crowded: shares of it that are taken, held for a while."""

    busy: Annotated[Fraction, Field(description="busy from this share of the zone on")] = 0.25
    crowded: Annotated[Fraction, Field(description="crowded from this share of the zone on")] = 0.5
    dwell: Annotated[Duration, Field(description="a level must hold for this long")] = timedelta(seconds=60)


class Zone(_Entry):
    """A polygon in a camera's picture, guarded at some hours."""

    id: Annotated[Code, Field(description="short name")]
    name: Annotated[str, Field(description="what people call it")]
    polygon: Corners
    guarded: Annotated[tuple[Hours, ...], Field(description="hours at which motion is an alert")] = ()
    least: Annotated[Fraction, Field(description="what is smaller than this share of the frame is no object")] = 0.0
    most: Annotated[Fraction, Field(description="what is larger than this share of the frame is no object")] = 1.0
    loiter_after: Annotated[Duration | None, Field(description="who stays for this long loiters")] = None
    crowd: Annotated[Crowd | None, Field(description="when the zone is crowded")] = None


class Road(_Entry):
    """A road in a camera's picture: its traffic is told in three levels, and what stands on it."""

    id: Annotated[Code, Field(description="short name")]
    name: Annotated[str, Field(description="what people call it")]
    polygon: Corners
    dense: Annotated[Fraction, Field(description="dense from this share of the road on")] = 0.18
    congested: Annotated[Fraction, Field(description="a queue, if it hardly moves, from this share on")] = 0.3
    stopped_after: Annotated[Duration, Field(description="a vehicle that stands for this long has stopped")] = (
        timedelta(seconds=60)
    )


class Line(_Entry):
    """A counting line in a camera's picture: crossing from its left to its right is ``forward``."""

    id: Annotated[Code, Field(description="short name")]
    name: Annotated[str, Field(description="what people call it")]
    start: Annotated[tuple[Fraction, Fraction], Field(description="one end, fractions of the frame")]
    end: Annotated[tuple[Fraction, Fraction], Field(description="the other end")]


class HealthPolicy(_Entry):
    """When a camera counts as not seeing."""

    patience: Annotated[Duration, Field(description="a bad picture must last this long")] = timedelta(seconds=3)
    frozen_after: Annotated[Duration, Field(description="the same picture for this long is frozen")] = timedelta(
        seconds=10
    )
    offline_after: Annotated[Duration, Field(description="no picture for this long is offline")] = timedelta(seconds=10)
    fps: Annotated[float | None, Field(gt=0, le=120, description="frames a second it sends; half of that is slow")] = (
        None
    )


class Model(_Entry):
    """An ONNX network that says what moves; its weights and their licence are the operator's own."""

    path: Annotated[str, Field(description="the .onnx file, beside the district file or absolute")]
    format: Annotated[Literal["yolox", "yolov8", "classifier"], Field(description="what its output means")] = "yolox"
    size: Annotated[int, Field(ge=32, le=1280, description="side of its square input, pixels")] = 416
    labels: Annotated[tuple[str, ...], Field(description="names of its classes, in order")] = ()
    only: Annotated[
        tuple[str, ...], Field(description="motion that is none of these is not said; without any, all is")
    ] = ()
    confidence: Annotated[Fraction, Field(description="how sure it must be")] = 0.35
    nms: Annotated[
        Literal["agnostic", "by_class"], Field(description="whether boxes of different classes exclude one another")
    ] = "agnostic"
    scale: Annotated[float, Field(gt=0, description="grey levels are multiplied by this: 1 or 0.00392")] = 1.0
    rgb: Annotated[bool, Field(description="it expects red first")] = False
    sha256: Annotated[str, Field(description="what the file must hash to, if it is to be checked")] = ""


class Camera(_Entry):
    """A camera, its zones and lines. Its address is a secret and comes from the environment."""

    id: Annotated[Code, Field(description="the name it sends under")]
    name: Annotated[str, Field(description="what people call it")]
    commune: Annotated[Code, Field(description="code of its commune")]
    latitude: Annotated[Latitude, Field(description="degrees")]
    longitude: Annotated[Longitude, Field(description="degrees")]
    silent_after: Annotated[Duration, Field(description="no word for this long is an alert")] = timedelta(minutes=2)
    turns: Annotated[bool, Field(description="it is turned by a tour or by hand: another view is no fault")] = False
    health: Annotated[HealthPolicy, Field(description="when it counts as not seeing")] = HealthPolicy()
    place: Annotated[Code | None, Field(description="cameras that show one place have the same name here")] = None
    masks: Annotated[tuple[Corners, ...], Field(description="areas that are not looked at: a clock, a tree")] = ()
    roads: Annotated[tuple[Road, ...], Field(description="roads whose traffic is told")] = ()
    fire: Annotated[bool, Field(description="look for smoke and flames; advisory")] = False
    sky: Annotated[tuple[tuple[Fraction, Fraction], ...], Field(description="what is above the horizon")] = ()
    keep_faces: Annotated[
        str, Field(description="purpose for which moving regions are stored clearly; without one they are pixelated")
    ] = ""
    zones: Annotated[tuple[Zone, ...], Field(description="areas where motion matters")] = ()
    lines: Annotated[tuple[Line, ...], Field(description="lines where crossings are counted")] = ()


class Queue(_Entry):
    """A queue (hàng đợi) in which requests wait for one agency."""

    id: Annotated[Code, Field(description="the name that events call it by")]
    name: Annotated[str, Field(description="what people call it")]
    agency: Annotated[Code | None, Field(description="who must act")] = None


class Unit(_Entry):
    """A unit (phòng, ban) to which documents are assigned."""

    id: Annotated[Code, Field(description="the name that events call it by")]
    name: Annotated[str, Field(description="what people call it")]


class School(_Entry):
    """A school (trường học) that reports absences."""

    id: Annotated[Code, Field(description="the name that its reports call it by")]
    name: Annotated[str, Field(description="what people call it")]
    commune: Annotated[Code, Field(description="code of its commune")]


class Device(_Entry):
    """A loudspeaker, meeting-room system, village Wi-Fi or school's line."""

    id: Annotated[Code, Field(description="the name that it sends under")]
    name: Annotated[str, Field(description="what people call it")]
    kind: Annotated[DeviceKind, Field(description="what it is")]
    commune: Annotated[Code, Field(description="code of its commune")]
    down_after: Annotated[Duration, Field(description="a failure of this length is an alert")] = timedelta(minutes=15)
    silent_after: Annotated[Duration, Field(description="no word for this long is an alert")] = timedelta(hours=1)


class Network(_Entry):
    """A range of addresses of an office's machines, so that an address tells where a machine stands."""

    range: Annotated[IPvAnyNetwork, Field(description="such as 10.47.8.0/24; the narrowest that fits counts")]
    name: Annotated[str, Field(description="what people call the office")]
    commune: Annotated[Code | None, Field(description="code of its commune, if it is one's")] = None


class Theme(_Entry):
    """A theme (chủ đề) that is followed online."""

    id: Annotated[Code, Field(description="the name that events call it by")]
    name: Annotated[str, Field(description="what people call it")]


class Feed(_Entry):
    """A system that sends events: a one-stop desk, the document system, the service desk."""

    id: Annotated[Code, Field(description="the CloudEvents source it sends under")]
    name: Annotated[str, Field(description="what people call it")]
    commune: Annotated[Code | None, Field(description="code of its commune, if it serves one")] = None
    silent_after: Annotated[Duration, Field(description="no event for this long is an alert")] = timedelta(hours=24)


def _calendar(value: object) -> object:
    return compose(value) if isinstance(value, Mapping) else value


class District(_Entry):
    """Everything that the district file says."""

    id: Annotated[Code, Field(description="short name, used in sources and files")]
    name: Annotated[str, Field(description="name in Vietnamese")]
    name_en: Annotated[str, Field(description="name in English")]
    code: Annotated[
        Code | None, Field(description="code of the district as a unit: what its own offices do counts under it")
    ] = None
    timezone: Annotated[str, Field(description="IANA name of the local time")] = "Asia/Ho_Chi_Minh"
    geojson: Annotated[str | None, Field(description="path of the communes' real outlines, if at hand")] = None
    communes: Annotated[tuple[Commune, ...], Field(description="today's communes")] = ()
    stations: Annotated[tuple[Station, ...], Field(description="sensor stations")] = ()
    cameras: Annotated[tuple[Camera, ...], Field(description="cameras")] = ()
    queues: Annotated[tuple[Queue, ...], Field(description="queues of requests; others are counted together")] = ()
    units: Annotated[tuple[Unit, ...], Field(description="units of documents; others are counted together")] = ()
    request_terms: Annotated[tuple[RequestTerm, ...], Field(description="terms of requests; the first that fits")] = ()
    procedures: Annotated[tuple[Procedure, ...], Field(description="procedures with their legal terms")] = ()
    cut_offs: Annotated[
        tuple[periods.CutOff, ...],
        Field(
            description="how reporting periods are cut, beside nd09 and calendar; the first holds where none is named"
        ),
    ] = ()
    indicators: Annotated[tuple[Indicator, ...], Field(description="values that offices declare")] = ()
    returns: Annotated[tuple[Form, ...], Field(description="forms by which they are filed")] = ()
    figures: Annotated[tuple[Figure, ...], Field(description="figures over tallies and declared values")] = ()
    plans: Annotated[tuple[Plan, ...], Field(description="plans that set targets")] = ()
    targets: Annotated[tuple[Target, ...], Field(description="goals for figures")] = ()
    scoring: Annotated[Scoring | None, Field(description="how communes are scored")] = None
    paper: Annotated[Head, Field(description="head and foot of its reports")] = Head()
    model: Annotated[Model | None, Field(description="a network that cameras ask what moves")] = None
    feeds: Annotated[tuple[Feed, ...], Field(description="systems that send events")] = ()
    themes: Annotated[
        tuple[Theme, ...], Field(description="themes that are followed online; others are counted together")
    ] = ()
    schools: Annotated[tuple[School, ...], Field(description="schools that report absences")] = ()
    devices: Annotated[tuple[Device, ...], Field(description="devices in communes, villages and schools")] = ()
    networks: Annotated[tuple[Network, ...], Field(description="addresses of the offices' machines")] = ()
    agencies: Annotated[tuple[Agency, ...], Field(description="agencies that alerts are sent to")] = ()
    routes: Annotated[
        tuple[Route, ...], Field(description="which agency answers for what; the first that matches")
    ] = ()
    calendars: Annotated[
        tuple[Annotated[CalendarFile, BeforeValidator(_calendar)], ...],
        Field(min_length=1, description="working time; the first is that of the offices; `base` names a shipped one"),
    ] = (compose({"base": "vn_state"}),)
    alerts: Annotated[AlertPolicy, Field(description="how alerts live: clocks, quiet, groups")] = AlertPolicy()
    without: Annotated[tuple[Code, ...], Field(description="detectors that this district does without")] = ()
    detectors: Annotated[
        Mapping[str, Mapping[str, Any]], Field(description="settings of detectors, by detector name")
    ] = {}

    @model_validator(mode="after")
    def _communes_exist(self) -> "District":
        known = {commune.code for commune in self.communes}
        things: list[Station | Camera | Feed | School | Device] = [
            *self.stations, *self.cameras, *self.feeds, *self.schools, *self.devices,
        ]  # fmt: skip
        named = [*((thing.id, thing.commune) for thing in things), *((str(n.range), n.commune) for n in self.networks)]
        for name, commune in named:
            if commune is not None and commune not in known:
                raise ValueError(f"{name!r} lies in commune {commune!r}, which is not under [[communes]]")
        return self

    @model_validator(mode="after")
    def _routes_lead_somewhere(self) -> "District":
        known = {commune.code for commune in self.communes}
        if wrong := unknown(self.routes, self.agencies, known.__contains__):
            raise ValueError(wrong)
        return self

    @model_validator(mode="after")
    def _figures_are_made_of_what_is_known(self) -> "District":
        if wrong := unknown_names(self.indicators, self.returns, self.figures, self.plans, self.targets, self.scoring):
            raise ValueError(wrong)
        for target in self.targets:
            try:
                periods.period(target.period, self.cut_off(target.cut_off))
            except (periods.BadPeriod, BadDistrict) as error:
                raise ValueError(f"[[targets]] {target.id!r}: {error}") from None
        return self

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def local(self, at: datetime) -> datetime:
        """The same instant in the district's own time."""
        return at.astimezone(self._zone)

    def day(self, at: datetime) -> date:
        """The day that an instant belongs to in the district."""
        return self.local(at).date()

    def told(self, at: datetime) -> str:
        """An instant as people here write it: 17:00 24/11/2026."""
        return self.local(at).strftime("%H:%M %d/%m/%Y")

    def moment(self, day: date, clock: time) -> datetime:
        """The instant at which it is that time of that day in the district."""
        return datetime.combine(day, clock, self._zone)

    def calendar(self, id: str | None = None) -> Calendar:
        """A calendar by its id; without one, that of the offices. Raises BadDistrict."""
        if id is None:
            return next(iter(self._calendars.values()))
        try:
            return self._calendars[id]
        except KeyError:
            known = ", ".join(self._calendars)
            raise BadDistrict(f"there is no calendar {id!r} under [[calendars]]; there are: {known}") from None

    @cached_property
    def _calendars(self) -> dict[str, Calendar]:
        return {said.id: Calendar(said, self._zone) for said in self.calendars}

    def cut_off(self, id: str | None = None) -> periods.CutOff:
        """How reporting periods are cut, by the rule's id; without one, the district's first. Raises BadDistrict."""
        own = {rule.id: rule for rule in self.cut_offs}
        known = {**own, **periods.shipped(), **own}
        if id is None:
            return next(iter(known.values()))
        if id not in known:
            raise BadDistrict(f"there is no cut-off rule {id!r}; there are: {', '.join(known)}")
        return known[id]

    def at(self, local: datetime) -> datetime:
        """The instant of a date and time on the district's clocks."""
        return local.replace(tzinfo=self._zone)

    @cached_property
    def _by_code(self) -> dict[str, Commune]:
        return {commune.code: commune for commune in self.communes}

    @cached_property
    def _by_former_code(self) -> dict[str, Commune]:
        return {former.code: commune for commune in self.communes for former in commune.formerly}

    def commune(self, code: str | None, on: date | datetime | None = None) -> str | None:
        """Today's code for a code that was valid ``on`` that day; unknown codes come back unchanged.

        Codes were used again for larger units, so a day before ``valid_from`` is looked up among the former
        units first.
        """
        if code is None:
            return None
        day = self.local(on).date() if isinstance(on, datetime) else on
        today, former = self._by_code.get(code), self._by_former_code.get(code)
        if former and (today is None or (day is not None and day < former.valid_from)):
            return former.code
        return today.code if today else code

    def commune_label(self, code: str | None, on: date | datetime | None = None) -> str:
        """The commune as a metric's label: today's code, ``other`` for one that the district does not name."""
        today = self.commune(code, on)
        return "" if today is None else today if today in self._named else OTHER

    def queue_label(self, id: str | None) -> str:
        """The queue as a metric's label: its id, ``other`` for one that the district does not name."""
        return "" if id is None else id if id in self._queues else OTHER

    @cached_property
    def _named(self) -> frozenset[str]:
        return frozenset([*self._by_code, *self._by_former_code, *([self.code] if self.code else [])])

    def reporting(self, form: Form) -> tuple[str, ...]:
        """The areas that file a form."""
        return self.areas(form.areas)

    def areas(self, named: Literal["communes", "district"] | tuple[str, ...]) -> tuple[str, ...]:
        """Codes of areas: of each commune, of the district as a whole, or those that are named."""
        match named:
            case "communes":
                return tuple(commune.code for commune in self.communes)
            case "district":
                return (self.code or self.id,)
            case codes:
                return codes

    def area_name(self, code: str) -> str:
        """A commune's name; the district's for its own offices."""
        return self.name if code in (self.code, self.id) else self.commune_name(code)

    def queue(self, id: str | None) -> Queue | None:
        """A queue that the district file names."""
        return self._queues.get(id or "")

    def unit_label(self, id: str | None) -> str:
        """The unit as a metric's label: its id, ``other`` for one that the district does not name."""
        return "" if id is None else id if id in self._units else OTHER

    def unit_name(self, id: str | None) -> str:
        """What people call a unit; the id of one that the district does not name."""
        unit = self._units.get(id or "")
        return unit.name if unit else id or ""

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def _queues(self) -> dict[str, Queue]:
        return {queue.id: queue for queue in self.queues}

    def request_term(self, stream: Stream, category: str | None, priority: Priority) -> RequestTerm | None:
        """The province's terms for such a request."""
        return next((each for each in self.request_terms if each.fits(stream, category, priority)), None)

    def theme_label(self, id: str) -> str:
        """The theme as a metric's label: its id, ``other`` for one that the district does not name."""
        return id if id in self._themes else OTHER

    def theme_name(self, id: str) -> str:
        """What people call a theme; the id of one that the district does not name."""
        theme = self._themes.get(id)
        return theme.name if theme else id

    @cached_property
    def _themes(self) -> dict[str, Theme]:
        return {theme.id: theme for theme in self.themes}

    def school(self, id: str) -> School | None:
        """A school that the district file names."""
        return self._schools.get(id)

    @cached_property
    def _schools(self) -> dict[str, School]:
        return {school.id: school for school in self.schools}

    def network(self, machine: str) -> Network | None:
        """Where a machine of that address stands, as far as the district file says."""
        try:
            address = ip_address(machine)
        except ValueError:
            return None
        fitting = [network for network in self.networks if address in network.range]
        return max(fitting, key=lambda network: network.range.prefixlen, default=None)

    def procedure(self, code: str | None) -> Procedure | None:
        """A procedure by its national code."""
        return self._procedures.get(code or "")

    @cached_property
    def _procedures(self) -> dict[str, Procedure]:
        return {procedure.code: procedure for procedure in self.procedures}

    def commune_name(self, code: str | None) -> str:
        """The commune's name, or the code itself where the district does not know it."""
        commune = self._by_code.get(code or "")
        return commune.name if commune else code or ""

    def agency_name(self, id: str) -> Text:
        """What people call an agency; the centre itself, or the id where the district does not know it."""
        if id == CENTRE:
            return Text(f"Trung tâm điều hành {self.name}", f"{self.name_en} operations centre")
        found = next((agency for agency in self.agencies if agency.id == id), None)
        return Text(found.name, found.name_en) if found else Text(id, id)

    def area_names(self, code: str | None) -> tuple[str, ...]:
        """Every name under which the place may be known: today's first, then those of former units."""
        today = self._by_code.get(code or "")
        return (today.name, *(former.name for former in today.formerly)) if today else ()

    def camera(self, id_: str) -> Camera | None:
        """The camera of that id; None for a stranger, whose words count all the same."""
        thing = self.things.get(id_)
        return thing if isinstance(thing, Camera) else None

    def camera_commune(self, id_: str) -> str | None:
        """The commune of the camera of that id, as far as it is known."""
        camera = self.camera(id_)
        return camera.commune if camera else None

    @cached_property
    def things(self) -> dict[str, Station | Camera | Feed]:
        """Stations, cameras and feeds by id."""
        things: list[Station | Camera | Feed] = [*self.stations, *self.cameras, *self.feeds]
        return {thing.id: thing for thing in things}


def load(name_or_path: str) -> District:
    """Read a district file, by path or by plain name (``bac_tra_my``) from those shipped.

    Raises BadDistrict with the file, the field and what is wrong.
    """
    path = Path(name_or_path)
    if not path.suffix:
        path = Path(__file__).parent / "districts" / f"{name_or_path}.toml"
    shipped = ", ".join(sorted(file.stem for file in (Path(__file__).parent / "districts").glob("*.toml")))
    said = toml_file.read(path, BadDistrict, f"no such district file; give a path, or one of: {shipped}")
    try:
        return District.model_validate(said)
    except ValidationError as error:
        raise BadDistrict(f"{path}: {complaint(error)}") from None
