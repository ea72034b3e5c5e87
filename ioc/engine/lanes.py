"""Lanes: the streams inside one partition whose own order is kept, and how far time has come on all of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

#: A lane from which nothing was appended for this long (by the broker's clock) no longer holds time back.
IDLE_LIMIT = timedelta(seconds=60)


class Lanes:
    """The watermark of each lane and their minimum, which never goes back.

    Lanes that are ``expected`` hold time back until they have spoken, so that a restart or another order of
    arrival cannot make their first events late.
    """

    def __init__(self, expected: Iterable[str] = ()) -> None:
        self.marks: dict[str, datetime | None] = dict.fromkeys(expected)
        self._appended: dict[str, datetime] = {}
        self._newest: datetime | None = None
        self._started: datetime | None = None
        self.watermark: datetime | None = None

    def advance(self, lane: str, mark: datetime, appended: datetime | None) -> None:
        """``lane`` has come to ``mark``; its record was ``appended`` by the broker then (None in a replay)."""
        before = self.marks.get(lane)
        if appended is not None and appended is not self._appended.get(lane):
            self._started = self._started or appended
            self._newest = appended if self._newest is None else max(self._newest, appended)
            self._appended[lane] = appended
        if before is None or mark > before:
            self.marks[lane] = mark
            if len(self.marks) == 1:
                self.watermark = mark if self.watermark is None else max(mark, self.watermark)
                return
        if (
            self.watermark is None
            or before is None
            or before <= self.watermark
            or (appended is not None and self._newest is not None and self._holds_back(self._newest))
        ):
            self._recompute()

    def _holds_back(self, now: datetime) -> bool:
        """Is there a lane at the minimum, or one not yet heard, that has gone idle?"""
        return any((mark is None or mark <= (self.watermark or mark)) and self._idle(lane, now)
                   for lane, mark in self.marks.items())  # fmt: skip

    def _idle(self, lane: str, now: datetime) -> bool:
        last = self._appended.get(lane, self._started)
        return last is not None and now - last > IDLE_LIMIT

    def _recompute(self) -> None:
        now = self._newest
        live = [mark for lane, mark in self.marks.items() if now is None or not self._idle(lane, now)]
        known = [mark for mark in live if mark is not None]
        if known and len(known) == len(live):
            low = min(known)
            if self.watermark is None or low > self.watermark:
                self.watermark = low

    def dump(self) -> dict[str, Any]:
        """For the checkpoint: each lane's mark and newest record, and the first and newest record of all."""
        return {
            "marks": {lane: [_text(mark), _text(self._appended.get(lane))] for lane, mark in self.marks.items()},
            "started": _text(self._started),
            "newest": _text(self._newest),
        }

    def load(self, saved: dict[str, Any], watermark: str | None) -> None:
        """Back from a checkpoint; lanes that are expected but were not known then have from now to speak."""
        self._started, self._newest = _time(saved["started"]), _time(saved["newest"])
        for lane in self.marks.keys() - saved["marks"].keys():
            if self._newest is not None:
                self._appended[lane] = self._newest
        for lane, (mark, appended) in saved["marks"].items():
            self.marks[lane] = _time(mark)
            if (when := _time(appended)) is not None:
                self._appended[lane] = when
        self.watermark = _time(watermark)


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
