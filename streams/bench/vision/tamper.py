"""The tamper matrix: each fault and each harmless change, put into each clip, against what the watch says.

Run it: ``ioc bench cameras --clips FOLDER``.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np

from detectors.vision.health import HealthWatch
from streams.bench.vision.clips import Clip, seen
from streams.bench.vision.faults import FAULTS, NEGATIVES, Change, Moment

FPS = 5.0
#: The view is seen for so long before anything happens to it, and then it goes on for so long, in seconds.
BEFORE, AFTER = 8.0, 16.0
START = datetime(2026, 1, 5, tzinfo=UTC)


class Told(NamedTuple):
    """One fault in one clip: what was said of it, and after how many seconds. Nothing said is ``ok``."""

    clip: str
    what: str
    expected: str
    said: str
    delay: float | None
    early: str

    @property
    def right(self) -> bool:
        return self.said == self.expected


def tried(clip: Clip, what: str, expected: str, change: Change) -> Told:
    """Let the fault begin in the clip after :data:`BEFORE` seconds."""
    watch = HealthWatch()
    moment = Moment(0.0, np.random.default_rng(5))
    said, delay, early = "ok", None, ""
    for number, frame in enumerate(clip.frames(BEFORE + AFTER, FPS)):
        moment.since = number / FPS - BEFORE
        picture = seen(frame) if moment.since < 0 else change(frame, moment)
        report = watch.frame(picture, START + timedelta(seconds=number / FPS))
        if report is not None and report.status != "ok":
            if moment.since < 0:
                early = report.status
            elif delay is None:
                said, delay = report.status, round(moment.since, 1)
            elif report.status != said and expected == report.status:
                said = report.status  # it was named better while it lasted
    return Told(clip.path.name, what, expected, said, delay, early)


def matrix(clips: Sequence[Clip]) -> Iterator[Told]:
    """Everything in every clip."""
    for clip in clips:
        for what, (expected, change) in FAULTS.items():
            yield tried(clip, what, expected, change)
        for what, change in NEGATIVES.items():
            yield tried(clip, what, "ok", change)
