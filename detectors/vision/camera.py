"""One camera's frames become what is said of it: crossings, motion and health."""

from datetime import datetime

from detectors.vision.foreground import Foreground, Image, shrunk
from detectors.vision.health import HealthWatch, Report
from detectors.vision.lines import LineCounter
from detectors.vision.motion import ZoneWatch
from detectors.vision.tracks import Followed, Tracker
from ioc.district import Camera
from ioc.events.cameras import CameraHealth, LineCrossed, MotionSeen

Said = LineCrossed | MotionSeen | CameraHealth


class CameraWatch:
    """Watches one camera. The same frames at the same times always say the same.

    Frames are 8-bit BGR or grey, of any size (they are shrunk), in order of time. Track numbers are the
    camera's own and grow as long as the watch lives.
    """

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._health = HealthWatch()
        self._scene: _Scene | None = None

    def frame(self, frame: Image, at: datetime, received: int = 1, skipped: int = 0) -> list[Said]:
        """Take the next frame: ``received`` came since the last call, ``skipped`` of them were dropped."""
        picture = shrunk(frame)
        if self._scene is None or self._scene.shape != picture.shape:
            self._scene = _Scene(self._camera, picture.shape, self._scene.next_track if self._scene else 1)
        said = self._scene.frame(picture, at)
        return [*said, *self._told(self._health.frame(picture, at, received, skipped))]

    def gone(self, at: datetime, reason: str) -> list[Said]:
        """No frames come any more; to be called again now and then while it lasts."""
        left = self._scene.left() if self._scene else []
        return [*left, *self._told(self._health.gone(at, reason))]

    def ended(self, at: datetime, reason: str) -> list[Said]:
        """The recording is over, as it should be: the last crossings, and the status the camera had."""
        left = self._scene.left() if self._scene else []
        return [*left, *self._told(self._health.closed(at, reason))]

    def _told(self, report: Report | None) -> list[Said]:
        if report is None:
            return []
        return [
            CameraHealth(
                camera=self._camera.id,
                status=report.status,
                fps=report.fps,
                skipped=report.skipped,
                reason=report.reason,
            )
        ]


class _Scene:
    """What is known of the view at one picture size."""

    def __init__(self, camera: Camera, shape: tuple[int, ...], first: int) -> None:
        height, width = shape[:2]
        self.shape = shape
        self._camera = camera.id
        self._foreground = Foreground()
        self._tracker = Tracker(max(width, height), first)
        self._lines = [(line.id, LineCounter(line, width, height)) for line in camera.lines]
        self._zones = [(zone.id, ZoneWatch(zone, width, height)) for zone in camera.zones]

    @property
    def next_track(self) -> int:
        return self._tracker.next

    def frame(self, picture: Image, at: datetime) -> list[Said]:
        seen = self._foreground.apply(picture, at)
        if not seen.settled:
            self._tracker.forget()
            self._count(Followed([], []))
            return []
        followed = self._tracker.update(seen.blobs, at)
        said = self._count(followed)
        for zone, watch in self._zones:
            area = watch.update(seen, followed.present, at)
            if area is not None:
                said.append(MotionSeen(camera=self._camera, zone=zone, area=round(area, 4)))
        return said

    def left(self) -> list[Said]:
        """Whatever is being followed is gone; the view may have changed when frames come again."""
        self._foreground = Foreground()
        return self._count(Followed([], self._tracker.forget()))

    def _count(self, followed: Followed) -> list[Said]:
        return [
            LineCrossed(camera=self._camera, line=line, direction=crossing.direction, track=crossing.track)
            for line, counter in self._lines
            for crossing in counter.update(followed)
        ]
