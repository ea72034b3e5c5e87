"""Pictures kept as evidence: JPEG files in a folder of their own, pixelated where somebody moves, and not for long.

Frames never enter Kafka: an event carries the name of a picture, and here the name leads to it. A name is
``camera/YYYYMMDD/HHMMSS.mmm-what.jpg``. Retention follows the file's own time and is enforced whenever a picture is
kept, at most once a minute, and by :meth:`Evidence.sweep`.
"""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import cv2
import numpy as np

from detectors.vision.foreground import Blob, Image

#: Longer side of a block that hides what moves, as a share of the region, and how far around it is hidden too.
BLOCKS, MARGIN = 6, 0.15
QUALITY = 85
#: Seconds between two looks at which pictures are too old.
SWEEP_EVERY = 60.0


@dataclass
class Evidence:
    """A folder of pictures with a time to live. Raises OSError where the folder cannot be written."""

    folder: Path
    retention: timedelta = timedelta(hours=72)
    _swept: float = field(default=0.0, init=False)
    #: A folder that one camera needs is not to be swept away as empty by another.
    _writing: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def name(self, camera: str, at: datetime, what: str) -> str:
        """What the picture of this moment is called, before it is there."""
        utc = at.astimezone(UTC)
        return f"{quote(camera, safe='')[:80]}/{utc:%Y%m%d}/{utc:%H%M%S}.{utc.microsecond // 1000:03}-{what}.jpg"

    def keep(self, name: str, picture: Image, hidden: Iterable[Blob] = ()) -> Path:
        """Write the picture with these regions (in fractions of it) made unrecognisable."""
        path = self.folder / name
        done, coded = cv2.imencode(".jpg", pixelated(picture, hidden), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        if not done:
            raise OSError(f"{name}: the picture cannot be coded")
        with self._writing:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            path.write_bytes(coded.tobytes())
        if time.time() - self._swept > SWEEP_EVERY:
            self.sweep()
        return path

    def sweep(self) -> int:
        """Delete what is older than the retention, and folders that became empty; returns how many pictures."""
        self._swept = time.time()
        oldest, gone = self._swept - self.retention.total_seconds(), 0
        with self._writing:
            for path in sorted(self.folder.rglob("*"), reverse=True):
                if path.is_dir():
                    if not any(path.iterdir()):
                        path.rmdir()
                elif path.suffix == ".jpg" and path.stat().st_mtime < oldest:
                    path.unlink(missing_ok=True)
                    gone += 1
        return gone


def pixelated(picture: Image, regions: Iterable[Blob]) -> Image:
    """A copy in which these regions, in fractions of the picture, are a few blocks of one colour each."""
    copy = picture.copy()
    height, width = copy.shape[:2]
    for region in regions:
        left = max(0, int((region.x - MARGIN * region.width) * width))
        top = max(0, int((region.y - MARGIN * region.height) * height))
        right = min(width, int((region.x + (1 + MARGIN) * region.width) * width) + 1)
        bottom = min(height, int((region.y + (1 + MARGIN) * region.height) * height) + 1)
        if right - left < 2 or bottom - top < 2:
            continue
        part = copy[top:bottom, left:right]
        across = max(1, round(BLOCKS * (right - left) / max(right - left, bottom - top)))
        down = max(1, round(BLOCKS * (bottom - top) / max(right - left, bottom - top)))
        coarse = cv2.resize(part, (across, down), interpolation=cv2.INTER_AREA)
        copy[top:bottom, left:right] = np.asarray(
            cv2.resize(coarse, (right - left, bottom - top), interpolation=cv2.INTER_NEAREST), np.uint8
        )
    return copy
