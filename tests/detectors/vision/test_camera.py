"""The parts put together: the same frames say the same, and nothing that a camera does breaks the watch."""

import numpy as np

from detectors.vision.camera import CameraWatch
from ioc.events.cameras import LineCrossed
from tests.detectors.vision.scenes import DOWN, FIELD, START, WIDTH, Box, camera, film, watched


def traffic(at: float) -> list[Box]:
    return [((at * 70 + 200 * n) % (WIDTH + 80) - 60, 30 + 50 * n, 40, 22) for n in range(3)]


def test_the_same_frames_say_the_same() -> None:
    frames = list(film(traffic, 12))
    first, second = (watched(frames, CameraWatch(camera(DOWN, zones=(FIELD,)))) for _ in range(2))

    assert first == second
    assert any(isinstance(data, LineCrossed) for _, data in first)


def test_a_larger_picture_is_shrunk_and_a_grey_one_is_taken() -> None:
    frames = [(np.repeat(np.repeat(frame, 3, axis=0), 3, axis=1), at) for frame, at in film(traffic, 6)]
    grey = [(np.ascontiguousarray(frame[:, :, 1]), at) for frame, at in film(traffic, 6)]

    for pictures in (frames, grey):
        said = watched(pictures, CameraWatch(camera(DOWN)))
        assert any(isinstance(data, LineCrossed) for _, data in said)


def test_a_stream_that_changes_its_size_goes_on_with_new_track_numbers() -> None:
    watch = CameraWatch(camera(DOWN))
    small = watched(film(traffic, 8), watch)
    large = watched([(np.repeat(frame, 2, axis=0), at) for frame, at in film(traffic, 8)], watch)
    tracks = [[data.track for _, data in said if isinstance(data, LineCrossed)] for said in (small, large)]

    assert tracks[0] and tracks[1] and max(tracks[0]) < min(tracks[1])


def test_one_pixel_and_time_that_stands_still_break_nothing() -> None:
    watch = CameraWatch(camera(DOWN, zones=(FIELD,)))

    for _ in range(3):
        watch.frame(np.zeros((1, 1, 3), np.uint8), START)
