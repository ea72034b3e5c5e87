"""The stories under ``tests/scenarios`` are told as expected, however many partitions there are and whatever stops.

``REWRITE_SCENARIOS=1 pytest tests/test_scenarios.py`` writes anew what is expected; read every changed line.
"""

import json
import os
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

import detectors
from ioc.cli import replay as command
from ioc.replay import Replay, Result
from tests.detectors.stories import STORIES, Line, Story
from tests.ioc.engine.restarts import RestartingReplay

REWRITE = os.environ.get("REWRITE_SCENARIOS") == "1"
stories = pytest.mark.parametrize("story", STORIES, ids=str)


def in_short(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: sorted(line.items()))


def told_as_expected(story: Story, result: Result) -> None:
    assert result.rejected == []
    assert in_short(story.told(result.alerts)) == in_short(story.expected())
    if story.figures_path.exists():
        assert story.figures(result) == json.loads(story.figures_path.read_text("utf-8"))


@stories
@pytest.mark.parametrize("partitions", [1, 4])
def test_a_story_is_told_as_expected(story: Story, partitions: int) -> None:
    result = Replay(story.plan(), partitions).run(story.events())
    if REWRITE:
        lines = [json.dumps(line, ensure_ascii=False) + "\n" for line in story.told(result.alerts)]
        story.expected_path.write_text("".join(lines), "utf-8")

    told_as_expected(story, result)


@stories
def test_a_story_is_told_as_expected_with_restarts_in_the_middle(story: Story) -> None:
    events = story.events()
    middle = len(events) // 2
    replay = RestartingReplay(story.plan(), 2, {middle, middle + 1, len(events) - 1})

    told_as_expected(story, replay.run(events))


@stories
def test_what_is_expected_is_in_the_order_of_time(story: Story) -> None:
    times = [line["at"] for line in story.expected()]

    assert times == sorted(times)


def test_every_detector_has_stories() -> None:
    assert {story.detector for story in STORIES} == {spec.name for spec in detectors.ALL}


def test_a_story_can_be_replayed_by_hand(tmp_path: Path) -> None:
    story = next(story for story in STORIES if story.detector == "dossier_due")
    history = tmp_path / "history.jsonl"
    app = Typer()
    command.register(app)

    district = story.path.parent / "district.toml"
    done = CliRunner().invoke(app, [str(story.path), "--district", str(district), "--alerts", str(history)])

    assert done.exit_code == 0, done.output
    seen = [line for line in history.read_text().splitlines() if '"transition":"C' in line]
    assert len(seen) == len(story.expected())
