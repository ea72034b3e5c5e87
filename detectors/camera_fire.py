"""A camera suspects smoke or a flame: advice to look, never proof.

For the forest-fire duty officer, who looks at the picture before anybody drives out. The camera has already held its
judgement over several looks; a policy may ask that it say so more than once. For ``fire`` it is a weak sign at the
camera's place: what stations, satellites or citizens say near there becomes graver, and is told as one fire.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from ioc.alerts.alert import Evidence, Words2
from ioc.alerts.kind import FOREST_MODULE, AlertKind
from ioc.detector import Detector, Emit, Finding, Params, Raise, Resolve, Spec, State
from ioc.district import District, Duration
from ioc.events.base import AnyEvent, Moment
from ioc.events.cameras import FireSeen
from ioc.events.forest import FIRE_SIGNS, FireSign
from ioc.folds import CAMERA
from ioc.text import Text


class FirePolicy(Params):
    """How often it must be said, and when it is over."""

    times: Annotated[int, Field(ge=1, description="said so often within the span before it rings")] = 1
    within: Annotated[Duration, Field(description="the span in which it must be said so often")] = timedelta(minutes=5)
    clear_after: Annotated[Duration, Field(description="clears after this long without a word of it")] = timedelta(
        minutes=10
    )
    reach_m: Annotated[float, Field(gt=0, le=50_000, description="what it sees may be so far from the camera, m")] = (
        3000.0
    )
    lasts: Annotated[Duration, Field(description="it speaks of a fire for so long, unless it clears before")] = (
        timedelta(hours=2)
    )


SUSPECTED = AlertKind(
    "camera_fire",
    FOREST_MODULE,
    "moderate",
    Text("Camera nghi có khói hoặc lửa", "Camera suspects smoke or fire"),
    Text(
        "{camera}: nghi có {what} lúc {time}; cần người xem hình để xác minh",
        "{camera}: {what} suspected at {time}; somebody must look at the picture to verify",
    ),
)
GONE = Text("không còn thấy", "seen no more")
WHAT = {"smoke": Text("khói", "smoke"), "flame": Text("lửa", "a flame")}


class Seen(State):
    """The newest words of smoke or flame, and since when it rings."""

    camera: str = ""
    said: list[Moment] = Field(default_factory=list)
    ringing: bool = False


class CameraFire(Detector[Seen]):
    """Watches what one camera says of smoke and flames."""

    def __init__(self, policy: FirePolicy, district: District) -> None:
        self._policy, self._district = policy, district

    def new_state(self) -> Seen:
        return Seen()

    def on_event(self, state: Seen, event: AnyEvent) -> Iterable[Finding]:
        seen: FireSeen = event.data
        state.camera = seen.camera
        state.said = [*[at for at in state.said if event.at - at <= self._policy.within][-9:], event.at]
        if not state.ringing and len(state.said) >= self._policy.times:
            state.ringing = True
            yield self._raise(seen, event.at)
            yield from self._sign(seen.camera, WHAT[seen.what], event.at, "weak", (Evidence.of(event),))

    def on_late(self, state: Seen, event: AnyEvent) -> Iterable[Finding]:
        """What was suspected long ago rings no more."""
        return ()

    def next_deadline(self, state: Seen) -> datetime | None:
        return max(state.said) + self._policy.clear_after if state.said else None

    def on_deadline(self, state: Seen, at: datetime) -> Iterable[Finding]:
        state.said = []
        if state.ringing:
            state.ringing = False
            yield Resolve(SUSPECTED, state.camera, at, self._district.camera_commune(state.camera))
            yield from self._sign(state.camera, GONE, at, "over", ())

    def _raise(self, seen: FireSeen, at: datetime) -> Raise:
        camera = self._district.camera(seen.camera)
        values = {
            "camera": camera.name if camera else seen.camera,
            "what": WHAT[seen.what],
            "time": self._district.local(at).strftime("%H:%M"),
        }
        place = (camera.latitude, camera.longitude) if camera else None
        return Raise(SUSPECTED, seen.camera, at, camera.commune if camera else None, values=values, place=place)

    def _sign(
        self, name: str, what: Text, at: datetime, strength: Literal["weak", "over"], evidence: tuple[Evidence, ...]
    ) -> Iterable[Emit]:
        """What it says of a fire, where the district knows where the camera stands."""
        camera = self._district.camera(name)
        if camera is None:
            return
        yield Emit(FIRE_SIGNS, FireSign(
            sign_source="camera", thing=name, strength=strength, commune=camera.commune, latitude=camera.latitude,
            longitude=camera.longitude, reach_m=self._policy.reach_m, lasts_s=self._policy.lasts.total_seconds(),
            says=Words2(vi=f"{camera.name}: {what.vi}", en=f"{camera.name}: {what.en}"), evidence=evidence,
        ), at)  # fmt: skip


SPEC = Spec(
    "camera_fire",
    Text("Nghi khói, lửa qua camera", "Smoke or fire suspected by a camera"),
    folds=(CAMERA,),
    hears=(FireSeen,),
    build=CameraFire,
    state=Seen,
    params=FirePolicy,
    kinds=(SUSPECTED,),
    emits=(FIRE_SIGNS,),
)
