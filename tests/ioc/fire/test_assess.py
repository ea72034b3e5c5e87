"""``ioc fire assess``: a weather file in, ratings out, with what is missing told and never made up."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from ioc.cli import fire as command
from tests.ioc.fire.test_fwi import DATA, NAMES, needs_data, rows

HEAD = "yr,mon,day,temp,rh,ws,prec,lat\n"
THREE = HEAD + "2024,4,1,33,50,10,0,16\n2024,4,2,33,50,10,0,16\n2024,4,3,33,50,10,0,16\n"


@pytest.fixture
def weather(tmp_path: Path) -> Path:
    return tmp_path / "weather.csv"


def run(*arguments: object) -> Result:
    app = Typer()
    command.register(app)
    return CliRunner().invoke(app, ["fire", "assess", *map(str, arguments)])


def days(file: Path, text: str, *options: object, code: int = 0) -> list[dict[str, Any]]:
    file.write_text(text, "utf-8")
    done = run("--weather", file, "--json", *options)
    assert done.exit_code == code, done.output
    return list(json.loads(done.stdout))


@needs_data
def test_the_published_days_come_out_as_published() -> None:
    done = run("--weather", DATA / "cffdrs_test_fwi_input.csv", "--json")

    told = json.loads(done.stdout)
    assert len(told) == 48
    for day, row in zip(told, rows("cffdrs_test_fwi_expected_default.csv"), strict=True):
        assert [day[name] for name in NAMES] == pytest.approx([float(row[name]) for name in NAMES], rel=5e-4)
        assert {"p", "level"} <= day.keys()


def test_start_values_and_rain_limit_are_options(weather: Path) -> None:
    usual = days(weather, THREE)
    wet = days(weather, THREE, "--ffmc", 50, "--dmc", 0, "--dc", 0, "--p", 4500)

    assert wet[0]["ffmc"] < usual[0]["ffmc"] and wet[0]["dc"] == pytest.approx(usual[0]["dc"] - 15)
    assert [day["level"] for day in wet] == ["II", "II", "II"]
    rainy = THREE.replace("50,10,0,16\n2024,4,3", "50,10,4,16\n2024,4,3")
    assert [day["p"] for day in days(weather, rainy, "--rain-limit", 3)] == pytest.approx([829.9, 0, 829.9], abs=0.1)
    assert days(weather, rainy)[2]["p"] == pytest.approx(3 * 829.9, abs=0.1)


def test_a_day_that_is_not_there_is_told_as_missing(weather: Path) -> None:
    gap = THREE.replace("2024,4,2,33,50,10,0,16\n", "")

    told = days(weather, gap)
    assert [day["missing"] for day in told] == [False, True, False]
    assert (told[1]["p"], told[1]["level"], told[1]["ffmc"]) == (None, None, None)
    assert told[2]["restarted"] and not told[2]["certain"]
    assert (told[2]["p_low"], told[2]["p_high"]) == (pytest.approx(829.9, abs=0.1), None)

    bridged = days(weather, gap, "--bridge", 1)
    assert bridged[1]["bridged"] and bridged[1]["prec"] is None
    assert bridged[2]["p_high"] == pytest.approx(3 * 829.9, abs=0.1)
    assert bridged[2]["p_low"] == pytest.approx(829.9, abs=0.1)
    assert not bridged[2]["restarted"]


def test_rain_that_is_not_known_leaves_p_between_two_ends(weather: Path) -> None:
    told = days(weather, THREE.replace("2024,4,2,33,50,10,0", "2024,4,2,33,50,10,NA"))

    assert told[1]["p_low"] == 0
    assert told[1]["p_high"] == told[1]["p"] == pytest.approx(2 * 829.9, abs=0.1)
    assert not told[2]["certain"]


def test_rows_in_any_order_with_any_columns_and_several_places(weather: Path) -> None:
    text = (
        "PREC;WS;RH;TEMP;note;DAY;MON;YR;STATION;LAT\n"
        "0;10;50;33,0;x;2;4;2024;b;21\n0;10;50;33,0;x;1;4;2024;b;21\n0;10;50;33,0;x;1;4;2024;a;9\n"
    )
    told = days(weather, text)

    assert [(day["station"], day["date"], day["lat"]) for day in told] == [
        ("b", "2024-04-01", 21), ("b", "2024-04-02", 21), ("a", "2024-04-01", 9)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2024,4,31,33,50,10,0,16", "no date"),
        ("2024,4,2,-99,50,10,0,16", "temp is not between"),
        ("2024,4,2,33,150,10,0,16", "rh is not between"),
        ("2024,4,2,33,hot,10,0,16", "rh is no number"),
        ("2024,4,2,33,50,10,0,-7", "lat is not between"),
        ("2024,4,1,33,50,10,0,16", "comes twice"),
        ("2024,4,2,,50,10,0,16", "a missing day"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_hinders_no_other(weather: Path, row: str, why: str) -> None:
    weather.write_text(THREE.replace("2024,4,2,33,50,10,0,16", row), "utf-8")

    done = run("--weather", weather, "--json")

    assert done.exit_code == 3
    assert "line 3: " in done.stderr and why in done.stderr
    assert [day["date"] for day in json.loads(done.stdout)] == ["2024-04-01", "2024-04-02", "2024-04-03"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no column yr"),
        (HEAD, "no rows"),
        ("yr,mon,day,temp,rh,ws\n1,2,3,4,5,6\n", "no column prec"),
        (THREE.replace(",lat", "").replace(",16\n", "\n"), "--lat"),
    ],
)
def test_a_file_of_which_nothing_can_be_used_is_refused(weather: Path, text: str, why: str) -> None:
    weather.write_text(text, "utf-8")

    done = run("--weather", weather)

    assert done.exit_code == 2
    assert why in done.stderr


def test_what_no_table_says_gets_no_level(weather: Path) -> None:
    table = ("--table", "thua_thien_hue_33_2022", "--zone", "1")
    spring = THREE.replace("2024,4,1", "2024,3,31")

    assert [day["level"] for day in days(weather, spring, *table)] == ["I", None, "I", "I"]
    over_new_year = HEAD + "2024,9,30,33,50,10,0,16\n2024,10,1,33,50,10,0,16\n"
    told = days(weather, over_new_year, *table)
    assert (told[1]["level"], told[1]["p"]) == (None, None)
    assert "tháng 10" in told[1]["refused"]
    weather.write_text(THREE.replace(",4,", ",11,"), "utf-8")
    refused = run("--weather", weather, *table)
    assert refused.exit_code == 2 and "tháng 11" in refused.stderr


def test_it_shows_a_table_and_draws_a_picture(weather: Path) -> None:
    weather.write_text(THREE, "utf-8")
    picture = weather.with_suffix(".svg")

    done = run("--weather", weather, "--plot", picture)

    assert done.exit_code == 0
    assert "2024-04-03" in done.stdout and "tham khảo" in done.stdout
    assert picture.read_text("utf-8").rstrip().endswith("</svg>")
    assert run("--weather", weather, "--plot", weather.with_suffix(".xyz")).exit_code == 2
