"""NASA FIRMS: times across midnight, both instruments, what comes twice, and what is no hotspot."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from ioc.cli import importing as command
from ioc.events.base import Event
from ioc.events.forest import Hotspot
from ioc.fire.hotspots import fires
from ioc.importing import firms
from ioc.recording import read

MODIS = (
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,confidence,version,bright_t31,frp,daynight\n"
)
VIIRS = (
    "country_id,latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,"
    "bright_ti5,frp,daynight,type\n"
)
ROW = "VNM,15.36,108.07,331.8,0.41,0.37,2026-03-01,{time},N,VIIRS,{confidence},2.0NRT,298.0,8.8,{day},{type}\n"


def viirs(time: str = "0641", confidence: str = "n", day: str = "D", type: str = "0") -> str:
    return ROW.format(time=time, confidence=confidence, day=day, type=type)


def run(*arguments: object) -> Result:
    app = Typer()
    command.register(app)
    return CliRunner().invoke(app, list(map(str, arguments)))


def imported(tmp_path: Path, text: str) -> list[Event[Hotspot]]:
    file = tmp_path / "firms.csv"
    file.write_text(text, "utf-8")
    return cast(list[Event[Hotspot]], firms.import_file(file)[0])


@pytest.mark.parametrize(
    ("time", "utc", "local_day"),
    [("41", (0, 41), 1), ("0", (0, 0), 1), ("741", (7, 41), 1), ("1659", (16, 59), 1), ("1700", (17, 0), 2),
     ("23:59", (23, 59), 2)],
)  # fmt: skip
def test_times_are_utc_with_or_without_leading_zeros(
    tmp_path: Path, time: str, utc: tuple[int, int], local_day: int
) -> None:
    (event,) = imported(tmp_path, VIIRS + viirs(time))

    assert event.at == datetime(2026, 3, 1, *utc, tzinfo=UTC)
    from zoneinfo import ZoneInfo

    assert event.at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).day == local_day


@pytest.mark.parametrize(
    ("confidence", "wanted"),
    [
        ("l", "low"),
        ("n", "nominal"),
        ("h", "high"),
        ("29", "low"),
        ("30", "nominal"),
        ("79", "nominal"),
        ("80", "high"),
    ],
)
def test_confidence_is_a_word_or_a_percentage(tmp_path: Path, confidence: str, wanted: str) -> None:
    (event,) = imported(tmp_path, VIIRS + viirs(confidence=confidence))

    assert event.data.confidence == wanted


def test_modis_has_no_instrument_and_other_names(tmp_path: Path) -> None:
    (event,) = imported(tmp_path, MODIS + "15.36,108.07,309.9,1.1,1.4,2026-03-01,0025,T,41,6.0NRT,289.9,7.6,N\n")

    spot = event.data
    assert (spot.satellite, spot.instrument, spot.confidence_pct, spot.night) == ("Terra", "MODIS", 41, True)
    assert (spot.brightness_k, spot.power_mw, spot.scan_km, spot.track_km) == (309.9, 7.6, 1.1, 1.4)


def test_what_comes_twice_is_one_and_what_is_no_vegetation_is_static(tmp_path: Path) -> None:
    events = imported(tmp_path, VIIRS + viirs() + viirs() + viirs("0642", type="2"))

    assert [event.data.static for event in events] == [False, True]


def test_a_bad_row_is_told_with_its_line_and_the_rest_is_written(tmp_path: Path) -> None:
    file, out = tmp_path / "firms.csv", tmp_path / "out.jsonl"
    file.write_text(VIIRS + viirs() + viirs(confidence="sure") + viirs("2570") + viirs("0642"), "utf-8")

    done = run("firms", file, "-o", out, "--json")

    assert done.exit_code == 3
    assert "firms.csv:3: confidence" in done.stderr and "firms.csv:4: acq_date" in done.stderr
    assert len(list(read(out))) == 2
    assert json.loads(done.stdout)["events"] == {"vn.ioc.hotspot.seen": 2}


@pytest.mark.parametrize(
    ("name", "hotspots"),
    [("firms_modis_c6_nrt_southeast_asia_2018-05-23.csv", 614), ("firms_viirs_c2_nrt_nepal_2023-12-30.csv", 181)],
)
def test_the_real_files_are_read_whole_and_twice_is_the_same(shared_data: Path, name: str, hotspots: int) -> None:
    events, report = firms.import_file(shared_data / "forest_fire" / name)
    again, _ = firms.import_file(shared_data / "forest_fire" / name)

    assert (len(events), report.problem_count) == (hotspots, 0)
    assert again == events
    once = [[event.id for event in group] for group in fires(events)]
    assert [[event.id for event in group] for group in fires([*reversed(events), *events][hotspots:])] == once
    assert 1 < len(once) < hotspots
