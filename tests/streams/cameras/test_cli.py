"""``ioc camera`` as a person uses it: what it writes, what it says, how it ends."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ioc import recording
from ioc.cli import camera
from ioc.events.cameras import LineCrossed
from streams.cameras.rendered import Truth, render


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    path = tmp_path_factory.mktemp("video") / "yard.avi"
    return path, render(path, seconds=36)


def ioc(*arguments: str) -> tuple[int, str]:
    """The exit code and everything printed."""
    app = typer.Typer()
    camera.register(app)
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz", ".jsonl.zst"])
def test_a_file_becomes_a_recording(yard: tuple[Path, Truth], tmp_path: Path, suffix: str) -> None:
    video, truth = yard
    output = tmp_path / f"events{suffix}"
    code, said = ioc(
        *("--source", str(video), "--camera", "cổng-1", "--line", "cửa=0.3,0.2,0.3,0.95"),
        *("--start", "2026-01-05T08:00:00+07:00", "-o", str(output), "--json"),
    )
    events = list(recording.read(output))
    counts = {"forward": len(truth.forward), "backward": len(truth.backward)}

    assert code == 0
    assert json.loads(said)["lines"] == {"cửa": counts}
    assert sum(isinstance(event.data, LineCrossed) for event in events) == sum(counts.values())
    assert events[0].at.isoformat() == "2026-01-05T01:00:00+00:00"


def test_what_cannot_be_read_is_one_sentence_a_health_event_and_exit_code_three(tmp_path: Path) -> None:
    (tmp_path / "x.avi").write_bytes(b"none")
    output = tmp_path / "events.jsonl"
    code, said = ioc("--source", str(tmp_path / "x.avi"), "--camera", "c", "--line", "0,0,1,1", "-o", str(output))

    assert code == 3
    assert "not a video that can be decoded" in said
    assert [event.data.status for event in recording.read(output)] == ["offline"]


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["--camera", "c", "--line", "0.5,0,0.5"], "pairs of fractions"),
        (["--camera", "c", "--line", "0.5,0,0.5,2"], "from 0 to 1"),
        (["--camera", "c", "--line", "0.5,0,0.5,nan"], "from 0 to 1"),
        (["--camera", "c", "--line", "a,b,c,d"], "numbers with commas between"),
        (["--camera", "c", "--line", "0.5,0,0.5,0"], "two different ends"),
        (["--camera", "c", "--zone", "0,0,1,1"], "three corners or more"),
        (["--camera", "c", "--line", "a=0,0,1,1", "--line", "a=0,1,1,0"], "two have the same name"),
        (["--camera", "c\n", "--line", "0,0,1,1"], "pattern"),
        (["--camera", "c"], "cam-cho-tra-my-01"),
        (["--camera", "c", "--line", "0,0,1,1", "--start", "yesterday"], "2026-01-05T08:00:00+07:00"),
        (["--camera", "c", "--line", "0,0,1,1", "--district", "nowhere"], "no such district file"),
    ],
)
def test_what_a_person_can_mend_is_said_and_nothing_is_started(
    tmp_path: Path, arguments: list[str], advice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = ioc("--source", "video.avi", *arguments, "-o", str(tmp_path / "events.jsonl"))

    assert code == 2
    assert advice in said
    assert not (tmp_path / "events.jsonl").exists()


def test_the_recording_is_never_written_over_the_video(yard: tuple[Path, Truth]) -> None:
    video, _ = yard
    before = video.stat().st_size
    code, _ = ioc("--source", str(video), "--camera", "c", "--line", "0,0,1,1", "-o", str(video))

    assert code == 2 and video.stat().st_size == before


def test_the_help_says_which_way_is_forward() -> None:
    code, said = ioc("--help")

    assert code == 0
    assert "left-to-right traffic is" in " ".join(said.split())
