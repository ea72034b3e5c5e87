"""A road: how full it is, how fast it goes, in three levels; and a vehicle that stands where others drive.

Speed is told in lengths of the vehicles themselves a second, which needs no calibration and no perspective: a car of
4.5 m at 50 km/h makes three of its lengths a second, and one that crawls at 10 km/h half of one.
Levels follow occupancy and speed together (Sobral et al. 2013 classify the same two), over the last
:data:`WINDOW`, and change only when half of :data:`WINDOW` speaks for the new one.
"""

import statistics
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

import cv2
import numpy as np

from detectors.vision.foreground import Image
from detectors.vision.occupancy import Occupancy
from detectors.vision.tracks import Track
from ioc.district import Road
from ioc.events.cameras import SpeedClass, TrafficLevel, TrafficSeen, VehicleStopped

WINDOW = timedelta(seconds=30)
EVERY = timedelta(seconds=30)
#: What stands is said again after this.
AGAIN = timedelta(minutes=1)
#: Lengths a second below which traffic crawls, and below which it is slow.
CRAWLS, SLOW = 0.5, 1.5
#: A vehicle that stands covers at least and at most so much of the road's area.
LEAST, MOST = 0.004, 0.35


@dataclass(frozen=True)
class _Look:
    at: datetime
    occupied: float
    still: float
    speeds: tuple[float, ...]


class RoadWatch:
    """Watches one road of a picture of the given size in pixels."""

    def __init__(self, camera: str, road: Road, width: int, height: int) -> None:
        self._camera, self._road = camera, road
        self._occupancy = Occupancy(road.polygon, width, height)
        self._scale = self._occupancy.size[0] / width
        self._looks: deque[_Look] = deque()
        self._level: TrafficLevel = "free"
        self._said: datetime | None = None
        self._passed: dict[int, datetime] = {}
        self._stopped: list[tuple[float, float, datetime]] = []

    def forget(self) -> None:
        """The scene has changed."""
        self._occupancy.forget()
        self._looks.clear()

    def update(self, picture: Image, present: list[Track], at: datetime) -> list[TrafficSeen | VehicleStopped]:
        """Take the next frame; returns what is to be said."""
        taken = self._occupancy.update(picture, at)
        tracks = [track for track in present if track.steady and self._on_road(track)]
        speeds = tuple(track.speed / track.size for track in tracks if track.size > 0)
        for track in tracks:
            self._passed.setdefault(track.number, at)
        self._looks.append(_Look(at, taken.share, taken.still, speeds))
        while at - self._looks[0].at > WINDOW:
            self._looks.popleft()
        return [*self._traffic(at), *self._stops(picture, at)]

    def _traffic(self, at: datetime) -> list[TrafficSeen | VehicleStopped]:
        if at - self._looks[0].at < 0.5 * WINDOW:
            return []
        recent = [look for look in self._looks if at - look.at <= 0.5 * WINDOW]
        level = self._judged(recent)
        changed = level != self._level
        if not changed and self._said is not None and at - self._said < EVERY:
            return []
        self._level, self._said = level, at
        self._passed = {number: when for number, when in self._passed.items() if at - when <= timedelta(minutes=1)}
        occupied = statistics.median(look.occupied for look in recent)
        speed = _speed(recent)
        seen = TrafficSeen(
            camera=self._camera, road=self._road.id, level=level, speed=speed, occupancy=round(occupied, 3),
            flow=len(self._passed),
        )  # fmt: skip
        return [seen]

    def _judged(self, looks: list[_Look]) -> TrafficLevel:
        """With hysteresis: a level is left when occupancy is a fifth below what it takes to enter it."""
        occupied = statistics.median(look.occupied for look in looks)
        still = statistics.median(look.still for look in looks)
        crawls = _speed(looks) in ("stopped", "crawling") or still > 0.5
        congested = self._road.congested * (0.8 if self._level == "congested" else 1.0)
        dense = self._road.dense * (0.8 if self._level != "free" else 1.0)
        if occupied >= congested and crawls:
            return "congested"
        return "dense" if occupied >= dense else "free"

    def _stops(self, picture: Image, at: datetime) -> list[TrafficSeen | VehicleStopped]:
        """Spots that stand on a road that is not congested; each once, and again each minute."""
        after = self._road.stopped_after.total_seconds()
        if self._level == "congested":
            return []
        long = (self._occupancy.standing >= after).astype(np.uint8)
        whole = max(1, int(np.count_nonzero(self._occupancy.area)))
        closed = cv2.morphologyEx(long, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
        _, labels, stats, centres = cv2.connectedComponentsWithStats(closed, connectivity=8)
        said: list[TrafficSeen | VehicleStopped] = []
        for number, (stat, (x, y)) in enumerate(zip(stats[1:], centres[1:], strict=True), 1):
            if not LEAST * whole <= stat[cv2.CC_STAT_AREA] <= MOST * whole:
                continue
            if not self._occupancy.uncovered(labels == number, picture) and self._due(float(x), float(y), at):
                said.append(self._stop(float(x), float(y), after))
        self._stopped = [spot for spot in self._stopped if at - spot[2] < 2 * AGAIN]
        return said

    def _due(self, x: float, y: float, at: datetime) -> bool:
        """Whether nothing was said of this place for a minute."""
        near = [spot for spot in self._stopped if abs(spot[0] - x) + abs(spot[1] - y) <= 12]
        if any(at - spot[2] < AGAIN for spot in near):
            return False
        self._stopped = [spot for spot in self._stopped if spot not in near] + [(x, y, at)]
        return True

    def _stop(self, x: float, y: float, after: float) -> VehicleStopped:
        wide, high = self._occupancy.size
        place = (round(min(1.0, x / wide), 3), round(min(1.0, y / high), 3))
        return VehicleStopped(camera=self._camera, road=self._road.id, place=place, seconds=round(after))

    def _on_road(self, track: Track) -> bool:
        x, y = (round(value * self._scale) for value in track.position)
        height, width = self._occupancy.area.shape
        return bool(self._occupancy.area[min(max(y, 0), height - 1), min(max(x, 0), width - 1)])


def _speed(looks: list[_Look]) -> SpeedClass:
    speeds = [speed for look in looks for speed in look.speeds]
    taken = statistics.median(look.occupied for look in looks)
    if not speeds:
        return "stopped" if taken > 0.1 else "none"
    middle = statistics.median(speeds)
    return "crawling" if middle < CRAWLS else "slow" if middle < SLOW else "normal"
