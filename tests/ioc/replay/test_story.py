"""Stories: those that are shipped are told as they read, and one that is not is told with what differs."""

import json
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from ioc.cli import testing as command

STORIES = Path(__file__).parents[2] / "scenarios" / "stories"
HEAD = 'title = "t"\ndistrict = "bac_tra_my"\nday = 2026-03-02\n'
HOT = '[[step]]\nat = "14:00"\nevent = { type = "sensor.reading", station = "tram-tra-doc-thon-2", wind_kmh = 91 }\n'
SUBJECT = 'kind = "sensor_over_threshold", subject = "tram-tra-doc-thon-2/wind_kmh"'


def run(*arguments: str | Path) -> tuple[int, str]:
    app = Typer()
    app.callback()(lambda: None)
    command.register(app)
    done = CliRunner().invoke(app, ["test", *map(str, arguments)])
    return done.exit_code, done.output


def test_the_shipped_stories_are_told_as_they_read() -> None:
    code, said = run(STORIES)

    assert code == 0, said
    assert "2 stories, all as they must be" in said


def test_what_differs_is_told_so_that_a_person_can_read_it(tmp_path: Path) -> None:
    story = tmp_path / "hot.toml"
    steps = HOT + 'every = "1m"\nto = "14:10"\n[[step]]\nat = "14:05"\n'
    story.write_text(HEAD + steps + f'alert = {{ {SUBJECT}, severity = "minor", opened_at = "14:00" }}\n')

    code, said = run(story)
    misses = json.loads(run(story, "--json")[1])[0]["misses"]

    assert code == 1
    assert "step 2, at 14:05" in said
    assert [(miss["what"].rpartition(" ")[2], miss["expected"], miss["found"]) for miss in misses] == [
        ("severity", "minor", "severe"),
        ("opened_at", "2026-03-02 14:00:00+07:00", "2026-03-02 14:02:00+07:00"),
    ]


@pytest.mark.parametrize("restart", ["", '[[step]]\nat = "14:01"\nrestart = true\n'])
def test_a_restart_changes_nothing(tmp_path: Path, restart: str) -> None:
    story = tmp_path / "hot.toml"
    expected = f'[[step]]\nat = "14:05"\nalert = {{ {SUBJECT}, opened_at = "14:02" }}\n'
    story.write_text(HEAD + HOT + 'every = "1m"\nto = "14:10"\n' + restart + expected)

    assert run(story)[0] == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = 1", "title"),
        ("{", "not TOML"),
        (HEAD + '[[step]]\nat = "14:00"\n', "a step is one of"),
        (HEAD + '[[step]]\nat = "noon"\nrestart = true\n', "step 1, at noon: time 'noon': write 14:05"),
        (HEAD + '[[step]]\nat = "14:00"\nevent = { type = "gossip" }\n', "event type 'gossip' is unknown; there are:"),
        (HEAD + HOT.replace("91", '"hard"'), "event sensor.reading: wind_kmh"),
        (HEAD.replace("bac_tra_my", "nowhere") + HOT, "no such district file"),
    ],
)
def test_a_story_that_cannot_be_told_says_why(tmp_path: Path, text: str, said: str) -> None:
    story = tmp_path / "bad.toml"
    story.write_text(text)

    code, output = run(story)

    assert code == 2
    assert said in output
