"""Motion in a zone is what gets somewhere, held over several frames; leaves, rain and light are not."""

import math
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

import numpy as np

from detectors.vision.foreground import Image
from tests.detectors.vision.scenes import HEIGHT, START, WIDTH, Box, background, film, motions


def walker(at: float) -> list[Box]:
    """A person who enters the left half at 3 s, the field (the right half) about 4 s later, and stays in view."""
    return [(-10 + 40 * (at - 3), 70, 14, 40)] if 3 < at < 10 else []


def test_a_walker_is_said_when_in_the_zone_then_every_five_seconds() -> None:
    def to_and_fro(at: float) -> list[Box]:
        return [(160 + 130 * abs(((at - 3) / 8) % 2 - 1), 70, 14, 40)] if at > 3 else []

    said = motions(film(to_and_fro, 20))

    assert 3 < said[0] < 6
    assert all(4.9 <= later - earlier <= 7 for earlier, later in pairwise(said))
    assert len(said) >= 3


def test_who_passes_outside_the_zone_is_not_said() -> None:
    assert motions(film(lambda at: [(40, 40 * (at - 3) - 40, 14, 40)] if at > 3 else [], 9)) == []


def test_motion_is_said_at_most_once_for_a_short_visit_and_anew_after_a_pause() -> None:
    def twice(at: float) -> list[Box]:
        return walker(at) if at < 12 else walker(at - 12)

    first, second = motions(film(twice, 24))

    assert 6.5 < first < 8.5
    assert 11.5 < second - first < 12.5


def test_leaves_that_swing_in_place_are_no_motion() -> None:
    def leaves(at: float) -> list[Box]:
        return [(200 + 30 * n + 5 * math.sin(5 * at + n), 40 + 20 * n, 14, 12) for n in range(4)] if at > 2 else []

    assert motions(film(leaves, 15)) == []


def test_rain_is_no_motion() -> None:
    chance = np.random.default_rng(5)

    def rain(at: float) -> list[Box]:
        return [(float(chance.integers(320)), float(chance.integers(170)), 2, 12) for _ in range(60)] if at > 3 else []

    assert motions(film(rain, 12)) == []


def test_a_camera_that_switches_to_infrared_is_no_motion() -> None:
    def switched() -> Iterable[tuple[Image, datetime]]:
        for frame, at in film(lambda at: [], 10):
            seconds = (at - START).total_seconds()
            grey = np.repeat(frame.mean(axis=2, keepdims=True) * 0.4 + 20, 3, axis=2).astype(np.uint8)
            yield (grey if 4 <= seconds < 7 else frame), at

    assert motions(switched()) == []


def test_lightning_is_no_motion_and_a_walker_after_it_is_seen() -> None:
    def stormy() -> Iterable[tuple[Image, datetime]]:
        for number, (frame, at) in enumerate(film(walker, 12)):
            yield (np.clip(frame.astype(np.int16) + 110, 0, 255).astype(np.uint8) if number in (20, 21) else frame), at

    (said,) = motions(stormy())

    assert 6.5 < said < 8.5


def test_a_light_that_moves_over_a_textured_wall_is_no_motion() -> None:
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]

    def beam() -> Iterable[tuple[Image, datetime]]:
        for frame, at in film(lambda at: [], 10):
            middle = 40 * ((at - START).total_seconds() - 3)
            light = 1 + 0.6 * np.exp(-(((columns - middle) / 40) ** 2) - ((rows - 90) / 30) ** 2)
            yield np.clip(frame * light[..., None], 0, 255).astype(np.uint8), at

    assert motions(beam()) == []


def test_a_dark_camera_with_much_noise_is_no_motion() -> None:
    assert motions(film(lambda at: [], 12, ground=background(level=35), noise=9)) == []
