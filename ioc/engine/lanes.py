"""Lanes: the streams inside one partition whose own order is kept, and how far time has come on all of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

_MICROSECOND = timedelta(microseconds=1)
#: A lane from which nothing came while others were heard for this long no longer holds time back.
IDLE_LIMIT = timedelta(seconds=60)
#: What two records of a partition can lie apart and still count as listening: after an outage, during which nobody
#: could speak, the first to speak does not make the others idle.
LISTENED_AT_MOST = timedelta(seconds=5)


class Lanes:
    """The watermark of each lane and their minimum, which never goes back.

    Lanes that are ``expected`` hold time back until they have spoken, so that a restart or another order of
    arrival cannot make their first events late. Silence is counted on a clock that goes on only while somebody
    is heard: by the broker's append times, at most :data:`LISTENED_AT_MOST` from one record to the next.
    """

    def __init__(self, expected: Iterable[str] = ()) -> None:
        self.marks: dict[str, datetime | None] = dict.fromkeys(expected)
        self._heard: dict[str, int] = {}  # by lane: what the clock of listening showed then, microseconds
        self._clock = 0
        self._newest: datetime | None = None
        self._idle_from = _microseconds(IDLE_LIMIT)  # until then on that clock, no lane can go idle
        #: So many lanes hold time back: until the last of them has moved, it stays. 0: not known, as some are idle.
        self._behind = 0
        self.watermark: datetime | None = None

    def advance(self, lane: str, mark: datetime, appended: datetime | None) -> None:
        """``lane`` has come to ``mark``; its record was ``appended`` by the broker then (None in a replay)."""
        if appended is not None:
            if appended is not self._newest:
                self._listen(appended)
            self._heard[lane] = self._clock
        before = self.marks.get(lane)
        if before is None or mark > before:
            self.marks[lane] = mark
            if len(self.marks) == 1:
                if self.watermark is None or mark > self.watermark:
                    self.watermark = mark
                return
        if self.watermark is None or before is None or self._clock > self._idle_from:
            self._recompute()
        elif before <= self.watermark:
            if self._behind <= 1:
                self._recompute()
            elif mark > self.watermark:
                self._behind -= 1

    def _listen(self, appended: datetime) -> None:
        if self._newest is None:
            self._newest = appended
        elif appended > self._newest:
            self._clock += _microseconds(min(appended - self._newest, LISTENED_AT_MOST))
            self._newest = appended

    def _recompute(self) -> None:
        limit = _microseconds(IDLE_LIMIT)
        until = {lane: self._heard.get(lane, 0) + limit for lane in self.marks}
        live = [lane for lane, end in until.items() if self._clock <= end]
        self._idle_from = min((until[lane] for lane in live), default=self._clock + limit)
        known = [mark for lane in live if (mark := self.marks[lane]) is not None]
        if known and len(known) == len(live):
            low = min(known)
            if self.watermark is None or low > self.watermark:
                self.watermark = low
        mark, all_told = self.watermark, len(known) == len(self.marks)
        self._behind = sum(each <= mark for each in known) if all_told and mark is not None else 0

    def dump(self) -> dict[str, Any]:
        """For the checkpoint: each lane's mark and when it was heard, and what the clock of listening shows."""
        return {
            "marks": {lane: [mark.isoformat() if mark else None, self._heard.get(lane, 0)]
                      for lane, mark in self.marks.items()},
            "clock": self._clock,
            "newest": self._newest.isoformat() if self._newest else None,
        }  # fmt: skip

    def load(self, saved: dict[str, Any], watermark: str | None) -> None:
        """Back from a checkpoint; lanes that are expected but were not known then have from now to speak."""
        self._clock, self._newest = saved["clock"], _time(saved["newest"])
        self._heard = dict.fromkeys(self.marks, self._clock)
        for lane, (mark, heard) in saved["marks"].items():
            self.marks[lane], self._heard[lane] = _time(mark), heard
        self.watermark = _time(watermark)
        self._idle_from = self._behind = 0


def _microseconds(span: timedelta) -> int:
    return span // _MICROSECOND


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
