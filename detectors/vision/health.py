"""Whether a camera still sees, from its own pictures: frozen, dark or covered, or gone.

A status changes when 7 of the last 10 looks say so (a look is at most every half second), and ``frozen`` only
after :data:`STILL` of frame time with frames that are the same to the last bit: an encoder sends a quiet
scene again for a while, but not for so long. The way back takes clearly better pictures than the way there.
Blur and a turned camera are not judged here.
"""

from collections import Counter, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

import cv2
import numpy as np

from detectors.vision.foreground import Image
from ioc.events.cameras import CameraStatus

#: Same frames for this long are a frozen picture.
STILL = timedelta(seconds=10)
#: A report at least this often.
EVERY = timedelta(seconds=30)
LOOK = timedelta(seconds=0.5)
NEEDED, OF = 7, 10
#: Grey levels (0 to 255): nothing brighter than this, or everything within this span, is dark or covered.
DARK, FLAT = 30, 10
#: How much better than that a picture must be to count as seen again.
CLEARLY = 1.5

REASONS: dict[CameraStatus, str] = {
    "frozen": "the same picture for 10 seconds and longer",
    "dark": "too dark, or the lens is covered",
}


@dataclass(frozen=True)
class Report:
    """What the camera's reader says of it; ``fps`` are frames received a second of frame time."""

    status: CameraStatus
    fps: float | None
    skipped: int
    reason: str


class HealthWatch:
    """Follows one camera's health through its frames."""

    def __init__(self) -> None:
        self._status: CameraStatus | None = None
        self._looks: deque[CameraStatus] = deque(maxlen=OF)
        self._before: Image | None = None
        self._same_since: datetime | None = None
        self._looked: datetime | None = None
        self._begin()

    def _begin(self) -> None:
        self._since: datetime | None = None
        self._last: datetime | None = None
        self._said: datetime | None = None
        self._received = self._skipped = 0

    def frame(self, picture: Image, at: datetime, received: int = 1, skipped: int = 0) -> Report | None:
        """Take the next analysed frame, with how many came up to it and how many of these were dropped."""
        self._since = self._since or at
        self._last = at
        self._received, self._skipped = self._received + received, self._skipped + skipped
        same = self._before is not None and np.array_equal(self._before, picture)
        self._before = picture
        self._same_since = (self._same_since or at) if same else None
        if self._looked is None or at - self._looked >= LOOK:
            self._looked = at
            self._looks.append(self._look(picture, at))
        status = self._judged()
        if status != self._status or self._said is None or at - self._said >= EVERY:
            return self._report(status, at, REASONS.get(status, ""))
        return None

    def gone(self, at: datetime, reason: str) -> Report | None:
        """No frames come any more; said at once, and again while it lasts."""
        if self._status == "offline" and self._said is not None and at - self._said < EVERY:
            return None
        self._looks.clear()
        self._before = self._same_since = self._looked = None
        report = self._report("offline", at, reason)
        self._since = None  # frames a second are counted from the next frame on
        return report

    def closed(self, at: datetime, reason: str) -> Report | None:
        """The recording is over: the last word on it, with the status it had."""
        return self._report(self._status, at, reason) if self._status else None

    def _look(self, picture: Image, at: datetime) -> CameraStatus:
        if self._same_since is not None and at - self._same_since >= STILL:
            return "frozen"
        if self._status == "frozen" and self._same_since is not None:
            return "frozen"
        thin = np.ascontiguousarray(picture[::2, ::2])
        grey = thin if thin.ndim == 2 else cv2.cvtColor(thin, cv2.COLOR_BGR2GRAY)
        low, high = np.percentile(grey, (2, 98))
        factor = CLEARLY if self._status == "dark" else 1.0
        return "dark" if high < DARK * factor or high - low < FLAT * factor else "ok"

    def _judged(self) -> CameraStatus:
        """The status that the looks agree on; a camera's first, or its first again, is believed at once."""
        if self._status in (None, "offline") or "frozen" in list(self._looks)[-1:]:
            return self._looks[-1]
        status, times = Counter(self._looks).most_common(1)[0]
        assert self._status is not None
        return status if times >= NEEDED else self._status

    def _report(self, status: CameraStatus, at: datetime, reason: str) -> Report:
        span = (at - self._since).total_seconds() if self._since else 0.0
        fps = round(self._received / span, 2) if span >= 1 and status != "offline" else None
        report = Report(status, fps, self._skipped, reason)
        self._status = status
        self._begin()
        self._said = self._since = at
        return report
