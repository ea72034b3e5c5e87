"""Frozen, dark, gone and back: said at each change and every half minute, and not for less."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np

from detectors.vision.camera import CameraWatch
from detectors.vision.foreground import Image
from ioc.events.cameras import CameraHealth
from tests.detectors.vision.scenes import START, camera, film, health


def changed(seconds: float, begins: float, ends: float, factor: float) -> Iterable[tuple[Image, datetime]]:
    """A quiet scene whose light is multiplied for a while."""
    for frame, at in film(lambda at: [], seconds):
        dimmed = begins <= (at - START).total_seconds() < ends
        yield ((frame * factor).astype(np.uint8) if dimmed else frame), at


def test_a_camera_that_sees_says_so_at_once_and_every_half_minute() -> None:
    assert health(film(lambda at: [], 65)) == [(0, "ok"), (30, "ok"), (60, "ok")]


def test_a_picture_without_light_is_black_within_seconds_and_ok_when_lit() -> None:
    (_, dark, ok) = health(changed(30, 8, 18, 0.05))

    assert dark[1] == "black" and 10 < dark[0] < 13
    assert ok[1] == "ok" and 20 < ok[0] < 23


def test_a_hand_before_the_lens_for_a_second_is_nothing() -> None:
    assert {status for _, status in health(changed(20, 8, 9, 0.02))} == {"ok"}


def test_dusk_is_not_dark_while_lamps_can_be_seen() -> None:
    def lamps() -> Iterable[tuple[Image, datetime]]:
        for frame, at in changed(15, 0, 15, 0.1):
            lit = frame.copy()
            lit[40:70, 40:80] = 180
            yield lit, at

    assert {status for _, status in health(lamps())} == {"ok"}


def test_the_same_picture_for_ten_seconds_is_frozen_and_another_lets_it_go() -> None:
    def freezes() -> Iterable[tuple[Image, datetime]]:
        last = None
        for frame, at in film(lambda at: [], 40):
            last = frame if not 5 <= (at - START).total_seconds() < 25 or last is None else last
            yield last, at

    statuses = health(freezes())

    assert [status for _, status in statuses] == ["ok", "frozen", "ok"]
    assert 14.9 <= statuses[1][0] <= 15.6
    assert 25 < statuses[2][0] < 30


def test_an_encoder_that_sends_a_quiet_scene_again_for_some_seconds_is_not_frozen() -> None:
    frames = film(lambda at: [], 60)
    held = ((frame, at) for frame, at in _held(frames, 80))

    assert {status for _, status in health(held)} == {"ok"}


def _held(frames: Iterable[tuple[Image, datetime]], each: int) -> Iterable[tuple[Image, datetime]]:
    last: Image | None = None
    for number, (frame, at) in enumerate(frames):
        last = frame if last is None or number % each == 0 else last
        yield last, at


def test_a_camera_that_is_gone_is_said_once_with_its_reason_then_every_half_minute_and_back_at_once() -> None:
    watch = CameraWatch(camera())
    frame, _ = next(iter(film(lambda at: [], 1)))
    watch.frame(frame, START)

    said = [watch.gone(START + timedelta(seconds=n), "no answer") for n in range(1, 40)]
    (back,) = watch.frame(frame, START + timedelta(seconds=40))

    assert [(n, data) for n, told in enumerate(said, 1) for data in told] == [
        (1, CameraHealth(camera="cam", status="offline", reason="no answer")),
        (31, CameraHealth(camera="cam", status="offline", reason="no answer")),
    ]
    assert back == CameraHealth(camera="cam", status="ok")


def test_the_report_tells_frames_received_a_second_and_frames_dropped() -> None:
    watch = CameraWatch(camera())
    reports = [
        data
        for frame, at in film(lambda at: [], 31)
        for data in watch.frame(frame, at, received=3, skipped=1)
        if isinstance(data, CameraHealth)
    ]

    assert reports[-1].fps == 30 and reports[-1].skipped == 300
