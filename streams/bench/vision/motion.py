"""The motion step against a running average: CPU a frame, and false events an hour on what is no motion."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np

from detectors.vision.camera import CameraWatch
from detectors.vision.foreground import Image
from ioc.district import Camera, Zone
from ioc.events.cameras import MotionSeen
from streams.bench.vision.average import RunningAverage
from streams.bench.vision.clips import Clip, seen
from streams.bench.vision.faults import NEGATIVES, Moment

FPS, BEFORE, AFTER = 5.0, 8.0, 30.0
START = datetime(2026, 1, 5, tzinfo=UTC)
PICTURE = Zone(id="all", name="all", polygon=((0, 0), (1, 0), (1, 1), (0, 1)))
CAMERA = Camera(id="bench", name="bench", commune="-", latitude=0, longitude=0, zones=(PICTURE,))
#: Motion that pauses for so long is another event.
OVER = 3.0


class Compared(NamedTuple):
    """Milliseconds of CPU a frame, and false events an hour, ours and the average's; hours that were watched."""

    ours_ms: float
    average_ms: float
    ours_false: float
    average_false: float
    hours: float
    by_negative: dict[str, tuple[int, int]]


def compare(clips: Sequence[Clip]) -> Compared:
    """On pictures in which nothing moves but light and weather."""
    spent, events, frames = [0.0, 0.0], [0, 0], 0
    by_negative = {what: (0, 0) for what in NEGATIVES if what != "a lorry stops before it"}
    for clip in clips:
        for what in by_negative:
            pictures = _pictures(clip, what)
            frames += len(pictures)
            counts = []
            for number, watch in enumerate((_ours, _average)):
                begun = time.process_time()
                moments = watch(pictures)
                spent[number] += time.process_time() - begun
                counts.append(_events(moments))
                events[number] += counts[-1]
            by_negative[what] = by_negative[what][0] + counts[0], by_negative[what][1] + counts[1]
    hours = frames / FPS / 3600
    ours, average = (1000 * seconds / max(1, frames) for seconds in spent)
    return Compared(ours, average, events[0] / hours, events[1] / hours, hours, by_negative)


def _pictures(clip: Clip, what: str) -> list[Image]:
    moment = Moment(0.0, np.random.default_rng(5))
    made = []
    for number, frame in enumerate(clip.frames(BEFORE + AFTER, FPS)):
        moment.since = number / FPS - BEFORE
        made.append(seen(frame) if moment.since < 0 else NEGATIVES[what](frame, moment))
    return made


def _ours(pictures: list[Image]) -> list[float]:
    watch, said = CameraWatch(CAMERA), []
    for number, picture in enumerate(pictures):
        told = watch.frame(picture, START + timedelta(seconds=number / FPS))
        said += [number / FPS] * any(isinstance(data, MotionSeen) for data in told)
    return said


def _average(pictures: list[Image]) -> list[float]:
    watch = RunningAverage()
    return [number / FPS for number, picture in enumerate(pictures) if watch.moves(picture)]


def _events(moments: list[float]) -> int:
    """Ours are said every five seconds while it lasts, the average's at every frame: spans are what is counted."""
    gap = OVER + 5.0
    return sum(now - before > gap for before, now in zip([-1e9, *moments], moments, strict=False))
