"""Smoke over a landscape, in a video or in stills half a minute apart; advisory.

Against the same view some looks ago: a grey, soft veil that hides detail, grows, rises from a place that stays, below
the horizon, in most of five looks (the five-frame rule that cut false alarms by three in Pyronear's comparison).
Fog, clouds and their shadows change large parts, have no foot, or do not grow.

Limits: classical means find far smoke late or not at all; a person must look. Dust behind a vehicle and steam look
like smoke. Give the camera a ``sky`` polygon where the horizon is not plain.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.flame import Spot
from detectors.vision.foreground import Image

#: A look at most this often; a video is averaged in between.
LOOK = timedelta(seconds=4)
#: The view is compared with that of so many looks ago, at least and at most.
NEAR, FAR = 3, 10
NEEDED, OF = 4, 5
SIDE = 240
#: Grey levels by which a place varies within a look where traffic passes; smoke drifts slower than that.
RESTLESS = 9.0
LEAST, MOST = 0.0012, 0.35

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class _Veil:
    """A candidate: its box in pixels, its foot, its area, and whether this look speaks for it."""

    box: tuple[int, int, int, int]
    foot: tuple[float, float]
    area: int
    grows: bool


class SmokeWatch:
    """Watches one camera's pictures for smoke."""

    def __init__(self, sky: tuple[tuple[float, float], ...] = ()) -> None:
        self._sky = sky
        self._mean: Floats | None = None
        self._unrest = np.zeros((1, 1), np.float32)
        self._count = 0
        self._looked: datetime | None = None
        self._views: deque[Floats] = deque(maxlen=FAR + 1)
        self._veils: deque[list[_Veil]] = deque(maxlen=OF)

    def forget(self) -> None:
        """The scene has changed."""
        self._mean, self._count = None, 0
        self._views.clear()
        self._veils.clear()

    def update(self, picture: Image, at: datetime) -> Spot | None:
        """Take the next colour frame; where smoke rises, at the looks that say so."""
        if picture.ndim == 2:
            return None
        scale = min(1.0, SIDE / max(picture.shape[:2]))
        size = (max(16, round(picture.shape[1] * scale)), max(16, round(picture.shape[0] * scale)))
        small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)
        if self._mean is None or self._mean.shape != small.shape:
            self.forget()
            self._mean, self._unrest = small, np.zeros(size[::-1], np.float32)
            self._looked = at
        mean = self._mean
        self._count += 1
        change = small - mean
        mean = np.asarray(mean + change / self._count, np.float32)
        self._unrest = self._unrest + ((small - mean) * change).mean(axis=2)
        self._mean = mean
        if self._looked is not None and at - self._looked < LOOK and self._views:
            return None
        calm = np.sqrt(np.maximum(self._unrest, 0) / max(1, self._count)) < RESTLESS
        self._looked, view, self._count, self._unrest = at, mean, 0, np.zeros(size[::-1], np.float32)
        self._views.append(view)
        if len(self._views) <= NEAR:
            return None
        self._veils.append(self._candidates(view, self._views[0], calm))
        return self._judged(size)

    def _candidates(self, view: Floats, before: Floats, calm: NDArray[np.bool_]) -> list[_Veil]:
        below = self._below_sky(view)
        if _hazier(view, before, below):
            return []
        mask = veiled(view, before, below & calm)
        if float(np.mean(mask)) > MOST:
            return []
        _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        airy = _plain(before)
        veils = []
        for number in range(1, len(stats)):
            x, y, width, height, area = (int(value) for value in stats[number])
            beneath = airy[y + height + 5 : y + height + 16, x : x + width]
            floats = beneath.size > 0 and float(beneath.mean()) > 0.4  # there is sky below it: a cloud
            if floats or area < LEAST * mask.size or width > 0.6 * mask.shape[1]:
                continue
            rows, columns = np.nonzero(labels == number)
            low = rows >= y + height - max(2, height // 6)
            foot = float(columns[low].mean()), float(y + height)
            veils.append(_Veil((x, y, width, height), foot, area, self._grows(foot, area, y)))
        return veils

    def _grows(self, foot: tuple[float, float], area: int, top: int) -> bool:
        """Larger than at the look before, or at least not smaller and taller, over the same foot."""
        before = [veil for veil in (self._veils[-1] if self._veils else []) if _near(veil.foot, foot)]
        return any(area > 1.03 * veil.area or (area > 0.9 * veil.area and top < veil.box[1]) for veil in before)

    def _judged(self, size: tuple[int, int]) -> Spot | None:
        for veil in self._veils[-1]:
            chain = [[other for other in veils if _near(other.foot, veil.foot)] for veils in self._veils]
            seen, growing = sum(map(bool, chain)), sum(any(other.grows for other in others) for others in chain)
            first = next((others for others in chain if others), [])
            larger = bool(first) and veil.area > 1.25 * min(other.area for other in first)
            if seen >= NEEDED and growing >= NEEDED - 2 and larger:
                x, y, width, height = veil.box
                return Spot(x / size[0], y / size[1], width / size[0], height / size[1])
        return None

    def _below_sky(self, view: Floats) -> NDArray[np.bool_]:
        height, width = view.shape[:2]
        if not self._sky:
            return np.logical_not(_sky(view))
        corners = np.rint([(x * width, y * height) for x, y in self._sky]).astype(np.int32)
        mask = np.zeros((height, width), np.uint8)
        cv2.fillPoly(mask, [corners], 1)
        return np.asarray(mask == 0, bool)


def veiled(view: Floats, before: Floats, where: NDArray[np.bool_]) -> Image:
    """Places that became greyer, softer and otherwise bright than they were, beyond a change of all light, as 0, 1."""
    light, then = view.mean(axis=2), before.mean(axis=2)
    change = light - then
    change = change - float(np.median(change))
    spread, spread_then = np.ptp(view, axis=2), np.ptp(before, axis=2)
    greyer = (spread < 45) & (spread <= spread_then + 8)
    detail, detail_then = _detail(light), _detail(then)
    softer = detail <= 0.85 * detail_then + 0.3
    mask = ((np.abs(change) > 7) & greyer & softer & where).astype(np.uint8)
    mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)), np.uint8)


def _hazier(view: Floats, before: Floats, below: NDArray[np.bool_]) -> bool:
    """Whether the whole land lost detail: fog and rain do that, and smoke does not."""
    if not np.any(below):
        return True
    now, then = (_detail(np.asarray(each.mean(axis=2), np.float32))[below] for each in (view, before))
    return float(np.median((now + 0.3) / (then + 0.3))) < 0.93


def _detail(light: Floats) -> Floats:
    fine = light - cv2.blur(light, (5, 5))
    return np.asarray(np.sqrt(np.maximum(cv2.blur(fine * fine, (9, 9)), 0)), np.float32)


def _sky(view: Floats) -> NDArray[np.bool_]:
    """Bright and without detail, joined to the upper edge, with the clouds in it."""
    _, labels, _, _ = cv2.connectedComponentsWithStats(_plain(view), connectivity=4)
    above = np.unique(labels[0])
    open_sky = np.isin(labels, above[above > 0]).astype(np.uint8)
    # Clouds have edges: what lies between two parts of the sky is sky too.
    return np.asarray(cv2.morphologyEx(open_sky, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8)), np.uint8) > 0


def _plain(view: Floats) -> Image:
    """Bright and without detail, as 0 and 1."""
    light = np.asarray(view.mean(axis=2), np.float32)
    return ((_detail(light) < 3) & (light > 1.1 * float(np.median(light)))).astype(np.uint8)


def _near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) < 0.06 * SIDE and abs(one[1] - other[1]) < 0.05 * SIDE
