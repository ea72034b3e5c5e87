"""Files and streams that do not open, break off, or take their decoder down: one camera says so, no more."""

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np
import pytest

from ioc.district import Camera, HealthPolicy, Line
from ioc.events.base import AnyEvent
from ioc.events.cameras import CameraHealth, LineCrossed
from streams.cameras.capture import Decoder, Frame, Stopped, is_live, shown, unusable
from streams.cameras.run import CameraRun, pause, run

START = datetime(2026, 1, 5, 1, tzinfo=UTC)
CAMERA = Camera(
    id="cam",
    name="cam",
    commune="-",
    latitude=15,
    longitude=108,
    lines=(Line(id="line", name="line", start=(0.5, 0), end=(0.5, 1)),),
)


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds at 20 frames a second, in which four boxes cross from left to right."""
    path = tmp_path_factory.mktemp("video") / "boxes.avi"
    chance = np.random.default_rng(3)
    ground = np.clip(cv2.GaussianBlur(chance.normal(110, 90, (240, 320, 3)), (0, 0), 3), 0, 255).astype(np.uint8)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 20, (320, 240))
    for number in range(240):
        picture = ground.copy()
        left = (number % 60) * 8 - 60
        picture[100:140, max(0, left) : max(0, left + 50)] = (30, 60, 210)
        writer.write(cv2.add(picture, chance.integers(0, 6, picture.shape, np.uint8)))
    writer.release()
    return path


def said(path: Path | str) -> tuple[list[AnyEvent], str | None]:
    events: list[AnyEvent] = []
    tally = run(CAMERA, str(path), START, events.append)
    return events, tally.problem


def statuses(events: list[AnyEvent]) -> list[tuple[str, str]]:
    return [(event.data.status, event.data.reason) for event in events if isinstance(event.data, CameraHealth)]


def test_a_file_is_read_to_its_end_with_the_time_of_its_frames(video: Path) -> None:
    events, problem = said(video)
    crossed = [(event.at - START).total_seconds() for event in events if isinstance(event.data, LineCrossed)]

    assert problem is None
    assert statuses(events)[-1] == ("ok", "end of the recording after 240 frames")
    assert crossed == pytest.approx([1.5, 4.5, 7.5, 10.5], abs=0.4)
    assert (events[-1].at - START).total_seconds() == pytest.approx(11.95, abs=0.001)


def test_the_same_file_from_the_same_start_gives_the_same_events(video: Path) -> None:
    assert said(video) == said(video)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "x.avi: the file is empty"),
        (b"no video at all", "x.avi: not a video that can be decoded, or cut off before its index"),
        (
            b"RIFF\x00\x00\x00\x00AVI LIST" + bytes(5000),
            "x.avi: not a video that can be decoded, or cut off before its index",
        ),
    ],
)
def test_what_is_no_video_is_offline_with_its_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "x.avi"
    path.write_bytes(content)

    events, problem = said(path)

    assert statuses(events) == [("offline", reason)]
    assert problem == reason and events[0].at == START


def test_what_is_not_there_is_said_without_starting_a_decoder(tmp_path: Path) -> None:
    assert unusable(str(tmp_path / "none.avi")) == "none.avi: no such file"
    assert unusable(str(tmp_path)) == f"{tmp_path.name}: not a file"
    assert "rtsp" in (unusable("gopher://camera") or "")


def test_a_file_that_breaks_off_gives_what_it_has_and_is_offline(tmp_path: Path, video: Path) -> None:
    cut = tmp_path / "cut.avi"
    cut.write_bytes(video.read_bytes()[: video.stat().st_size // 2])

    events, problem = said(cut)

    assert 1 <= sum(isinstance(event.data, LineCrossed) for event in events) <= 2
    status, reason = statuses(events)[-1]
    assert status == "offline" and "broke off after frame" in reason and problem == reason


def test_a_file_with_a_damaged_middle_ends_in_some_way_that_is_said(tmp_path: Path, video: Path) -> None:
    content = bytearray(video.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 60_000] = np.random.default_rng(4).bytes(60_000)
    (tmp_path / "bad.avi").write_bytes(content)

    events, _ = said(tmp_path / "bad.avi")

    assert statuses(events)[-1][0] in ("ok", "offline")


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGKILL])
def test_a_decoder_that_crashes_takes_only_its_camera_down(video: Path, how: signal.Signals) -> None:
    neighbour = CameraRun(CAMERA, str(video), START)
    others = neighbour.events()
    next(others)
    running = CameraRun(CAMERA, str(video), START)
    events: list[AnyEvent] = []
    for event in running.events():
        events.append(event)
        if isinstance(event.data, LineCrossed) and running.pid:
            os.kill(running.pid, how)

    status, reason = statuses(events)[-1]
    assert status == "offline" and f"the decoder crashed ({how.name}) after frame" in reason
    assert running.tally.problem == reason
    assert len([event for event in others if isinstance(event.data, LineCrossed)]) == 4


def test_whoever_stops_watching_leaves_no_process_behind(video: Path) -> None:
    running = CameraRun(CAMERA, str(video), START)
    events = running.events()
    next(events)
    assert isinstance(events, Iterator)
    events.close()  # type: ignore[attr-defined]

    assert running.pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(running.pid, 0)


def test_frames_are_small_and_at_least_the_wanted_number_a_second(video: Path) -> None:
    with Decoder(str(video), fps=10, side=160) as decoder:
        messages = list(decoder)
    frames = [message for message in messages if isinstance(message, Frame)]

    assert {frame.image.shape for frame in frames} == {(120, 160, 3)}
    assert len(frames) == 120 and sum(frame.received for frame in frames) + 1 == 240
    assert isinstance(messages[-1], Stopped) and messages[-1].whole


def test_names_are_text_wherever_they_come_out(tmp_path: Path, video: Path) -> None:
    nasty = '<img src=x onerror=alert(1)>[red]"&\n.avi'
    shutil.copy(video, tmp_path / nasty)
    camera = CAMERA.model_copy(update={"id": "<script>[/b]%s{0}"})
    events: list[AnyEvent] = []

    tally = run(camera, str(tmp_path / nasty), START, events.append)

    assert "\n" not in tally.source and tally.problem is None
    assert {event.source for event in events} == {"/cameras/%3Cscript%3E%5B%2Fb%5D%25s%7B0%7D"}


@pytest.mark.parametrize(
    "address",
    [
        "rtsp://admin:s3cret@10.0.0.5:554/stream",
        "rtsp://admin:s3cr@et@10.0.0.5/stream",
        "rtsp://10.0.0.5/stream?user=admin&password=s3cret",
        "rtsp://admin:s3cret@[::1/stream",
        "http://s3cret@host/a@b",
    ],
)
def test_a_password_in_an_address_is_never_shown(address: str) -> None:
    assert is_live(address)
    assert "s3cr" not in shown(address) and "admin" not in shown(address)


@pytest.fixture
def served(video: Path) -> Iterator[tuple[str, list[int]]]:
    """The video over HTTP: a source that is live by its address, ends, and counts how often it was opened."""
    opened: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            opened.append(1)
            self.send_response(200)
            self.send_header("Content-Type", "video/x-msvideo")
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(video.read_bytes())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://admin:s3cret@127.0.0.1:{server.server_port}/boxes.avi", opened
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_live_source_that_breaks_is_offline_and_opened_again(served: tuple[str, list[int]]) -> None:
    address, opened = served
    events: list[AnyEvent] = []
    running = CameraRun(CAMERA, address, START, between=lambda attempt: 0.05, stop=lambda: len(statuses(events)) >= 4)
    for event in running.events():
        events.append(event)

    assert [status for status, _ in statuses(events)] == ["ok", "offline", "ok", "offline"]
    assert len(opened) >= 2
    assert all("s3cret" not in str(event) for event in events)
    assert all(abs((datetime.now(UTC) - event.at).total_seconds()) < 60 for event in events)
    assert len({event.id for event in events}) == len(events)


def test_a_stream_that_falls_silent_is_offline_within_its_patience(video: Path) -> None:
    content, over = video.read_bytes(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(content[: len(content) // 2])
            over.wait(20)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    health = HealthPolicy(offline_after=timedelta(seconds=1))
    events: list[AnyEvent] = []
    running = CameraRun(
        CAMERA.model_copy(update={"health": health}), f"http://127.0.0.1:{server.server_port}/x.avi", START,
        stop=lambda: len(statuses(events)) >= 2,
    )  # fmt: skip
    for event in running.events():
        events.append(event)
    over.set()
    server.shutdown()
    server.server_close()

    (_, (last, reason)) = statuses(events)
    seen = max(
        event.at for event in events if event.data.TYPE.endswith(("health", "crossed")) and event is not events[-1]
    )
    assert last == "offline" and "no picture any more" in reason
    assert events[-1].at - seen < timedelta(seconds=11)


def test_a_camera_that_does_not_answer_is_offline_at_once_and_tried_again() -> None:
    events: list[AnyEvent] = []
    tries: list[int] = []

    def between(attempt: int) -> float:
        tries.append(attempt)
        return 0.01

    running = CameraRun(
        CAMERA, "rtsp://admin:s3cret@127.0.0.1:9/x", START, between=between, stop=lambda: len(tries) >= 2
    )
    events += running.events()

    assert statuses(events) == [("offline", "rtsp://***@127.0.0.1:9/x: no answer, or not a stream that can be decoded")]
    assert tries == [1, 2]


def test_pauses_grow_to_a_minute_and_differ() -> None:
    assert all(0.5 <= pause(1) <= 1.5 and 30 <= pause(50) <= 90 for _ in range(50))
    assert len({pause(3) for _ in range(5)}) > 1
