"""Tuning: figures that can be counted by hand, and settings that do not exist."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

import detectors
from ioc import recording
from ioc.cli import describe
from ioc.cli import tune as command
from ioc.events.base import AnyEvent, Event
from ioc.events.requests import RequestOpened
from ioc.replay.tuning import BadTuning, Range
from tests.ioc.engine.echo import EIGHT

MINUTE = timedelta(minutes=1)


@pytest.fixture
def surges(tmp_path: Path) -> Path:
    """Two queues, known for two hours: one comes to 8 open requests, one to 16, a minute each."""
    events: list[AnyEvent] = []
    for queue, most in (("a", 8), ("b", 16)):
        for number in range(most):
            at = EIGHT + (120 + number if number else 0) * MINUTE
            events.append(
                Event(at, "/smart", f"{queue}{number}", RequestOpened(request=f"{queue}{number}", queue=queue))
            )
    path = tmp_path / "surges.jsonl"
    recording.write(path, sorted(events, key=lambda event: event.at))
    return path


def run(*arguments: str | Path, app: Typer | None = None) -> tuple[int, str]:
    if app is None:
        app = Typer()
        command.register(app)
    done = CliRunner().invoke(app, [*map(str, arguments)])
    return done.exit_code, done.output


def test_precision_and_recall_are_what_a_person_counts(surges: Path, tmp_path: Path) -> None:
    labels, plot = tmp_path / "labels.csv", tmp_path / "plot.png"
    labels.write_text("subject,from,to\nb,2026-03-02T10:00,2026-03-02T11:00\nc,2026-03-02T10:00,2026-03-02T11:00\n")

    code, said = run("queue_growing", surges, "--param", "at_least=5..25/3", "--district", "bac_tra_my",
                     "--labels", labels, "--json", "--plot", plot)  # fmt: skip
    rows = {row["at_least"]: (row["alerts"], row["precision"], row["recall"]) for row in json.loads(said)}

    assert code == 0
    assert rows == {"5": (2, 0.5, 0.5), "15": (1, 1.0, 0.5), "25": (0, None, 0.0)}
    assert plot.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("factor=1.5..2.5/3", ["1.5", "2.0", "2.5"]),
        ("look_again=10m..30m/3", ["10m", "20m", "30m"]),
        ("at_least=1..3", ["1", "2", "3"]),
    ],
)
def test_a_range_is_spaced_evenly(text: str, values: list[str]) -> None:
    assert [value for value, _ in Range.parse(text).values] == values


@pytest.mark.parametrize("text", ["factor", "factor=1", "factor=1m..2h", "=1..2"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(BadTuning, match="write name=from"):
        Range.parse(text)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("gossip", "--param", "x=1..2"), "no such detector"),
        (("queue_growing", "--param", "x=1..2"), "has no setting 'x'; there are: at_least"),
        (("queue_growing", "--param", "factor=0.1..0.2"), "detectors.queue_growing"),
        (("queue_growing", "--param", "factor=2..3", "--labels", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_what_cannot_be_tuned_is_told(surges: Path, arguments: tuple[str, ...], said: str) -> None:
    code, output = run(*arguments, surges, "--district", "bac_tra_my")

    assert (code, said in " ".join(output.split())) == (2, True), output


def test_every_detector_can_be_described() -> None:
    app = Typer()
    describe.register(app)
    names = [each["name"] for each in json.loads(run("detectors", "list", "--json", app=app)[1])]

    assert names == [spec.name for spec in detectors.ALL]
    for name in names:
        said = json.loads(run("detectors", "show", name, "--json", "--district", "bac_tra_my", app=app)[1])
        assert said["what"] and all(each["what"] for each in said["settings"])
        assert run("detectors", "show", name, app=app)[0] == 0
    assert run("detectors", "show", "gossip", app=app)[0] == 2
