"""CPU of one camera through everything: its decoder's process, analysis, and its events on a real Kafka."""

import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from ioc.events.base import AnyEvent
from streams.bench.vision.motion import CAMERA
from streams.cameras.rendered import render
from streams.cameras.run import CameraRun
from streams.send import send

#: Name, longer side, frames a second of the stream.
STREAMS = (
    ("360p sub-stream, 5 fps", 640, 5), ("360p sub-stream, 10 fps", 640, 10), ("360p sub-stream, 25 fps", 640, 25),
    ("720p, 25 fps", 1280, 25), ("1080p, 25 fps", 1920, 25),
)  # fmt: skip
ANALYSED = 5.0
#: Seconds of the two clips whose difference is told.
SHORT, LONG = 4.0, 24.0


class Cost(NamedTuple):
    """Milliseconds of CPU a second of one camera, in all and for decoding alone, and cameras that fill one core."""

    stream: str
    all_ms: float
    decode_ms: float
    events: int

    @property
    def cameras(self) -> float:
        return 1000 / self.all_ms

    @property
    def decode_cameras(self) -> float:
        return 1000 / self.decode_ms


def streams(folder: Path) -> Iterator[tuple[str, Path, Path]]:
    """The demo's yard in each size and rate, as MPEG-4: a short one and a long one."""
    drawn = folder / "yard.avi"
    render(drawn, seconds=LONG + 21)  # its last 20 seconds are frozen
    for name, side, fps in STREAMS:
        short, long = folder / f"{side}-{fps}-short.mp4", folder / f"{side}-{fps}.mp4"
        _resampled(drawn, short, side, fps, round(SHORT * fps))
        _resampled(drawn, long, side, fps, round(LONG * fps))
        yield name, short, long


def _resampled(drawn: Path, path: Path, side: int, fps: int, count: int) -> None:
    source, shown, frame = cv2.VideoCapture(str(drawn)), -1, np.zeros((9, 16, 3), np.uint8)
    size = side, round(side * 9 / 16)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), fps, size)
    for number in range(count):
        while shown < number * 10 // fps:
            frame, shown = np.asarray(source.read()[1], np.uint8), shown + 1
        writer.write(cv2.resize(frame, size, interpolation=cv2.INTER_LINEAR))
    writer.release()


def cost(name: str, short: Path, long: Path, bootstrap: str, space: str) -> Cost:
    """Read both as fast as it goes, with the events sent to Kafka; CPU of this process and of the decoder's.

    What starting costs is in both, and goes out in the difference: a camera is started once and read for months.
    """
    events = 0

    def counted(path: Path) -> Iterator[AnyEvent]:
        nonlocal events
        for event in CameraRun(CAMERA, str(path), datetime.now(UTC), fps=ANALYSED).events():
            events += 1
            yield event

    spent, decoding = [], []
    for path in (short, long):
        begun = _cpu()
        send(bootstrap, space, counted(path))
        spent.append(_cpu() - begun)
        decoding.append(decode_alone(path))
    seconds = LONG - SHORT
    return Cost(name, 1000 * (spent[1] - spent[0]) / seconds, 1000 * (decoding[1] - decoding[0]) / seconds, events)


def decode_alone(path: Path) -> float:
    """Seconds of CPU to decode the whole file, and make a picture of each frame that would be analysed."""
    begun = time.process_time()
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    step, number = max(1, round(capture.get(cv2.CAP_PROP_FPS) / ANALYSED)), 0
    while capture.grab():
        if number % step == 0:
            capture.retrieve()
        number += 1
    return time.process_time() - begun


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
