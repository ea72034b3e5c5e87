"""Each object once, with its direction. Left-to-right over a line drawn from top to bottom is backward."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest

from detectors.vision.foreground import Blob
from detectors.vision.lines import LineCounter
from detectors.vision.tracks import Tracker
from ioc.district import Line
from tests.detectors.vision.scenes import DOWN, HEIGHT, START, WIDTH, Box, crossings

UP = Line(id="line", name="line", start=(0.5, 1.0), end=(0.5, 0.0))
ACROSS = Line(id="line", name="line", start=(0.0, 0.5), end=(1.0, 0.5))


def car(at: float, speed: float, begins: float = 2.0, top: float = 80, length: float = 40) -> Box:
    """Comes in at the left (or, with a negative speed, at the right) and drives out on the other side."""
    gone = (at - begins) * abs(speed)
    left = gone - length if speed > 0 else WIDTH - gone
    return (left, top, length, 22) if 0 < gone < WIDTH + length else (0, 0, 0, 0)


def counted(frames: Sequence[Sequence[Blob]], line: Line = DOWN) -> Counter[str]:
    """Crossings of blobs given outright, ten frames a second."""
    tracker, counter = Tracker(WIDTH), LineCounter(line, WIDTH, HEIGHT)
    found = Counter[str]()
    for number, blobs in enumerate(frames):
        followed = tracker.update(tuple(blobs), START + timedelta(seconds=number / 10))
        found.update(crossing.direction for crossing in counter.update(followed))
    return found


def blob(x: float, y: float = 90, size: float = 30) -> Blob:
    """A square blob with its centre there."""
    return Blob(x - size / 2, y - size / 2, size, size, size * size)


def test_left_to_right_over_a_line_from_top_to_bottom_is_backward_and_over_its_reverse_forward() -> None:
    assert crossings(lambda at: [car(at, 60)], 9) == {"backward": 1}
    assert crossings(lambda at: [car(at, -60)], 9) == {"forward": 1}
    assert crossings(lambda at: [car(at, 60)], 9, UP) == {"forward": 1}


def test_downwards_over_a_line_from_left_to_right_is_forward() -> None:
    assert crossings(lambda at: [(140, 40 * (at - 2), 30, 30)] if at > 2 else [], 7, ACROSS) == {"forward": 1}


@pytest.mark.parametrize("fps", [8, 10, 15, 25])
@pytest.mark.parametrize("speed", [25, 100, 300])
def test_slow_and_fast_objects_count_once_at_any_frame_rate(fps: float, speed: float) -> None:
    if speed / fps > 0.12 * WIDTH:
        pytest.skip("further in a frame than a tracker without looks can follow")

    assert crossings(lambda at: [car(at, speed)], 2 + 400 / speed, fps=fps) == {"backward": 1}


def test_an_object_that_jumps_over_the_line_between_two_frames_counts() -> None:
    assert counted([[blob(x)] for x in (70, 105, 140, 175, 210, 245)]) == {"backward": 1}


def test_an_object_that_stops_on_the_line_and_trembles_counts_when_it_drives_on() -> None:
    stop = [[blob(160 + (number % 3 - 1) * 5)] for number in range(60)]

    assert counted([[blob(x)] for x in range(60, 161, 10)] + stop) == {}
    assert counted([[blob(x)] for x in range(60, 161, 10)] + stop + [[blob(x)] for x in range(165, 260, 10)]) == {
        "backward": 1
    }
    assert counted([[blob(x)] for x in range(60, 161, 10)] + stop + [[blob(x)] for x in range(155, 60, -10)]) == {}


def test_an_object_that_melts_into_the_background_on_the_line_counts_when_it_drives_on() -> None:
    def seen(at: float) -> list[Box]:
        return [(min(max(0.0, at - 2) * 50, 140) if at < 40 else 140 + (at - 40) * 50, 80, 40, 22)] if at > 2 else []

    assert crossings(seen, 44) == {"backward": 1}


def test_a_flicker_of_one_frame_on_the_other_side_counts_nothing() -> None:
    assert counted([[blob(200 - 2 * n)] if n != 8 else [blob(145)] for n in range(12)]) == {}
    assert counted([[blob(140)]] + [[blob(176)] for _ in range(20)]) == {}


def test_unconfirmed_blobs_here_and_there_are_not_one_object() -> None:
    assert counted([[blob(100 if n % 2 else 220, y=30 + 37 * (n % 4), size=8)] for n in range(40)]) == {}


def test_heavy_rain_crosses_hardly_any_line() -> None:
    """Thirty drops a frame at random places: some will look like something that goes across."""
    chance = np.random.default_rng(5)

    def rain(at: float) -> list[Box]:
        return [(float(chance.integers(320)), float(chance.integers(170)), 2, 12) for _ in range(30)]

    assert sum(crossings(rain, 10).values()) <= 2


def test_two_objects_side_by_side_count_twice() -> None:
    assert crossings(lambda at: [car(at, 80, top=40), car(at, 80, top=110)], 8) == {"backward": 2}


def test_two_that_meet_on_the_line_and_hide_one_another_count_each_in_its_direction() -> None:
    frames = [[blob(x), blob(320 - x)] for x in range(40, 130, 10)]
    merged = [[Blob(x - 15, 75, 350 - 2 * x, 30, 30 * (350 - 2 * x))] for x in range(130, 160, 10)]
    apart = [[Blob(305 - x, 75, 2 * x - 290, 30, 30 * (2 * x - 290))] for x in range(160, 190, 10)]
    after = [[blob(x), blob(320 - x)] for x in range(190, 280, 10)]

    assert counted(frames + merged + apart + after) == {"backward": 1, "forward": 1}


@pytest.mark.parametrize("place", [0.03, 0.06, 0.94, 0.97])
def test_a_line_near_the_edge_counts_what_comes_in_and_what_goes_out(place: float) -> None:
    line = Line(id="line", name="line", start=(place, 0.0), end=(place, 1.0))

    assert crossings(lambda at: [car(at, 60)], 9, line) == {"backward": 1}
    assert crossings(lambda at: [car(at, -60)], 9, line) == {"forward": 1}


def test_who_passes_beside_the_end_of_a_line_does_not_cross_it() -> None:
    short = Line(id="line", name="line", start=(0.5, 0.0), end=(0.5, 0.3))

    assert crossings(lambda at: [car(at, 60, top=120)], 9, short) == {}


def test_who_turns_round_before_the_line_is_not_counted_and_who_comes_back_is_counted_both_ways() -> None:
    assert counted([[blob(x)] for x in (*range(60, 140, 8), *range(140, 60, -8))]) == {}
    assert counted([[blob(x)] for x in (*range(60, 260, 8), *range(260, 60, -8))]) == {"backward": 1, "forward": 1}


def test_an_object_in_two_pieces_counts_once() -> None:
    def pieces(at: float) -> list[Box]:
        left, top, length, high = car(at, 60, length=60)
        whole = at < 4
        return [(left, top, length, high)] if whole else [(left, top, 20, high), (left + 35, top, 25, high)]

    assert crossings(pieces, 9) == {"backward": 1}
