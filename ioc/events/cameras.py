"""Cameras: what was seen in a zone or across a line, and whether the camera still sees. Never a frame."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from ioc.events.base import Code, Data, Topic, Words
from ioc.text import Text

Fraction = Annotated[float, Field(ge=0, le=1)]
#: ``ok``; no stream; too few frames; same picture again and again; black; hidden by something; out of focus; looking
#: elsewhere; broken in coding or on the way; blurred in parts.
CameraStatus = Literal[
    "ok", "offline", "slow", "frozen", "black", "covered", "defocused", "moved", "corrupted", "dirty"
]


#: Traffic: free; many vehicles; a queue that crawls or stands.
TrafficLevel = Literal["free", "dense", "congested"]
#: Of what is on the road, in lengths of a vehicle a second: below 0.5, below 1.5, faster; ``none`` with nobody there.
SpeedClass = Literal["none", "stopped", "crawling", "slow", "normal"]
ModelStatus = Literal["none", "working", "failed"]
CrowdLevel = Literal["calm", "busy", "crowded"]
Point = tuple[Fraction, Fraction]
#: The name of a kept picture: where evidence is kept, it is found under this name.
Snapshot = Annotated[Code | None, Field(description="name of the picture kept as evidence")]


class CameraData(Data):
    camera: Code

    @property
    def subject(self) -> str:
        return self.camera


class MotionSeen(CameraData):
    """Something moved in a zone, held over several frames; ``area`` is its share of the frame.

    ``label`` and ``confidence`` are a model's, where one is configured and recognised it.
    """

    TYPE = "vn.ioc.camera.motion"
    zone: Code
    area: Fraction
    label: Code | None = None
    confidence: Fraction | None = None
    snapshot: Snapshot = None


class LineCrossed(CameraData):
    """One object crossed a counting line, once; ``direction`` as the line's two sides are named."""

    TYPE = "vn.ioc.camera.line-crossed"
    line: Code
    direction: Code
    track: int


class Loitered(CameraData):
    """One object has stayed in a zone for so many seconds; said again while it stays."""

    TYPE = "vn.ioc.camera.loitering"
    zone: Code
    track: int
    seconds: Annotated[int, Field(ge=0)]
    snapshot: Snapshot = None


class CrowdSeen(CameraData):
    """How crowded a zone is, when the level has held; again each minute while it is not calm. No heads are counted."""

    TYPE = "vn.ioc.camera.crowd"
    zone: Code
    level: CrowdLevel
    occupancy: Annotated[Fraction, Field(description="share of the zone that is taken")]
    snapshot: Snapshot = None


class TrafficSeen(CameraData):
    """A road's traffic, each half minute and at each change of level; ``flow`` in vehicles a minute."""

    TYPE = "vn.ioc.camera.traffic"
    road: Code
    level: TrafficLevel
    speed: SpeedClass
    occupancy: Annotated[Fraction, Field(description="share of the road that is taken")]
    flow: Annotated[int, Field(ge=0, description="vehicles seen in the last minute")]


class VehicleStopped(CameraData):
    """Something stands on a road where others drive; said again each minute while it stands."""

    TYPE = "vn.ioc.camera.vehicle-stopped"
    road: Code
    place: Annotated[Point, Field(description="where in the picture, as fractions")]
    seconds: Annotated[int, Field(ge=0, description="it has stood for at least so long")]
    snapshot: Snapshot = None


class FireSeen(CameraData):
    """Smoke or a flame is suspected, and where in the picture; said again each half minute while it lasts."""

    TYPE = "vn.ioc.camera.fire"
    what: Literal["smoke", "flame"]
    place: Annotated[Point, Field(description="its middle, as fractions of the picture")]
    area: Fraction
    snapshot: Snapshot = None


class CameraHealth(CameraData):
    """Said at every change and at least every half minute while the camera is read."""

    TYPE = "vn.ioc.camera.health"
    status: CameraStatus
    fps: Annotated[float, Field(ge=0)] | None = None
    skipped: Annotated[int, Field(ge=0, description="frames not analysed since the last report")] = 0
    reason: Words = ""
    model: Annotated[ModelStatus, Field(description="the configured model; failed: the classical path alone")] = "none"
    snapshot: Snapshot = None


class CameraRebased(CameraData):
    """A person has looked: what the camera shows now is its right view; what it was compared with is learnt anew."""

    TYPE = "vn.ioc.camera.rebased"
    by: Annotated[Words, Field(description="who looked")]
    reason: Words = ""


CAMERAS = Topic(
    "cameras",
    Text("Camera", "Cameras"),
    events=(
        MotionSeen,
        LineCrossed,
        Loitered,
        CrowdSeen,
        TrafficSeen,
        VehicleStopped,
        FireSeen,
        CameraHealth,
        CameraRebased,
    ),
    lateness=timedelta(seconds=2),
    idle_lag=timedelta(seconds=30),
)
