"""A road is congested, or a vehicle stands where others drive.

For the traffic police and the duty officer. The camera's reader judges the level over half a minute; a queue that
dissolves at once is none, so it must last before it rings.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from ioc.alerts.kind import CAMERA_MODULE, AlertKind
from ioc.detector import Detector, Fact, Finding, Params, Raise, Resolve, Share, Spec, State
from ioc.district import District, Duration
from ioc.events.base import AnyEvent, Moment
from ioc.events.cameras import TrafficLevel, TrafficSeen, VehicleStopped
from ioc.folds import CAMERA
from ioc.text import Text


class TrafficPolicy(Params):
    """How long a queue must last, and how long a silence ends it."""

    congested_for: Annotated[Duration, Field(description="congested for this long is an alert")] = timedelta(minutes=3)
    clear_after: Annotated[
        Duration, Field(description="over when not congested, or no more said to stand, for this long")
    ] = timedelta(minutes=3)


CONGESTED = AlertKind(
    "road_congested",
    CAMERA_MODULE,
    "moderate",
    Text("Ùn tắc giao thông", "Traffic congestion"),
    Text(
        "{camera}: {road} ùn tắc từ {time}, xe chiếm {value}% mặt đường",
        "{camera}: {road} congested since {time}, vehicles cover {value}% of the road",
    ),
)
STOPPED = AlertKind(
    "vehicle_stopped",
    CAMERA_MODULE,
    "moderate",
    Text("Xe dừng bất thường trên đường", "Vehicle stopped on the road"),
    Text("{camera}: có xe đứng yên trên {road} từ {time}", "{camera}: a vehicle stands on {road} since {time}"),
)
ROADS_BY_LEVEL = Fact(
    "roads",
    Text("Tuyến đường theo mức giao thông", "Roads by traffic level"),
    ("level",),
    words={
        "free": Text("thông thoáng", "free"),
        "dense": Text("đông xe", "dense"),
        "congested": Text("ùn tắc", "congested"),
    },
)


class OneRoad(State):
    """What is known of one road: its newest level, since when it queues and eases, and when something last stood."""

    level: TrafficLevel | None = None
    at: Moment | None = None
    queued: Moment | None = None
    eased: Moment | None = None
    occupancy: float = 0.0
    ringing: bool = False
    stood: Moment | None = None


class Roads(State):
    """The roads of one camera."""

    camera: str = ""
    roads: dict[str, OneRoad] = Field(default_factory=dict)


class RoadTraffic(Detector[Roads]):
    """Watches one camera's roads."""

    def __init__(self, policy: TrafficPolicy, district: District) -> None:
        self._policy, self._district = policy, district

    def new_state(self) -> Roads:
        return Roads()

    def on_event(self, state: Roads, event: AnyEvent) -> Iterable[Finding]:
        seen: TrafficSeen | VehicleStopped = event.data
        state.camera = seen.camera
        road = state.roads.setdefault(seen.road, OneRoad())
        if isinstance(seen, VehicleStopped):
            yield from self._stopped(road, seen, event.at)
            return
        road.level, road.at, road.occupancy = seen.level, event.at, seen.occupancy
        if seen.level == "congested":
            road.queued, road.eased = road.queued or event.at, None
        elif road.ringing:
            road.eased = road.eased or event.at
        else:
            road.queued = None

    def on_late(self, state: Roads, event: AnyEvent) -> Iterable[Finding]:
        """A late level counts while it is newer than the last one; what stood long ago rings no more."""
        road = state.roads.get(event.data.road)
        if isinstance(event.data, VehicleStopped) or (road and road.at and event.at <= road.at):
            return ()
        return super().on_late(state, event)

    def next_deadline(self, state: Roads) -> datetime | None:
        return min((due for road in state.roads.values() for due in self._due(road)), default=None)

    def on_deadline(self, state: Roads, at: datetime) -> Iterable[Finding]:
        for name, road in state.roads.items():
            if road.queued and not road.ringing and road.queued + self._policy.congested_for <= at:
                road.ringing = self._over(road) > at
                if road.ringing:
                    yield self._raise(CONGESTED, state.camera, name, road.queued, at, round(100 * road.occupancy))
                else:  # nothing was heard of it since
                    road.queued = None
            elif road.ringing and self._over(road) <= at:
                road.ringing, road.queued, road.eased = False, None, None
                yield Resolve(CONGESTED, f"{state.camera}/{name}", at, self._district.camera_commune(state.camera))
            if road.stood and road.stood + self._policy.clear_after <= at:
                road.stood = None
                yield Resolve(STOPPED, f"{state.camera}/{name}", at, self._district.camera_commune(state.camera))

    def facts(self, state: Roads) -> Iterable[Share]:
        for road in state.roads.values():
            if road.level is not None:
                yield ROADS_BY_LEVEL, (road.level,), 1

    def _stopped(self, road: OneRoad, seen: VehicleStopped, at: datetime) -> Iterable[Finding]:
        if road.stood is None:
            since = at - timedelta(seconds=seen.seconds)
            yield self._raise(STOPPED, seen.camera, seen.road, since, at, None)
        road.stood = at

    def _due(self, road: OneRoad) -> Iterable[datetime]:
        if road.ringing:
            yield self._over(road)
        elif road.queued:
            yield road.queued + self._policy.congested_for
        if road.stood:
            yield road.stood + self._policy.clear_after

    def _over(self, road: OneRoad) -> datetime:
        """When a ringing queue is over: some time after it eased, or after the camera last spoke of it."""
        assert road.at is not None
        return (road.eased or road.at) + self._policy.clear_after

    def _raise(
        self, kind: AlertKind, camera: str, road: str, since: datetime, at: datetime, value: float | None
    ) -> Raise:
        known = self._district.camera(camera)
        name = next((each.name for each in known.roads if each.id == road), road) if known else road
        values = {
            "camera": known.name if known else camera,
            "road": name,
            "time": self._district.local(since).strftime("%H:%M"),
        }
        place = (known.latitude, known.longitude) if known else None
        return Raise(
            kind, f"{camera}/{road}", at, self._district.camera_commune(camera), value=value, values=values, place=place
        )


SPEC = Spec(
    "road_traffic",
    Text("Giao thông qua camera", "Traffic seen by cameras"),
    folds=(CAMERA,),
    hears=(TrafficSeen, VehicleStopped),
    build=RoadTraffic,
    state=Roads,
    params=TrafficPolicy,
    kinds=(CONGESTED, STOPPED),
    facts=(ROADS_BY_LEVEL,),
)
