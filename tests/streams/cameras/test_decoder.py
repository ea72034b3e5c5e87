"""Which frames are taken, and when they were: the decoder's own arithmetic."""

import math
from itertools import pairwise

import pytest

from streams.cameras.decoder import Cadence, Stamps, missing


@pytest.mark.parametrize(("fps", "taken"), [(30, 10), (29.97, 10), (25, 12.5), (20, 10), (15, 15), (12, 12), (5, 5)])
def test_frames_are_taken_evenly_and_never_fewer_than_wanted(fps: float, taken: float) -> None:
    cadence = Cadence(fps, 10)
    chosen = [number for number in range(round(fps * 20)) if cadence.takes(number / fps)]

    assert len(chosen) / 20 == pytest.approx(taken, rel=0.02)
    assert len({later - earlier for earlier, later in pairwise(chosen)}) == 1


def test_a_header_that_lies_about_the_rate_is_found_out() -> None:
    cadence = Cadence(240, 10)
    chosen = [number for number in range(400) if cadence.takes(number / 20)]

    assert len([number for number in chosen if number >= 200]) == 100


def test_a_file_has_the_stream_s_own_times_from_its_first_frame() -> None:
    stamps = Stamps(25)

    assert [round(stamps.at(own), 3) for own in (7.0, 7.04, 7.5, 9.0)] == [0, 0.04, 0.5, 2.0]


@pytest.mark.parametrize("broken", [[0.0, 0.0, 0.0, 0.0], [math.nan] * 4, [0.0, -5.0, -9.0, -9.5]])
def test_times_that_do_not_run_are_counted_by_the_frame_rate(broken: list[float]) -> None:
    stamps = Stamps(25)

    assert [round(stamps.at(own), 3) for own in broken] == [0, 0.04, 0.08, 0.12]


def test_a_jump_of_hours_is_one_frame_and_time_goes_on_from_there() -> None:
    stamps = Stamps(25)

    assert [round(stamps.at(own), 3) for own in (0, 0.04, 95443.7, 95443.74)] == [0, 0.04, 0.08, 0.12]


def test_a_live_stream_is_held_to_the_clock() -> None:
    stamps = Stamps(10)
    smooth = [stamps.at(5.0, 1000.0), stamps.at(5.1, 1000.3), stamps.at(5.2, 1000.3)]

    assert [round(at, 1) for at in smooth] == [1000.0, 1000.1, 1000.2]
    assert stamps.at(5.3, 1010.0) == 1010.0
    assert round(stamps.at(5.4, 1010.1), 1) == 1010.1


def test_a_file_is_whole_within_its_header_s_precision() -> None:
    assert missing(0, 25, 10, 0.4) == 0
    assert missing(374, 30, 374, 12.433) == 0
    assert missing(1000, 25, 995, 39.76) == 0
    assert missing(374, 30, 182, 6.03) == 192
