"""Two versions of the rules on the same events: what differs is said, and nothing else."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from dashboards.difference import page
from ioc import recording
from ioc.cli import replay as command
from ioc.district import load
from ioc.events.base import AnyEvent, Event
from ioc.events.sensors import Reading
from ioc.replay.difference import Difference, difference
from tests.ioc.engine.echo import EIGHT

SHIPPED = Path(command.__file__).parents[1] / "districts" / "bac_tra_my.toml"
STATION, MINUTE = "tram-tra-doc-thon-2", timedelta(minutes=1)


def line(about: str, opened: int, cleared: int | None = None, severity: str = "severe", transition: str = "") -> bytes:
    def at(minutes: int | None) -> str | None:
        return None if minutes is None else (EIGHT + minutes * MINUTE).isoformat()

    said = {
        "alert_id": f"{about}/{opened}", "kind": "k", "subject": about, "commune": "20900", "severity": severity,
        "title": {"vi": "Loại <k>", "en": "k"}, "opened_at": at(opened), "cleared_at": at(cleared),
        "transition": transition or ("C2" if cleared is None else "C6"),
    }  # fmt: skip
    return json.dumps(said).encode()


def changes(found: Difference) -> dict[str, tuple[str, ...]]:
    return {pair.either.about: pair.changes for pair in found.pairs}


def test_every_way_to_differ_has_its_name() -> None:
    a = [
        line("same", 0),
        line("same", 0, 9),
        line("gone", 1),
        line("gone", 1, 3),
        line("moved", 5),
        line("moved", 5, 9),
    ]
    a += [line("longer", 2), line("longer", 2, 4), line("shorter", 2), line("worse", 3)]
    b = [line("same", 0), line("same", 0, 9), line("new", 7), line("moved", 6), line("moved", 6, 9), line("longer", 2)]
    b += [line("shorter", 2), line("shorter", 2, 8), line("worse", 3), line("worse", 3, None, "extreme", "C9")]

    found = difference(a, b)

    assert changes(found) == {
        "same": (), "gone": ("only_a",), "new": ("only_b",), "moved": ("moved",), "longer": ("longer",),
        "shorter": ("shorter",), "worse": ("severity",),
    }  # fmt: skip
    (row,) = found.counts(lambda each: each.kind).values()
    assert (row["a"], row["b"], row["notices_b"] - row["notices_a"]) == (6, 6, 1)


def test_the_same_thing_at_another_time_is_another_alert() -> None:
    found = difference([line("x", 0), line("x", 0, 5)], [line("x", 60)])

    assert sorted(pair.changes for pair in found.pairs) == [("only_a",), ("only_b",)]


def test_the_page_has_every_alert_and_no_markup_from_outside() -> None:
    district = load("bac_tra_my")
    shown = page(difference([line("<script>", 0)], [line("b", 60)]), district, "<a>", "b")

    assert "<script>" not in shown and "&lt;script&gt;" in shown and "Loại &lt;k&gt;" in shown
    assert "Không có khác biệt" in page(difference([], []), district, "a", "b")


@pytest.fixture
def hot(tmp_path: Path) -> Path:
    """A station in a wind of 52 km/h for ten minutes."""
    path = tmp_path / "hot.jsonl"
    readings = [Reading(station=STATION, wind_kmh=52 if minute < 10 else 20) for minute in range(15)]
    events: list[AnyEvent] = [
        Event(EIGHT + n * MINUTE, f"/station/{STATION}", str(n), data) for n, data in enumerate(readings)
    ]
    recording.write(path, events)
    return path


def run(*arguments: str | Path) -> tuple[int, str]:
    app = Typer()
    command.register(app)
    done = CliRunner().invoke(app, [*map(str, arguments)])
    return done.exit_code, done.stdout


def test_a_lower_threshold_rings_where_the_other_does_not(hot: Path, tmp_path: Path) -> None:
    lower, html = tmp_path / "lower.toml", tmp_path / "difference.html"
    lower.write_text(SHIPPED.read_text("utf-8").replace("above = 62, clear_below = 50", "above = 50, clear_below = 45"))

    code, said = run(hot, "--district", "bac_tra_my", "--against", lower, "--json", "--html", html)
    only, late = sorted(json.loads(said)["differs"], key=lambda each: each["kind"] == "alert_overdue")

    assert (late["kind"], late["changes"]) == ("alert_overdue", ["only_b"])  # nobody acknowledges it in a replay
    assert (code, only["changes"], only["kind"], only["a"]) == (1, ["only_b"], "sensor_over_threshold", None)
    assert datetime.fromisoformat(only["b"]["opened_at"]) == EIGHT + 2 * MINUTE
    assert STATION in html.read_text("utf-8")
    assert run(hot, "--district", "bac_tra_my", "--against", "bac_tra_my")[0] == 0
    assert run(hot, "--district", "bac_tra_my", "--against", "nowhere")[0] == 2
