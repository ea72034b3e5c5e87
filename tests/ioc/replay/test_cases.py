"""Every alert of a recording is proved: its fold, run again over what its key heard, finds the same."""

import json
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

import detectors
from ioc import recording
from ioc.cli import explain as command
from ioc.district import load
from ioc.engine.plan import plan
from ioc.replay import Shape
from ioc.replay.casebook import Casebook
from ioc.replay.source import Source
from tests.streams.faults.stories import story

RULES = plan(load("bac_tra_my"), detectors.ALL)
#: They ring for what was not said: no event is their evidence.
UNSEEN = ("source_silent", "device_down", "roster_missing", "alert_lifecycle")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cases") / "story.jsonl.gz"
    recording.write(path, story(7, 3000))
    return path


@pytest.fixture(scope="module")
def book(told: Path) -> Casebook:
    casebook = Casebook(Source([told]), RULES)
    casebook.make(lambda _: None)
    return casebook


def test_every_alert_is_found_again_to_the_byte(told: Path, book: Casebook) -> None:
    names = {json.loads(line)["alert_id"] for line in Source([told]).run(RULES).lines()}
    said = [command.explanation(found, RULES, book.shape) for name in names if (found := book.find(name))]

    assert len(said) == len(names) > 200
    assert [each["proof"]["why"] for each in said if not each["proof"]["same"]] == []
    assert {each["rule"]["detector"] for each in said} == {
        "dossier_due", "request_unanswered", "queue_growing", "fire", "fire_sensor", "source_silent", "device_down",
        "roster_missing", "alert_lifecycle", "alert_room",
    }  # fmt: skip
    assert all(each["evidence"] for each in said if each["rule"]["detector"] not in UNSEEN)


def test_a_case_of_other_events_or_rules_is_not_proved(told: Path, book: Casebook) -> None:
    name = next(json.loads(line)["alert_id"] for line in Source([told]).run(RULES).lines() if b"overdue" in line)
    found = book.find(name)
    assert found and found.case

    doctored = found.case.model_copy(update={"records": found.case.records[:-1], "state": None, "checkpoint": None})
    other = found.case.model_copy(update={"finding": found.case.finding.replace('"severity":"', '"severity":"x')})

    assert not command.prove(doctored.model_copy(update={"records": []}), name, RULES, Shape())["same"]
    assert other.finding not in other.run(RULES, Shape())


def test_an_alert_is_found_by_the_beginning_of_its_id(told: Path, book: Casebook) -> None:
    app = Typer()
    command.register(app)
    name = next(json.loads(line)["alert_id"] for line in Source([told]).run(RULES).lines())

    def run(alert: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, [alert, str(told), "--district", "bac_tra_my"])
        return done.exit_code, done.output

    code, said = run(name[:12])

    assert code == 0
    assert "Proved: fold" in said and name in said
    assert run("")[0] == 2 and "write more of it" in run("")[1]
    assert run("nonsense")[0] == 2
