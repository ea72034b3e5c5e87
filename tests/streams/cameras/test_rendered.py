"""The demo's video through the real decoder and the real eyes, against what was drawn."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from ioc import district
from ioc.district import Camera
from ioc.events.base import AnyEvent
from ioc.events.cameras import CameraHealth, LineCrossed, MotionSeen
from streams.cameras.rendered import Truth, render
from streams.cameras.run import run

START = datetime(2026, 1, 5, 11, 30, tzinfo=UTC)


@pytest.fixture(scope="module", params=[(7, 75.0), (21, 50.0)])
def evening(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Truth, list[AnyEvent]]:
    """What was drawn, and what the district's own camera says of it."""
    path = tmp_path_factory.mktemp("video") / "yard.avi"
    seed, length = request.param
    truth = render(path, seed, length)
    camera = district.load("bac_tra_my").things["cam-cho-tra-my-01"]
    assert isinstance(camera, Camera)
    said: list[AnyEvent] = []
    run(camera, str(path), START, said.append)
    return truth, said


def seconds(event: AnyEvent) -> float:
    return (event.at - START).total_seconds()


def test_every_vehicle_is_counted_once_in_its_direction(evening: tuple[Truth, list[AnyEvent]]) -> None:
    truth, said = evening
    counted = Counter(event.data.direction for event in said if isinstance(event.data, LineCrossed))

    assert counted == {"forward": len(truth.forward), "backward": len(truth.backward)}


def test_a_crossing_is_told_within_a_second(evening: tuple[Truth, list[AnyEvent]]) -> None:
    truth, said = evening
    told = sorted(seconds(event) for event in said if isinstance(event.data, LineCrossed))

    assert [round(after - at, 1) for at, after in zip(sorted(truth.forward + truth.backward), told, strict=True)] == (
        pytest.approx([0.3] * len(told), abs=0.7)
    )


def test_the_person_in_the_guarded_yard_is_told_and_nothing_else_moves_there(
    evening: tuple[Truth, list[AnyEvent]],
) -> None:
    truth, said = evening
    moved = [seconds(event) for event in said if isinstance(event.data, MotionSeen)]

    assert truth.intrusion < moved[0] < truth.intrusion + 2.5
    assert moved[-1] < truth.intrusion + 17


def test_the_frozen_picture_is_told_ten_seconds_later(evening: tuple[Truth, list[AnyEvent]]) -> None:
    truth, said = evening
    frozen = [
        seconds(event) for event in said if isinstance(event.data, CameraHealth) and event.data.status == "frozen"
    ]

    assert truth.frozen + 9.9 <= frozen[0] <= truth.frozen + 10.6


def test_the_same_seed_draws_the_same_video(tmp_path: Path) -> None:
    digests = set()
    for name in ("one.avi", "two.avi"):
        render(tmp_path / name, seconds=30)
        digests.add(sha256((tmp_path / name).read_bytes()).hexdigest())

    assert len(digests) == 1


def test_an_id_is_when_it_happened(evening: tuple[Truth, list[AnyEvent]]) -> None:
    _, said = evening

    assert said[0].source == "/cameras/cam-cho-tra-my-01"
    assert said[0].id == "20260105T113000.000000Z-0"
    assert len({event.id for event in said}) == len(said)
    assert all(event.at - START <= timedelta(seconds=75) for event in said)
