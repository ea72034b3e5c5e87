"""A flame flickers, smoke grows from its place; a lamp, a sunset, a red car, fog and a neon sign do neither."""

import math
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import cv2
import numpy as np
import pytest

from detectors.vision.flame import FlameWatch
from detectors.vision.foreground import Image
from detectors.vision.smoke import SmokeWatch
from tests.detectors.vision.scenes import HEIGHT, START, WIDTH, background, film

Paint = Callable[[Image, float], Image]


def painted(
    paint: Paint, seconds: float, fps: float = 5, ground: Image | None = None
) -> Iterable[tuple[Image, datetime]]:
    for frame, at in film(lambda at: [], seconds, fps=fps, ground=ground):
        yield paint(frame.copy(), (at - START).total_seconds()), at


def flames(paint: Paint, level: float = 70) -> int:
    watch = FlameWatch()
    return sum(watch.update(frame, at) is not None for frame, at in painted(paint, 12, ground=background(level=level)))


def flame(frame: Image, at: float) -> Image:
    """Tongues of fire, another shape at each look."""
    chance = np.random.default_rng(int(at * 10))
    for colour, grow in (((20, 90, 235), 1.0), ((40, 190, 250), 0.6), ((170, 240, 255), 0.3)):
        for _ in range(5):
            x, high = 160 + chance.normal(0, 7 * grow), chance.uniform(14, 44) * grow
            tip = np.array([(x - 7 * grow, 120), (x + 7 * grow, 120), (x + chance.normal(0, 6), 120 - high)], np.int32)
            cv2.fillConvexPoly(frame, tip, colour)
    return frame


def lamp(frame: Image, _: float) -> Image:
    cv2.circle(frame, (160, 90), 14, (60, 180, 255), -1)
    return frame


def sunset(frame: Image, _: float) -> Image:
    sky = np.linspace((40, 90, 250), (90, 160, 255), 70)[:, None, :]
    frame[:70] = np.clip(sky + np.zeros((70, WIDTH, 3)), 0, 255)
    return frame


def red_car(frame: Image, at: float) -> Image:
    left = int(at * 30) % WIDTH
    cv2.rectangle(frame, (left, 80), (left + 50, 105), (20, 30, 220), -1)
    cv2.circle(frame, (left + 4, 92), 3, (60, 200, 255), -1)
    return frame


def neon(frame: Image, at: float) -> Image:
    if int(at * 2) % 2:
        cv2.putText(frame, "CAFE", (110, 90), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (40, 60, 255), 6)
    return frame


def indicator(frame: Image, at: float) -> Image:
    if int(at * 3) % 2:
        cv2.circle(frame, (160, 90), 8, (10, 140, 255), -1)
    return frame


def test_a_flame_is_seen() -> None:
    assert flames(flame) > 10


@pytest.mark.parametrize("paint", [lamp, sunset, red_car, neon, indicator])
def test_what_only_has_its_colour_is_no_flame(paint: Paint) -> None:
    assert flames(paint) == 0


def hills() -> Image:
    """A sky, and woods with detail below it."""
    ground = background(seed=4, level=80)
    ground[:60] = (225, 215, 205)
    return ground


def smoke(paint: Paint, seconds: float = 600, every: float = 30) -> list[float]:
    """When smoke is seen in stills of every half minute, in seconds."""
    watch = SmokeWatch()
    seen = []
    for frame, at in painted(paint, seconds, fps=1 / every, ground=hills()):
        if watch.update(frame, at) is not None:
            seen.append((at - START).total_seconds())
    return seen


def plume(frame: Image, at: float) -> Image:
    """From 180 s on: grey, soft, out of one place, larger and higher by and by."""
    if at < 180:
        return frame
    size = (at - 180) / 30
    veil = np.zeros((HEIGHT, WIDTH), np.float32)
    for step in range(int(4 + 2 * size)):
        middle = round(200 + 1.5 * step), round(150 - 4.5 * step)
        cv2.circle(veil, middle, round(4 + 0.9 * step), 0.65, -1)
    share = np.asarray(cv2.GaussianBlur(veil, (0, 0), 3), np.float32)[..., None]
    return np.asarray(np.clip(frame * (1 - share) + np.array([185, 182, 180]) * share, 0, 255), np.uint8)


def fog(frame: Image, at: float) -> Image:
    share = min(0.7, at / 500)
    return np.asarray(frame * (1 - share) + 200 * share, np.uint8)


def cloud_shadow(frame: Image, at: float) -> Image:
    columns = np.arange(WIDTH)
    dark = 1 - 0.35 * np.exp(-(((columns - at / 2) / 40) ** 2))
    return np.asarray(frame * dark[None, :, None], np.uint8)


def clouds(frame: Image, at: float) -> Image:
    for n in range(3):
        cv2.ellipse(frame, (int(at / 4 + 110 * n) % WIDTH, 30), (40, 12), 0, 0, 360, (250, 250, 250), -1)
    return frame


def leaves(frame: Image, at: float) -> Image:
    turn = np.array([[1, 0, 2 * math.sin(at)], [0, 1, 1.5 * math.cos(at)]], np.float32)
    return np.asarray(cv2.warpAffine(frame, turn, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT), np.uint8)


def test_smoke_that_rises_from_the_woods_is_seen_within_five_minutes() -> None:
    seen = smoke(plume)

    assert seen and 180 < seen[0] <= 480


@pytest.mark.parametrize("paint", [lambda frame, at: frame, fog, cloud_shadow, clouds, leaves])
def test_weather_is_no_smoke(paint: Paint) -> None:
    assert smoke(paint) == []


def test_a_grey_picture_has_no_flame_and_breaks_nothing() -> None:
    watch, smokes = FlameWatch(), SmokeWatch()

    assert watch.update(np.zeros((90, 160), np.uint8), START) is None
    assert smokes.update(np.zeros((90, 160), np.uint8), START + timedelta(seconds=1)) is None
