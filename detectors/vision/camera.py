"""One camera's frames become what is said of it: crossings, motion, traffic, crowds, fire and its own health."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import cv2
import numpy as np

from detectors.vision.flame import FlameWatch, Spot
from detectors.vision.foreground import Foreground, Image, Seen, shrunk
from detectors.vision.health import HealthWatch, Report
from detectors.vision.lines import LineCounter
from detectors.vision.motion import ZoneWatch
from detectors.vision.presence import CrowdWatch, LoiterWatch
from detectors.vision.road import RoadWatch
from detectors.vision.smoke import SmokeWatch
from detectors.vision.tracks import Followed, Track, Tracker
from detectors.vision.view import Compared
from ioc.district import Camera
from ioc.events.cameras import (
    CameraHealth,
    CameraStatus,
    CrowdSeen,
    FireSeen,
    LineCrossed,
    Loitered,
    ModelStatus,
    MotionSeen,
    TrafficSeen,
    VehicleStopped,
)

Said = LineCrossed | MotionSeen | Loitered | CrowdSeen | TrafficSeen | VehicleStopped | FireSeen | CameraHealth

#: Fire that is still seen is said again after this.
FIRE_AGAIN = timedelta(seconds=30)


class CameraWatch:
    """Watches one camera. The same frames at the same times always say the same.

    Frames are 8-bit BGR or grey, of any size (they are shrunk), in order of time. Track numbers are the
    camera's own and grow as long as the watch lives.
    """

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._health = HealthWatch(camera.health, camera.turns)
        self._scene: _Scene | None = None
        #: How the camera's model is, said with its health.
        self.model: ModelStatus = "none"

    @property
    def moving(self) -> list[Track]:
        """What is being followed in the newest frame, in pixels of a frame shrunk to 320."""
        return self._scene.present if self._scene else []

    @property
    def foreground(self) -> Image | None:
        """What stood out in the newest frame, as 0 and 1."""
        return self._scene.mask if self._scene else None

    @property
    def compared(self) -> Compared | None:
        """How the newest look differed from the usual view."""
        return self._health.compared

    @property
    def status(self) -> CameraStatus | None:
        """The camera's health as it was last said."""
        return self._health.status

    def frame(self, frame: Image, at: datetime, received: int = 1, skipped: int = 0) -> list[Said]:
        """Take the next frame: ``received`` came since the last call, ``skipped`` of them were dropped."""
        picture = shrunk(frame)
        if self._scene is None or self._scene.shape != picture.shape:
            self._scene = _Scene(self._camera, picture.shape, self._scene.next_track if self._scene else 1)
        health = self._told(self._health.frame(self._scene.masked(picture), at, received, skipped))
        return [*self._scene.frame(picture, at), *health]

    def rebase(self) -> None:
        """A person has declared the present view the right one."""
        self._health.rebase()

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
                model=self.model,
            )
        ]


class _Scene:
    """What is known of the view at one picture size."""

    def __init__(self, camera: Camera, shape: tuple[int, ...], first: int) -> None:
        height, width = shape[:2]
        self.shape = shape
        self.present: list[Track] = []
        self.mask: Image | None = None
        self._camera = camera
        self._mask = _masks(camera, width, height)
        self._foreground = Foreground()
        self._tracker = Tracker(max(width, height), first)
        self._lines = [(line.id, LineCounter(line, width, height)) for line in camera.lines]
        self._zones = [(zone, ZoneWatch(zone, width, height)) for zone in camera.zones]
        self._loiterers = [
            LoiterWatch(camera.id, zone, zone.loiter_after, width, height) for zone in camera.zones if zone.loiter_after
        ]
        self._crowds = [CrowdWatch(camera.id, zone, zone.crowd, width, height) for zone in camera.zones if zone.crowd]
        self._roads = [RoadWatch(camera.id, road, width, height) for road in camera.roads]
        self._fire = _FireWatch(camera) if camera.fire else None

    @property
    def next_track(self) -> int:
        return self._tracker.next

    def masked(self, picture: Image) -> Image:
        """The picture without what is not to be looked at."""
        if self._mask is None:
            return picture
        return np.asarray(cv2.bitwise_and(picture, picture, mask=self._mask), np.uint8)

    def frame(self, picture: Image, at: datetime) -> list[Said]:
        picture = self.masked(picture)
        seen = self._foreground.apply(picture, at)
        fire: list[Said] = list(self._fire.update(picture, at)) if self._fire else []
        if not seen.settled:
            self._tracker.forget()
            self.present = []
            forgetful: list[CrowdWatch | RoadWatch | _FireWatch] = [*self._crowds, *self._roads]
            for watch in [*forgetful, self._fire] if self._fire else forgetful:
                watch.forget()
            self._count(Followed([], []))
            return fire
        followed = self._tracker.update(seen.blobs, at)
        self.mask = (seen.labels > 0).astype(np.uint8)
        self.present = followed.present
        said = [*self._count(followed), *self._in_zones(seen, followed, at), *fire]
        for crowd in self._crowds:
            said += crowd.update(picture, at)
        for road in self._roads:
            said += road.update(picture, followed.present, at)
        return said

    def left(self) -> list[Said]:
        """Whatever is being followed is gone; the view may have changed when frames come again."""
        self._foreground = Foreground()
        self.present = []
        return self._count(Followed([], self._tracker.forget()))

    def _in_zones(self, seen: Seen, followed: Followed, at: datetime) -> Iterable[Said]:
        for zone, watch in self._zones:
            area = watch.update(seen, followed.present, at)
            if area is not None:
                yield MotionSeen(camera=self._camera.id, zone=zone.id, area=round(area, 4))
        for loiterer in self._loiterers:
            yield from loiterer.update(followed, at)

    def _count(self, followed: Followed) -> list[Said]:
        return [
            LineCrossed(camera=self._camera.id, line=line, direction=crossing.direction, track=crossing.track)
            for line, counter in self._lines
            for crossing in counter.update(followed)
        ]


class _FireWatch:
    """Smoke and flame, said at first sight and again while they last."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera.id
        self._flame, self._smoke = FlameWatch(), SmokeWatch(camera.sky)
        self._said: dict[str, datetime] = {}

    def forget(self) -> None:
        self._smoke.forget()

    def update(self, picture: Image, at: datetime) -> Iterable[FireSeen]:
        flame, smoke = self._flame.update(picture, at), self._smoke.update(picture, at)
        if flame is not None and self._due("flame", at):
            yield FireSeen(camera=self._camera, what="flame", place=_middle(flame), area=_area(flame))
        if smoke is not None and self._due("smoke", at):
            yield FireSeen(camera=self._camera, what="smoke", place=_middle(smoke), area=_area(smoke))

    def _due(self, what: str, at: datetime) -> bool:
        if what in self._said and at - self._said[what] < FIRE_AGAIN:
            return False
        self._said[what] = at
        return True


def _middle(spot: Spot) -> tuple[float, float]:
    return round(min(1.0, spot.x + spot.width / 2), 3), round(min(1.0, spot.y + spot.height / 2), 3)


def _area(spot: Spot) -> float:
    return round(min(1.0, spot.width * spot.height), 4)


def _masks(camera: Camera, width: int, height: int) -> Image | None:
    """255 where the picture is looked at; None where it all is."""
    if not camera.masks:
        return None
    mask: Image = np.full((height, width), 255, np.uint8)
    for corners in camera.masks:
        cv2.fillPoly(mask, [np.rint([(x * width, y * height) for x, y in corners]).astype(np.int32)], 0)
    return mask
