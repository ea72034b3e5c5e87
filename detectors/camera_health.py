"""A camera no longer sees: no stream, a frozen or dark picture, or a view that is blurred or moved.

For the shift leader and whoever mends it. The camera's reader has already held its judgement over several
frames, so each change of status counts at once. A camera that says nothing at all is ``source_silent``.
"""

from collections.abc import Iterable

from ioc.alerts.kind import CAMERA_MODULE, AlertKind
from ioc.detector import Detector, Fact, Finding, Params, Raise, Ratio, Resolve, Share, Spec, State
from ioc.district import Camera, District
from ioc.events.base import AnyEvent, Moment
from ioc.events.cameras import CameraHealth, CameraStatus
from ioc.folds import CAMERA
from ioc.text import Text

IMPAIRED = AlertKind(
    "camera_impaired",
    CAMERA_MODULE,
    "moderate",
    Text("Camera không quan sát được", "Camera cannot see"),
    Text("{camera}: {status} từ {time}", "{camera}: {status} since {time}"),
)
SAID: dict[CameraStatus, Text] = {
    "ok": Text("hoạt động", "working"),
    "offline": Text("mất hình", "no picture"),
    "frozen": Text("hình đứng yên", "picture frozen"),
    "dark": Text("hình quá tối hoặc bị che", "too dark or covered"),
    "impaired": Text("hình mờ hoặc lệch", "blurred or moved"),
}
CAMERAS_BY_STATUS = Fact(
    "cameras",
    Text("Camera theo tình trạng", "Cameras by status"),
    ("status",),
    words={
        "ok": Text("tốt", "well"),
        "offline": Text("mất kết nối", "offline"),
        "frozen": Text("hình đứng", "frozen"),
        "dark": Text("hình tối", "dark"),
        "impaired": Text("hình kém", "impaired"),
    },
)
CAMERAS_WELL = Ratio(
    "cameras_well",
    Text("Tỷ lệ camera hoạt động tốt", "Share of cameras that are well"),
    CAMERAS_BY_STATUS,
    "status",
    values=("ok",),
    amber=0.95,
    red=0.8,
)


class Health(State):
    """The newest word of one camera."""

    status: CameraStatus | None = None
    at: Moment | None = None


class CameraSees(Detector[Health]):
    """Watches one camera's own reports."""

    def __init__(self, _: Params, district: District) -> None:
        self._district = district

    def new_state(self) -> Health:
        return Health()

    def on_event(self, state: Health, event: AnyEvent) -> Iterable[Finding]:
        said: CameraHealth = event.data
        before, state.status, state.at = state.status, said.status, event.at
        if said.status == before:
            return
        thing = self._district.things.get(said.camera)
        camera = thing if isinstance(thing, Camera) else None
        commune = camera.commune if camera else None
        if said.status == "ok":
            if before is not None:
                yield Resolve(IMPAIRED, said.camera, event.at, commune)
            return
        values = {
            "camera": camera.name if camera else said.camera,
            "status": SAID[said.status],
            "time": self._district.local(event.at).strftime("%H:%M"),
        }
        place = (camera.latitude, camera.longitude) if camera else None
        yield Raise(IMPAIRED, said.camera, event.at, commune, values=values, place=place)

    def on_late(self, state: Health, event: AnyEvent) -> Iterable[Finding]:
        """A late report counts while it is newer than the last one."""
        return () if state.at is not None and event.at <= state.at else self.on_event(state, event)

    def facts(self, state: Health) -> Iterable[Share]:
        if state.status is not None:
            yield CAMERAS_BY_STATUS, (state.status,), 1


SPEC = Spec(
    "camera_health",
    Text("Tình trạng camera", "Camera health"),
    folds=(CAMERA,),
    hears=(CameraHealth,),
    build=CameraSees,
    state=Health,
    kinds=(IMPAIRED,),
    facts=(CAMERAS_BY_STATUS,),
    ratios=(CAMERAS_WELL,),
)
