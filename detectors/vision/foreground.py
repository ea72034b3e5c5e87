"""What stands out from the background of a fixed camera: a mask and its blobs, at a small size.

MOG2 with shadows dropped, opened and closed, as connected components above a minimum size. When most of the
picture changes at once (infrared switch, lightning, a camera that is turned) nothing in it is an object: the
background is learnt anew and no blob is reported meanwhile, as Frigate's ``lightning_threshold`` does.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

#: Longer side of the picture that is analysed, in pixels.
SIDE = 320


def shrunk(frame: Image, side: int = SIDE) -> Image:
    """The frame with its longer side at most ``side`` pixels, in the same proportions."""
    height, width = frame.shape[:2]
    scale = side / max(width, height)
    if scale >= 1:
        return frame
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)


class Blob(NamedTuple):
    """A connected region of foreground: its box and number of pixels, in pixels of the analysed picture."""

    x: float
    y: float
    width: float
    height: float
    area: float

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def holds(self, point: tuple[float, float], margin: float = 0.0) -> bool:
        """Whether the point lies in the box, widened on each side by ``margin`` of its size."""
        wide, high = self.width * margin, self.height * margin
        return (
            self.x - wide <= point[0] <= self.x + self.width + wide
            and self.y - high <= point[1] <= self.y + self.height + high
        )

    def joined(self, other: "Blob") -> "Blob":
        """The smallest box around both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        right = max(self.x + self.width, other.x + other.width)
        bottom = max(self.y + self.height, other.y + other.height)
        return Blob(x, y, right - x, bottom - y, self.area + other.area)


@dataclass(frozen=True)
class Seen:
    """One frame's foreground; ``settled`` is false while the background is being learnt anew."""

    labels: NDArray[np.int32]
    blobs: tuple[Blob, ...]
    settled: bool


@dataclass
class Foreground:
    """Separates what moves from what is always there. Times in seconds, sizes as shares of the frame."""

    #: Time in which the background follows the scene; what stands still is absorbed in about a tenth of it.
    memory: float = 60.0
    #: Squared distance, in standard deviations, beyond which a pixel is foreground.
    threshold: float = 24.0
    min_area: float = 0.0006
    #: More than this share of the cells changed at once: the scene changed, not something in it.
    upheaval: float = 0.6
    #: How long nothing is reported after such a change.
    relearn: timedelta = timedelta(seconds=1)

    def __post_init__(self) -> None:
        self._forget()
        self._last: datetime | None = None
        self._quiet_until: datetime | None = None

    def _forget(self) -> None:
        self._model: Any = cv2.createBackgroundSubtractorMOG2(500, self.threshold, True)
        self._model.setVarMin(9.0)
        self._exposure = _Exposure()
        self._frames = 0

    def apply(self, picture: Image, at: datetime) -> Seen:
        """The foreground of the next frame (8-bit BGR or grey, any one size)."""
        raw = self._learn(picture, at)
        if self._upheaval(raw):
            self._forget()
            self._learn(picture, at)
            self._quiet_until = at + self.relearn
        if self._quiet_until and at < self._quiet_until:
            return Seen(np.zeros(raw.shape, np.int32), (), False)
        return self._blobs(picture, raw)

    def _learn(self, picture: Image, at: datetime) -> Image:
        step = (at - self._last).total_seconds() if self._last else 0.1
        self._last = at
        self._frames += 1
        rate = max(1 - math.exp(-max(step, 0.0) / self.memory), 1 / (2 * self._frames))
        smooth = cv2.GaussianBlur(picture, (3, 3), 0)
        # What is darker but of the same colour is a shadow; without colours (infrared) that is half of everything.
        self._model.setDetectShadows(coloured(picture))
        even = self._exposure.evened(np.asarray(smooth, np.uint8), min(10 * rate, 0.5))
        return np.asarray(self._model.apply(even, learningRate=min(rate, 0.5)), np.uint8)

    def _upheaval(self, raw: Image) -> bool:
        changed = (raw > 0).astype(np.float32)
        cells = cv2.resize(changed, (16, 9), interpolation=cv2.INTER_AREA)
        return self._frames > 1 and float(np.mean(cells > 0.25)) > self.upheaval

    def _blobs(self, picture: Image, raw: Image) -> Seen:
        mask = (raw == 255).astype(np.uint8)
        mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, _kernel(3)), np.uint8)
        mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _kernel(7)), np.uint8)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
        least = self.min_area * mask.size
        kept = [number for number in range(1, len(stats)) if stats[number][cv2.CC_STAT_AREA] >= least]
        if kept:
            now, before = _texture(picture), _texture(self._model.getBackgroundImage())
            kept = [number for number in kept if not _relit(now, before, labels, stats[number], number)]
        blobs = tuple(Blob(*(float(n) for n in stats[number])) for number in kept)
        return Seen(np.asarray(labels, np.int32), blobs, True)


class _Exposure:
    """Takes back what automatic exposure and white balance do when a large dark or bright thing passes.

    The median ratio to a slow reference is that of the background as long as it fills half the picture.
    Stronger changes than :data:`MOST` are left for the background to learn, or are an upheaval.
    """

    MOST = 1.4

    def __init__(self) -> None:
        self._reference: NDArray[np.float32] | None = None

    def evened(self, picture: Image, rate: float) -> Image:
        small = cv2.resize(picture, (32, 18), interpolation=cv2.INTER_AREA).reshape(32 * 18, -1).astype(np.float32)
        if self._reference is None:
            self._reference = small
            return picture
        gain = np.clip(np.median((self._reference + 1) / (small + 1), axis=0), 1 / self.MOST, self.MOST)
        self._reference += rate * (small * gain - self._reference)
        if np.max(np.abs(gain - 1)) < 0.01:
            return picture
        steps = np.arange(256, dtype=np.float32)[:, None] * gain
        table = np.clip(np.rint(steps), 0, 255).astype(np.uint8).reshape(256, 1, -1)
        return np.asarray(cv2.LUT(picture, table), np.uint8)


def _relit(now: NDArray[np.float32], before: NDArray[np.float32], labels: Any, stat: Any, number: int) -> bool:
    """Whether the region still shows the background's own texture, only in another light."""
    x, y, width, height, _ = (int(n) for n in stat)
    cut = np.s_[y : y + height, x : x + width]
    where = labels[cut] == number
    here, there = now[cut][where], before[cut][where]
    spread = float(np.std(here)), float(np.std(there))
    if min(spread) < 3:
        return False
    alike = float(np.mean((here - here.mean()) * (there - there.mean()))) / (spread[0] * spread[1])
    return alike > 0.9


def coloured(picture: Image) -> bool:
    if picture.ndim == 2:
        return False
    thin = picture[::8, ::8].astype(np.int16)
    return float(np.mean(np.ptp(thin, axis=2))) > 4


def _texture(picture: Image) -> NDArray[np.float32]:
    """The picture without what changes slowly over it: edges and grain stay, light goes."""
    grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    fine = cv2.blur(grey, (3, 3)).astype(np.float32)
    return np.asarray(fine - cv2.blur(fine, (15, 15)), np.float32)


def _kernel(size: int) -> Image:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)
