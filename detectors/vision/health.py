"""Whether a camera still sees, judged from its own pictures and their times.

A look at the picture is taken up to five times a second; a status changes when most looks of the last
``patience`` say the same. What the view is compared with (:mod:`~detectors.vision.view`) is learnt only while
nothing is suspected, so a fault does not become usual by lasting. A picture that is black, frozen or slow says so
of itself and ends of itself; a view that changed stays changed until a person declares the new one right
(:meth:`HealthWatch.rebase`).

Limits: nothing is compared until the view was seen for half a second; a fault that creeps in over many minutes is
learnt; a view with hardly any structure (fog, a bare wall) is judged for black, frozen and flat only.
"""

from collections import Counter, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

import cv2
import numpy as np

from detectors.vision.foreground import Image, coloured
from detectors.vision.pace import Rate, Still
from detectors.vision.view import BROKEN, QUICK, Compared, Floats, View, compare, features, judged, restless, spoiled
from ioc.district import HealthPolicy
from ioc.events.cameras import CameraStatus

#: A report at least this often.
EVERY = timedelta(seconds=30)
LOOK = timedelta(seconds=0.19)
#: Of the looks of the last ``patience``, how many must say so.
MOST = 0.7
#: Looks in another light (infrared) that must show the known view before that light has a view of its own.
SURE = 10
#: A view that is blurred in parts must be so for so many times the patience.
LONG = 3
#: Grey levels (0 to 255): nothing brighter than this, or everything within this span, is black or covered.
DARK, FLAT = 30, 10
#: How much better than that a picture must be to count as seen again.
CLEARLY = 1.5

REASONS: dict[CameraStatus, str] = {
    "frozen": "the same picture again and again",
    "black": "black or much too dark",
    "covered": "the usual view is hidden by something near",
    "defocused": "out of focus",
    "moved": "looks elsewhere than usual",
    "corrupted": "the picture is broken",
    "dirty": "parts of the view are blurred: dirt, drops or a web suspected",
    "slow": "far fewer pictures than usual",
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

    def __init__(self, policy: HealthPolicy | None = None, turns: bool = False) -> None:
        self._policy = policy or HealthPolicy()
        self._turns = turns
        self.status: CameraStatus | None = None
        self._rate = Rate(self._policy)
        self._still = Still(self._policy.frozen_after)
        self.rebase()
        self._begin()

    def rebase(self) -> None:
        """A person has looked: what is seen from now on is right."""
        self._looks: deque[tuple[datetime, CameraStatus]] = deque()
        self._views: dict[bool, View] = {}
        self._steady: Floats | None = None
        self._noise = 4.0
        self._before: Image | None = None
        self._level: Floats | None = None
        self._blurred: Floats | None = None
        self._in_new_light = 0
        self._looked: datetime | None = None
        self.compared: Compared | None = None

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
        self._still.frame(picture, at)
        self._rate.frame(at, received)
        if self._looked is None or at - self._looked >= LOOK:
            self._looked = at
            self._looks.append((at, self._look(picture)))
        status = self._judged(at)
        if status != self.status or self._said is None or at - self._said >= EVERY:
            return self._report(status, at, REASONS.get(status, ""))
        return None

    def gone(self, at: datetime, reason: str) -> Report | None:
        """No frames come any more; said at once, and again while it lasts."""
        if self.status == "offline" and self._said is not None and at - self._said < EVERY:
            return None
        self._looks.clear()
        self._before = self._looked = None
        self._still.forget()
        self._rate.forget()
        report = self._report("offline", at, reason)
        self._since = None  # frames a second are counted from the next frame on
        return report

    def closed(self, at: datetime, reason: str) -> Report | None:
        """The recording is over: the last word on it, with the status it had."""
        return self._report(self.status, at, reason) if self.status else None

    def _look(self, picture: Image) -> CameraStatus:
        usual = next((view.grey for view in self._views.values() if view.known), None)
        grey = picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
        if usual is not None and usual.shape != grey.shape:
            usual = None
        broken, self._before = spoiled(picture, self._before, usual), grey
        low, high = np.percentile(grey[::2, ::2], (2, 98))
        factor = CLEARLY if self.status in ("black", "covered") else 1.0
        if high < DARK * factor:
            return "black"
        if high - low < FLAT * factor:
            return "covered"
        if min(grey.shape) < 32:
            return "ok"
        return self._against_usual(np.asarray(grey, np.float32), coloured(picture), broken)

    def _against_usual(self, grey: Floats, in_colour: bool, broken: float) -> CameraStatus:
        """Compare with the view in this light; the other light's serves until there is one, if it is the same scene."""
        steady = self._steadied(grey)
        view = self._views.get(in_colour)
        usual = view if view and view.known else next((each for each in self._views.values() if each.known), None)
        status: CameraStatus = "corrupted" if broken > BROKEN else "ok"
        if usual is not None:
            left = self._noise / (2 * QUICK - 1)
            instant = features(grey, self._noise)
            jumped = restless(instant.level, self._level)
            self._level = instant.level
            learnt = features(usual.grey, left / min(usual.looks, 20))
            self.compared = compare(learnt, features(steady, left), instant)
            stained = self._stained(self.compared.softened)
            status = "ok" if self._turns else judged(self.compared, broken, jumped, stained)
        if status == "ok" and not self._suspected():
            if view is not None:
                view.learn(steady)
            elif usual is None or self._in_new_light >= SURE:
                self._views[in_colour] = View(steady.copy())
        self._in_new_light = self._in_new_light + 1 if view is None and status == "ok" else 0
        return status

    def _stained(self, softened: Floats) -> float:
        """Share of the cells that are blurred all the time, and not as something passes."""
        known = softened >= 0
        if self._blurred is None:
            self._blurred = np.zeros(softened.shape, np.float32)
        self._blurred[known] += 0.04 * (softened[known] - self._blurred[known])
        return float(np.mean(self._blurred[known] > 0.75)) if np.count_nonzero(known) >= 12 else 0.0

    def _steadied(self, grey: Floats) -> Floats:
        """The picture without rain, grain and what passes quickly, and how much grain there is.

        Grain is what changes where least changes: the quietest quarter of the cells.
        """
        if self._steady is None or self._steady.shape != grey.shape:
            self._steady, self._views = grey.copy(), {}
            return self._steady
        change = grey - self._steady
        cells = np.asarray(cv2.resize(change * change, (16, 9), interpolation=cv2.INTER_AREA), np.float32)
        # The change to an average over QUICK looks holds the variance of the grain 2Q/(2Q-1) times.
        grain = min(float(np.percentile(cells, 25)), 150.0) * (2 * QUICK - 1) / (2 * QUICK)
        self._noise += 0.3 * (grain - self._noise)
        self._steady += change / QUICK
        return self._steady

    def _suspected(self) -> bool:
        return any(status != "ok" for _, status in list(self._looks)[-5:])

    def _judged(self, at: datetime) -> CameraStatus:
        """The status that the looks agree on; a camera's first, or its first again, is believed at once."""
        if self._still.frozen(at, self.status == "frozen"):
            return "frozen"
        patience = self._policy.patience
        while len(self._looks) > 4 and at - self._looks[0][0] > LONG * patience:
            self._looks.popleft()
        if self.status in (None, "offline"):
            first = self._looks[-1][1]
            return "ok" if first == "dirty" else first
        now = self._agreed(at, patience)
        if now == "dirty" and self.status != "dirty" and self._agreed(at, LONG * patience) != "dirty":
            now = "ok"
        now = now or ("ok" if self.status in (None, "frozen") else self.status)
        return "slow" if now in ("ok", "slow") and self._rate.slow(at) else "ok" if now == "slow" else now

    def _agreed(self, at: datetime, span: timedelta) -> CameraStatus | None:
        """What most looks of that span say, if there are enough of them. Faults that take turns are one that is
        named by its most frequent."""
        looks = [status for when, status in self._looks if at - when <= span]
        if len(looks) < 4 or at - self._looks[0][0] < MOST * span:
            return None
        bad = Counter(status for status in looks if status != "ok")
        if bad.total() >= MOST * len(looks):
            return bad.most_common(1)[0][0]
        return "ok" if len(looks) - bad.total() >= MOST * len(looks) else None

    def _report(self, status: CameraStatus, at: datetime, reason: str) -> Report:
        span = (at - self._since).total_seconds() if self._since else 0.0
        fps = round(self._received / span, 2) if span >= 1 and status != "offline" else None
        report = Report(status, fps, self._skipped, reason)
        self.status = status
        self._begin()
        self._said = self._since = at
        return report
