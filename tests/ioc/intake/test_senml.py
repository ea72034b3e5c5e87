"""SenML packs (RFC 8428) become readings; what does not fit is told and hinders nothing else."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ioc.district import District
from ioc.intake import senml
from ioc.intake.devices import Devices
from ioc.intake.quantities import Unfit

NOW = datetime(2026, 4, 17, 6, 0, tzinfo=UTC)
PLACE = {"commune": "20920", "latitude": 15.3, "longitude": 108.1}
DISTRICT = District.model_validate(
    {
        "id": "x", "name": "x", "name_en": "x",
        "communes": [{"code": "20920", "name": "A", "latitude": 15.3, "longitude": 108.1, "valid_from": "2025-07-01"}],
        "stations": [
            {"id": "tram-a", "name": "A", "devices": ["urn:dev:ow:10e2073a01080063", "a-gas"], **PLACE},
            {"id": "tram-b", "name": "B", "devices": ["eui-70b3d57ed0000001"], **PLACE},
        ],
    }
)  # fmt: skip
DEVICES = Devices(DISTRICT)


def read(*pack: dict[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """The readings as plain values, with their time as ``at``."""
    events, refused = senml.read(json.dumps(pack).encode(), NOW, DEVICES)
    return [{"at": event.at, **event.data.model_dump(exclude_none=True)} for event in events], refused


def test_the_simplest_example_of_the_standard() -> None:
    told, refused = read({"n": "urn:dev:ow:10e2073a01080063", "u": "Cel", "v": 23.1})

    assert told == [{"at": NOW, "station": "tram-a", "temperature_c": 23.1}]
    assert refused == []


def test_base_values_hold_until_others_are_given() -> None:
    told, _ = read(
        {"bn": "tram-a/", "bt": 1.7764e9, "bu": "Cel", "n": "temperature", "v": 30},
        {"n": "humidity", "u": "%RH", "v": 55},
        {"n": "temperature", "t": 60, "v": 31},
        {"bn": "tram-b/", "n": "temperature", "v": 29, "bv": 1},
    )

    at = datetime.fromtimestamp(1.7764e9, UTC)
    assert told == [
        {"at": at, "station": "tram-a", "temperature_c": 30.0, "humidity_pct": 55.0},
        {"at": at, "station": "tram-b", "temperature_c": 30.0},
        {"at": at + timedelta(seconds=60), "station": "tram-a", "temperature_c": 31.0},
    ]


def test_times_below_2_to_the_28_are_relative_to_now() -> None:
    told, _ = read({"n": "tram-a/temp", "u": "Cel", "v": 1, "t": -120}, {"n": "tram-a/rh", "v": 5})

    assert [each["at"] for each in told] == [NOW - timedelta(seconds=120), NOW]


@pytest.mark.parametrize(
    ("said", "counts"),
    [(timedelta(minutes=4), True), (timedelta(minutes=6), False), (-timedelta(days=2), True),
     (-timedelta(days=60), False)],
)  # fmt: skip
def test_a_clock_that_cannot_be_right_is_not_believed(said: timedelta, counts: bool) -> None:
    ((told,), _) = read({"n": "tram-a/temp", "u": "Cel", "v": 1, "t": (NOW + said).timestamp()})

    assert told["at"] == (NOW + said if counts else NOW)


@pytest.mark.parametrize(
    ("name", "unit", "value", "field", "wanted"),
    [
        ("temperature", "K", 300.15, "temperature_c", 27.0),
        ("temperature", "degF", 95, "temperature_c", 35.0),
        ("wind_speed", "m/s", 5, "wind_kmh", 18.0),
        ("wind", "km/h", 18, "wind_kmh", 18.0),
        ("smoke", "ppb", 1500, "smoke_ppm", 1.5),
        ("CO", "ppm", 3, "co_ppm", 3.0),
        ("vbat", "mV", 3600, "battery_v", 3.6),
        ("rain", "mm", 0.2, "rain_mm", 0.2),
        ("", "%RH", 40, "humidity_pct", 40.0),
    ],
)
def test_units_are_turned_into_a_readings_own(name: str, unit: str, value: float, field: str, wanted: float) -> None:
    ((told,), refused) = read({"n": f"tram-a/{name}".rstrip("/"), "u": unit, "v": value})

    assert (told[field], refused) == (pytest.approx(wanted), [])


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"n": "stranger/temp", "v": 1}, "no station of the district file"),
        ({"n": "tram-a/temp", "u": "%RH", "v": 1}, "does not fit"),
        ({"n": "tram-a/pressure", "u": "hPa", "v": 1000}, "neither its name nor its unit"),
        ({"n": "tram-a/temp", "vs": "hot"}, "numbers"),
        ({"n": "tram-a/temp", "u": "Cel", "v": True}, "v is no number"),
        ({"n": "tram-a/temp", "u": "Cel", "v": 5000}, "temperature_c"),
        ({"n": "tram-a/temp", "u": "Cel", "v": 1, "t": 1e300}, "no"),
    ],
)
def test_a_record_that_does_not_fit_is_told_and_its_neighbour_read(record: dict[str, Any], why: str) -> None:
    told, refused = read(record, {"n": "tram-b/temp", "u": "Cel", "v": 20})

    assert [each["station"] for each in told] == ["tram-b"]
    assert len(refused) == 1 and why in refused[0]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"{}",
        b"[]",
        b"[1]",
        b"nan",
        b'[{"n":"tram-a","v":1,"must_":1}]',
        b'[{"bver":11,"n":"tram-a","v":1}]',
    ],
)
def test_what_is_no_pack_is_refused_whole(body: bytes) -> None:
    with pytest.raises(Unfit):
        senml.read(body, NOW, DEVICES)


def test_the_same_pack_told_again_has_the_same_ids() -> None:
    body = json.dumps([{"bn": "tram-a/", "bt": 1.7764e9, "n": "temp", "u": "Cel", "v": 30}]).encode()

    once, again = (senml.read(body, NOW + n * timedelta(minutes=1), DEVICES)[0][0] for n in (0, 1))
    assert (once.id, once.at) == (again.id, again.at)
