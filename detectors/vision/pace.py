"""What the frames' own coming says of a camera: the same picture again and again, or far too few of them."""

from collections import deque
from datetime import datetime, timedelta

import cv2

from detectors.vision.foreground import Image
from ioc.district import HealthPolicy

#: Frames a second below this share of what is expected are slow.
SLOW_SHARE = 0.5


class Still:
    """Whether frames are the same: to the last bit, or with hardly any of the change that the camera usually has."""

    def __init__(self, after: timedelta) -> None:
        self._after = after
        self._usual = 0.0
        self.forget()

    def forget(self) -> None:
        self._before: Image | None = None
        self._same: datetime | None = None
        self._near: datetime | None = None
        self._stirs: datetime | None = None

    def frame(self, picture: Image, at: datetime) -> None:
        before, self._before = self._before, picture
        if before is None or before.shape != picture.shape:
            self._same = self._near = None
            return
        change = float(cv2.norm(before, picture, cv2.NORM_L1)) / picture.size
        self._same = (self._same or at) if change == 0 else None
        self._near = (self._near or at) if change < 0.1 * self._usual else None
        self._stirs = (self._stirs or at) if self._same is None and self._near is None else None
        if change > 0 and self._near is None:
            self._usual += 0.02 * (change - self._usual) if self._usual else change

    def frozen(self, at: datetime, already: bool) -> bool:
        """Still for long enough; one that is frozen stays so until its frames have differed for a second."""
        if already:
            return self._stirs is None or at - self._stirs < timedelta(seconds=1)
        since = self._same or self._near
        return since is not None and at - since >= self._after


class Rate:
    """Frames a second over the last ten seconds against what is declared, or was usual in the first minute."""

    SPAN, LEARN = timedelta(seconds=10), timedelta(seconds=60)

    def __init__(self, policy: HealthPolicy) -> None:
        self._declared = policy.fps
        self._usual = 0.0
        self.forget()

    def forget(self) -> None:
        self._recent: deque[tuple[datetime, int]] = deque()
        self._first: datetime | None = None

    def frame(self, at: datetime, received: int) -> None:
        self._first = self._first or at
        self._recent.append((at, received))
        while at - self._recent[0][0] > self.SPAN:
            self._recent.popleft()
        rate = self._now(at)
        if rate is not None and at - self._first <= self.LEARN:
            self._usual = max(self._usual, rate)

    def slow(self, at: datetime) -> bool:
        rate, expected = self._now(at), self._declared or self._usual
        return rate is not None and expected > 0 and rate < SLOW_SHARE * expected

    def _now(self, at: datetime) -> float | None:
        """None until there are ten seconds, or all but."""
        if not self._recent or self._first is None or at - self._first < 0.9 * self.SPAN:
            return None
        span = (at - self._recent[0][0]).total_seconds()
        count = sum(received for _, received in self._recent) - self._recent[0][1]
        return count / span if span > 1 else None
