"""What a camera saw goes to the place that it shows, where other cameras may have seen the same.

What is an alert there and what only a detection is a matter of the zone: guarded hours, fire, crowds and loitering
are alerts, other motion is not.
"""

from collections.abc import Iterable

from ioc.alerts.kind import CAMERA_MODULE
from ioc.detector import Detector, Emit, Finding, Params, Spec, State
from ioc.district import Camera, District
from ioc.events.base import AnyEvent
from ioc.events.cameras import CrowdSeen, FireSeen, Loitered, MotionSeen, VehicleStopped
from ioc.events.reviews import SIGHTINGS, Sighting
from ioc.folds import CAMERA
from ioc.text import Text


class Nothing(State):
    """Each sighting stands for itself."""


class CameraSightings(Detector[Nothing]):
    """Hands on what one camera saw."""

    def __init__(self, _: Params, district: District) -> None:
        self._district = district

    def new_state(self) -> Nothing:
        return Nothing()

    def on_event(self, state: Nothing, event: AnyEvent) -> Iterable[Finding]:
        camera = self._district.camera(event.data.camera)
        place = camera.place if camera and camera.place else event.data.camera
        sighting = self._sighting(event, place, camera)
        if sighting is not None:
            yield Emit(SIGHTINGS, sighting, event.at)

    def _sighting(self, event: AnyEvent, place: str, camera: Camera | None) -> Sighting | None:
        zone: str | None
        match event.data:
            case MotionSeen() as seen:
                what, zone, weight, alert = seen.label or "motion", seen.zone, seen.area, self._guarded(camera, event)
            case Loitered() as seen:
                what, zone, weight, alert = "loitering", seen.zone, 1.0, True
            case CrowdSeen() as seen:
                if seen.level != "crowded":
                    return None
                what, zone, weight, alert = "crowd", seen.zone, 1 + seen.occupancy, True
            case VehicleStopped() as seen:
                what, zone, weight, alert = "vehicle-stopped", seen.road, 1.0, True
            case FireSeen() as seen:
                what, zone, weight, alert = seen.what, None, 2 + seen.area, True
            case _:
                return None
        return Sighting(
            place=place, camera=seen.camera, what=what, zone=zone, review="alert" if alert else "detection",
            weight=weight, snapshot=seen.snapshot,
        )  # fmt: skip

    def _guarded(self, camera: Camera | None, event: AnyEvent) -> bool:
        local = self._district.local(event.at).time()
        zone = next((each for each in camera.zones if each.id == event.data.zone), None) if camera else None
        return zone is not None and any(hours.hold(local) for hours in zone.guarded)


SPEC = Spec(
    "camera_sightings",
    Text("Ghi nhận của camera theo địa điểm", "What cameras saw, by place"),
    folds=(CAMERA,),
    hears=(MotionSeen, Loitered, CrowdSeen, VehicleStopped, FireSeen),
    build=CameraSightings,
    state=Nothing,
    emits=(SIGHTINGS,),
    shown_with=CAMERA_MODULE,
)
