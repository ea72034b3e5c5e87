"""What a district file that changes does to what is already known, and what a mad word from outside does not do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import detectors
from ioc.alerts.alert import Raised, Resolved
from ioc.district import BadDistrict, District
from ioc.engine.partition import Partition
from ioc.engine.plan import Plan, plan
from ioc.events.base import AnyEvent, Event
from ioc.events.cameras import MotionSeen
from ioc.events.dossiers import DossierReceived, SupplementRequested, SupplementSupplied
from ioc.events.sensors import Reading
from ioc.folds import CAMERA, DOSSIER, STATION, Fold
from ioc.recording import tick
from tests.ioc.engine.echo import EIGHT
from tests.ioc.engine.restarts import Restartable

MINUTE = timedelta(minutes=1)
HEAT = {"quantity": "temperature_c", "above": 57, "clear_below": 45}
SMOKE = {"quantity": "smoke_ppm", "above": 60, "clear_below": 40}
COMMUNE = {"code": "20900", "name": "Trà My", "latitude": 15, "longitude": 108, "valid_from": "2025-07-01"}
PLACE = {"commune": "20900", "latitude": 15, "longitude": 108}


def rules(silent_after: str = "30m", stations: tuple[str, ...] = ("s1",), heat: Any = (HEAT, SMOKE)) -> Plan:
    district = District.model_validate(
        {
            "id": "d",
            "name": "d",
            "name_en": "d",
            "communes": [COMMUNE],
            "stations": [{"id": name, "name": name, "silent_after": silent_after, **PLACE} for name in stations],
            "detectors": {"sensor_threshold": {"rules": list(heat)}},
        }
    )  # fmt: skip
    return plan(district, detectors.ALL)


class Running:
    """A partition, before and after the district file changed."""

    def __init__(self, fold: Fold, before: Plan) -> None:
        self.fold = fold
        self._kept = Restartable(lambda: self._fresh(before))

    def _fresh(self, of: Plan) -> Partition:
        return of.partition(self.fold, 0, partitions=lambda _: 1)

    def change(self, after: Plan) -> None:
        self._kept.restart(lambda: self._fresh(after))

    def hear(self, *events: AnyEvent, rejected: bool = False) -> list[tuple[str, str, float]]:
        """What is found: raised or resolved, about what, at which minute."""
        for event in events:
            self._kept.add(event)
        batch = self._kept.take()
        assert rejected or batch.rejected == []
        return [
            (type(event.data).__name__, event.data.about, (event.at - EIGHT) / MINUTE)
            for _, event in batch.outputs
            if isinstance(event.data, Raised | Resolved)
        ]


def reading(minute: float, station: str = "s1", **values: float) -> AnyEvent:
    return Event(EIGHT + minute * MINUTE, f"/{station}", f"{minute}", Reading(station=station, **values))


def tock(minute: float) -> AnyEvent:
    return tick(EIGHT + minute * MINUTE)


def test_a_threshold_that_is_taken_away_clears_its_alert_and_stops_nothing() -> None:
    running = Running(STATION, rules())
    hot = [reading(minute, temperature_c=60, smoke_ppm=70) for minute in range(4)]
    assert [about for _, about, _ in running.hear(*hot, tock(4))] == ["s1/temperature_c", "s1/smoke_ppm"]

    running.change(rules(heat=[SMOKE]))

    assert running.hear(tock(5)) == [("Resolved", "s1/temperature_c", 3)]
    assert running.hear(reading(6, temperature_c=90, smoke_ppm=10)) == []
    assert running.hear(tock(7)) == [("Resolved", "s1/smoke_ppm", 6)]


def test_a_threshold_that_must_be_held_for_less_is_held_from_the_beginning() -> None:
    running = Running(STATION, rules(heat=[HEAT | {"for": "10m"}]))
    assert running.hear(*(reading(minute, temperature_c=60) for minute in range(4)), tock(4)) == []

    running.change(rules(heat=[HEAT | {"for": "1m"}]))

    assert running.hear(tock(5)) == [("Raised", "s1/temperature_c", 1)]


def test_two_rules_of_one_quantity_are_refused() -> None:
    with pytest.raises(BadDistrict, match="two rules"):
        rules(heat=[HEAT, HEAT | {"above": 80}])


@pytest.mark.parametrize(("patience", "rings"), [("10m", 10.0), ("30m", 30.0), ("40m", 40.0)])
def test_a_changed_patience_counts_for_a_silence_that_has_begun(patience: str, rings: float) -> None:
    running = Running(STATION, rules("30m"))
    assert running.hear(tock(0), tock(5)) == []

    running.change(rules(patience))

    assert running.hear(tock(50)) == [("Raised", "s1", rings)]


def test_a_station_that_is_named_later_is_waited_for_from_its_last_word() -> None:
    running = Running(STATION, rules(stations=()))
    assert running.hear(reading(0, temperature_c=20), tock(100)) == []

    running.change(rules("30m"))

    assert running.hear(tock(101)) == [("Raised", "s1", 30)]


# -- mad words from outside -----------------------------------------------------------------------------------

AGES = [datetime.min.replace(tzinfo=UTC), EIGHT - timedelta(days=9), datetime.max.replace(tzinfo=UTC)]


@pytest.mark.parametrize("due", AGES)
def test_a_mad_due_time_harms_nobody(due: datetime) -> None:
    running = Running(DOSSIER, rules())

    def told(minute: float, data: Any) -> AnyEvent:
        return Event(EIGHT + minute * MINUTE, "/office", f"{minute}", data)

    words = [
        told(0, DossierReceived(dossier="a", commune="20900", due=due)),
        told(1, DossierReceived(dossier="b", commune="20900", due=EIGHT + 30 * MINUTE)),
        told(2, SupplementRequested(dossier="b", commune="20900", effect="restart")),
        told(3, SupplementSupplied(dossier="b", commune="20900", due=due)),
        told(4, SupplementRequested(dossier="a", commune="20900")),
        told(5, SupplementSupplied(dossier="a", commune="20900")),
        told(6, DossierReceived(dossier="c", commune="20900", due=EIGHT + 26 * MINUTE)),
    ]
    found = [(about, at) for what, about, at in running.hear(*words, tock(60), rejected=True) if what == "Raised"]

    assert {("c", 16), ("c", 26)} <= set(found)
    if due < EIGHT:
        assert {("a", 0), ("b", 3)} <= set(found)


def test_a_station_with_the_longest_name_rings() -> None:
    name = "s" * 120
    running = Running(STATION, rules())
    found = running.hear(*(reading(minute, name, temperature_c=60) for minute in range(4)), tock(4))

    assert [about for _, about, _ in found] == [f"{name}/temperature_c"]


def test_a_camera_and_a_zone_that_nobody_knows_are_heard_and_nothing_is_said() -> None:
    running = Running(CAMERA, rules())
    seen = Event(EIGHT, "/cam", "1", MotionSeen(camera="c" * 120, zone="z" * 120, area=1))

    assert running.hear(seen, tock(100)) == []
