"""A camera no longer sees: no stream, a black, frozen or broken picture; or its view was tampered with.

For the shift leader and whoever mends it. The camera's reader has already held its judgement over several frames, so
each change of status counts at once. What ends of itself (a stream that comes back, a lamp that is lit) clears by the
camera's own word. A view that was covered, turned, put out of focus or soiled rings until a person has looked and
declared the view right (``ioc camera rebase``): whoever tampers with a camera can also undo it before anybody comes.
A camera that says nothing at all is ``source_silent``.
"""

from collections.abc import Iterable

from ioc.alerts.kind import CAMERA_MODULE, AlertKind
from ioc.detector import Detector, Fact, Finding, Params, Raise, Ratio, Resolve, Share, Spec, State
from ioc.district import District
from ioc.events.base import AnyEvent, Moment
from ioc.events.cameras import CameraHealth, CameraRebased, CameraStatus
from ioc.folds import CAMERA
from ioc.text import Text

IMPAIRED = AlertKind(
    "camera_impaired",
    CAMERA_MODULE,
    "moderate",
    Text("Camera không quan sát được", "Camera cannot see"),
    Text("{camera}: {status} từ {time}", "{camera}: {status} since {time}"),
)
TAMPERED = AlertKind(
    "camera_tampered",
    CAMERA_MODULE,
    "moderate",
    Text("Góc nhìn camera bị thay đổi, nghi bị can thiệp", "Camera's view changed, tampering suspected"),
    Text(
        "{camera}: {status} từ {time}; cần người xem và xác nhận lại góc nhìn",
        "{camera}: {status} since {time}; somebody must look and confirm the view",
    ),
)
SAID: dict[CameraStatus, Text] = {
    "ok": Text("hoạt động", "working"),
    "offline": Text("mất hình", "no picture"),
    "slow": Text("hình về quá chậm", "far too few pictures"),
    "frozen": Text("hình đứng yên", "picture frozen"),
    "black": Text("hình tối đen", "picture black"),
    "covered": Text("ống kính bị che", "view covered"),
    "defocused": Text("hình bị mờ, mất nét", "out of focus"),
    "moved": Text("camera bị xoay lệch", "camera turned away"),
    "corrupted": Text("hình bị vỡ, nhiễu", "picture broken"),
    "dirty": Text("nghi ống kính bẩn hoặc có mạng nhện", "dirt or a web on the lens suspected"),
}
#: Faults of the view: over only when somebody has looked.
LATCHED: frozenset[CameraStatus] = frozenset({"covered", "defocused", "moved", "dirty"})
CAMERAS_BY_STATUS = Fact(
    "cameras",
    Text("Camera theo tình trạng", "Cameras by status"),
    ("status",),
    words={str(status): text for status, text in SAID.items()},
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
    """The newest word of one camera, and what rings."""

    status: CameraStatus | None = None
    at: Moment | None = None
    impaired: bool = False
    tampered: bool = False


class CameraSees(Detector[Health]):
    """Watches one camera's own reports."""

    def __init__(self, _: Params, district: District) -> None:
        self._district = district

    def new_state(self) -> Health:
        return Health()

    def on_event(self, state: Health, event: AnyEvent) -> Iterable[Finding]:
        said: CameraHealth | CameraRebased = event.data
        before, state.at = state.status, event.at
        if isinstance(said, CameraRebased):
            state.status = "ok" if state.status in LATCHED else state.status
            if state.tampered:
                state.tampered = False
                yield Resolve(TAMPERED, said.camera, event.at, self._district.camera_commune(said.camera))
            return
        state.status = said.status
        if said.status == before:
            return
        if state.impaired and (said.status == "ok" or said.status in LATCHED):
            state.impaired = False
            yield Resolve(IMPAIRED, said.camera, event.at, self._district.camera_commune(said.camera))
        if said.status in LATCHED:
            state.tampered = True
            yield self._raise(TAMPERED, said, event)
        elif said.status != "ok":
            state.impaired = True
            yield self._raise(IMPAIRED, said, event)

    def on_late(self, state: Health, event: AnyEvent) -> Iterable[Finding]:
        """A late report counts while it is newer than the last one."""
        return () if state.at is not None and event.at <= state.at else self.on_event(state, event)

    def facts(self, state: Health) -> Iterable[Share]:
        if state.status is not None:
            yield CAMERAS_BY_STATUS, (state.status,), 1

    def _raise(self, kind: AlertKind, said: CameraHealth, event: AnyEvent) -> Raise:
        camera = self._district.camera(said.camera)
        values = {
            "camera": camera.name if camera else said.camera,
            "status": SAID[said.status],
            "time": self._district.local(event.at).strftime("%H:%M"),
        }
        place = (camera.latitude, camera.longitude) if camera else None
        return Raise(
            kind, said.camera, event.at, self._district.camera_commune(said.camera), values=values, place=place
        )


SPEC = Spec(
    "camera_health",
    Text("Tình trạng camera", "Camera health"),
    folds=(CAMERA,),
    hears=(CameraHealth, CameraRebased),
    build=CameraSees,
    state=Health,
    kinds=(IMPAIRED, TAMPERED),
    facts=(CAMERAS_BY_STATUS,),
    ratios=(CAMERAS_WELL,),
)
