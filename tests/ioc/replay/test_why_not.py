"""Why an alert did not ring: the nearest it came, in the figures that a person would name."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from ioc import recording
from ioc.cli import why_not as command
from ioc.events.base import AnyEvent, Event
from ioc.events.requests import RequestClosed, RequestOpened
from ioc.events.sensors import Reading
from ioc.recording import tick
from streams.bench.recording import recording_of
from tests.ioc.engine.echo import EIGHT

MINUTE = timedelta(minutes=1)
STATION = "tram-tra-doc-thon-2"


@pytest.fixture
def morning(tmp_path: Path) -> Path:
    """A station that has a gust for a minute, and one queue of eight after two hours."""
    events: list[AnyEvent] = []
    for number in range(8):
        at = EIGHT + (120 + number if number else 0) * MINUTE
        events.append(Event(at, "/smart", f"r{number}", RequestOpened(request=f"r{number}", queue="dien")))
    for minute, wind in enumerate([20, 40, 65, 30, 25]):
        data = Reading(station=STATION, wind_kmh=wind)
        events.append(Event(EIGHT + minute * MINUTE, f"/stations/{STATION}", str(minute), data))
    path = tmp_path / "morning.jsonl"
    recording.write(path, sorted(events, key=lambda event: event.at))
    return path


def ask(path: Path, kind: str, subject: str, minutes: float) -> dict[str, object]:
    app = Typer()
    command.register(app)
    at = (EIGHT + minutes * MINUTE).isoformat()
    arguments = [str(path), "--kind", kind, "--subject", subject, "--at", at, "--district", "bac_tra_my"]
    done = CliRunner().invoke(app, [*arguments, "--json"])
    assert done.exit_code == 0, done.output
    assert CliRunner().invoke(app, arguments).exit_code == 0
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_a_queue_needed_fifteen_and_had_eight(morning: Path) -> None:
    said = ask(morning, "queue_growing", "dien", 130)
    nearest = said["nearest"]

    assert isinstance(nearest, dict)
    assert nearest["saw"].startswith("8 open") and nearest["needs"] == "15.0 open"
    assert nearest["share"] == round(8 / 15, 3)


def test_the_nearest_is_seen_in_a_recording_of_kafka_too_where_events_wait_for_others(tmp_path: Path) -> None:
    """Between two ticks a queue rises to nine and falls again; the time after the last tick is looked at as well."""
    opened = [RequestOpened(request=f"r{number}", queue="dien") for number in range(9)]
    closed = [RequestClosed(request=f"r{number}") for number in range(7)]
    day: list[AnyEvent] = [tick(EIGHT)]
    day += [Event(EIGHT + number * timedelta(seconds=1), "/smart", f"e{number}", data)
            for number, data in enumerate([*opened, *closed], 1)]  # fmt: skip
    day += [
        tick(EIGHT + MINUTE),
        Event(EIGHT + 9 * MINUTE, "/smart", "later", RequestOpened(request="x", queue="dien")),
    ]
    said = ask(recording_of(tmp_path / "day.jsonl", day), "queue_growing", "dien", 5)
    nearest, now = said["nearest"], said["now"]

    assert isinstance(nearest, dict) and isinstance(now, dict)
    assert nearest["saw"].startswith("9 open") and now["saw"].startswith("2 open")


def test_a_station_was_over_its_threshold_but_not_for_long_enough(morning: Path) -> None:
    said = ask(morning, "sensor_over_threshold", f"{STATION}/wind_kmh", 10)
    nearest = said["nearest"]

    assert isinstance(nearest, dict)
    assert nearest["saw"] == "40.0 km/h" and nearest["needs"] == "> 62.0 km/h"
    assert said["because"] == {
        "vi": "Chưa đủ điều kiện; lần gần nhất:", "en": "Its condition was not met; the nearest it came:",
    }  # fmt: skip


def test_what_was_never_heard_of_and_what_did_ring_are_told_so(morning: Path) -> None:
    never = ask(morning, "queue_growing", "gossip", 130)["because"]
    rang = ask(morning, "source_silent", STATION, 60)["because"]

    assert isinstance(never, dict) and isinstance(rang, dict)
    assert never["en"] == "No event about this subject had ever been heard"
    assert rang["en"].startswith("It rang: alert")


def test_an_unknown_kind_is_refused(morning: Path) -> None:
    app = Typer()
    command.register(app)
    done = CliRunner().invoke(app, [str(morning), "--kind", "gossip", "--subject", "x", "--at", EIGHT.isoformat()])

    assert done.exit_code == 2
    assert "no such kind of alert; there are: " in done.output
