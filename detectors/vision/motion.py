"""Something moves in a zone: an object that is followed over several frames and really gets somewhere.

Leaves, rain, a web before the lens and noise move, but not from one place to another: an object counts once
it has gone more than its own size. A zone reports when one object is in it in :data:`NEEDED` of the last
:data:`OF` frames: once at the start, and then every :data:`REPEAT` while it lasts. Motion that pauses for
:data:`OVER` or longer starts anew. Who waves arms in one place is not noticed; insects near an infrared lamp
may be.
"""

import math
from collections import Counter, deque
from datetime import datetime, timedelta
from itertools import pairwise

import cv2
import numpy as np

from detectors.vision.foreground import Blob, Image, Seen
from detectors.vision.tracks import Track
from ioc.district import Zone

NEEDED, OF = 4, 6
#: Places that an object's trail must have before it is judged.
OBSERVED = 6
REPEAT = timedelta(seconds=5)
OVER = timedelta(seconds=3)


def travels(track: Track, side: int) -> bool:
    """Whether the object has got somewhere of late: further than its own size, mostly in one direction."""
    places = [place for _, place in track.trail]
    if len(places) < OBSERVED or not track.steady:
        return False
    way = math.dist(_mean(places[:2]), _mean(places[-2:]))
    stations = [_mean(places[index : index + 3]) for index in range(0, len(places) - 2, 3)]
    steps = sum(math.dist(one, two) for one, two in pairwise(stations))
    return way >= min(max(1.25 * track.size, 0.02 * side), 0.15 * side) and way >= 0.6 * steps


class ZoneWatch:
    """Watches one zone of a picture of the given size in pixels."""

    def __init__(self, zone: Zone, width: int, height: int) -> None:
        corners = np.array([(x * width, y * height) for x, y in zone.polygon])
        self._inside: Image = np.zeros((height, width), np.uint8)
        cv2.fillPoly(self._inside, [np.rint(corners).astype(np.int32)], 1)
        self._side = max(width, height)
        self._sizes = zone.least * width * height, zone.most * width * height
        self._recent: deque[frozenset[int]] = deque(maxlen=OF)
        self._moved: datetime | None = None
        self._said: datetime | None = None

    def update(self, seen: Seen, present: list[Track], at: datetime) -> float | None:
        """Take the next frame; returns the moving share of the picture when it is to be said."""
        shares = {
            track.number: pixels
            for track in present
            if self._sizes[0] <= track.box.area <= self._sizes[1]
            and travels(track, self._side)
            and (pixels := self._within(seen, track.box))
        }
        self._recent.append(frozenset(shares))
        often = Counter(number for numbers in self._recent for number in numbers)
        pixels = sum(share for number, share in shares.items() if often[number] >= NEEDED)
        if not pixels:
            return None
        if self._moved is None or at - self._moved >= OVER:
            self._said = None
        self._moved = at
        if self._said is not None and at - self._said < REPEAT:
            return None
        self._said = at
        return min(1.0, pixels / self._inside.size)

    def _within(self, seen: Seen, box: Blob) -> int:
        """Foreground pixels of an object in the zone: with its foot, or with half of what is seen of it."""
        height, width = self._inside.shape
        left, top = max(0, int(box.x)), max(0, int(box.y))
        right, bottom = min(width, math.ceil(box.x + box.width)), min(height, math.ceil(box.y + box.height))
        if left >= right or top >= bottom:
            return 0
        shown = seen.labels[top:bottom, left:right] > 0
        within = int(np.count_nonzero(shown & (self._inside[top:bottom, left:right] > 0)))
        foot = self._inside[bottom - 1, min(width - 1, (left + right) // 2)]
        return within if foot or 2 * within >= np.count_nonzero(shown) else 0


def _mean(points: list[tuple[float, float]]) -> tuple[float, float]:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
