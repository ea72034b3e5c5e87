"""The arithmetic of capacity: grows with the load, never below what keeps going when one worker dies."""

import pytest

from ioc.capacity import AREAS, CAMERA_EVENTS, Costs, need
from ioc.events.cameras import CAMERAS


def test_a_commune_needs_two_workers_so_that_one_may_die() -> None:
    assert need(AREAS["commune"]).workers == 2


def test_what_cameras_send_is_counted_by_hand() -> None:
    line = next(line for line in need(AREAS["district"]).lines if line.topic is CAMERAS)

    assert line.events_a_day == 60 * CAMERA_EVENTS
    assert pytest.approx(60 * CAMERA_EVENTS / 86400 * 2) == line.peak_a_second
    assert pytest.approx(60 * CAMERA_EVENTS * 30 * 420 * 3 / 1e9) == line.kafka_gb


@pytest.mark.parametrize(
    "smaller, larger", [("commune", "district"), ("district", "province"), ("province", "country")]
)
def test_a_larger_area_never_needs_less(smaller: str, larger: str) -> None:
    less, more = need(AREAS[smaller]), need(AREAS[larger])

    assert less.workers <= more.workers
    assert less.kafka_gb < more.kafka_gb
    assert less.redis_gb < more.redis_gb
    assert all(a.partitions <= b.partitions for a, b in zip(less.lines, more.lines, strict=True))


def test_a_slower_machine_needs_more_workers() -> None:
    fast, slow = need(AREAS["country"], Costs(event_us=500)), need(AREAS["country"], Costs(event_us=2000))

    assert pytest.approx(4, rel=0.05) == slow.workers / fast.workers
