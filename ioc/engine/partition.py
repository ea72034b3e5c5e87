"""One partition of one fold: records in, in the order of the log; outputs, changed state and a checkpoint out.

Everything follows from the partition's log alone. Records may be applied one by one or in batches of any size,
and the state may be saved and restored between any two of them: what comes out is the same.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from ioc.detector import State
from ioc.engine.judgement import TALLY, Judgement
from ioc.engine.keys import Judge
from ioc.engine.lanes import Lanes
from ioc.engine.results import Batch, Output, Rejected
from ioc.engine.waiting import Waiting, within
from ioc.events.base import AnyEvent, Event, Place, Tick
from ioc.events.figures import FIGURES, FactTotals, Mode, TallyTotal
from ioc.folds import PATIENT, Fold

#: No event of an office or a device happened before or will happen after these.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)
#: The least by which two times differ.
INSTANT = timedelta(microseconds=1)

CHECKPOINT = b"\x00checkpoint"
#: How far an event of a driven space may lie ahead of its newest tick: such a clock goes in steps.
DRIVEN_SKEW = timedelta(hours=12)
#: When a figure is from before any time is known.
NO_TIME = datetime.fromtimestamp(0, UTC)


class CheckpointMismatch(Exception):
    """Saved progress does not belong to this fold or code; the message says what to do."""


class Partition:
    """The fold's detectors over one partition's log. ``lanes`` are the upstream lanes it expects to hear."""

    def __init__(
        self,
        fold: Fold,
        number: int,
        judges: Sequence[Judge],
        *,
        mode: Mode = "driven",
        lanes: Iterable[str] = (),
        declared: Iterable[str] = (),
        digest: str = "",
    ) -> None:
        self.fold, self.number, self.mode, self.digest = fold, number, mode, digest
        self.name = f"{fold.name}/{number}"
        self.position = 0
        #: The offset to read from after a restore: the oldest record still waiting, or the position.
        self.resume_from = 0
        self.counts: Counter[str] = Counter()
        self._judgement = Judgement(fold, judges, declared)
        self._waiting = Waiting()
        #: The lanes that tell the time; none named: all do. What people write, or folds further down answer, takes
        #: its place in the log.
        expected = tuple(lanes)
        self._timed = frozenset(expected)
        self.lanes = Lanes(expected)
        self._released: datetime | None = None
        #: From here to there, events of the one lane are in order and plausible, and nothing else has to be asked.
        self._edge, self._ceiling, self._lane = NEVER, LATEST, ""
        self._simple, self._lateness = fold.order == "time" and not expected, fold.inbox.lateness
        self._appended: datetime | None = None
        self._held: list[list[int]] = []
        self._ticked: dict[str, datetime] = {}
        self._taken = 0

    @property
    def changed(self) -> bool:
        """Were records applied since the last :meth:`take`? Until then there is nothing to be written."""
        return self.position != self._taken

    @property
    def eventful(self) -> bool:
        """Has more happened since the last :meth:`take` than the passing of time?"""
        return self._judgement.eventful

    @property
    def urgent(self) -> bool:
        """Does anybody wait for what was found since the last :meth:`take`?"""
        return any(output.topic.name not in PATIENT for output in self._judgement.outputs)

    @property
    def facts_changed(self) -> bool:
        """Are the gauges others than when they were last taken?"""
        return self._judgement.totals.facts_changed and self._released is not None

    @property
    def rejected(self) -> Sequence[Rejected]:
        """What could not be taken since the last :meth:`take`."""
        return self._judgement.rejected

    @property
    def size(self) -> int:
        """How many keys have state."""
        return len(self._judgement.keys)

    @property
    def watermark(self) -> datetime | None:
        """Everything before this moment has been handed to the detectors, and its deadlines have fired."""
        return self._released

    def states(self, key: str) -> tuple[State, ...] | None:
        """What its detectors know of a key, in their declared order, to be read only; None: they never heard of it."""
        keys = self._judgement.keys
        return tuple(keys.look(key).states) if key in keys else None

    def listen(self, heard: Callable[[AnyEvent], None]) -> None:
        """Have every event told as soon as the detectors have taken it: later than its record where it waits."""
        hand_over = self._judgement.hand_over

        def told(event: AnyEvent, method: str, offset: int | None) -> None:
            hand_over(event, method, offset)
            heard(event)

        # Replaced here rather than asked about at each event: a live worker has nobody who listens.
        self._judgement.hand_over = told  # type: ignore[method-assign]

    # -- records in ------------------------------------------------------------------------------------------

    def apply(self, offset: int, event: AnyEvent, appended: datetime | None = None, lane: str = "") -> None:
        """Take one record: hand over what is in order, fire what is due."""
        if offset < self.position:
            if within(self._held, offset):  # read again after a restore: it was still waiting then
                self._waiting.add(event, offset)
            return
        self.position = offset + 1
        if self._held:
            self._held = []
        if appended is not self._appended:
            self._appended, self._ceiling = appended, self._latest(appended, lane)
        if type(event.data) is Tick:
            self._tick(event.at, appended, lane)
        elif self._edge <= event.at <= self._ceiling and lane == self._lane:
            if self._lateness:
                self._queue(offset, event, appended, lane)
            else:
                self._follow(offset, event, appended, lane)
        else:
            self._arrive(offset, event, appended, lane)

    def _follow(self, offset: int, event: AnyEvent, appended: datetime | None, lane: str) -> None:
        """The common case: the next event of the only lane, where nothing has to wait."""
        at = event.at
        self.lanes.advance(lane, at, appended)
        self._released = self._edge = at
        if not self._waiting.at_once(event):
            self.counts["duplicate"] += 1
            return
        self._fire_before(at)
        self._judgement.hand_over(event, "on_event", offset)
        self._fire_before(at)

    def _queue(self, offset: int, event: AnyEvent, appended: datetime | None, lane: str) -> None:
        """The common case where events wait for others that may come late."""
        self.lanes.advance(lane, event.at - self._lateness, appended)
        if not self._waiting.add(event, offset):
            self.counts["duplicate"] += 1
        watermark = self.lanes.watermark
        if watermark is not None and (watermark > self._edge or watermark == event.at):
            self._release(watermark)
            self._edge = watermark

    def _arrive(self, offset: int, event: AnyEvent, appended: datetime | None, lane: str) -> None:
        """The general case."""
        if reason := self._implausible(event, appended, lane):
            self._judgement.reject(offset, reason)
        else:
            self._accept(offset, event, appended, lane)
        self._progress(lane)

    def _tick(self, at: datetime, appended: datetime | None, lane: str) -> None:
        if self._timed and lane not in self._timed:
            return
        self._ticked[lane] = max(at, self._ticked.get(lane, at))
        self.lanes.advance(lane, at, appended)
        self._progress(lane)

    def _progress(self, lane: str) -> None:
        """Time may have come further: release what it has reached, and see whether the common case is next."""
        watermark = self.lanes.watermark
        if watermark is not None:
            self._release(watermark)
        self._edge = NEVER
        waits = bool(self._waiting) and not self._lateness
        if watermark is not None and self._simple and len(self.lanes.marks) == 1 and not waits:
            self._edge, self._ceiling, self._lane = watermark, self._latest(self._appended, lane), lane

    def _latest(self, appended: datetime | None, lane: str) -> datetime:
        """What an event's time may be at most. Derived events were checked at their source."""
        now, skew = self._now(appended, lane)
        return LATEST if lane or now is None else min(LATEST, now + skew)

    def _now(self, appended: datetime | None, lane: str) -> tuple[datetime | None, timedelta]:
        """What time it is, as far as that is known, and how far ahead of it an event may lie."""
        return (appended, self.fold.inbox.skew) if self.mode == "wall" else (self._ticked.get(lane), DRIVEN_SKEW)

    def reject(self, offset: int, reason: str) -> None:
        """Take note of a record that is no event."""
        if offset >= self.position:
            self.position = offset + 1
            self._judgement.reject(offset, reason)

    def _implausible(self, event: AnyEvent, appended: datetime | None, lane: str) -> str | None:
        """Why a source event's time cannot be right. Derived events were checked at their source."""
        if lane:
            return None
        inbox, at = self.fold.inbox, event.at
        if not EARLIEST <= at <= LATEST:
            return f"its time {at.isoformat()} is none at which anything happened"
        now, skew = self._now(appended, lane)
        if now is not None and at - now > skew:
            return f"its time {at.isoformat()} lies in the future: more than {skew} after {now.isoformat()}"
        since = self.lanes.marks.get(lane) or now
        if since is not None and since - at > inbox.max_age:
            days = inbox.max_age.days
            return f"its time {at.isoformat()} is too old: more than {days} days before {since.isoformat()}"
        return None

    def _accept(self, offset: int, event: AnyEvent, appended: datetime | None, lane: str) -> None:
        late = self._released is not None and event.at < self._released
        if not self._timed or (lane in self._timed and self.fold.paced == "events"):
            self.lanes.advance(lane, event.at - self._lateness, appended)
        if self.fold.order == "log":
            if self._waiting.at_once(event):
                self._judgement.hand_over(self._placed(event, lane), "on_event", offset)
            else:
                self.counts["duplicate"] += 1
        elif late:
            self.counts["late"] += 1
            self._judgement.hand_over(event, "on_late", offset)
        elif not self._waiting.add(event, offset):
            self.counts["duplicate"] += 1

    def _placed(self, event: AnyEvent, lane: str) -> AnyEvent:
        """With what is known there. What people write acts when it comes, whatever their clocks say."""
        now = self.lanes.watermark or event.at
        at = now if self._timed and not lane else event.at
        place = Place(now, self.number, None, event.at)
        return Event(at, event.source, event.id, event.data, event.trace, place)

    # -- time ------------------------------------------------------------------------------------------------

    def _release(self, watermark: datetime) -> None:
        """Hand over what the watermark has reached and fire what it has passed, in order of time.

        At one instant events come before deadlines, so a deadline fires only once time is past it. Where several
        lanes meet, events of one instant wait until it is past on all of them: their order is then the same however
        many partitions wrote them. A source's own order is that of its log.
        """
        judgement, waiting = self._judgement, self._waiting
        judgement.declare(watermark)
        reached = watermark if self._timed else watermark + INSTANT
        while (found := waiting.pop_before(reached)) is not None:
            event, offset = found
            self._fire_before(event.at)
            judgement.hand_over(event, "on_event", offset)
        self._fire_before(watermark)
        if self._released is None or watermark > self._released:
            self._released = watermark

    def _fire_before(self, at: datetime) -> None:
        timers = self._judgement.timers
        while timers.any_before(at) and (first := timers.first()) is not None and first[0] < at:
            self._judgement.fire(first[1], first[0])

    # -- results out -----------------------------------------------------------------------------------------

    def take(self) -> Batch:
        """What came of the records since the last time, with the state and checkpoint that belong to it."""
        self._taken = self.position
        judgement = self._judgement
        changes, totals = judgement.changes(), judgement.totals
        for tally in sorted(totals.tallies_changed):
            total = totals.tally(self.fold.name, self.number, tally)
            changes.append((TALLY + total.subject.encode(), total.model_dump_json().encode()))
            judgement.outputs.append(Output(FIGURES, self._figure(total)))
        totals.tallies_changed.clear()
        changes.append((CHECKPOINT, self._checkpoint()))
        self.counts += Counter(rejected=len(judgement.rejected))
        batch = Batch(judgement.outputs, changes, judgement.rejected)
        judgement.outputs, judgement.rejected = [], []
        return batch

    def take_facts(self) -> Output | None:
        """The gauges of this partition, if they changed since the last time."""
        if not self.facts_changed:
            return None
        self._judgement.totals.facts_changed = False
        return Output(FIGURES, self._figure(FactTotals(
            fold=self.fold.name, partition=self.number, watermark=self._released, facts=self._judgement.totals.facts(),
        )))  # fmt: skip

    def _figure(self, data: FactTotals | TallyTotal) -> AnyEvent:
        marks = (mark for mark in self.lanes.marks.values() if mark is not None)
        at = self._released or max(marks, default=self._appended or NO_TIME)  # in the order of the log, before any tick
        return Event(at, f"/{self.name}", str(self.position), data)

    def _checkpoint(self) -> bytes:
        held = self._held or self._waiting.offsets()  # not all may have been read again yet
        self.resume_from = held[0][0] if held else self.position
        return orjson.dumps(
            {
                "fold": self.fold.name,
                "position": self.position,
                "held": held,
                "released": self._waiting.released(),
                "watermark": self._released.isoformat() if self._released else None,
                "lanes": self.lanes.dump(),
                "ticked": {lane: at.isoformat() for lane, at in self._ticked.items()},
                "digest": self.digest,
            }
        )

    # -- and back --------------------------------------------------------------------------------------------

    def restore(self, records: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Take back what was saved: the newest value of each record of this partition's changelog.

        Raises StateUnreadable or CheckpointMismatch. Where the rules are others than those of the checkpoint,
        every state is read, and its deadline and facts are computed anew.
        """
        checkpoint: dict[str, Any] = {}
        for name, saved in records:
            if saved is None:
                continue
            if name == CHECKPOINT:
                checkpoint = orjson.loads(saved)
            else:
                self._judgement.restore(name, saved)
        if not checkpoint:
            return
        if checkpoint["fold"] != self.fold.name:
            raise CheckpointMismatch(f"the changelog of {self.name} holds a checkpoint of {checkpoint['fold']!r}")
        self.position, self._held = checkpoint["position"], checkpoint["held"]
        self.resume_from = self._held[0][0] if self._held else self.position
        self._taken = self.position
        self._waiting.load(checkpoint["released"])
        self.lanes.load(checkpoint["lanes"], checkpoint["watermark"])
        self._released = self.lanes.watermark
        self._ticked = {lane: datetime.fromisoformat(at) for lane, at in checkpoint["ticked"].items()}
        if checkpoint["digest"] != self.digest:
            self._judgement.reconsider(self._released)
