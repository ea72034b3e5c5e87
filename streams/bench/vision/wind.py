"""Many cameras when the wind blows in all of them: who is analysed how often, what is skipped, what it costs."""

import resource
import threading
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import cv2
import numpy as np

from ioc.events.cameras import MotionSeen
from streams.bench.vision.motion import CAMERA
from streams.cameras.many import Cameras

SIZE, FPS, SECONDS = (640, 360), 5, 40


class Wind(NamedTuple):
    """Frames a second and camera that were analysed, of 5 sent; share skipped; cores used in all; false motion."""

    cameras: int
    budget: int
    least: float
    middle: float
    most: float
    skipped: float
    cores: float
    false_motion: int


def blowing(path: Path) -> None:
    """A wood in a storm: branches that swing all over the picture, leaves that whirl, a mast that trembles."""
    chance = np.random.default_rng(3)
    ground = np.clip(cv2.GaussianBlur(chance.normal(110, 260, (SIZE[1], SIZE[0], 3)), (0, 0), 3), 0, 255).astype(
        np.uint8
    )
    branches = chance.uniform((0, 0, 8, 2, 0), (SIZE[0], SIZE[1], 30, 14, 6.3), (70, 5))
    shades = chance.integers(30, 190, (70, 3))
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, SIZE)
    for number in range(SECONDS * FPS):
        at, picture = number / FPS, ground.copy()
        for (x, y, size, sway, phase), shade in zip(branches, shades, strict=True):
            middle = round(x + sway * np.sin(2.4 * at + phase)), round(y + 0.4 * sway * np.cos(3.1 * at + phase))
            cv2.ellipse(picture, middle, (round(size), round(size / 2)), 40 * phase, 0, 360, shade.tolist(), -1)
        for x, y in chance.integers((0, 0), SIZE, (40, 2)):
            cv2.circle(picture, (int(x), int(y)), 3, (60, 120, 90), -1)
        shift = np.array([[1, 0, chance.normal(0, 1.5)], [0, 1, chance.normal(0, 1)]], np.float32)
        writer.write(cv2.warpAffine(picture, shift, SIZE, borderMode=cv2.BORDER_REFLECT))
    writer.release()


def storm(folder: Path, cameras: int, budget: int) -> Wind:
    """Play the storm in so many cameras at once, at its own speed."""
    clip = folder / "storm.mp4"
    blowing(clip)
    sources = {f"cam-{n}": (CAMERA.model_copy(update={"id": f"cam-{n}"}), str(clip)) for n in range(cameras)}
    reading = Cameras(sources, fps=FPS, cores=budget, paced=True)
    begun, spent, false_motion = time.monotonic(), _cpu(), 0
    stopping = threading.Timer(SECONDS + 30, reading.stop)
    stopping.start()
    for event in reading.events():
        false_motion += isinstance(event.data, MotionSeen)
    stopping.cancel()
    took = max(1.0, time.monotonic() - begun)
    rates = sorted(run.tally.analysed / SECONDS for run in reading.runs.values())
    skipped = sum(run.tally.skipped for run in reading.runs.values()) / (cameras * SECONDS * FPS)
    return Wind(
        cameras, budget, round(rates[0], 2), round(median(rates), 2), round(rates[-1], 2), round(skipped, 4),
        round((_cpu() - spent) / took, 2), false_motion,
    )  # fmt: skip


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
