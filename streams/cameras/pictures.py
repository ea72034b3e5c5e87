"""The larger picture of what is said: asked for, shown to the model, kept as evidence with what moves made unknown."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from detectors.vision.camera import CameraWatch, Said
from detectors.vision.foreground import Blob, Image
from ioc.district import Camera
from ioc.events.cameras import CameraHealth, LineCrossed, MotionSeen, TrafficSeen
from streams.cameras.capture import Decoder
from streams.cameras.evidence import Evidence
from streams.cameras.model import Network

#: A picture is kept of a camera at most this often, unless its health changes.
EVERY = timedelta(seconds=10)


@dataclass
class _Waiting:
    """What a picture was asked for: the name to keep it under, and motion that is said once the model has looked."""

    at: datetime
    name: str | None
    motion: list[MotionSeen] = field(default_factory=list)


class Pictures:
    """One camera's larger pictures. At most one is asked for at a time; what happens meanwhile goes without."""

    def __init__(self, camera: Camera, watch: CameraWatch, evidence: Evidence | None, network: Network | None) -> None:
        self._camera, self._watch, self._evidence, self._network = camera, watch, evidence, network
        self._last: datetime | None = None
        self._small: Image | None = None
        self._waiting: _Waiting | None = None
        watch.model = "none" if network is None else "failed" if network.failed else "working"

    def wanted(self, said: list[Said], at: datetime, small: Image, decoder: Decoder) -> list[Said]:
        """What is to be said at once; asks for a picture where the rest deserves one."""
        self._small = small
        worth = [data for data in said if _worth(data)]
        motion = [data for data in said if isinstance(data, MotionSeen)] if self._asks() else []
        if self._waiting is not None or not worth:
            return said
        health = any(isinstance(data, CameraHealth) for data in worth)
        due = self._last is None or at - self._last >= EVERY or health
        if not (motion or (due and self._evidence)):
            return said
        name = None
        if self._evidence and due:
            self._last = at
            name = self._evidence.name(self._camera.id, at, worth[0].TYPE.rpartition(".")[2])
            said = [data.model_copy(update={"snapshot": name}) if _worth(data) else data for data in said]
        held = [data for data in said if motion and isinstance(data, MotionSeen)]
        self._waiting = _Waiting(at, name, held)
        decoder.ask()
        return [data for data in said if data not in held]

    def _asks(self) -> bool:
        return self._network is not None and not self._network.failed

    def came(self, picture: Image) -> list[tuple[datetime, Said]]:
        """The picture is here: keep it, and say the motion that waited for it, unless the model knows better."""
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return []
        moving = self._moving()
        motion = self._recognised(waiting.motion, picture, moving)
        if waiting.name is not None and self._evidence and (motion or not waiting.motion):
            self._evidence.keep(waiting.name, picture, [] if self._camera.keep_faces else moving)
        return [(waiting.at, data) for data in motion]

    def come_no_more(self) -> list[tuple[datetime, Said]]:
        """The stream is over: the small picture is better than none."""
        return self.came(self._small) if self._small is not None else []

    def _recognised(self, motion: list[MotionSeen], picture: Image, moving: list[Blob]) -> list[MotionSeen]:
        if not (self._network and motion and moving):
            return motion
        region = moving[0]
        for blob in moving[1:]:
            region = region.joined(blob)
        seen = self._network.look(picture, region)
        self._watch.model = "failed" if self._network.failed else "working"
        if seen is None:
            return motion  # the budget is used up, or it failed: the classical path alone
        if not seen:
            return [] if self._network.decides else motion
        best = max(seen, key=lambda each: each.confidence)
        return [data.model_copy(update={"label": best.label, "confidence": best.confidence}) for data in motion]

    def _moving(self) -> list[Blob]:
        """What moves, as fractions of the picture."""
        if self._small is None:
            return []
        height, width = self._small.shape[:2]
        return [
            Blob(box.x / width, box.y / height, box.width / width, box.height / height, 0)
            for box in (track.box for track in self._watch.moving)
        ]


def _worth(data: Said) -> bool:
    match data:
        case LineCrossed() | TrafficSeen():
            return False
        case CameraHealth(status=status):
            return status not in ("ok", "offline")
    return True
