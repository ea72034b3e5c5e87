"""The demo's own camera: a market yard at dusk, drawn, with people and vehicles, from a seed.

No recorded person is in it and nothing is downloaded. It goes to the same decoder and the same eyes as any
video, and what really happens in it is returned beside it, so that a test can hold the two together.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from detectors.vision.foreground import Image

WIDTH, HEIGHT, FPS = 480, 270, 10
#: Where the counting line stands and the guarded yard lies, as the district file declares them.
LINE_X = 0.3
ZONE = (0.55, 0.45, 0.95, 0.9)
#: The lanes of the road: height of the wheels, and how they drive (1 is left to right).
LANES = ((0.31, -1), (0.43, 1))
#: The noise of a small sensor at dusk, in grey levels.
NOISE = 3.0


class Vehicle(NamedTuple):
    """Drives along a lane at one speed; seconds and shares of the width a second."""

    enters: float
    lane: int
    speed: float
    length: float
    colour: tuple[int, int, int]


@dataclass(frozen=True)
class Truth:
    """What happens in a rendered video, in seconds from its start.

    ``forward`` and ``backward`` are the crossings of the line ``duong-vao``, drawn from top to bottom:
    left-to-right traffic is backward. ``intrusion`` is when the person's foot enters the guarded yard.
    """

    seconds: float
    forward: tuple[float, ...]
    backward: tuple[float, ...]
    intrusion: float
    frozen: float


def render(path: Path, seed: int = 7, seconds: float = 75.0) -> Truth:
    """Write the video (MJPG in AVI, 480x270, 10 frames a second) and return what happens in it.

    The same seed and length give the same pictures. Raises OSError if the file cannot be written.
    """
    chance = np.random.default_rng(seed)
    frozen = seconds - 20.0
    vehicles = _traffic(chance, frozen - 6.0)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (WIDTH, HEIGHT))
    if not writer.isOpened():
        raise OSError(f"{path}: cannot be written as a video")
    yard, noise = _yard(chance), _noise(chance)
    walk = _Walk(begins=0.45 * frozen)
    picture = yard
    for number in range(round(seconds * FPS)):
        at = number / FPS
        if at < frozen:
            picture = _picture(yard, at, vehicles, walk)
            picture = _grain(picture, noise[int(chance.integers(len(noise)))], int(chance.integers(WIDTH)))
        writer.write(picture)
    writer.release()
    crossed = [(_crosses(vehicle), LANES[vehicle.lane][1]) for vehicle in vehicles]
    return Truth(
        seconds,
        tuple(at for at, way in crossed if way < 0),
        tuple(at for at, way in crossed if way > 0),
        walk.enters_zone(),
        frozen,
    )


def _traffic(chance: np.random.Generator, until: float) -> list[Vehicle]:
    """Vehicles that keep their distance within a lane, from shortly after the start."""
    vehicles: list[Vehicle] = []
    for lane in range(len(LANES)):
        at = 3.0 + 2.5 * lane
        while at < until - 6:
            length = float(chance.choice([0.06, 0.12, 0.14, 0.22]))
            shade = int(chance.integers(100, 200))
            colour = (shade, int(chance.integers(60, 200)), int(chance.integers(60, 220)))
            vehicles.append(Vehicle(at, lane, float(chance.uniform(0.22, 0.34)), length, colour))
            at += float(chance.uniform(5.0, 9.0))
    return sorted(vehicles)


def _crosses(vehicle: Vehicle) -> float:
    """When the middle of the vehicle is on the line."""
    way = LINE_X if LANES[vehicle.lane][1] > 0 else 1 - LINE_X
    return round(vehicle.enters + (way + vehicle.length / 2) / vehicle.speed, 2)


class _Walk(NamedTuple):
    """A person comes down from the gate, crosses the yard and goes back."""

    begins: float
    speed: float = 0.06

    def foot(self, at: float) -> tuple[float, float] | None:
        gone = (at - self.begins) * self.speed
        if gone < 0 or gone > 1.1:
            return None
        return 1.02 - min(gone, 1.1 - gone) * 0.75, 0.74 + 0.06 * math.sin(5 * gone)

    def enters_zone(self) -> float:
        return round(self.begins + (1.02 - ZONE[2]) / 0.75 / self.speed, 2)


def _yard(chance: np.random.Generator) -> Image:
    """The empty scene: sky, stalls, a road, the yard behind its gate, one lamp."""
    rows = np.linspace(70, 38, HEIGHT)[:, None, None]
    base = np.broadcast_to(rows, (HEIGHT, WIDTH, 3)) * np.array([1.15, 1.0, 0.9])
    texture = cv2.GaussianBlur(chance.normal(0, 14, (HEIGHT, WIDTH, 1)), (0, 0), 1.6)
    scene = base + texture[..., None]
    canvas = np.clip(scene, 0, 255).astype(np.uint8)
    for left in range(0, WIDTH, 60):
        tone = int(chance.integers(25, 60))
        cv2.rectangle(canvas, (left, 22), (left + 46, 62), (tone, tone + 8, tone + 18), -1)
        cv2.rectangle(canvas, (left + 8, 38), (left + 20, 62), (18, 18, 22), -1)
    top, bottom = int(0.24 * HEIGHT), int(0.45 * HEIGHT)
    road = canvas[top:bottom].astype(np.int16)
    canvas[top:bottom] = np.clip((road - road.mean((1, 2), keepdims=True)) * 0.5 + 52, 0, 255).astype(np.uint8)
    for left in range(5, WIDTH, 40):
        cv2.rectangle(canvas, (left, int(0.35 * HEIGHT)), (left + 18, int(0.35 * HEIGHT) + 2), (120, 125, 130), -1)
    left, _, right, lower = (int(a * b) for a, b in zip(ZONE, (WIDTH, HEIGHT) * 2, strict=True))
    cv2.rectangle(canvas, (left, int(0.52 * HEIGHT)), (right, lower), (58, 66, 74), 1)
    for post in range(left, right, 16):
        cv2.line(canvas, (post, lower), (post, lower + 12), (40, 46, 52), 2)
    return _lamp(canvas)


def _lamp(canvas: Image) -> Image:
    """Light that falls off from a lamp over the yard."""
    ys, xs = np.mgrid[0:HEIGHT, 0:WIDTH]
    distance = np.hypot(xs - 0.75 * WIDTH, ys - 0.7 * HEIGHT)
    light = 1 + 0.9 * np.exp(-((distance / 130) ** 2))
    lit: Image = np.clip(canvas * light[..., None], 0, 255).astype(np.uint8)
    return lit


def _picture(yard: Image, at: float, vehicles: list[Vehicle], walk: _Walk) -> Image:
    picture = yard.copy()
    for vehicle in vehicles:
        _draw_vehicle(picture, vehicle, at)
    foot = walk.foot(at)
    if foot:
        _draw_person(picture, foot, at)
    return picture


def _draw_vehicle(picture: Image, vehicle: Vehicle, at: float) -> None:
    """Body, cabin and wheels, and the light it throws ahead of it."""
    wheels, way = LANES[vehicle.lane]
    front = (at - vehicle.enters) * vehicle.speed
    if not 0 < front < 1 + vehicle.length + 0.1:
        return
    ends = sorted((front, front - vehicle.length)) if way > 0 else sorted((1 - front, 1 - front + vehicle.length))
    left, right = (round(end * WIDTH) for end in ends)
    ground, height = round(wheels * HEIGHT), round((0.05 + 0.25 * vehicle.length) * HEIGHT)
    cv2.rectangle(picture, (left, ground - height // 2), (right, ground - 3), vehicle.colour, -1)
    inset = (right - left) // 5
    cv2.rectangle(picture, (left + inset, ground - height), (right - inset, ground - height // 2), vehicle.colour, -1)
    cv2.rectangle(
        picture,
        (left + inset + 2, ground - height + 2),
        (right - inset - 2, ground - height // 2),
        (40, 34, 30),
        -1,
    )
    for wheel in (left + inset, right - inset):
        cv2.circle(picture, (wheel, ground - 3), 4, (15, 15, 15), -1)
    lamp = right if way > 0 else left
    cv2.circle(picture, (lamp, ground - height // 3), 3, (200, 245, 255), -1)


def _draw_person(picture: Image, foot: tuple[float, float], at: float) -> None:
    """A walker of a sixth of the picture's height, with legs that swing."""
    x, y = round(foot[0] * WIDTH), round(foot[1] * HEIGHT)
    swing = round(5 * math.sin(2 * math.pi * 1.4 * at))
    for side in (-1, 1):
        cv2.line(picture, (x, y - 18), (x + side * swing, y), (30, 28, 34), 4)
    cv2.ellipse(picture, (x, y - 27), (6, 12), 0, 0, 360, (150, 120, 70), -1)
    cv2.circle(picture, (x, y - 42), 5, (120, 150, 185), -1)


def _noise(chance: np.random.Generator) -> list[Image]:
    """A few fields of sensor noise around 128, to be shifted at will."""
    fields = (chance.normal(128, NOISE, (HEIGHT, WIDTH, 3)) for _ in range(8))
    return [np.clip(field, 0, 255).astype(np.uint8) for field in fields]


def _grain(picture: Image, noise: Image, shift: int) -> Image:
    shifted = np.roll(noise, shift, axis=1)
    return np.asarray(cv2.addWeighted(picture, 1.0, shifted, 1.0, -128.0), np.uint8)
