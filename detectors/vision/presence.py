"""Who stays in a zone for long, and how crowded it is: a level that holds for a while, never a number of heads.

Loitering is one object's, or that of one that takes over from it where it was lost: people stop, hide behind one
another and melt into the background. Crowding is the share of the zone that is taken by what is not always there.
"""

import math
from collections import Counter, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from detectors.vision.foreground import Image
from detectors.vision.motion import travels
from detectors.vision.occupancy import Occupancy
from detectors.vision.tracks import Followed, Point, Track
from ioc.district import Crowd, Zone
from ioc.events.cameras import CrowdLevel, CrowdSeen, Loitered

#: How long one who was lost in a zone may be taken up again there, and how far away, of the picture's longer side.
LOST_FOR, LOST_WITHIN = timedelta(seconds=30), 0.15
AGAIN = timedelta(seconds=30)


@dataclass
class _Stay:
    since: datetime
    last: datetime
    place: Point
    number: int
    moved: bool = False
    said: datetime | None = None


class LoiterWatch:
    """Watches one zone for those who stay."""

    def __init__(self, camera: str, zone: Zone, after: timedelta, width: int, height: int) -> None:
        self._camera, self._zone, self._after = camera, zone, after
        self._polygon = [(x * width, y * height) for x, y in zone.polygon]
        self._side = max(width, height)
        self._stays: dict[int, _Stay] = {}

    def update(self, followed: Followed, at: datetime) -> list[Loitered]:
        """Take the next frame's tracks; returns who has stayed too long."""
        said = []
        for track in followed.present:
            if not track.confirmed or not inside(foot(track), self._polygon):
                continue
            stay = self._stay(track, at)
            stay.last, stay.place = at, track.position
            stay.moved = stay.moved or travels(track, self._side)
            due = stay.said is None or at - stay.said >= AGAIN
            if stay.moved and at - stay.since >= self._after and due:
                stay.said = at
                seconds = round((at - stay.since).total_seconds())
                said.append(Loitered(camera=self._camera, zone=self._zone.id, track=stay.number, seconds=seconds))
        self._stays = {number: stay for number, stay in self._stays.items() if at - stay.last <= LOST_FOR}
        return said

    def _stay(self, track: Track, at: datetime) -> _Stay:
        """The track's own stay, or that of one lost nearby that nobody has taken over."""
        if track.number not in self._stays:
            reach = LOST_WITHIN * self._side
            lost = [
                number
                for number, stay in self._stays.items()
                if stay.last < at - timedelta(seconds=0.3) and math.dist(stay.place, track.position) <= reach
            ]
            nearest = min(lost, key=lambda number: math.dist(self._stays[number].place, track.position), default=None)
            fresh = _Stay(at, at, track.position, track.number)
            self._stays[track.number] = fresh if nearest is None else self._stays.pop(nearest)
        return self._stays[track.number]


class CrowdWatch:
    """Watches one zone for how crowded it is."""

    def __init__(self, camera: str, zone: Zone, crowd: Crowd, width: int, height: int) -> None:
        self._camera, self._zone, self._crowd = camera, zone, crowd
        self._occupancy = Occupancy(zone.polygon, width, height)
        self._looks: deque[tuple[datetime, CrowdLevel]] = deque()
        self._level: CrowdLevel = "calm"
        self._said: datetime | None = None

    def forget(self) -> None:
        """The scene has changed."""
        self._occupancy.forget()
        self._looks.clear()

    def update(self, picture: Image, at: datetime) -> list[CrowdSeen]:
        """Take the next frame; a level is said when it has held for the dwell, and then every minute it is not calm."""
        share = self._occupancy.update(picture, at).share
        self._looks.append((at, self._now(share)))
        while at - self._looks[0][0] > self._crowd.dwell:
            self._looks.popleft()
        held = at - self._looks[0][0] >= 0.9 * self._crowd.dwell
        level, times = Counter(level for _, level in self._looks).most_common(1)[0]
        if held and times >= 0.8 * len(self._looks) and level != self._level:
            self._level, self._said = level, None
        elif self._level == "calm" or (self._said is not None and at - self._said < timedelta(minutes=1)):
            return []
        if self._said is None or at - self._said >= timedelta(minutes=1):
            self._said = at
            return [CrowdSeen(camera=self._camera, zone=self._zone.id, level=self._level, occupancy=round(share, 3))]
        return []

    def _now(self, share: float) -> CrowdLevel:
        less = {"calm": 1.0, "busy": 0.8, "crowded": 0.8}[self._level]
        if share >= self._crowd.crowded * (less if self._level == "crowded" else 1.0):
            return "crowded"
        return "busy" if share >= self._crowd.busy * less else "calm"


def foot(track: Track) -> Point:
    """Where it stands: the middle of its lower edge."""
    return track.box.x + track.box.width / 2, track.box.y + track.box.height


def inside(point: Point, polygon: list[Point]) -> bool:
    """Whether a point lies in a polygon (even-odd rule)."""
    x, y = point
    odd = False
    for (x1, y1), (x2, y2) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            odd = not odd
    return odd
