"""Pictures as evidence: kept under the name that the event carries, what moves made unknown, and not for long."""

import itertools
import os
import stat
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.vision.foreground import Blob
from ioc.district import Camera, Zone
from ioc.events.base import AnyEvent
from ioc.events.cameras import MotionSeen
from streams.cameras.evidence import Evidence, pixelated
from streams.cameras.rendered import Truth, render
from streams.cameras.run import CameraRun

START = datetime(2026, 1, 5, 11, 30, tzinfo=UTC)
YARD = Zone(id="yard", name="yard", polygon=((0, 0), (1, 0), (1, 1), (0, 1)))


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    path = tmp_path_factory.mktemp("video") / "yard.avi"
    return path, render(path, seconds=36)


def seen(video: Path, evidence: Evidence, **settings: object) -> list[AnyEvent]:
    camera = Camera(id="cam/1", name="c", commune="-", latitude=0, longitude=0, zones=(YARD,))
    running = CameraRun(camera.model_copy(update=settings), str(video), START, evidence=evidence)
    return list(running.events())


def test_an_event_names_its_picture_and_the_picture_is_there_for_its_owner_alone(
    video: tuple[Path, Truth], tmp_path: Path
) -> None:
    named = [event.data.snapshot for event in seen(video[0], Evidence(tmp_path)) if isinstance(event.data, MotionSeen)]
    kept = [name for name in named if name is not None]

    assert kept and kept[0].startswith("cam%2F1/20260105/1130")
    for name in kept:
        picture = cv2.imread(str(tmp_path / name))
        assert picture is not None and picture.shape == (270, 480, 3)
        assert stat.S_IMODE(os.stat(tmp_path / name).st_mode) == 0o600
    assert all(later > earlier for earlier, later in itertools.pairwise(kept))


def test_what_moves_is_unrecognisable_unless_the_camera_has_a_purpose(
    video: tuple[Path, Truth], tmp_path: Path
) -> None:
    hidden = seen(video[0], Evidence(tmp_path / "hidden"))
    seen(video[0], Evidence(tmp_path / "clear"), keep_faces="điều tra trộm cắp, quyết định 12/QĐ")
    name = next(event.data.snapshot for event in hidden if isinstance(event.data, MotionSeen) and event.data.snapshot)
    blurred, clear = (np.asarray(cv2.imread(str(tmp_path / which / name)), int) for which in ("hidden", "clear"))

    assert np.abs(blurred - clear).max() > 60


def test_a_region_becomes_a_few_blocks_and_the_rest_stays() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (120, 160, 3), np.uint8)
    copy = pixelated(picture, [Blob(0.25, 0.25, 0.25, 0.5, 0)])

    assert len(np.unique(copy[40:80, 45:75].reshape(-1, 3), axis=0)) < 40
    assert np.array_equal(copy[:, 100:], picture[:, 100:])


def test_what_is_older_than_the_retention_is_deleted_with_its_folders(tmp_path: Path) -> None:
    evidence = Evidence(tmp_path, timedelta(hours=1))
    old = evidence.keep("cam/20260101/000000.000-motion.jpg", np.zeros((8, 8, 3), np.uint8))
    os.utime(old, (time.time() - 7200,) * 2)
    new = evidence.keep("cam/20260102/000000.000-motion.jpg", np.zeros((8, 8, 3), np.uint8))
    stranger = tmp_path / "notes.txt"
    stranger.write_text("mine")
    os.utime(stranger, (0, 0))

    assert evidence.sweep() == 1
    assert not old.exists() and not old.parent.exists() and new.exists() and stranger.exists()
