"""How much of an area is taken, also by what stands still: the present against the empty area, remembered for long.

:mod:`~detectors.vision.foreground` forgets what stands for some seconds, and must. A queue of cars or a crowd stands
for minutes. Here the empty area is followed slowly where nothing is, and hardly at all where something is, so that
what stays is taken in after about half an hour and not before.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.foreground import Image

#: Longer side of the picture that this is told from, pixels.
SIDE = 160
#: Levels of a colour by which a place differs from the empty area when taken, and from a moment ago when it moves.
TAKEN, MOVES = 18, 10
#: The empty area is learnt quickly for so long.
YOUNG = timedelta(seconds=5)
#: What stood there for less than this moves.
STILL_FOR = timedelta(seconds=2)


@dataclass(frozen=True)
class Occupied:
    """Shares of the area that are taken, and of what is taken that stands still; where what has stood how long."""

    share: float
    still: float
    #: Seconds for which each place has been taken and still; 0 elsewhere.
    standing: NDArray[np.float32]


class Occupancy:
    """Watches one area of a picture, given as corners in fractions."""

    def __init__(self, polygon: tuple[tuple[float, float], ...], width: int, height: int) -> None:
        scale = min(1.0, SIDE / max(width, height))
        self.size = max(1, round(width * scale)), max(1, round(height * scale))
        corners = np.array([(x * self.size[0], y * self.size[1]) for x, y in polygon])
        self.area: Image = np.zeros((self.size[1], self.size[0]), np.uint8)
        cv2.fillPoly(self.area, [np.rint(corners).astype(np.int32)], 1)
        self._inside = self.area > 0
        self.forget()

    def forget(self) -> None:
        """The scene has changed: the empty area must be learnt anew."""
        self._empty: NDArray[np.float32] | None = None
        self._before: list[tuple[datetime, NDArray[np.float32]]] = []
        self._last: datetime | None = None
        self._begun: datetime | None = None
        self.standing = np.zeros(self._inside.shape, np.float32)

    def update(self, picture: Image, at: datetime) -> Occupied:
        """Take the next frame."""
        colours = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
        small = np.asarray(cv2.resize(colours, self.size, interpolation=cv2.INTER_AREA), np.float32)
        if self._empty is None:
            self._empty, self._begun = small.copy(), at
        step = max(0.0, (at - self._last).total_seconds()) if self._last else 0.0
        self._last = at
        even = small - np.median((small - self._empty)[self._inside], axis=0) if np.any(self._inside) else small
        taken = (np.abs(even - self._empty).max(axis=2) > TAKEN) & self._inside
        moves = self._moving(small, at)
        self._learn(even, taken, step, at)
        self.standing = np.where(
            taken & ~moves, self.standing + min(step, 2.0), np.maximum(self.standing - 2 * step, 0)
        )
        self.standing[~taken & ~moves] = 0
        count = int(np.count_nonzero(taken))
        still = int(np.count_nonzero(self.standing > STILL_FOR.total_seconds()))
        whole = max(1, int(np.count_nonzero(self._inside)))
        return Occupied(count / whole, min(1.0, still / count) if count else 0.0, self.standing)

    def uncovered(self, spot: NDArray[np.bool_], picture: Image) -> bool:
        """Whether the spot is what something left that had been taken for the empty area: then it is learnt.

        What stands there has an outline now; what has gone away had one then.
        """
        assert self._empty is not None
        colours = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
        now = np.asarray(cv2.resize(colours, self.size, interpolation=cv2.INTER_AREA), np.float32)
        wide = cv2.dilate(spot.astype(np.uint8), np.ones((5, 5), np.uint8))
        rim = (wide > 0) & (cv2.erode(spot.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)
        if float(_outline(now)[rim].mean()) >= float(_outline(self._empty)[rim].mean()):
            return False
        self._empty[wide > 0] = now[wide > 0]
        self.standing[wide > 0] = 0
        return True

    def _moving(self, small: NDArray[np.float32], at: datetime) -> NDArray[np.bool_]:
        """Where the picture differs from that of half a second ago, or of the last frame if that is longer ago."""
        older = [entry for entry in self._before if at - entry[0] >= timedelta(seconds=0.5)]
        then = older[-1][1] if older else self._before[0][1] if self._before else small
        self._before = [*(older[-1:]), *(entry for entry in self._before if entry not in older), (at, small)][-12:]
        return np.asarray(np.abs(small - then).max(axis=2) > MOVES, bool)

    def _learn(self, even: NDArray[np.float32], taken: NDArray[np.bool_], step: float, at: datetime) -> None:
        """By steps of grey levels, as a running median does: quickly at first, then a level in seconds."""
        assert self._empty is not None and self._begun is not None
        young = at - self._begun < YOUNG
        pace = np.where(taken, 8.0 if young else 0.015, 8.0 if young else 1.0) * step
        self._empty += np.clip(even - self._empty, -pace[..., None], pace[..., None]).astype(np.float32)


def _outline(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    grey = np.asarray(colours.mean(axis=2), np.float32)
    return np.asarray(np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)), np.float32)
