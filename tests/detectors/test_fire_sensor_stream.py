"""How well stations notice fires, on a labelled stream that nobody tuned on; beside the plain threshold's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from detectors.fire_sensor import FirePolicy, FireSensor
from detectors.sensor_threshold import SensorThreshold, ThresholdPolicy
from ioc.detector import Detector, Emit, Finding, Raise, Resolve
from ioc.district import District
from ioc.events.base import AnyEvent
from ioc.events.forest import FireSign
from tests.detectors.fire_stream import EVERY, FAILURES, Stream, stream

REPORTED = 1000
STATIONS = 20
DISTRICT = District.model_validate(
    {
        "id": "x", "name": "x", "name_en": "x",
        "communes": [{"code": "1", "name": "A", "latitude": 15, "longitude": 108, "valid_from": "2025-07-01"}],
        "stations": [
            {"id": f"s{n:02}", "name": f"s{n}", "commune": "1", "latitude": 15 + n / 10, "longitude": 108}
            for n in range(STATIONS)
        ],
    }
)  # fmt: skip


@dataclass(frozen=True)
class Quality:
    """What an operator cares about."""

    recall: float
    false_alarms_in_30_station_days: float
    median_delay: float


def alarms(told: Stream, detector: Detector[Any], firm: "Firm") -> list[tuple[str, datetime]]:
    """When a station that was quiet begins to ring. Each event once, as the engine hands it over."""
    states: dict[str, Any] = {}
    newest: dict[str, datetime] = {}
    ringing: dict[str, set[str]] = {}
    found, known = [], set[tuple[str, str]]()
    for event in told.events:
        name, key = event.data.station, (event.source, event.id)
        if key in known:
            continue
        known.add(key)
        state = states.setdefault(name, detector.new_state())
        late = name in newest and event.at < newest[name]
        newest[name] = max(event.at, newest.get(name, event.at))
        said: list[Finding] = []
        while not late and (due := detector.next_deadline(state)) is not None and due < event.at:
            said += detector.on_deadline(state, due)
        said += (detector.on_late if late else detector.on_event)(state, event)
        before, now = bool(ringing.get(name)), ringing.setdefault(name, set())
        for about, on in firm(said):
            (now.add if on else now.discard)(about)
        if now and not before:
            found.append((name, event.at))
    return found


class Firm:
    """Which findings begin to ring, and which end it."""

    def __call__(self, said: Iterable[Finding]) -> Iterable[tuple[str, bool]]:
        for each in said:
            match each:
                case Raise(about=about):
                    yield about, True
                case Resolve(about=about):
                    yield about, False


class FirmSigns(Firm):
    def __call__(self, said: Iterable[Finding]) -> Iterable[tuple[str, bool]]:
        for each in said:
            if isinstance(each, Emit) and isinstance(each.data, FireSign) and each.data.strength != "weak":
                yield "fire", each.data.strength == "firm"


def quality(told: Stream, rang: list[tuple[str, datetime]]) -> Quality:
    """An alarm while a fire's plume is there, or for an hour after, is that fire's."""
    first: dict[int, datetime] = {}
    false = 0
    for name, at in rang:
        burning = [
            number for number, fire in enumerate(told.fires)
            if fire.station == name and fire.at <= at <= fire.at + (fire.last - fire.first + 12) * EVERY
        ]  # fmt: skip
        false += not burning
        for number in burning:
            first.setdefault(number, at)
    delays = [-(-(at - told.fires[number].at) // EVERY) for number, at in first.items()]
    return Quality(len(first) / len(told.fires), false / told.station_days * 30, median(delays))


def test_fires_are_noticed_soon_and_hardly_anything_else_is() -> None:
    told = stream(REPORTED)
    assert (told.station_days, len(told.fires), len(FAILURES)) == (200, 40, 12)

    ours = quality(told, alarms(told, FireSensor(FirePolicy(), DISTRICT), FirmSigns()))
    plain = quality(told, alarms(told, SensorThreshold(ThresholdPolicy(), DISTRICT), Firm()))

    print(f"\nfire_sensor      {ours}\nplain thresholds {plain}")
    assert ours.recall >= 0.95
    assert ours.false_alarms_in_30_station_days <= 1
    assert ours.median_delay <= 2
    assert plain.false_alarms_in_30_station_days > ours.false_alarms_in_30_station_days


def test_the_stream_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    def heads(seed: int) -> list[AnyEvent]:
        return stream(seed, stations=2, days=1, fires=1).events

    assert heads(5) == heads(5) != heads(6)
    assert timedelta(0) < heads(5)[-1].at - heads(5)[0].at <= timedelta(days=1, hours=1)
