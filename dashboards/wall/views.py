"""What the API says: the shapes of its answers, and how they are made from what Redis holds."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

import detectors
from dashboards.wall.store import Present
from ioc.agencies.roster import Officer
from ioc.alerts.alert import AlertChanged, Evidence, NotNotified, Words2
from ioc.alerts.calls import CALLERS, CALLS
from ioc.alerts.kind import MODULES, SEVERITIES, Module
from ioc.district import Camera, District, Feed, Station
from ioc.events.figures import Mode
from ioc.read_model import Figure

SOURCE_KINDS: tuple[tuple[type, Literal["station", "camera", "feed"]], ...] = (
    (Station, "station"),
    (Camera, "camera"),
    (Feed, "feed"),
)


class View(BaseModel):
    model_config = ConfigDict(frozen=True)


class Named(View):
    """A thing and its name in both languages."""

    id: str
    title: Words2


class CallView(Named):
    """What a call may be about."""

    module: str


class CommuneView(View):
    code: str
    name: str


class SourceView(View):
    """A station, camera or feed that the district file names."""

    kind: Literal["station", "camera", "feed"]
    id: str
    name: str
    commune: str | None
    place: Annotated[tuple[float, float] | None, Field(description="longitude and latitude")]
    silent_after: Annotated[float, Field(description="seconds without an event that are an alert")]


class Tile(Named):
    """A module of the centre, and the figures that its tile shows: each the sum of a gauge over all labels."""

    office: Annotated[bool, Field(description="its work rests outside office hours")]
    figures: tuple[Named, ...]


class SpaceView(View):
    """A space, its clock, and what its district is made of."""

    space: str
    mode: Mode | None
    speed: float | None
    district: str | None
    name: Words2
    timezone: str
    now: Annotated[datetime | None, Field(description="the space's newest tick")]
    complete: Annotated[bool, Field(description="false while the read model is being filled")]
    communes: tuple[CommuneView, ...]
    sources: tuple[SourceView, ...]
    modules: tuple[Tile, ...]
    agencies: tuple[Named, ...]
    calls: Annotated[tuple[CallView, ...], Field(description="what a call that is logged may be about")]
    callers: Annotated[tuple[Named, ...], Field(description="who may have called, as a role")]
    kinds: tuple[Named, ...]
    severities: tuple[str, ...] = SEVERITIES[::-1]


class AlertPage(View):
    alerts: tuple[AlertChanged, ...]
    next: Annotated[str | None, Field(description="cursor of the next page, if there is one")]


class Duty(View):
    """An agency's duty as it is now; without officers, nobody is known to be on duty there."""

    agency: str
    role: Annotated[
        Literal["lead", "coordinating"] | None, Field(description="chủ trì hoặc phối hợp; None: not about one alert")
    ] = None
    until: datetime | None = None
    officers: tuple[Officer, ...] = ()


class AlertStory(View):
    """One alert: its present, every line of its history, and the events it rests on."""

    alert: AlertChanged
    history: tuple[AlertChanged, ...]
    evidence: tuple[Evidence, ...]
    untold: Annotated[tuple[NotNotified, ...], Field(description="why nobody was told of a line, by its version")] = ()
    actions: Annotated[tuple[str, ...], Field(description="what whoever asks may order of it now")] = ()
    duties: Annotated[tuple[Duty, ...], Field(description="whom to ring, where whoever asks may know")] = ()


class FigureView(View):
    """A gauge or, over all days, a tally."""

    name: str
    title: Words2
    unit: str
    labels: dict[str, str]
    value: float


class Figures(View):
    space: str
    now: datetime | None
    facts: tuple[FigureView, ...]
    tallies: tuple[FigureView, ...]


def space_view(space: str, present: Present, district: District | None) -> SpaceView:
    state = present.state
    return SpaceView(
        space=space,
        mode=state.mode if state else None,
        speed=state.speed if state else None,
        district=state.district if state else None,
        name=Words2(vi=district.name, en=district.name_en) if district else Words2(vi=space, en=space),
        timezone=district.timezone if district else "Asia/Ho_Chi_Minh",
        now=instant(present.now),
        complete=present.build is not None,
        communes=tuple(
            CommuneView(code=commune.code, name=commune.name) for commune in (district.communes if district else ())
        ),
        sources=tuple(_sources(district)) if district else (),
        modules=tuple(map(_tile, MODULES)),
        agencies=tuple(
            Named(id=agency.id, title=Words2(vi=agency.name, en=agency.name_en))
            for agency in (district.agencies if district else ())
        ),
        calls=tuple(
            CallView(id=kind, title=Words2.of(title), module=module.name) for kind, (module, title) in CALLS.items()
        ),
        callers=tuple(Named(id=role, title=Words2.of(title)) for role, title in CALLERS.items()),
        kinds=tuple(Named(id=kind.name, title=Words2.of(kind.title)) for spec in detectors.ALL for kind in spec.kinds),
    )


def _tile(module: Module) -> Tile:
    shown = [fact for spec in detectors.ALL for fact in spec.facts if fact.tile is module]
    figures = tuple(Named(id=fact.name, title=Words2.of(fact.help)) for fact in shown)
    return Tile(id=module.name, title=Words2.of(module.title), office=module.office, figures=figures)


def _sources(district: District) -> Iterable[SourceView]:
    for thing in district.things.values():
        yield SourceView(
            kind=next(kind for type_, kind in SOURCE_KINDS if isinstance(thing, type_)),
            id=thing.id,
            name=thing.name,
            commune=thing.commune,
            place=None if isinstance(thing, Feed) else (thing.longitude, thing.latitude),
            silent_after=thing.silent_after.total_seconds(),
        )


def figure_view(figure: Figure) -> FigureView:
    declared = figure.declared
    return FigureView(
        name=declared.name,
        title=Words2.of(declared.help),
        unit=getattr(declared, "unit", ""),
        labels=dict(zip(declared.labels, figure.labels, strict=True)),
        value=figure.value,
    )


def instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
