"""What is done to a camera is alarmed and named, and what light and weather do is not; on a drawn yard.

The whole matrix over recorded clips is measured by ``ioc bench cameras``; here each line of it must stand once.
"""

from datetime import timedelta

import pytest

from detectors.vision.health import HealthWatch
from streams.bench.vision.clips import Clip, seen
from streams.bench.vision.faults import FAULTS, NEGATIVES
from streams.bench.vision.tamper import FPS, START, tried
from streams.cameras.rendered import render


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    path = tmp_path_factory.mktemp("video") / "yard.avi"
    render(path, seconds=46)  # its last 20 seconds are frozen
    return Clip(path)


@pytest.mark.parametrize("what", sorted(FAULTS.keys() - {"dirt on the glass", "wrong blocks"}))
def test_a_fault_is_alarmed_and_named(yard: Clip, what: str) -> None:
    expected, change = FAULTS[what]
    told = tried(yard, what, expected, change)

    assert not told.early
    assert told.said == expected
    assert told.delay is not None and told.delay <= (11 if expected == "frozen" else 6)


@pytest.mark.parametrize("what", sorted(NEGATIVES))
def test_light_and_weather_are_no_fault(yard: Clip, what: str) -> None:
    assert tried(yard, what, "ok", NEGATIVES[what]).said == "ok"


def test_a_turned_camera_stays_turned_until_somebody_confirms_the_view(yard: Clip) -> None:
    watch, statuses = HealthWatch(), []
    for number, frame in enumerate(yard.frames(25, FPS)):
        if number == round(17 * FPS):
            watch.rebase()
        picture = seen(frame) if number < 8 * FPS else seen(frame, 0.95)
        report = watch.frame(picture, START + timedelta(seconds=number / FPS))
        if report:
            statuses.append((round(number / FPS), report.status))

    changes = [entry for entry, before in zip(statuses, [(0, "?"), *statuses], strict=False) if entry[1] != before[1]]
    assert [status for _, status in changes] == ["ok", "moved", "ok"]
    assert 8 < changes[1][0] < 14 and 17 <= changes[2][0] < 22
