"""Traffic in three levels, a vehicle that stands, a crowd that gathers, one who stays: on drawn scenes."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from detectors.vision.camera import CameraWatch, Said
from ioc.district import Camera, Crowd, Road, Zone
from ioc.events.cameras import CrowdSeen, Loitered, TrafficSeen, VehicleStopped
from tests.detectors.vision.scenes import START, WIDTH, Box, camera, film, watched

ROAD = Road(
    id="road", name="road", polygon=((0, 0.3), (1, 0.3), (1, 0.8), (0, 0.8)), stopped_after=timedelta(seconds=20)
)
GATE = Zone(id="gate", name="gate", polygon=((0, 0), (1, 0), (1, 1), (0, 1)), loiter_after=timedelta(seconds=20))
SQUARE = GATE.model_copy(
    update={"loiter_after": None, "crowd": Crowd(busy=0.15, crowded=0.3, dwell=timedelta(seconds=10))}
)


def told(draw: Callable[[float], Iterable[Box]], seconds: float, seen: Camera) -> list[tuple[float, Said]]:
    said = watched(film(draw, seconds, fps=5), CameraWatch(seen))
    return [((at - START).total_seconds(), data) for at, data in said]


def on_road(draw: Callable[[float], Iterable[Box]], seconds: float) -> list[tuple[float, Said]]:
    return told(draw, seconds, camera().model_copy(update={"roads": (ROAD,)}))


def levels(said: list[tuple[float, Said]]) -> list[tuple[str, str]]:
    seen = [(data.level, data.speed) for _, data in said if isinstance(data, TrafficSeen)]
    return [entry for entry, before in zip(seen, [("", ""), *seen], strict=False) if entry != before]


def driving(at: float) -> list[Box]:
    """One car at a time, three lengths a second."""
    return [((at * 100) % (WIDTH + 200) - 60, 80, 34, 20)]


def queue(at: float) -> list[Box]:
    """Freely until 20 s; then cars fill the road one after the other, and stand."""
    if at < 20:
        return driving(at)
    cars = [(n % 6 * 50, 62 + n // 6 * 28) for n in range(18)]
    return [
        (min(x, -40 + (at - 20 - n * 0.6) * 90), y, 42, 22)
        for n, (x, y) in sorted(enumerate(cars), key=lambda car: -car[1][0])
        if at > 20 + n * 0.6
    ]


def test_a_free_road_is_free_and_goes_at_normal_speed() -> None:
    assert {data.level for _, data in on_road(driving, 32) if isinstance(data, TrafficSeen)} == {"free"}


def test_a_queue_that_stands_is_congested_and_no_vehicle_in_it_is_said_to_have_stopped() -> None:
    said = on_road(queue, 64)
    last = [data for _, data in said if isinstance(data, TrafficSeen)][-1]

    assert levels(said)[0][0] == "free"
    assert last.level == "congested" and last.speed in ("stopped", "crawling")
    assert not [data for _, data in said if isinstance(data, VehicleStopped)]


def test_a_vehicle_that_stands_on_a_free_road_is_said_with_its_place_and_one_that_waits_a_moment_is_not() -> None:
    def stands(at: float) -> list[Box]:
        return [(min(200.0, (at - 10) * 60 - 40), 90, 40, 22)] if at > 10 else []

    def waits(at: float) -> list[Box]:
        return [(min(200.0, (at - 10) * 60 - 40) if at < 25 else 200 + (at - 25) * 60, 90, 40, 22)] if at > 10 else []

    stopped = [(at, data) for at, data in on_road(stands, 42) if isinstance(data, VehicleStopped)]

    assert len(stopped) == 1
    assert 32 < stopped[0][0] < 40
    assert abs(stopped[0][1].place[0] - 220 / WIDTH) < 0.08
    assert not [data for _, data in on_road(waits, 50) if isinstance(data, VehicleStopped)]


def test_one_who_walks_about_for_long_loiters_and_one_who_passes_does_not() -> None:
    def stays(at: float) -> list[Box]:
        return [(150 + 90 * abs((at / 6) % 2 - 1), 70, 14, 40)] if at > 3 else []

    def passes(at: float) -> list[Box]:
        return [((at * 40) % (WIDTH + 100) - 20, 70, 14, 40)] if at > 3 else []

    loitered = [data for _, data in told(stays, 32, camera(zones=(GATE,))) if isinstance(data, Loitered)]

    assert loitered and 20 <= loitered[0].seconds < 26
    assert not [data for _, data in told(passes, 32, camera(zones=(GATE,))) if isinstance(data, Loitered)]


def test_a_crowd_is_a_level_that_has_held() -> None:
    def gathers(at: float) -> list[Box]:
        there = min(36, max(0, int((at - 5) * 2))) if at < 40 else 0
        return [(n % 15 * 21.0 + (at * 7 + n) % 3, 10 + n // 15 * 42, 17, 36) for n in range(there)]

    said = [(at, data.level) for at, data in told(gathers, 55, camera(zones=(SQUARE,))) if isinstance(data, CrowdSeen)]
    changes = [entry for entry, before in zip(said, [(0.0, "calm"), *said], strict=False) if entry[1] != before[1]]

    assert [level for _, level in changes][-1] == "calm"
    assert "crowded" in [level for _, level in changes]
