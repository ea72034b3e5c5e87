"""Drawn scenes: a still background with the noise of a sensor, and boxes that move over it."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np

from detectors.vision.camera import CameraWatch, Said
from detectors.vision.foreground import Image
from detectors.vision.health import HealthWatch
from ioc.district import Camera, Line, Zone
from ioc.events.cameras import LineCrossed, MotionSeen

WIDTH, HEIGHT, FPS = 320, 180, 10
START = datetime(2026, 1, 5, 1, tzinfo=UTC)
#: Left, top, width and height of a box in pixels.
Box = tuple[float, float, float, float]
Draw = Callable[[float], Iterable[Box]]

DOWN = Line(id="line", name="line", start=(0.5, 0.0), end=(0.5, 1.0))
FIELD = Zone(id="field", name="field", polygon=((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)))


def background(seed: int = 1, level: float = 110) -> Image:
    """Ground with a texture that does not move."""
    chance = np.random.default_rng(seed)
    texture = cv2.GaussianBlur(chance.normal(0, 120, (HEIGHT, WIDTH, 3)), (0, 0), 3)
    return np.asarray(np.clip(level + texture, 0, 255), np.uint8)


def film(
    draw: Draw, seconds: float, *, fps: float = FPS, ground: Image | None = None, noise: float = 2.0
) -> Iterable[tuple[Image, datetime]]:
    """Frames with their times; ``draw`` says which boxes there are at so many seconds."""
    chance = np.random.default_rng(2)
    grain = [chance.normal(0, noise, (HEIGHT, WIDTH, 3)).astype(np.float32) for _ in range(5)]
    still = background() if ground is None else ground
    for number in range(round(seconds * fps)):
        picture = still.astype(np.float32)
        for left, top, width, height in draw(number / fps):
            right, bottom = max(0, round(left + width)), max(0, round(top + height))
            picture[max(0, round(top)) : bottom, max(0, round(left)) : right] = (40, 60, 200)
        picture += np.roll(grain[number % 5], int(chance.integers(WIDTH)), axis=1)
        yield np.asarray(np.clip(picture, 0, 255), np.uint8), START + timedelta(seconds=number / fps)


def camera(*lines: Line, zones: tuple[Zone, ...] = ()) -> Camera:
    return Camera(id="cam", name="cam", commune="-", latitude=15, longitude=108, lines=lines, zones=zones)


def watched(frames: Iterable[tuple[Image, datetime]], watch: CameraWatch) -> list[tuple[datetime, Said]]:
    """Everything that is said of the frames, with when, to the end."""
    said: list[tuple[datetime, Said]] = []
    at = START
    for frame, at in frames:
        said += [(at, data) for data in watch.frame(frame, at)]
    return said + [(at, data) for data in watch.ended(at, "")]


def crossings(draw: Draw, seconds: float, *lines: Line, fps: float = FPS) -> Counter[str]:
    """How often the lines (or the one down the middle) are crossed, by direction."""
    said = watched(film(draw, seconds, fps=fps), CameraWatch(camera(*(lines or (DOWN,)))))
    return Counter(data.direction for _, data in said if isinstance(data, LineCrossed))


def motions(frames: Iterable[tuple[Image, datetime]], *zones: Zone) -> list[float]:
    """When motion is said, in seconds from the start."""
    said = watched(frames, CameraWatch(camera(zones=zones or (FIELD,))))
    return [(at - START).total_seconds() for at, data in said if isinstance(data, MotionSeen)]


def health(frames: Iterable[tuple[Image, datetime]]) -> list[tuple[float, str]]:
    """When which status is said, in seconds from the start; a quarter of the picture is enough for it."""
    watch = HealthWatch()
    reports = ((at, watch.frame(np.ascontiguousarray(frame[:90, :160]), at)) for frame, at in frames)
    return [((at - START).total_seconds(), report.status) for at, report in reports if report]
