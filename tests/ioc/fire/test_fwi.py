"""The Canadian codes against the published 48 days, at the latitudes where the rules part, and at rest."""

import csv
from datetime import date
from pathlib import Path

import pytest

from ioc.fire import fwi
from ioc.fire.fwi import Codes
from ioc.fire.season import Rules, days
from ioc.fire.tables import load
from ioc.fire.weather import Weather
from tests.needs import shared_data_directory

SHARED = shared_data_directory()
DATA = (SHARED or Path()) / "forest_fire"
needs_data = pytest.mark.skipif(SHARED is None, reason="the published vectors are not at ../shared/data")
NAMES = ("ffmc", "dmc", "dc", "isi", "bui", "fwi", "dsr")


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return [{key.lower(): value for key, value in row.items()} for row in csv.DictReader(file)]


def weather(row: dict[str, str]) -> Weather:
    return Weather(*(float(row[name]) for name in ("temp", "rh", "ws", "prec")))


def differences(told: list[dict[str, str]], latitude: float, least: float = 0.0) -> list[float]:
    """Difference of every output of every day, relative to what was published (to ``least``, where that is less)."""
    readings = {date(int(row.get("yr", 1985)), int(row["mon"]), int(row["day"])): weather(row) for row in told}
    rated = days(Rules(load("tham_khao"), latitude), readings)
    found = []
    for row, day in zip(told, rated, strict=True):
        assert day.indices is not None
        for name, value in zip(NAMES, day.indices, strict=True):
            wanted = float(row[name])
            found.append(abs(value - wanted) / (max(abs(wanted), least) or 1.0))
    return found


@needs_data
@pytest.mark.parametrize(
    ("name", "latitude"),
    [("default", 40.0), ("init85_6_15_lat55", 55.0)],
)
def test_all_48_days_of_van_wagner_and_pickett_are_met(name: str, latitude: float) -> None:
    found = differences(rows(f"cffdrs_test_fwi_expected_{name}.csv"), latitude)

    assert len(found) == 48 * 7
    assert max(found) <= 5e-4


@needs_data
@pytest.mark.parametrize("latitude", [9.0, 12.0, 16.0, 20.0, 21.0])
def test_the_tropical_vectors_are_met(latitude: float) -> None:
    told = [row for row in rows("fwi_tropical_vectors_computed.csv") if float(row["lat"]) == latitude]

    assert len(told) == 48
    assert max(differences(told, latitude, least=1.0)) <= 1e-6


def test_day_lengths_change_at_10_20_and_30_degrees_and_not_at_15() -> None:
    def step(latitude: float) -> Codes:
        return fwi.advance(Codes(), 32.0, 50.0, 10.0, 0.0, 6, latitude)

    assert step(10.0).dmc < step(10.01).dmc
    assert step(10.0).dc == step(10.01).dc
    assert step(15.0) == step(14.99) == step(15.01)
    assert step(20.0).dc < step(20.01).dc
    assert step(20.0).dmc == step(20.01).dmc
    assert step(30.0).dmc < step(30.01).dmc


def test_the_south_is_refused() -> None:
    with pytest.raises(ValueError, match="north of the equator"):
        fwi.advance(Codes(), 30.0, 50.0, 10.0, 0.0, 1, -7.0)


@pytest.mark.parametrize("humidity", [0.0, 20.0, 50.0, 80.0, 90.0])
@pytest.mark.parametrize("start", [0.0, 50.0, 85.0, 101.0])
def test_constant_weather_comes_to_rest(humidity: float, start: float) -> None:
    codes = Codes(ffmc=start)
    for _ in range(30):
        before, codes = codes, fwi.advance(codes, 32.0, humidity, 10.0, 0.0, 3, 16.0)

    assert abs(codes.ffmc - before.ffmc) < 1e-6


def test_dc_of_a_dry_season_is_that_of_the_rule_taken() -> None:
    codes = Codes()
    for month, length in ((1, 31), (2, 28), (3, 31), (4, 30)):
        for _ in range(length):
            codes = fwi.advance(codes, 32.0, 50.0, 10.0, 0.0, month, 17.0)

    assert codes.dc == pytest.approx(850.7, abs=0.1)


@pytest.mark.parametrize(("dmc", "dc"), [(0.0, 0.0), (0.0, 50.0), (50.0, 0.0), (300.0, 900.0)])
def test_extremes_give_finite_indices(dmc: float, dc: float) -> None:
    found = fwi.indices(Codes(101.0, dmc, dc), 100.0)

    assert all(0 <= value < 1e6 for value in found)
