"""Many cameras within a budget: everybody in turn, what is skipped is counted, and one that breaks is alone in it."""

import os
import threading
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from detectors.vision.camera import Said
from ioc.district import Camera, HealthPolicy, Line
from ioc.events.cameras import CameraHealth, LineCrossed
from streams.cameras.evidence import Evidence
from streams.cameras.many import Cameras, Turns
from streams.cameras.rendered import render
from streams.cameras.survey import survey


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "yard.avi"
    render(path, seconds=38)
    return path


def camera(name: str) -> Camera:
    line = Line(id="line", name="line", start=(0.3, 0.2), end=(0.3, 0.95))
    health = HealthPolicy(offline_after=timedelta(seconds=1))
    return Camera(id=name, name=name, commune="-", latitude=0, longitude=0, lines=(line,), health=health)


def test_each_camera_says_the_same_beside_others_and_a_broken_one_says_so_alone(yard: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.avi").write_bytes(b"nothing")
    sources = {name: (camera(name), str(yard)) for name in ("a", "b", "c")}
    sources["bad"] = (camera("bad"), str(tmp_path / "bad.avi"))
    crossed: dict[str, int] = dict.fromkeys(sources, 0)
    last: dict[str, str] = {}
    for event in Cameras(sources, fps=10, cores=1).events():
        if isinstance(event.data, LineCrossed):
            crossed[event.data.camera] += 1
        if isinstance(event.data, CameraHealth):
            last[event.data.camera] = event.data.status

    assert crossed["a"] == crossed["b"] == crossed["c"] > 0 and crossed["bad"] == 0
    assert last["bad"] == "offline" and last["a"] == "frozen"  # as it is drawn


def test_pictures_go_when_their_time_is_over_also_where_nothing_more_is_said(tmp_path: Path) -> None:
    evidence = Evidence(tmp_path / "pictures", timedelta(hours=1))
    old = evidence.keep("a/20260101/000000.000-motion.jpg", np.zeros((8, 8, 3), np.uint8))
    os.utime(old, (0, 0))
    quiet = Cameras({"a": (camera("a"), str(tmp_path / "gone.avi"))}, fps=10, cores=1, evidence=evidence)
    assert list(quiet.events())
    quiet.stop()
    deadline = time.monotonic() + 20
    while old.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_turns_go_round_however_hungry_one_is() -> None:
    turns, taken, stop = Turns(1), dict.fromkeys("abc", 0), threading.Event()

    def chew() -> list[Said]:
        time.sleep(0.002)
        return []

    def eat(who: str) -> None:
        while not stop.is_set():
            turns.take(chew)
            taken[who] += 1

    eaters = [threading.Thread(target=eat, args=(who,)) for who in taken]
    for eater in eaters:
        eater.start()
    time.sleep(0.5)
    stop.set()
    for eater in eaters:
        eater.join()

    assert min(taken.values()) >= 0.8 * max(taken.values()) > 0


def test_at_most_so_many_are_analysed_at_once() -> None:
    turns, inside, most = Turns(2), set[int](), 0
    lock = threading.Lock()

    def work() -> list[Said]:
        nonlocal most
        with lock:
            inside.add(threading.get_ident())
            most = max(most, len(inside))
        time.sleep(0.01)
        with lock:
            inside.discard(threading.get_ident())
        return []

    def take_five() -> None:
        for _ in range(5):
            turns.take(work)

    threads = [threading.Thread(target=take_five) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 2


def test_a_survey_says_what_a_file_gives_and_what_cannot_be_read(yard: Path, tmp_path: Path) -> None:
    good, bad = survey(str(yard), 5), survey(str(tmp_path / "none.avi"))

    assert (good.width, good.height, good.problem) == (480, 270, None)
    assert 9 < good.fps < 11
    assert "480×270" in good.sentences()[0].vi and "10" in good.sentences()[-1].en
    assert bad.problem and "no such file" in bad.sentences()[0].en
