"""An open flame in a video, advisory: coloured like fire, restless in its outline, and staying where it burns.

Colour alone is worth little: sunsets, lamps, red cars and neon signs have it too (the rule on luminance and
chrominance is that of Çelik and Demirel 2009). What they do not have is a flame's outline, which differs from look to
look even when laid upon itself: a car keeps its shape as it drives, a sign is on or off, a lamp and the sky stay.
Needs two looks a second and more; stills half a minute apart show no flicker, and are left to smoke.

Limits: far, hidden or bluish flames and fires by daylight behind smoke are missed; fire-coloured leaves or flags in
the wind and reflections on water may pass for flames.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.foreground import Image

LOOK = timedelta(seconds=0.19)
#: Longer side of the picture that this is told from, pixels.
SIDE = 240
#: Looks that are kept of a region, and how many of them must speak of a flame.
OF, NEEDED = 15, 11
#: A region's share of the picture, at least.
LEAST = 0.0006
#: How much of the outline differs from look to look once laid upon itself; between these it is a flame's.
WOBBLE = 0.14, 0.8


class Spot(NamedTuple):
    """Where it burns, as fractions of the picture: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float


@dataclass
class _Region:
    """One fire-coloured region through its looks."""

    box: tuple[int, int, int, int]
    seen: datetime
    mask: NDArray[np.bool_]
    area: int
    wobbles: deque[float | None] = field(default_factory=lambda: deque(maxlen=OF))
    places: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=OF))
    restless: deque[float] = field(default_factory=lambda: deque(maxlen=OF))


class FlameWatch:
    """Watches one camera's pictures for flames."""

    def __init__(self) -> None:
        self._looked: datetime | None = None
        self._lights: deque[NDArray[np.float32]] = deque(maxlen=6)
        self._regions: list[_Region] = []

    def update(self, picture: Image, at: datetime) -> Spot | None:
        """Take the next colour frame; where a flame is, while it lasts."""
        if picture.ndim == 2 or (self._looked is not None and at - self._looked < LOOK):
            return None
        if self._looked is not None and at - self._looked > timedelta(seconds=1):
            self._lights.clear()
            self._regions = []
        self._looked = at
        scale = min(1.0, SIDE / max(picture.shape[:2]))
        size = (max(8, round(picture.shape[1] * scale)), max(8, round(picture.shape[0] * scale)))
        small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        light = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.float32)
        self._lights.append(light)
        changes = [np.abs(one - other) for one, other in zip(list(self._lights)[1:], self._lights, strict=False)]
        flicker = np.mean(changes, axis=0) > 5 if changes else np.zeros(light.shape, bool)
        self._follow(fire_coloured(small), np.asarray(flicker, bool), at)
        burning = [region for region in self._regions if region.seen == at and _burns(region, max(size))]
        if not burning:
            return None
        x, y, width, height = max(burning, key=lambda region: region.area).box
        return Spot(x / size[0], y / size[1], width / size[0], height / size[1])

    def _follow(self, mask: Image, flicker: NDArray[np.bool_], at: datetime) -> None:
        _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        known, self._regions = self._regions, []
        for number in range(1, len(stats)):
            x, y, width, height, area = (int(value) for value in stats[number])
            if area < LEAST * mask.size or area > 0.5 * mask.size:
                continue
            shape = labels == number
            before = max(known, key=lambda region: _overlap(region.box, (x, y, width, height)), default=None)
            if before is None or _overlap(before.box, (x, y, width, height)) < 0.15:
                region = _Region((x, y, width, height), at, shape, area)
            else:
                known.remove(before)
                region = before
                region.wobbles.append(_wobble(region.mask, shape))
                region.box, region.seen, region.mask, region.area = (x, y, width, height), at, shape, area
            region.places.append((x + width / 2, y + height))
            region.restless.append(float(np.mean(flicker[shape])))
            self._regions.append(region)
        self._regions += [region for region in known if at - region.seen < timedelta(seconds=0.7)]


def fire_coloured(picture: Image) -> Image:
    """Pixels that glow from red to yellow, as 0 and 1."""
    luma, red, blue = (np.asarray(plane, np.int16) for plane in cv2.split(cv2.cvtColor(picture, cv2.COLOR_BGR2YCrCb)))
    b, g, r = (np.asarray(plane, np.int16) for plane in cv2.split(picture))
    glows = (luma > max(90.0, float(luma.mean()))) & (red - blue > 40) & (r >= g) & (g >= b) & (r > 150)
    # The middle of a flame is white to a sensor that is not stopped down for it.
    core = (luma > 200) & (red >= blue) & (r > 225)
    core &= cv2.dilate(glows.astype(np.uint8), np.ones((13, 13), np.uint8)) > 0
    return np.asarray(cv2.morphologyEx((glows | core).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)))


def _burns(region: _Region, side: int) -> bool:
    """Whether its looks speak of a flame."""
    told = [wobble for wobble in region.wobbles if wobble is not None]
    if len(region.wobbles) < OF - 1 or len(told) < NEEDED:
        return False
    lively = sum(WOBBLE[0] <= wobble <= WOBBLE[1] for wobble in told)
    feet = np.array(region.places)
    spread = np.std(feet, axis=0)
    size = max(region.box[2:])
    stays = bool(np.all(spread <= max(0.6 * size, 0.02 * side)))
    drift = float(np.linalg.norm(feet[-3:].mean(axis=0) - feet[:3].mean(axis=0)))
    return lively >= NEEDED and stays and drift <= size and float(np.mean(region.restless)) > 0.25


def _wobble(before: NDArray[np.bool_], now: NDArray[np.bool_]) -> float | None:
    """How much two outlines differ when laid upon one another; None where one is much larger: on and off."""
    sizes = int(np.count_nonzero(before)), int(np.count_nonzero(now))
    if min(sizes) == 0 or max(sizes) > 2.5 * min(sizes):
        return None
    shift = np.rint(_middle(now) - _middle(before)).astype(int)
    laid = np.roll(before, tuple(shift), axis=(0, 1))
    either = int(np.count_nonzero(laid | now))
    return int(np.count_nonzero(laid ^ now)) / either


def _middle(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    return np.array([places.mean() for places in np.nonzero(mask)])


def _overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> float:
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / min(one[2] * one[3], other[2] * other[3])
