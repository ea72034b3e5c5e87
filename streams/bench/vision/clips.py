"""Clips to measure on: short videos played to and fro, and stills made into a camera's picture with its noise.

Which half a clip belongs to follows from its name alone: parameters are chosen on ``tune``, numbers are told of
``report``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.foreground import Image, shrunk

Floats = NDArray[np.float32]
Half = Literal["tune", "report"]
VIDEOS, STILLS = {".avi", ".mp4", ".mkv"}, {".png", ".jpg", ".jpeg"}
#: Share of a frame's sides that the camera sees; the rest is there for it to be turned to.
VIEW = 0.78
#: Longer side of what is worked on before the camera sees a part of it.
SIDE = 480


@dataclass(frozen=True)
class Clip:
    """One clip: ``frames`` gives it at so many frames a second for so many seconds."""

    path: Path

    @property
    def half(self) -> Half:
        return "tune" if blake2b(self.path.name.encode(), digest_size=1).digest()[0] % 2 else "report"

    @property
    def moving(self) -> bool:
        return self.path.suffix.lower() in VIDEOS

    def frames(self, seconds: float, fps: float = 5.0) -> Iterator[Image]:
        """Colour frames with the longer side at :data:`SIDE`; always the same ones."""
        chance = np.random.default_rng(int.from_bytes(self.path.name.encode()[:8], "big"))
        noise = [chance.normal(0, 2.0, (SIDE, SIDE, 3)).astype(np.int16) for _ in range(8)]
        pictures = _read(self.path, fps)
        for number in range(round(seconds * fps)):
            place = number % (2 * len(pictures) - 2) if len(pictures) > 1 else 0
            picture = pictures[min(place, 2 * len(pictures) - 2 - place)] if len(pictures) > 1 else pictures[0]
            if not self.moving:
                height, width = picture.shape[:2]
                picture = np.clip(picture + noise[int(chance.integers(8))][:height, :width], 0, 255).astype(np.uint8)
            yield picture


@lru_cache(2)
def _read(path: Path, fps: float) -> list[Image]:
    if path.suffix.lower() in STILLS:
        still = cv2.imread(str(path), cv2.IMREAD_COLOR)
        return [] if still is None or min(still.shape[:2]) < 100 else [shrunk(np.asarray(still, np.uint8), SIDE)]
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    step = max(1.0, capture.get(cv2.CAP_PROP_FPS) / fps)
    pictures, number = list[Image](), 0
    while capture.grab():
        if number >= len(pictures) * step:
            pictures.append(shrunk(np.asarray(capture.retrieve()[1], np.uint8), SIDE))
        number += 1
    return pictures


def fixed(clip: Clip) -> bool:
    """Whether its camera stands still: the edges of each second lie within a hundredth of where the first had them.

    A hand-held clip says nothing of a watch over a fixed view. Told by phase correlation, not by what is measured.
    """
    first: Floats | None = None
    for frame in clip.frames(10.0, 1.0):
        grey = cv2.GaussianBlur(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), (0, 0), 1.5).astype(np.float32)
        edges = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)).astype(np.float32)
        if first is None:
            first = edges
        shift, _ = cv2.phaseCorrelate(first, edges, cv2.createHanningWindow(edges.shape[::-1], cv2.CV_32F))
        if max(map(abs, shift)) > 0.01 * SIDE:
            return False
    return True


def seen(frame: Image, x: float = 0.5, y: float = 0.5, zoom: float = 1.0) -> Image:
    """The part that a camera shows which looks there (0 to 1 across what is left and right of its view)."""
    height, width = frame.shape[:2]
    wide, high = round(width * VIEW / zoom), round(height * VIEW / zoom)
    left, top = round((width - wide) * x), round((height - high) * y)
    view = frame[top : top + high, left : left + wide]
    size = (round(width * VIEW), round(height * VIEW))
    return shrunk(np.asarray(cv2.resize(view, size) if zoom != 1 else view, np.uint8))


def found(folder: Path) -> list[Clip]:
    """Every readable clip below the folder; a still must be a real picture."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in VIDEOS | STILLS)
    return [clip for clip in map(Clip, paths) if _read(clip.path, 1.0)]
