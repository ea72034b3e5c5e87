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
    result = CliRunner().invoke(app, ["camera", *arguments])
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


# -- a new camera, one that is set up, many, one that rang ----------------------------------------------------------


def test_check_says_in_sentences_what_a_source_gives(yard: tuple[Path, Truth], tmp_path: Path) -> None:
    code, said = ioc("check", str(yard[0]), "--seconds", "4", "--json")
    figures = json.loads(said)

    assert code == 0
    assert (figures["width"], figures["height"], figures["status"]) == (480, 270, "ok")
    assert "480×270" in figures["vi"][0] and "480×270" in figures["en"][0]
    assert ioc("check", str(tmp_path / "none.avi"))[0] == 3


@pytest.mark.parametrize("suffix", [".jpg", ".webm", ".html"])
def test_tune_draws_what_is_seen(yard: tuple[Path, Truth], tmp_path: Path, suffix: str) -> None:
    output = tmp_path / f"seen{suffix}"
    code, said = ioc("tune", str(yard[0]), "--camera", "cổng-1", "--line", "cửa=0.3,0.2,0.3,0.95", "-o", str(output))

    assert code == 0, said
    assert output.stat().st_size > 10_000
    if suffix == ".html":
        page = output.read_text("utf-8")
        assert "line-crossed" in page and "data:video/webm;base64," in page and "@rows@" not in page


def test_tune_refuses_what_it_cannot_write(yard: tuple[Path, Truth], tmp_path: Path) -> None:
    code, said = ioc("tune", str(yard[0]), "--camera", "c", "--line", "0,0,1,1", "-o", str(tmp_path / "x.gif"))

    assert code == 2 and ".webm" in said


@pytest.mark.parametrize(
    ("content", "mode", "advice"),
    [
        ('cam-cho-tra-my-01 = "rtsp://u:geheim@10.0.0.7/2"', 0o644, "chmod 600"),
        ('cam-x = "rtsp://u:geheim@10.0.0.7/2"', 0o600, "cam-cho-tra-my-01"),
        ("cam-cho-tra-my-01 = rtsp://u:geheim@10.0.0.7/2", 0o600, "not TOML"),
        ("", 0o600, "no camera"),
    ],
)
def test_a_file_of_addresses_that_cannot_be_used_is_refused_without_telling_a_password(
    tmp_path: Path, content: str, mode: int, advice: str
) -> None:
    path = tmp_path / "cameras.toml"
    path.write_text(content)
    path.chmod(mode)
    code, said = ioc("run", str(path))

    assert code == 2 and advice in said and "geheim" not in said


def test_a_view_of_an_unknown_camera_cannot_be_confirmed() -> None:
    code, said = ioc("rebase", "cam-x", "--by", "An")

    assert code == 2 and "cam-cho-tra-my-01" in said
