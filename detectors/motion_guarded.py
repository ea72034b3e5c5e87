"""Something moves in a guarded zone at guarded hours.

For the duty guard: one alert from the first motion until the zone has been quiet for a while, however often the
camera says it again. Hours are the zone's own, in local time; outside them motion neither rings nor keeps an alert
going.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from ioc.alerts.kind import CAMERA_MODULE, AlertKind
from ioc.detector import Detector, Finding, Params, Raise, Resolve, Spec, State
from ioc.district import Camera, District, Duration, Zone
from ioc.events.base import AnyEvent, Moment
from ioc.events.cameras import MotionSeen
from ioc.folds import CAMERA
from ioc.text import Text


class GuardPolicy(Params):
    """How long a zone must be quiet."""

    clear_after_quiet: Annotated[Duration, Field(description="clears after this long without motion")] = timedelta(
        minutes=10
    )


INTRUSION = AlertKind(
    "motion_guarded",
    CAMERA_MODULE,
    "severe",
    Text("Chuyển động trong vùng canh giữ", "Motion in a guarded zone"),
    Text("{camera}: có chuyển động tại {zone} lúc {time}", "{camera}: motion at {zone} at {time}"),
)


class Zones(State):
    """When something last moved in each zone at guarded hours, and the zones with an alert."""

    camera: str = ""
    newest: dict[str, Moment] = Field(default_factory=dict)
    moving: dict[str, Moment] = Field(default_factory=dict)


class MotionGuarded(Detector[Zones]):
    """Watches one camera's guarded zones."""

    def __init__(self, policy: GuardPolicy, district: District) -> None:
        self._quiet, self._district = policy.clear_after_quiet, district

    def new_state(self) -> Zones:
        return Zones()

    def on_event(self, state: Zones, event: AnyEvent) -> Iterable[Finding]:
        seen: MotionSeen = event.data
        camera, zone = self._find(seen)
        state.camera = seen.camera
        if camera is None or zone is None or not self._guarded(zone, event.at):
            return
        before, state.newest[seen.zone] = state.moving.get(seen.zone), event.at
        state.moving[seen.zone] = event.at
        if before is None:
            yield Raise(
                INTRUSION,
                f"{camera.id}/{zone.id}",
                event.at,
                camera.commune,
                values={
                    "camera": camera.name,
                    "zone": zone.name,
                    "time": self._district.local(event.at).strftime("%H:%M"),
                },
                place=(camera.latitude, camera.longitude),
            )

    def on_late(self, state: Zones, event: AnyEvent) -> Iterable[Finding]:
        """Motion that comes late is still motion: it rings with its true time, if it is the newest of its zone."""
        newest = state.newest.get(event.data.zone)
        return () if newest is not None and event.at <= newest else self.on_event(state, event)

    def next_deadline(self, state: Zones) -> datetime | None:
        return min(state.moving.values()) + self._quiet if state.moving else None

    def on_deadline(self, state: Zones, at: datetime) -> Iterable[Finding]:
        for zone, last in list(state.moving.items()):
            if last + self._quiet <= at:
                del state.moving[zone]
                camera = self._district.things.get(state.camera)
                yield Resolve(INTRUSION, f"{state.camera}/{zone}", at, camera.commune if camera else None)

    def _guarded(self, zone: Zone, at: datetime) -> bool:
        local = self._district.local(at).time()
        return any(hours.hold(local) for hours in zone.guarded)

    def _find(self, seen: MotionSeen) -> tuple[Camera | None, Zone | None]:
        camera = self._district.things.get(seen.camera)
        if not isinstance(camera, Camera):
            return None, None
        return camera, next((zone for zone in camera.zones if zone.id == seen.zone), None)


SPEC = Spec(
    "motion_guarded",
    Text("Chuyển động trong vùng canh giữ", "Motion in a guarded zone"),
    folds=(CAMERA,),
    hears=(MotionSeen,),
    build=MotionGuarded,
    state=Zones,
    params=GuardPolicy,
    kinds=(INTRUSION,),
)
