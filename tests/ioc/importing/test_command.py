"""``ioc import``: what it writes, what it says, and its exit codes."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from ioc import recording
from ioc.cli.importing import register
from tests.ioc.importing.logs import mapping

LOG = "case,at,step,team\na,2026-01-05T08:00,new,front\na,2026-01-05T09:00,done,front\n"


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    return app


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "desk.toml").write_text(mapping("csv"))
    (tmp_path / "desk.csv").write_text(LOG)
    return tmp_path


def run(app: typer.Typer, desk: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["import", str(desk / "desk.toml"), str(desk / "desk.csv"), *more])


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz", ".jsonl.zst"])
def test_the_recording_reads_back_and_is_the_same_each_time(app: typer.Typer, desk: Path, suffix: str) -> None:
    out = desk / f"events{suffix}"

    first = run(app, desk, "-o", str(out))
    events = list(recording.read(out))
    run(app, desk, "-o", str(out))

    assert first.exit_code == 0 and "vn.ioc.request.opened" in first.stdout
    assert [event.id for event in events] == ["a/000000.1", "a/000001.3"]
    assert list(recording.read(out)) == events
    assert sorted(file.name for file in desk.iterdir()) == sorted(["desk.csv", "desk.toml", out.name])


def test_without_an_output_it_is_a_trial(app: typer.Typer, desk: Path) -> None:
    result = run(app, desk)

    assert result.exit_code == 0 and "nothing is written" in result.stdout


def test_rows_that_are_left_out_are_told_and_the_exit_code_says_so(app: typer.Typer, desk: Path) -> None:
    (desk / "desk.csv").write_text(LOG + "b,never,new,front\n")

    result = run(app, desk, "-o", str(desk / "events.jsonl"), "--json")
    summary = json.loads(result.stdout)

    assert result.exit_code == 3
    assert f"{desk / 'desk.csv'}:4: column at: 'never' is no time" in result.stderr
    assert summary["problem_count"] == 1 and summary["events"] == {
        "vn.ioc.request.closed": 1,
        "vn.ioc.request.opened": 1,
    }
    assert len(list(recording.read(desk / "events.jsonl"))) == 2


@pytest.mark.parametrize(
    ("log", "out", "why"),
    [
        ("case;at\n", "events.jsonl", "the header lacks"),
        ("case,at,step,team\nb,never,new,front\n", "events.jsonl", "no event could be made of it"),
        (LOG, "events.csv", "a recording ends in .jsonl"),
        (LOG, "nowhere/events.jsonl", "No such file or directory"),
    ],
)
def test_nothing_is_written_where_nothing_is_usable(app: typer.Typer, desk: Path, log: str, out: str, why: str) -> None:
    (desk / "desk.csv").write_text(log)

    result = run(app, desk, "-o", str(desk / out))

    assert result.exit_code == 2 and why in result.stderr
    assert sorted(file.name for file in desk.iterdir()) == ["desk.csv", "desk.toml"]
